//! ejabberd, an XMPP server in Erlang, with its archive of people and rooms in PostgreSQL: it keeps every message. What
//! PostgreSQL costs counts as ejabberd's.

use std::path::Path;

use anyhow::{Context as _, ensure};
use tokio::process::Command;

use super::host::{self, Host, program};
use super::xmpp::{self, DOMAIN, Listener, PASSWORD, ROOMS, Talker};
use super::{Ground, Peer, Seat};
use crate::server::free_address;

/// Of the database, made by the package.
const SCHEMA: [&str; 1] = ["/usr/share/ejabberd/sql/pg.sql"];
/// Where the package's code is.
const LIBRARIES: [&str; 3] =
    ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib/erlang/lib"];
/// The one database; there is one run at a time.
const DATABASE: &str = "rookery_bench_ejabberd";

pub(super) struct Ejabberd {
    host: Host,
    /// Of PostgreSQL's first process.
    postgres: u32,
    url: String,
    folder: std::path::PathBuf,
}

/// `postgres://user[:password]@host:port/database`, in parts.
struct Server<'a> {
    user: &'a str,
    password: &'a str,
    host: &'a str,
    port: u16,
}

impl Peer for Ejabberd {
    type Sender = Talker;
    type Receiver = Listener;

    async fn start(ground: &Ground<'_>) -> anyhow::Result<Self> {
        let (erl, schema) = (program(&["/usr/bin/erl"])?, program(&SCHEMA)?);
        let url =
            ground.setup.postgres.clone().context("there is no PostgreSQL for its archive")?;
        let server = parts(&url)?;
        let (address, folder) = (free_address()?, ground.folder);
        psql(&url, folder, &format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")).await?;
        psql(&url, folder, &format!("CREATE DATABASE {DATABASE}")).await?;
        let own = with_database(&url)?;
        let mut load = Command::new("psql");
        load.args(["--quiet", "--no-psqlrc", &own, "--file"]).arg(&schema);
        host::run(load, folder).await.context("the schema of the archive")?;
        let accounts = ground.setup.scripts.as_ref().context("the scripts were not given")?;
        let mut make = Command::new("psql");
        make.args(["--quiet", "--no-psqlrc", &own, "--set", "ON_ERROR_STOP=1"]);
        make.args(["--set", &format!("last={}", ground.work.people())]);
        make.args(["--set", &format!("password={PASSWORD}"), "--file"]);
        make.arg(std::path::absolute(accounts.join("ejabberd.sql"))?);
        host::run(make, folder).await.context("the accounts")?;
        let data = psql(&url, folder, "SHOW data_directory").await?;
        let pid = std::fs::read_to_string(Path::new(&data).join("postmaster.pid"))?;
        let postgres = pid.lines().next().context("a pid")?.trim().parse()?;
        std::fs::write(folder.join("ejabberd.yml"), config(&server, address.port()))?;
        let command = command(&erl, folder)?;
        let folder = folder.to_owned();
        let host = Host::start(command, &folder, address).await?;
        Ok(Self { host, postgres, url, folder })
    }

    fn roots(&self) -> Vec<u32> {
        vec![self.host.pid, self.postgres]
    }

    async fn sender(&self, seat: Seat) -> anyhow::Result<Talker> {
        xmpp::sender(self.host.address, seat).await
    }

    async fn receiver(&self, seat: Seat) -> anyhow::Result<Listener> {
        xmpp::receiver(self.host.address, seat).await
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.host.stop().await?;
        let drop = format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)");
        psql(&self.url, &self.folder, &drop).await?;
        Ok(())
    }
}

/// Erlang itself, as the package's own script would start it, but without a node's name: then there is no daemon that
/// outlives it.
fn command(erl: &Path, folder: &Path) -> anyhow::Result<Command> {
    let libraries = LIBRARIES.iter().filter(|path| Path::new(path).exists());
    let libraries: Vec<&str> = libraries.copied().collect();
    let mut command = Command::new(erl);
    command.env("ERL_LIBS", libraries.join(":"));
    command.env("EJABBERD_CONFIG_PATH", folder.join("ejabberd.yml"));
    command.env("EJABBERD_LOG_PATH", folder.join("ejabberd.log"));
    command.env("HOME", folder).env("ERL_CRASH_DUMP", "/dev/null").env("ERL_MAX_PORTS", "32000");
    let mnesia = format!("\"{}\"", folder.join("mnesia").display());
    command.args(["+K", "true", "+P", "250000", "-noinput", "-mnesia", "dir", &mnesia]);
    command.args(["-s", "ejabberd"]);
    Ok(command)
}

async fn psql(url: &str, folder: &Path, sql: &str) -> anyhow::Result<String> {
    let mut command = Command::new("psql");
    command.args(["--quiet", "--no-psqlrc", "--tuples-only", "--no-align", url, "--command", sql]);
    host::run(command, folder).await
}

fn parts(url: &str) -> anyhow::Result<Server<'_>> {
    let rest = url.split_once("://").context("no URL of PostgreSQL")?.1;
    let (who, rest) = rest.split_once('@').context("no user in the URL")?;
    let (user, password) = who.split_once(':').unwrap_or((who, ""));
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, port) = rest[..end].rsplit_once(':').unwrap_or((&rest[..end], "5432"));
    let safe = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    ensure!(safe(user) && safe(password) && safe(host), "a URL that ejabberd cannot be told");
    Ok(Server { user, password, host, port: port.parse()? })
}

/// The URL of the peer's own database.
fn with_database(url: &str) -> anyhow::Result<String> {
    let Server { user, password, host, port } = parts(url)?;
    let colon = if password.is_empty() { "" } else { ":" };
    Ok(format!("postgres://{user}{colon}{password}@{host}:{port}/{DATABASE}"))
}

fn config(server: &Server<'_>, port: u16) -> String {
    let Server { user, password, host, port: postgres } = server;
    format!(
        "hosts: [{DOMAIN}]
loglevel: warning
default_db: sql
sql_type: pgsql
sql_server: \"{host}\"
sql_port: {postgres}
sql_database: {DATABASE}
sql_username: \"{user}\"
sql_password: \"{password}\"
auth_method: sql
auth_password_format: plain
listen:
  -
    port: {port}
    ip: \"127.0.0.1\"
    module: ejabberd_c2s
    max_stanza_size: 262144
    shaper: none
    access: all
modules:
  mod_mam:
    db_type: sql
    default: always
    assume_mam_usage: true
  mod_muc:
    db_type: mnesia
    host: {ROOMS}
    access: all
    access_create: all
    max_users: 2000
    max_users_presence: 2000
    min_message_interval: 0
    min_presence_interval: 0
    default_room_options:
      mam: true
      persistent: false
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_put_together() {
        let own = |url| with_database(url).unwrap();
        let end = format!("@127.0.0.1:5433/{DATABASE}");
        assert_eq!(own("postgres://ann@127.0.0.1:5433/postgres"), format!("postgres://ann{end}"));
        assert_eq!(own("postgres://ann:pw@127.0.0.1:5433"), format!("postgres://ann:pw{end}"));
        assert!(parts("postgres://ann:\"@127.0.0.1:5433/x").is_err());
    }
}

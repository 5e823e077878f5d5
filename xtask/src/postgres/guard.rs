//! The guard: starts PostgreSQL, prints its address, waits for the end of its standard input,
//! then stops the server and removes its files.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use crate::{postgres, process, tools};

/// A server that takes longer than this to start has failed.
const START: Duration = Duration::from_secs(60);
/// A server that takes longer than this to stop is killed.
const STOP: Duration = Duration::from_secs(20);
/// How often to look whether it has started or stopped.
const LOOK: Duration = Duration::from_millis(50);

/// The guard's whole life.
pub(crate) fn run() -> anyhow::Result<()> {
    let programs = tools::postgres_programs().context("PostgreSQL is not installed")?;
    let user = postgres::is_root().then(postgres_user).transpose()?;
    let home = Home::make(user)?;
    let mut server = Server::start(&programs, &home.0, user)?;
    println!("postgres://postgres@127.0.0.1:{}/postgres", server.port);
    let mut ignored = String::new();
    // Ends when the process that started this one is gone or has closed the pipe.
    std::io::stdin().read_line(&mut ignored).context("standard input")?;
    server.stop();
    Ok(())
}

/// The user that PostgreSQL runs as when this process is root: uid and gid.
fn postgres_user() -> anyhow::Result<(u32, u32)> {
    let number =
        |flag| -> Option<u32> { process::output_of("id", &[flag, "postgres"])?.parse().ok() };
    number("-u")
        .zip(number("-g"))
        .context("PostgreSQL refuses to run as root and there is no user `postgres`")
}

/// The server's folder, removed when dropped.
struct Home(PathBuf);

impl Home {
    fn make(user: Option<(u32, u32)>) -> anyhow::Result<Self> {
        let name = format!("rookery-test-postgres-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("making {}", path.display()))?;
        let home = Self(path);
        if let Some((uid, gid)) = user {
            chown(&home.0, Some(uid), Some(gid)).context("giving the folder to `postgres`")?;
        }
        Ok(home)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("removing {}: {error}", self.0.display());
        }
    }
}

/// The running server; killed when dropped without [`Server::stop`].
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(programs: &Path, home: &Path, user: Option<(u32, u32)>) -> anyhow::Result<Self> {
        let data = home.join("data");
        let mut initdb = as_user(&programs.join("initdb"), home, user);
        initdb
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
            .args(["--no-instructions", "--no-sync", "--pgdata"])
            .arg(&data)
            .stdout(Stdio::null());
        let status = initdb.status().context("starting initdb")?;
        anyhow::ensure!(status.success(), "initdb failed ({status})");

        let port = free_port()?;
        let log = std::fs::File::create(home.join("log")).context("the server's log")?;
        let child = as_user(&programs.join("postgres"), home, user)
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            // Every test has connections of its own; a small cache is enough for its few rows.
            .args(["-c", "max_connections=300", "-c", "shared_buffers=64MB"])
            // As in production: what is acknowledged is on the disk.
            .args(["-c", "fsync=on", "-c", "synchronous_commit=on"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("starting postgres")?;
        let mut server = Self { child, port };
        if let Err(error) = server.wait_until_ready(programs) {
            let log = std::fs::read_to_string(home.join("log")).unwrap_or_default();
            return Err(error.context(log));
        }
        Ok(server)
    }

    fn wait_until_ready(&mut self, programs: &Path) -> anyhow::Result<()> {
        let probe = programs.join("pg_isready").to_string_lossy().into_owned();
        let port = self.port.to_string();
        let arguments = ["--quiet", "--host=127.0.0.1", "--port", &port, "--username=postgres"];
        let started = process::now();
        while process::output_of(&probe, &arguments).is_none() {
            let ended = self.child.try_wait().context("looking at the server")?;
            anyhow::ensure!(ended.is_none(), "the server ended at once");
            anyhow::ensure!(started.elapsed() < START, "the server was not ready in time");
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    /// SIGINT is PostgreSQL's fast shutdown: open connections are cut, files are left whole.
    fn stop(&mut self) {
        let pid = self.child.id().to_string();
        if process::output_of("kill", &["-INT", &pid]).is_some() {
            let started = process::now();
            while started.elapsed() < STOP {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                std::thread::sleep(LOOK);
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the server has already ended, which is what is wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn as_user(program: &Path, home: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(home).stdin(Stdio::null());
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// A port that was free a moment ago.
fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr().context("no address")?.port())
}

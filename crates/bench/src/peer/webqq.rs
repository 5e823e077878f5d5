//! The course project's chat, a faithful port of its Django view (`peers/webqq`): POST and long poll, a thread for each
//! request that waits, a queue a user. It never had groups that are delivered. Kept nowhere.

use anyhow::{Context as _, ensure};
use tokio::process::Command;

use super::host::{self, Host};
use super::{Ground, Peer, Receiver, Seat, Sender};
use crate::http::Http;
use crate::server::free_address;

pub(super) struct Webqq {
    host: Host,
    users: Vec<User>,
}

#[derive(Clone, Debug)]
struct User {
    id: String,
    /// `Cookie` and `X-CSRFToken`.
    headers: String,
}

impl Peer for Webqq {
    type Sender = Talker;
    type Receiver = Listener;
    const HAS_GROUPS: bool = false;

    async fn start(ground: &Ground<'_>) -> anyhow::Result<Self> {
        let scripts =
            ground.setup.scripts.as_ref().context("the scripts of peers were not given")?;
        let scripts = scripts.canonicalize()?;
        let python = ground.setup.python.as_ref().context("no Python with Django was given")?;
        // Not resolved: a virtual environment is known by the path of its link.
        let python = std::path::absolute(python)?;
        let command = || {
            let mut command = Command::new(&python);
            command.arg(scripts.join("webqq/server.py")).env("WEBQQ_FOLDER", ground.folder);
            command
        };
        let (file, count) = (ground.folder.join("users"), ground.work.people());
        let mut prepare = command();
        prepare.arg("prepare").arg(count.to_string()).arg(&file);
        host::run(prepare, ground.folder).await?;
        let users = std::fs::read_to_string(&file)?.lines().map(user).collect::<Result<_, _>>()?;
        let address = free_address()?;
        let mut serve = command();
        serve.arg("serve").arg(address.port().to_string());
        Ok(Self { host: Host::start(serve, ground.folder, address).await?, users })
    }

    fn roots(&self) -> Vec<u32> {
        vec![self.host.pid]
    }

    async fn sender(&self, seat: Seat) -> anyhow::Result<Talker> {
        let [own, other] = self.pair(seat)?;
        let http = Http::connect(self.host.address, "").await?;
        Ok(Talker { http, headers: own.headers.clone(), to: other.id.clone() })
    }

    async fn receiver(&self, seat: Seat) -> anyhow::Result<Listener> {
        let [_, other] = self.pair(seat)?;
        let http = Http::connect(self.host.address, "").await?;
        Ok(Listener { http, headers: other.headers.clone(), body: Vec::new() })
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.host.stop().await
    }
}

impl Webqq {
    fn pair(&self, seat: Seat) -> anyhow::Result<[&User; 2]> {
        let Seat::Pair(pair) = seat else { anyhow::bail!("there are no groups") };
        match self.users.get(pair * 2..pair * 2 + 2) {
            Some([one, other]) => Ok([one, other]),
            _ => anyhow::bail!("too few users"),
        }
    }
}

/// `id<TAB>session<TAB>token`.
fn user(line: &str) -> anyhow::Result<User> {
    let [id, session, token] = line.split('\t').collect::<Vec<_>>()[..] else {
        anyhow::bail!("a user is three fields")
    };
    let headers =
        format!("Cookie: sessionid={session}; csrftoken={token}\r\nX-CSRFToken: {token}\r\n");
    Ok(User { id: id.to_owned(), headers })
}

pub(super) struct Talker {
    http: Http,
    headers: String,
    to: String,
}

impl Sender for Talker {
    async fn add(&mut self, text: &str) -> anyhow::Result<()> {
        // As the course's page sends it: JSON in a form field. Nothing in it needs escaping but what is escaped here.
        let data = format!(
            "data=%7B%22type%22%3A%22single%22%2C%22to%22%3A%22{}%22%2C%22msg%22%3A%22{}%22%7D",
            self.to,
            text.replace('=', "%3D")
        );
        let form = format!("{}Content-Type: application/x-www-form-urlencoded\r\n", self.headers);
        self.http.ask_as("POST /webqq/send_msg/", &form, data.as_bytes()).await?;
        let head = self.http.head().await?;
        self.http.body(&head).await?;
        ensure!(head.status == 200, "a send got {}", head.status);
        Ok(())
    }

    async fn flush(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}

const POLL: &str = "GET /webqq/get_new_msgs/";

pub(super) struct Listener {
    http: Http,
    headers: String,
    body: Vec<u8>,
}

impl Receiver for Listener {
    async fn next(&mut self) -> anyhow::Result<&[u8]> {
        let (head, body) = self.http.exchange_with(POLL, &self.headers, b"").await?;
        ensure!(head.status == 200, "a poll got {}", head.status);
        self.body = body;
        Ok(&self.body)
    }

    async fn park(&mut self) -> anyhow::Result<()> {
        self.http.ask(POLL, &self.headers, b"").await
    }
}

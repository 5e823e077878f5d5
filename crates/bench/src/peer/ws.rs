//! Node.js with the package `ws`: the script `peers/ws.mjs`. Kept nowhere.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::process::Command;

use super::host::Host;
use super::{Ground, Peer, Receiver, Seat, Sender};
use crate::server::free_address;
use crate::websocket;

/// What Node may use for its heap, in MiB.
const HEAP: &str = "--max-old-space-size=2048";

pub(super) struct Ws {
    host: Host,
}

/// Starts a script of `crates/bench/peers` on a free port.
pub(super) async fn start_script(ground: &Ground<'_>, script: &str) -> anyhow::Result<Host> {
    let scripts = ground.setup.scripts.as_ref().context("the scripts of peers were not given")?;
    let script = scripts.join(script).canonicalize().with_context(|| script.to_owned())?;
    let address = free_address()?;
    let mut command = Command::new("node");
    command.arg(HEAP).arg(script).arg(address.port().to_string());
    Host::start(command, ground.folder, address).await
}

/// The path of a room.
pub(super) fn room(seat: Seat) -> String {
    match seat {
        Seat::Pair(pair) => format!("pair-{pair}"),
        Seat::Member(_) => "group".to_owned(),
    }
}

/// Reads away what comes, so that it does not pile up.
pub(super) fn drain(mut reader: websocket::Reader) {
    tokio::spawn(async move { while reader.next().await.is_ok() {} });
}

impl Peer for Ws {
    type Sender = Talker;
    type Receiver = Listener;

    async fn start(ground: &Ground<'_>) -> anyhow::Result<Self> {
        Ok(Self { host: start_script(ground, "ws.mjs").await? })
    }

    fn roots(&self) -> Vec<u32> {
        vec![self.host.pid]
    }

    async fn sender(&self, seat: Seat) -> anyhow::Result<Talker> {
        let Listener { reader, writer } = connect(self.host.address, &room(seat)).await?;
        drain(reader);
        Ok(Talker { writer })
    }

    async fn receiver(&self, seat: Seat) -> anyhow::Result<Listener> {
        connect(self.host.address, &room(seat)).await
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.host.stop().await
    }
}

async fn connect(server: SocketAddr, path: &str) -> anyhow::Result<Listener> {
    let (reader, writer) = websocket::upgrade(server, "", &format!("/{path}"), "").await?;
    Ok(Listener { reader, writer })
}

/// Whoever sends plain texts over a WebSocket.
pub(super) struct Talker {
    pub(super) writer: websocket::Writer,
}

impl Sender for Talker {
    async fn add(&mut self, text: &str) -> anyhow::Result<()> {
        self.writer.add(text.as_bytes());
        Ok(())
    }

    async fn flush(&mut self) -> anyhow::Result<()> {
        self.writer.flush().await
    }
}

/// Whoever reads frames.
pub(super) struct Listener {
    pub(super) reader: websocket::Reader,
    /// Keeps the way back open.
    pub(super) writer: websocket::Writer,
}

impl Receiver for Listener {
    async fn next(&mut self) -> anyhow::Result<&[u8]> {
        self.reader.next().await
    }
}

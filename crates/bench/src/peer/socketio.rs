//! Node.js with Socket.IO: the script `peers/socketio.mjs`, and the framing of Engine.IO 4 over a WebSocket. Kept
//! nowhere.

use anyhow::ensure;

use super::host::Host;
use super::ws::{room, start_script};
use super::{Ground, Peer, Receiver, Seat, Sender};
use crate::websocket;

/// Engine.IO's ping and pong: the server asks every 25 s.
const PING: &[u8] = b"2";
const PONG: &[u8] = b"3";

pub(super) struct SocketIo {
    host: Host,
}

impl Peer for SocketIo {
    type Sender = Talker;
    type Receiver = Listener;

    async fn start(ground: &Ground<'_>) -> anyhow::Result<Self> {
        Ok(Self { host: start_script(ground, "socketio.mjs").await? })
    }

    fn roots(&self) -> Vec<u32> {
        vec![self.host.pid]
    }

    async fn sender(&self, seat: Seat) -> anyhow::Result<Talker> {
        // The sender's own connection is in no room: it hears nothing of what it says.
        let Listener { mut reader, writer } = self.connect().await?;
        tokio::spawn(async move { while reader.next().await.is_ok() {} });
        Ok(Talker { writer, room: room(seat) })
    }

    async fn receiver(&self, seat: Seat) -> anyhow::Result<Listener> {
        let mut listener = self.connect().await?;
        // An event with the number 1, that is acknowledged.
        let join = format!("421[\"join\",\"{}\"]", room(seat));
        listener.writer.add(join.as_bytes());
        listener.writer.flush().await?;
        let joined = listener.reader.next().await?;
        ensure!(joined.starts_with(b"431["), "joining got {:?}", String::from_utf8_lossy(joined));
        Ok(listener)
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.host.stop().await
    }
}

impl SocketIo {
    async fn connect(&self) -> anyhow::Result<Listener> {
        let path = "/socket.io/?EIO=4&transport=websocket";
        let (mut reader, mut writer) = websocket::upgrade(self.host.address, "", path, "").await?;
        let open = reader.next().await?;
        ensure!(open.starts_with(b"0{"), "not Engine.IO: {:?}", String::from_utf8_lossy(open));
        writer.add(b"40");
        writer.flush().await?;
        let connected = reader.next().await?;
        ensure!(connected.starts_with(b"40{"), "{:?}", String::from_utf8_lossy(connected));
        Ok(Listener { reader, writer })
    }
}

pub(super) struct Talker {
    writer: websocket::Writer,
    room: String,
}

impl Sender for Talker {
    async fn add(&mut self, text: &str) -> anyhow::Result<()> {
        let event = format!("42[\"message\",\"{}\",\"{text}\"]", self.room);
        self.writer.add(event.as_bytes());
        Ok(())
    }

    async fn flush(&mut self) -> anyhow::Result<()> {
        self.writer.flush().await
    }
}

pub(super) struct Listener {
    reader: websocket::Reader,
    writer: websocket::Writer,
}

impl Receiver for Listener {
    async fn next(&mut self) -> anyhow::Result<&[u8]> {
        let Self { reader, writer } = self;
        let frame = reader.next().await?;
        if frame == PING {
            writer.add(PONG);
            writer.flush().await?;
        }
        Ok(frame)
    }
}

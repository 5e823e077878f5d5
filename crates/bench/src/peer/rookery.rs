//! Rookery itself on its peers' work: sent and received over WebSocket, kept, acknowledged after fsync.

use super::{Ground, Peer, Receiver, Seat, Sender};
use crate::http::Http;
use crate::scan;
use crate::seed::{Amount, Person, Seeds};
use crate::server::{Server, Site};
use crate::websocket;

pub(super) struct Rookery {
    site: Site,
    seeds: Seeds,
    server: Server,
}

pub(super) struct Talker {
    writer: websocket::Writer,
    conversation: i64,
    sent: u64,
    /// Unique over all talkers.
    name: String,
}

impl Rookery {
    fn person(&self, seat: Seat, is_sender: bool) -> anyhow::Result<(&Person, i64)> {
        match seat {
            Seat::Pair(pair) => {
                let person = self.seeds.person(pair * 2 + usize::from(!is_sender))?;
                Ok((person, person.direct))
            }
            Seat::Member(member) => Ok((self.seeds.person(member)?, self.seeds.group()?.id)),
        }
    }

    async fn connect(&self, token: &str) -> anyhow::Result<(websocket::Reader, websocket::Writer)> {
        let mut http = Http::connect(self.site.address, token).await?;
        let body = http.succeed("GET /api/v1/events", b"").await?;
        let cursor = scan::cursor(&body)?;
        let (mut reader, writer) = websocket::connect(self.site.address, token, cursor).await?;
        reader.next().await?;
        Ok((reader, writer))
    }
}

impl Peer for Rookery {
    type Sender = Talker;
    type Receiver = Listener;

    async fn start(ground: &Ground<'_>) -> anyhow::Result<Self> {
        let site = Site::new(ground.binary)?;
        let work = ground.work;
        let users = work.people();
        let amount = Amount { users, groups: 1, group_size: work.group, messages: 0 };
        let seeds = site.seed(amount).await?;
        let (server, _) = site.start().await?;
        Ok(Self { site, seeds, server })
    }

    fn roots(&self) -> Vec<u32> {
        vec![self.server.pid]
    }

    async fn sender(&self, seat: Seat) -> anyhow::Result<Talker> {
        let (person, conversation) = self.person(seat, true)?;
        let (mut reader, writer) = self.connect(&person.token).await?;
        // Acknowledgements and one's own messages are read away.
        tokio::spawn(async move { while reader.next().await.is_ok() {} });
        let name = format!("{}-{seat:?}", person.id).replace(['(', ')'], "-");
        Ok(Talker { writer, conversation, sent: 0, name })
    }

    async fn receiver(&self, seat: Seat) -> anyhow::Result<Listener> {
        let (person, _) = self.person(seat, false)?;
        let (reader, writer) = self.connect(&person.token).await?;
        Ok(Listener { reader, _writer: writer })
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.server.stop().await
    }
}

impl Sender for Talker {
    async fn add(&mut self, text: &str) -> anyhow::Result<()> {
        let Self { writer, conversation, sent, name } = self;
        *sent += 1;
        writer.add(
            format!(
                "{{\"type\":\"send\",\"client_id\":\"{name}{sent}\",\"conversation_id\":{conversation},\"text\":\"{text}\"}}"
            )
            .as_bytes(),
        );
        Ok(())
    }

    async fn flush(&mut self) -> anyhow::Result<()> {
        self.writer.flush().await
    }
}

pub(super) struct Listener {
    reader: websocket::Reader,
    _writer: websocket::Writer,
}

impl Receiver for Listener {
    async fn next(&mut self) -> anyhow::Result<&[u8]> {
        self.reader.next().await
    }
}

//! The client's side of XMPP (RFC 6120, 6121) and of its chat rooms (XEP-0045), as little of it as the work needs:
//! one stream over TCP, without TLS, logged in by PLAIN.

use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use memchr::memmem;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::cut::Cut;
use super::{Receiver, Seat, Sender};

/// The one domain; everything is on loopback.
pub(super) const DOMAIN: &str = "localhost";
/// Where rooms are.
pub(super) const ROOMS: &str = "conference.localhost";
/// Everybody's password: the server listens on loopback, for as long as the run takes.
pub(super) const PASSWORD: &str = "secret";
/// Until a step of logging in is answered, at most.
const MAX_ANSWER: usize = 4 * 1024 * 1024;
const MESSAGE_END: &[u8] = b"</message>";

/// The n-th user's name.
pub(super) fn user(number: usize) -> String {
    format!("user{number}")
}

/// Who sits there: pairs first, as sender and receiver; the group are the same people.
fn number(seat: Seat, is_sender: bool) -> usize {
    match seat {
        Seat::Pair(pair) => pair * 2 + usize::from(!is_sender),
        Seat::Member(member) => member,
    }
}

/// An open stream of somebody who is there.
struct Stream {
    reader: OwnedReadHalf,
    writer: OwnedWriteHalf,
    buffer: Vec<u8>,
}

impl Stream {
    async fn open(server: SocketAddr, number: usize) -> anyhow::Result<Self> {
        let connection = TcpStream::connect(server).await?;
        connection.set_nodelay(true)?;
        let (reader, writer) = connection.into_split();
        let mut stream = Self { reader, writer, buffer: Vec::new() };
        let name = user(number);
        stream.begin().await?;
        let plain = format!("\0{name}\0{PASSWORD}");
        let plain = base64::engine::general_purpose::STANDARD.encode(plain);
        stream
            .say(&format!(
                "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>"
            ))
            .await?;
        stream.until(&["<success", "<failure"]).await.map(|found| {
            ensure!(found == 0, "{name} may not log in");
            anyhow::Ok(())
        })??;
        stream.begin().await?;
        // The resource differs by connection: somebody may sit in a pair and in the group.
        stream
            .say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
            .await?;
        stream.until(&["</iq>"]).await?;
        stream.say("<presence/>").await?;
        Ok(stream)
    }

    async fn begin(&mut self) -> anyhow::Result<()> {
        self.say(&format!(
            "<stream:stream to='{DOMAIN}' version='1.0' xmlns='jabber:client' \
             xmlns:stream='http://etherx.jabber.org/streams'>"
        ))
        .await?;
        self.until(&["</stream:features>"]).await?;
        Ok(())
    }

    async fn say(&mut self, stanza: &str) -> anyhow::Result<()> {
        Ok(self.writer.write_all(stanza.as_bytes()).await?)
    }

    /// Reads until one of these has come, and uses up all before its end. Which.
    async fn until(&mut self, ends: &[&str]) -> anyhow::Result<usize> {
        loop {
            for (index, end) in ends.iter().enumerate() {
                if let Some(at) = memmem::find(&self.buffer, end.as_bytes()) {
                    self.buffer.drain(..at + end.len());
                    return Ok(index);
                }
            }
            ensure!(self.buffer.len() < MAX_ANSWER, "no {ends:?} in {MAX_ANSWER} bytes");
            let read = self.reader.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the peer closed the stream: {}", self.said());
        }
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&self.buffer).into_owned()
    }

    /// Goes into the room, and waits until the room has said so.
    async fn enter(&mut self, number: usize) -> anyhow::Result<()> {
        self.say(&format!(
            "<presence to='group@{ROOMS}/{}'><x xmlns='http://jabber.org/protocol/muc'>\
             <history maxstanzas='0'/></x></presence>",
            user(number)
        ))
        .await?;
        let entered = self.until(&["code='110'", "code=\"110\"", "type='error'"]).await?;
        ensure!(entered < 2, "the room lets nobody in: {}", self.said());
        Ok(())
    }
}

pub(super) struct Talker {
    writer: OwnedWriteHalf,
    /// What stands before the text.
    head: String,
    buffer: String,
    sent: u64,
}

/// Somebody who sends, to their partner or to the room.
pub(super) async fn sender(server: SocketAddr, seat: Seat) -> anyhow::Result<Talker> {
    let own = number(seat, true);
    let mut stream = Stream::open(server, own).await.context("logging in to send")?;
    let head = match seat {
        Seat::Pair(_) => format!("<message type='chat' to='{}@{DOMAIN}'", user(own + 1)),
        Seat::Member(_) => {
            stream.enter(own).await?;
            format!("<message type='groupchat' to='group@{ROOMS}'")
        }
    };
    let Stream { mut reader, writer, .. } = stream;
    // What the room says back is read away.
    tokio::spawn(async move {
        let mut away = vec![0; 16 * 1024];
        while matches!(reader.read(&mut away).await, Ok(read) if read > 0) {}
    });
    Ok(Talker { writer, head, buffer: String::new(), sent: 0 })
}

impl Sender for Talker {
    async fn add(&mut self, text: &str) -> anyhow::Result<()> {
        let Self { head, buffer, sent, .. } = self;
        *sent += 1;
        buffer.push_str(&format!("{head} id='m{sent}'><body>{text}</body></message>"));
        Ok(())
    }

    async fn flush(&mut self) -> anyhow::Result<()> {
        self.writer.write_all(self.buffer.as_bytes()).await?;
        self.buffer.clear();
        Ok(())
    }
}

pub(super) struct Listener {
    stanzas: Cut,
    _writer: OwnedWriteHalf,
}

/// Somebody who listens: to their partner, or in the room.
pub(super) async fn receiver(server: SocketAddr, seat: Seat) -> anyhow::Result<Listener> {
    let own = number(seat, false);
    let mut stream = Stream::open(server, own).await.context("logging in to listen")?;
    if matches!(seat, Seat::Member(_)) {
        stream.enter(own).await?;
    }
    let Stream { reader, writer, buffer } = stream;
    Ok(Listener { stanzas: Cut::new(reader, buffer, MESSAGE_END), _writer: writer })
}

impl Receiver for Listener {
    async fn next(&mut self) -> anyhow::Result<&[u8]> {
        self.stanzas.next().await
    }
}

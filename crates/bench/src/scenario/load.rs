//! Connections that listen over any transport and keep account, and senders that keep going.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::http::Http;
use crate::seed::Person;
use crate::span::Span;
use crate::{scan, sse, websocket};

/// Characters of a message.
const TEXT_CHARS: usize = 128;
/// Of these, the first are the time of sending, in nanoseconds since the start of the scenario.
const TIME_DIGITS: usize = 16;
/// What was sent must have arrived everywhere within this.
const ARRIVES_WITHIN: Duration = Duration::from_secs(30);
/// Between two looks whether everything has.
const LOOK_EVERY: Duration = Duration::from_micros(500);
/// Seconds that a poll is parked at most.
const POLL_WAIT: u32 = 60;

/// How somebody listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    WebSocket,
    Sse,
    LongPoll,
}

impl Channel {
    pub(super) const ALL: [Self; 3] = [Self::WebSocket, Self::Sse, Self::LongPoll];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "WebSocket",
            Self::Sse => "SSE",
            Self::LongPoll => "long poll",
        }
    }
}

/// A connection that listens.
pub(super) enum Connection {
    WebSocket(websocket::Reader, websocket::Writer),
    Sse(sse::Stream),
    LongPoll { http: Http, cursor: String, body: Vec<u8> },
}

impl Connection {
    /// Connects at the head. Streams have said `hello`; a poll has its cursor.
    pub(super) async fn open(
        server: SocketAddr,
        channel: Channel,
        token: &str,
    ) -> anyhow::Result<Self> {
        let mut http = Http::connect(server, token).await?;
        let body = http.succeed("GET /api/v1/events", b"").await?;
        let cursor = scan::cursor(&body)?.to_owned();
        Ok(match channel {
            Channel::LongPoll => Self::LongPoll { http, cursor, body },
            Channel::WebSocket => {
                let (mut reader, writer) = websocket::connect(server, token, &cursor).await?;
                reader.next().await?;
                Self::WebSocket(reader, writer)
            }
            Channel::Sse => {
                let mut stream = sse::connect(server, token, &cursor).await?;
                stream.next().await?;
                Self::Sse(stream)
            }
        })
    }

    /// The next frame, event or answer.
    pub(super) async fn next(&mut self) -> anyhow::Result<&[u8]> {
        match self {
            Self::WebSocket(reader, _) => reader.next().await,
            Self::Sse(stream) => stream.next().await,
            Self::LongPoll { http, cursor, body } => {
                let line = poll_line(cursor);
                *body = http.succeed(&line, b"").await?;
                scan::cursor(body)?.clone_into(cursor);
                Ok(body)
            }
        }
    }

    /// Asks without waiting for the answer: a poll is parked then. Streams need not.
    pub(super) async fn park(&mut self) -> anyhow::Result<()> {
        match self {
            Self::LongPoll { http, cursor, .. } => http.ask(&poll_line(cursor), "", b"").await,
            Self::WebSocket(..) | Self::Sse(_) => Ok(()),
        }
    }
}

impl Connection {
    /// Whether the connection is open and nothing that ends a wait has come.
    pub(super) fn is_waiting(&self) -> bool {
        match self {
            Self::WebSocket(reader, _) => reader.is_open(),
            Self::Sse(stream) => stream.is_open(),
            Self::LongPoll { http, .. } => http.is_silent(),
        }
    }
}

fn poll_line(cursor: &str) -> String {
    format!("GET /api/v1/events?cursor={cursor}&wait={POLL_WAIT}")
}

/// Everybody who listens in a scenario.
pub(super) struct Receivers {
    tasks: JoinSet<anyhow::Result<(i64, Span, Vec<u64>)>>,
    received: Arc<AtomicU64>,
    stop: watch::Sender<bool>,
    /// Times of sending and receiving count from here.
    pub(super) since: Instant,
}

impl Receivers {
    pub(super) fn new() -> Self {
        let received = Arc::default();
        let stop = watch::Sender::new(false);
        Self { tasks: JoinSet::new(), received, stop, since: Instant::now() }
    }

    /// Connects somebody, and listens to one conversation.
    pub(super) async fn add(
        &mut self,
        server: SocketAddr,
        channel: Channel,
        person: &Person,
        conversation: i64,
    ) -> anyhow::Result<()> {
        let connection = Connection::open(server, channel, &person.token).await?;
        let received = Arc::clone(&self.received);
        let (stopped, since) = (self.stop.subscribe(), self.since);
        self.tasks.spawn(async move {
            let heard = listen(connection, conversation, &received, stopped, since).await;
            let (span, delays) = heard.with_context(|| format!("listening to {conversation}"))?;
            Ok((conversation, span, delays))
        });
        Ok(())
    }

    /// Waits until so many messages have arrived, all receivers taken together.
    pub(super) async fn wait(&mut self, expected: u64) -> anyhow::Result<()> {
        let until = Instant::now() + ARRIVES_WITHIN;
        loop {
            let received = self.received.load(Ordering::Relaxed);
            if received >= expected {
                return Ok(());
            }
            if let Some(ended) = self.tasks.try_join_next() {
                ended??;
            }
            ensure!(Instant::now() < until, "{received} of {expected} messages arrived");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Ends them and compares what each saw with what was acknowledged. Gives all delays, in nanoseconds.
    pub(super) async fn check(mut self, acknowledged: &Acknowledged) -> anyhow::Result<Vec<u64>> {
        self.stop.send_replace(true);
        let mut delays = Vec::new();
        let mut expected = HashMap::new();
        for (conversation, seqs) in acknowledged {
            expected.insert(*conversation, Span::of_acknowledged(seqs.clone())?);
        }
        while let Some(ended) = self.tasks.join_next().await {
            let (conversation, span, some) = ended??;
            let right = expected.get(&conversation).copied().unwrap_or_default();
            ensure!(span == right, "{span:?} arrived in {conversation}, not {right:?}");
            delays.extend(some);
        }
        Ok(delays)
    }
}

async fn listen(
    mut connection: Connection,
    conversation: i64,
    received: &AtomicU64,
    mut stopped: watch::Receiver<bool>,
    since: Instant,
) -> anyhow::Result<(Span, Vec<u64>)> {
    let (mut span, mut delays) = (Span::default(), Vec::new());
    loop {
        let json = tokio::select! {
            json = connection.next() => json?,
            stopped = stopped.changed() => {
                stopped?;
                return Ok((span, delays));
            }
        };
        let before = span.count;
        let now = u64::try_from(since.elapsed().as_nanos())?;
        scan::messages(json, |found| {
            if found.conversation == conversation {
                span.push(found.seq)?;
                let sent: u64 = found.text[..TIME_DIGITS].parse()?;
                delays.push(now.saturating_sub(sent));
            }
            Ok(())
        })?;
        received.fetch_add(span.count - before, Ordering::Relaxed);
    }
}

/// Conversation → the seqs that were acknowledged in it.
pub(super) type Acknowledged = HashMap<i64, Vec<i64>>;

/// Adds up what senders were told.
pub(super) async fn collect(
    mut senders: JoinSet<anyhow::Result<(i64, Vec<i64>)>>,
) -> anyhow::Result<Acknowledged> {
    let mut all = Acknowledged::new();
    while let Some(ended) = senders.join_next().await {
        let (conversation, seqs) = ended??;
        all.entry(conversation).or_default().extend(seqs);
    }
    Ok(all)
}

/// How many there are in all.
pub(super) fn total(acknowledged: &Acknowledged) -> u64 {
    acknowledged.values().map(|seqs| seqs.len() as u64).sum()
}

/// A text of the usual length that says when it was sent.
pub(super) fn text(since: Instant) -> String {
    let (nanos, rest) = (since.elapsed().as_nanos(), TEXT_CHARS - TIME_DIGITS);
    format!("{nanos:0TIME_DIGITS$}{:x<rest$}", "")
}

/// Never the same in one process, whoever sends.
pub(super) fn client_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("bench-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A `send` frame.
pub(super) fn send_frame(conversation: i64, since: Instant) -> String {
    let (client_id, text) = (client_id(), text(since));
    format!(
        "{{\"type\":\"send\",\"client_id\":\"{client_id}\",\"conversation_id\":{conversation},\"text\":\"{text}\"}}"
    )
}

/// The seq that a `sent` frame names; `None` for other frames.
pub(super) fn acknowledged(frame: &[u8]) -> anyhow::Result<Option<i64>> {
    if frame.starts_with(b"{\"type\":\"error\"") {
        anyhow::bail!("a send was refused: {}", String::from_utf8_lossy(frame));
    }
    let mut seq = None;
    if frame.starts_with(b"{\"type\":\"sent\"") {
        scan::messages(frame, |found| {
            seq = Some(found.seq);
            Ok(())
        })?;
        ensure!(seq.is_some(), "an acknowledgement without a message");
    }
    Ok(seq)
}

/// Sends over a socket with a window of unanswered sends, until `end`; gives what was acknowledged.
pub(super) async fn send_by_socket(
    server: SocketAddr,
    person: Person,
    conversation: i64,
    window: usize,
    since: Instant,
    end: Instant,
) -> anyhow::Result<(i64, Vec<i64>)> {
    let connection = Connection::open(server, Channel::WebSocket, &person.token).await?;
    let Connection::WebSocket(mut reader, mut writer) = connection else {
        unreachable!("it was opened as one")
    };
    let mut seqs = Vec::new();
    for _ in 0..window {
        writer.add(send_frame(conversation, since).as_bytes());
    }
    let mut unanswered = window;
    while unanswered > 0 {
        if !reader.has_more() {
            writer.flush().await?;
        }
        let Some(seq) = acknowledged(reader.next().await?)? else { continue };
        seqs.push(seq);
        if Instant::now() < end {
            writer.add(send_frame(conversation, since).as_bytes());
        } else {
            unanswered -= 1;
        }
    }
    Ok((conversation, seqs))
}

/// Sends by POST, one after another over one connection, until `end`.
pub(super) async fn send_by_post(
    server: SocketAddr,
    person: Person,
    conversation: i64,
    since: Instant,
    end: Instant,
) -> anyhow::Result<(i64, Vec<i64>)> {
    let mut http = Http::connect(server, &person.token).await?;
    let mut seqs = Vec::new();
    while Instant::now() < end {
        seqs.push(post(&mut http, conversation, since).await?);
    }
    Ok((conversation, seqs))
}

/// The same, so many times.
pub(super) async fn post_some(
    server: SocketAddr,
    person: Person,
    conversation: i64,
    since: Instant,
    count: usize,
) -> anyhow::Result<(i64, Vec<i64>)> {
    let mut http = Http::connect(server, &person.token).await?;
    let mut seqs = Vec::with_capacity(count);
    for _ in 0..count {
        seqs.push(post(&mut http, conversation, since).await?);
    }
    Ok((conversation, seqs))
}

/// Sends one message; its seq.
async fn post(http: &mut Http, conversation: i64, since: Instant) -> anyhow::Result<i64> {
    let (line, body) = post_of(conversation, since);
    let answer = http.succeed(&line, body.as_bytes()).await?;
    let message: protocol::Message = serde_json::from_slice(&answer)?;
    Ok(message.seq.get())
}

/// Request line and body of a send.
pub(super) fn post_of(conversation: i64, since: Instant) -> (String, String) {
    let (client_id, text) = (client_id(), text(since));
    (
        format!("POST /api/v1/conversations/{conversation}/messages"),
        format!("{{\"client_id\":\"{client_id}\",\"text\":\"{text}\"}}"),
    )
}

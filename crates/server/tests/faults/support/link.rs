//! One connection to the stream of events, over any of the four transports, until it breaks.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::{Batch, ClientFrame, ServerFrame};
use reqwest::{Method, header};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message, client::IntoClientRequest as _};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::{DEADLINE, Person, pause};

/// Between two short polls that found nothing.
const SHORT_POLL_PAUSE: Duration = Duration::from_millis(20);

/// How events are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    ShortPoll,
    LongPoll,
    Sse,
    WebSocket,
}

impl Transport {
    pub(crate) const ALL: [Self; 4] = [Self::ShortPoll, Self::LongPoll, Self::Sse, Self::WebSocket];
}

/// Why a link ended.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The connection is gone, or never was.
    Lost,
    /// An answer that is no success.
    Refused(u16),
    /// The server closed the socket: code and reason.
    Closed(u16, String),
}

impl Broken {
    /// Panics unless it is what a client of a server that comes and goes has to expect.
    pub(crate) fn expect_passing(&self) {
        let passing = matches!(self, Self::Lost | Self::Refused(503) | Self::Closed(1012, _));
        assert!(passing, "unexpected: {self:?}");
    }
}

impl From<reqwest::Error> for Broken {
    fn from(_: reqwest::Error) -> Self {
        Self::Lost
    }
}

/// A device that listens.
pub(crate) enum Link {
    Poll { person: Person, cursor: String, wait: Option<u32>, idle: bool },
    Sse { response: reqwest::Response, pending: Vec<u8> },
    WebSocket(Box<Socket>),
}

impl Link {
    /// Connects from a cursor.
    pub(crate) async fn open(
        person: &Person,
        transport: Transport,
        cursor: &str,
    ) -> Result<Self, Broken> {
        let poll = |wait| Self::Poll {
            person: person.clone(),
            cursor: cursor.to_owned(),
            wait,
            idle: false,
        };
        Ok(match transport {
            Transport::ShortPoll => poll(None),
            Transport::LongPoll => poll(Some(10)),
            Transport::Sse => {
                let path = format!("/events/stream?cursor={cursor}");
                let response = person.open(person.request(Method::GET, &path)).await?;
                if response.status() != 200 {
                    return Err(Broken::Refused(response.status().as_u16()));
                }
                Self::Sse { response, pending: Vec::new() }
            }
            Transport::WebSocket => Self::WebSocket(Box::new(Socket::open(person, cursor).await?)),
        })
    }

    /// What the server says next; an empty batch for what only carries a cursor.
    pub(crate) async fn next(&mut self) -> Result<Batch, Broken> {
        match self {
            Self::Poll { person, cursor, wait, idle } => {
                if *idle && wait.is_none() {
                    pause(SHORT_POLL_PAUSE).await;
                }
                let wait = wait.map_or(String::new(), |wait| format!("&wait={wait}"));
                let (status, body) = person.get(&format!("/events?cursor={cursor}{wait}")).await?;
                if status != 200 {
                    return Err(Broken::Refused(status));
                }
                let batch: Batch = serde_json::from_value(body).unwrap();
                cursor.clone_from(&batch.cursor);
                *idle = batch.events.is_empty();
                Ok(batch)
            }
            Self::Sse { response, pending } => loop {
                if let Some(batch) = cut_event(pending) {
                    return Ok(batch);
                }
                let chunk = response.chunk().await;
                let silent = chunk.as_ref().is_err_and(reqwest::Error::is_timeout);
                assert!(!silent, "nothing within {DEADLINE:?}");
                let chunk = chunk?.ok_or(Broken::Lost)?;
                pending.extend_from_slice(&chunk);
            },
            Self::WebSocket(socket) => loop {
                match socket.next().await? {
                    ServerFrame::Events(batch) => return Ok(batch),
                    ServerFrame::Hello { cursor, .. } | ServerFrame::Beat { cursor } => {
                        return Ok(empty(cursor));
                    }
                    ServerFrame::Sent { .. } | ServerFrame::Error { .. } => {}
                }
            },
        }
    }
}

fn empty(cursor: String) -> Batch {
    Batch { events: Vec::new(), cursor, reset: None, retry_in: None }
}

/// Takes the first whole event of the stream that carries data; comments are dropped.
fn cut_event(pending: &mut Vec<u8>) -> Option<Batch> {
    loop {
        let end = pending.windows(2).position(|two| two == b"\n\n")?;
        let block: Vec<u8> = pending.drain(..end + 2).collect();
        let block = String::from_utf8(block).unwrap();
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
        let Some(data) = field("data: ").or_else(|| field("data:")) else { continue };
        if field("event: ").or_else(|| field("event:")) == Some("hello") {
            let hello: serde_json::Value = serde_json::from_str(data).unwrap();
            return Some(empty(hello["cursor"].as_str().unwrap().to_owned()));
        }
        return Some(serde_json::from_str(data).unwrap());
    }
}

/// A WebSocket, for sending as well as for listening.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects from a cursor.
    pub(crate) async fn open(person: &Person, cursor: &str) -> Result<Self, Broken> {
        let origin = person.origin.replacen("http", "ws", 1);
        let url = format!("{origin}/api/v1/events/socket?cursor={cursor}");
        let mut request = url.into_client_request().unwrap();
        let bearer = format!("Bearer {}", person.token).parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let protocol = header::HeaderValue::from_static("rookery.v1");
        request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        let opened =
            tokio::time::timeout(DEADLINE, tokio_tungstenite::connect_async(request)).await;
        match opened.unwrap_or_else(|_| panic!("no WebSocket within {DEADLINE:?}")) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(Broken::Refused(response.status().as_u16())),
            Err(_) => Err(Broken::Lost),
        }
    }

    /// Sends a frame.
    pub(crate) async fn send(&mut self, frame: &ClientFrame) -> Result<(), Broken> {
        let text = serde_json::to_string(frame).unwrap();
        self.0.send(Message::text(text)).await.map_err(|_| Broken::Lost)
    }

    /// Sends frames in one go, so that they arrive at once.
    pub(crate) async fn send_together(&mut self, frames: &[ClientFrame]) -> Result<(), Broken> {
        for frame in frames {
            let text = serde_json::to_string(frame).unwrap();
            self.0.feed(Message::text(text)).await.map_err(|_| Broken::Lost)?;
        }
        self.0.flush().await.map_err(|_| Broken::Lost)
    }

    /// The next frame of the server's own.
    pub(crate) async fn next(&mut self) -> Result<ServerFrame, Broken> {
        loop {
            // A socket that has nothing to say has a beat.
            let next = tokio::time::timeout(DEADLINE, self.0.next()).await;
            match next.unwrap_or_else(|_| panic!("nothing within {DEADLINE:?}")) {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(close)))) => {
                    return Err(Broken::Closed(close.code.into(), close.reason.to_string()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(Broken::Lost),
            }
        }
    }
}

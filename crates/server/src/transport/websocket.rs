//! WebSocket: one task a socket. It writes batches and answers, reads frames, and closes with a code that
//! tells the client whether to come back.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use delivery::{End, Next, Session, Transport};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use protocol::{CloseCode, Code, MAX_FRAME_BYTES, ServerFrame};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::error::{CapacityError, Error};
use tokio_tungstenite::tungstenite::handshake::server::create_response;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};

use super::frames::{self, Pending};
use super::line::Line;
use super::{BEAT, connect, parse_cursor};
use crate::app::AppState;
use crate::caller::Caller;
use crate::json::Query;
use crate::listener::{Polite, waiting};
use crate::problem::{Answer, Refusal};

/// The subprotocol that clients name.
const PROTOCOL: &str = "rookery.v1";
/// Sends of one socket that are not answered yet; no more frames are read until there are fewer.
const MAX_UNANSWERED: usize = 32;
/// Longer messages go in frames of this size: the library copies each frame, and keeps the room.
const FRAME_BYTES: usize = 8_192;
/// A client that takes longer than this to take a message is too slow.
const WRITE_DEADLINE: Duration = Duration::from_secs(15);
/// How long a closed socket is kept, so that the close frame arrives and is answered.
const CLOSE_DEADLINE: Duration = Duration::from_secs(1);

/// What the reason of a close frame may have, by the protocol (RFC 6455, 5.5.1).
const MAX_REASON_BYTES: usize = 123;

/// Why the socket is to be closed: code and reason. `None`: the client has gone.
type Closing = Option<(CloseCode, String)>;

/// Events both ways, for as long as the socket is open.
#[utoipa::path(
    get, path = "/events/socket", tag = "events", params(super::sse::Start),
    responses((status = SWITCHING_PROTOCOLS, description = "Subprotocol `rookery.v1`"))
)]
pub(crate) async fn open(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<super::sse::Start>,
    request: Request,
) -> Answer<Response> {
    let cursor = parse_cursor(query.cursor.as_deref())?;
    let request = request.map(drop);
    let mut response = create_response(&request).map_err(|error| {
        Refusal::new(Code::Malformed).detail(format!("Open a WebSocket: {error}"))
    })?;
    if names_protocol(request.headers()) {
        let name = HeaderValue::from_static(PROTOCOL);
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, name);
    }
    let session = connect(&app, &caller, Transport::WebSocket, cursor.as_ref())?;
    let response = response.map(|()| Body::empty());
    Ok(waiting::socket(response, move |stream| {
        // On the heap, and not in an `async` block: what that has once held takes room in it to its end.
        Conversation::open(app, caller, session, stream).hold()
    }))
}

fn names_protocol(headers: &HeaderMap) -> bool {
    let named = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let mut named = named.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    named.any(|name| name.trim() == PROTOCOL)
}

struct Conversation {
    app: AppState,
    caller: Caller,
    line: Line,
    session: Session,
}

/// Sends that are not answered yet. Most sockets have none most of the time, and pay for none.
#[derive(Default)]
struct Unanswered(Option<Box<FuturesUnordered<Pending>>>);

impl Unanswered {
    fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |pending| pending.len())
    }

    fn push(&mut self, pending: Pending) {
        self.0.get_or_insert_default().push(pending);
    }

    /// What is to be said next; never, while there are none.
    async fn next(&mut self) -> Option<ServerFrame> {
        let answered = match &mut self.0 {
            Some(pending) => pending.next().await,
            None => None,
        };
        match answered {
            Some(answer) => answer,
            None => {
                self.0 = None;
                std::future::pending().await
            }
        }
    }
}

impl Conversation {
    fn open(app: AppState, caller: Caller, session: Session, stream: Polite) -> Box<Self> {
        Box::new(Self { app, caller, line: Line::new(stream), session })
    }

    async fn hold(mut self: Box<Self>) {
        let closing = self.run().await;
        Box::pin(self.close(closing)).await;
    }

    async fn run(&mut self) -> Closing {
        let retry_in = self.app.delivery.retry_in();
        let cursor = self.session.cursor().to_string();
        let hello = encode(ServerFrame::Hello { cursor, retry_in }).unwrap_or_default();
        if let Err(closing) = self.write(hello).await {
            return closing;
        }
        let mut unanswered = Unanswered::default();
        let mut beat = Instant::now() + BEAT;
        loop {
            let quiet = beat.saturating_duration_since(Instant::now());
            let may_read = unanswered.len() < MAX_UNANSWERED;
            // What happens is dealt with at once, and writing is boxed: this future is as large as what it holds while
            // it waits, for as long as the socket is open.
            let to_say = tokio::select! {
                next = self.session.next_batch(Some(quiet)) => self.news(next, &mut beat),
                answer = unanswered.next() => Ok(answer.and_then(encode)),
                heard = self.line.next(), if may_read => self.hear(heard, &mut unanswered),
            };
            let said = match to_say {
                Ok(Some(json)) => self.write(json).await,
                Ok(None) => Ok(()),
                Err(closing) => Err(closing),
            };
            if let Err(closing) = said {
                return closing;
            }
        }
    }

    /// What is to be said of what the log has, or of its silence.
    fn news(&mut self, next: Next, beat: &mut Instant) -> Result<Option<Vec<u8>>, Closing> {
        match next {
            Next::Batch(batch) if batch.is_empty() && *beat <= Instant::now() => {
                *beat = Instant::now() + BEAT;
                self.line.rest();
                Ok(encode(ServerFrame::Beat { cursor: batch.cursor.to_string() }))
            }
            // A catch-up that has found nothing yet goes on; there is nothing to say.
            Next::Batch(batch) if batch.is_empty() => Ok(None),
            Next::Batch(batch) => {
                let mut json = br#"{"type":"events","#.to_vec();
                batch.write_fields(&mut json, None);
                json.push(b'}');
                Ok(Some(json))
            }
            Next::Ended(end) => Err(self.ended(end)),
        }
    }

    /// What is to be said at once to what the client said; sends are answered later.
    fn hear(
        &self,
        heard: Option<Result<Message, Error>>,
        unanswered: &mut Unanswered,
    ) -> Result<Option<Vec<u8>>, Closing> {
        match heard {
            Some(Ok(Message::Text(text))) if text.len() <= MAX_FRAME_BYTES => {
                unanswered.push(frames::take(&self.app, self.caller, text.as_str()));
                Ok(None)
            }
            Some(Ok(Message::Binary(bytes))) if bytes.len() <= MAX_FRAME_BYTES => {
                Ok(encode(frames::refused(None, &frames::not_text())))
            }
            Some(
                Ok(Message::Text(_) | Message::Binary(_))
                | Err(Error::Capacity(CapacityError::MessageTooLong { .. })),
            ) => Err(too_large()),
            // The line deals with the others itself.
            Some(Ok(_)) => Ok(None),
            Some(Err(_)) | None => Err(None),
        }
    }

    fn ended(&self, end: End) -> Closing {
        Some(match end {
            End::LoggedOut => (CloseCode::LoggedOut, String::new()),
            End::ShuttingDown { retry_in } => (CloseCode::Restart, retry_in.to_string()),
            End::Displaced | End::Failed(_) => {
                (CloseCode::Restart, self.app.delivery.retry_in().to_string())
            }
        })
    }

    /// Boxed: a socket that waits has no room for it.
    fn write(&mut self, json: Vec<u8>) -> BoxFuture<'_, Result<(), Closing>> {
        Box::pin(timeout(WRITE_DEADLINE, self.send(json)).map(|written| match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(None),
            Err(_) => Err(Some((CloseCode::SlowReader, String::from("too slow a reader")))),
        }))
    }

    /// One message, in several frames if it is long.
    async fn send(&mut self, json: Vec<u8>) -> Result<(), Error> {
        let mut rest = Bytes::from(json);
        let mut kind = Data::Text;
        while rest.len() > FRAME_BYTES {
            let part = rest.split_to(FRAME_BYTES);
            let frame = Frame::message(part, OpCode::Data(kind), false);
            self.line.send(frame).await?;
            kind = Data::Continue;
        }
        self.line.send(Frame::message(rest, OpCode::Data(kind), true)).await
    }

    /// Sends the close frame and waits a moment for the client's. What still comes is thrown away by the
    /// listener, so that the close frame arrives.
    async fn close(&mut self, closing: Closing) {
        let Some((code, mut reason)) = closing else { return };
        reason.truncate(MAX_REASON_BYTES);
        let frame = CloseFrame { code: code.number().into(), reason: reason.into() };
        // A client that answers nothing is cut off.
        drop(timeout(CLOSE_DEADLINE, self.line.close(frame)).await);
    }
}

/// The JSON of a frame: plain data, which always encodes.
fn encode(frame: ServerFrame) -> Option<Vec<u8>> {
    serde_json::to_vec(&frame)
        .inspect_err(|error| tracing::error!(%error, "a frame does not encode"))
        .ok()
}

fn too_large() -> Closing {
    Some((CloseCode::TooLarge, format!("at most {MAX_FRAME_BYTES} bytes a frame")))
}

//! WebSocket: one task a socket. It writes batches and answers, reads frames, and closes with a code that
//! tells the client whether to come back.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{
    CloseFrame, Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection,
};
use axum::response::Response;
use delivery::{End, Next, Session, Transport};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use protocol::{CloseCode, Code, MAX_FRAME_BYTES, ServerFrame};
use tokio::time::{Instant, timeout};

use super::frames::{self, Pending};
use super::{BEAT, connect, parse_cursor};
use crate::app::AppState;
use crate::caller::Caller;
use crate::json::Query;
use crate::problem::{Answer, Refusal};

/// The subprotocol that clients name.
const PROTOCOL: &str = "rookery.v1";
/// What one message may take in memory before the socket is given up without a word; above
/// [`MAX_FRAME_BYTES`], so that who is a little over is told why.
const MAX_BUFFERED_BYTES: usize = 2 * MAX_FRAME_BYTES;
/// Sends of one socket that are not answered yet; no more frames are read until there are fewer.
const MAX_UNANSWERED: usize = 32;
/// A client that takes longer than this to take a frame is too slow.
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
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer<Response> {
    let cursor = parse_cursor(query.cursor.as_deref())?;
    let upgrade = upgrade.map_err(|rejection| {
        Refusal::new(Code::Malformed).detail(format!("Open a WebSocket: {}", rejection.body_text()))
    })?;
    let session = connect(&app, &caller, Transport::WebSocket, cursor.as_ref())?;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(1_024)
        .write_buffer_size(0)
        .max_message_size(MAX_BUFFERED_BYTES)
        .max_frame_size(MAX_BUFFERED_BYTES);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let mut conversation = Conversation { app, caller, socket, session };
        let closing = conversation.run().await;
        conversation.close(closing).await;
    }))
}

struct Conversation {
    app: AppState,
    caller: Caller,
    socket: WebSocket,
    session: Session,
}

impl Conversation {
    async fn run(&mut self) -> Closing {
        let retry_in = self.app.delivery.retry_in();
        let cursor = self.session.cursor().to_string();
        if let Err(closing) = self.say(&ServerFrame::Hello { cursor, retry_in }).await {
            return closing;
        }
        let mut unanswered: FuturesUnordered<Pending> = FuturesUnordered::new();
        let mut beat = Instant::now() + BEAT;
        loop {
            let quiet = beat.saturating_duration_since(Instant::now());
            let may_read = unanswered.len() < MAX_UNANSWERED;
            let said = tokio::select! {
                next = self.session.next_batch(Some(quiet)) => match next {
                    Next::Batch(batch) if batch.is_empty() && beat <= Instant::now() => {
                        beat = Instant::now() + BEAT;
                        self.say(&ServerFrame::Beat { cursor: batch.cursor.to_string() }).await
                    }
                    // A catch-up that has found nothing yet goes on; there is nothing to say.
                    Next::Batch(batch) if batch.is_empty() => Ok(()),
                    Next::Batch(batch) => {
                        let mut json = br#"{"type":"events","#.to_vec();
                        batch.write_fields(&mut json, None);
                        json.push(b'}');
                        self.write(json).await
                    }
                    Next::Ended(end) => Err(self.ended(end)),
                },
                Some(answer) = unanswered.next() => match answer {
                    Some(frame) => self.say(&frame).await,
                    None => Ok(()),
                },
                heard = self.socket.recv(), if may_read => match heard {
                    Some(Ok(Message::Text(text))) if text.len() <= MAX_FRAME_BYTES => {
                        unanswered.push(frames::take(&self.app, self.caller, text.as_str()));
                        Ok(())
                    }
                    Some(Ok(Message::Binary(bytes))) if bytes.len() <= MAX_FRAME_BYTES => {
                        self.say(&frames::refused(None, &frames::not_text())).await
                    }
                    Some(Ok(Message::Text(_) | Message::Binary(_))) => Err(too_large()),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    Some(Err(error)) if is_over_limit(&error) => Err(too_large()),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => Err(None),
                },
            };
            if let Err(closing) = said {
                return closing;
            }
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

    async fn say(&mut self, frame: &ServerFrame) -> Result<(), Closing> {
        match serde_json::to_vec(frame) {
            Ok(json) => self.write(json).await,
            Err(error) => {
                tracing::error!(%error, "a frame does not encode");
                Ok(())
            }
        }
    }

    async fn write(&mut self, json: Vec<u8>) -> Result<(), Closing> {
        // What serde_json and delivery write is UTF-8.
        let text = String::from_utf8(json).unwrap_or_default();
        match timeout(WRITE_DEADLINE, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(None),
            Err(_) => Err(Some((CloseCode::SlowReader, String::from("too slow a reader")))),
        }
    }

    /// Sends the close frame and waits a moment for the client's. What still comes is thrown away by the
    /// listener, so that the close frame arrives.
    async fn close(&mut self, closing: Closing) {
        let Some((code, mut reason)) = closing else { return };
        reason.truncate(MAX_REASON_BYTES);
        let frame = CloseFrame { code: code.number(), reason: reason.into() };
        let goodbye = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = self.socket.recv().await {}
            }
        };
        // A client that answers nothing is cut off.
        drop(timeout(CLOSE_DEADLINE, goodbye).await);
    }
}

fn too_large() -> Closing {
    Some((CloseCode::TooLarge, format!("at most {MAX_FRAME_BYTES} bytes a frame")))
}

/// The library's error is not exported by axum; its text has said this since 2017, and a test holds it.
fn is_over_limit(error: &axum::Error) -> bool {
    error.to_string().contains("Space limit exceeded")
}

//! Server-Sent Events: `hello`, then a message a batch whose `id` is the cursor. A browser that reconnects
//! sends that id back as `Last-Event-ID`.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use delivery::{EncodedBatch, End, Next, Session, Transport};
use protocol::Batch;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{BEAT, connect, parse_cursor};
use crate::app::AppState;
use crate::caller::Caller;
use crate::json::Query;
use crate::listener::waiting;
use crate::problem::Answer;

/// Where a stream starts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Start {
    /// Where the client stands; without it the stream starts at the head. `Last-Event-ID` wins.
    pub(super) cursor: Option<String>,
}

/// A stream on its way.
enum Stream {
    /// `hello` has not been sent yet.
    Begun { session: Session, retry_in: u64 },
    /// Batch after batch.
    Running(Session),
    /// Nothing more comes.
    Over,
}

/// Events after a cursor, for as long as the client listens.
#[utoipa::path(
    get, path = "/events/stream", tag = "events", params(Start),
    responses((status = OK, body = Batch, content_type = "text/event-stream"))
)]
pub(crate) async fn stream(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<Start>,
    headers: HeaderMap,
) -> Answer<Response> {
    let last = headers.get("last-event-id").map(|id| id.to_str().unwrap_or("?"));
    let last = last.filter(|id| !id.is_empty());
    let cursor = parse_cursor(last.or(query.cursor.as_deref()))?;
    let session = connect(&app, &caller, Transport::Sse, cursor.as_ref())?;
    let start = Stream::Begun { session, retry_in: app.delivery.retry_in() };
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-store, no-transform"),
        // nginx would gather events until a buffer is full.
        ("x-accel-buffering", "no"),
    ];
    let body = futures_util::stream::unfold(start, next);
    Ok(waiting::body(headers.into_response(), body))
}

async fn next(stream: Stream) -> Option<(Bytes, Stream)> {
    let (text, stream) = match stream {
        Stream::Begun { session, retry_in } => {
            (hello(&session, retry_in), Stream::Running(session))
        }
        Stream::Running(mut session) => match session.next_batch(Some(BEAT)).await {
            // An empty batch is the beat: it carries the cursor.
            Next::Batch(batch) => (message(&batch, None), Stream::Running(session)),
            Next::Ended(End::ShuttingDown { retry_in }) => {
                let batch =
                    EncodedBatch { events: Vec::new(), cursor: session.cursor(), reset: false };
                (message(&batch, Some(retry_in)), Stream::Over)
            }
            // The client comes back with its cursor, or learns by a 401 that it may not.
            Next::Ended(End::LoggedOut | End::Displaced | End::Failed(_)) => return None,
        },
        Stream::Over => return None,
    };
    Some((Bytes::from(text), stream))
}

/// `retry` is what a browser's own EventSource waits before it reconnects.
fn hello(session: &Session, retry_in: u64) -> Vec<u8> {
    let cursor = session.cursor();
    format!(
        "retry: {retry_in}\nevent: hello\ndata: {{\"cursor\":\"{cursor}\",\"retry_in\":{retry_in}}}\n\n"
    )
    .into_bytes()
}

/// JSON has no line breaks in it, so it is one `data` line.
fn message(batch: &EncodedBatch, retry_in: Option<u64>) -> Vec<u8> {
    let mut out = match retry_in {
        Some(millis) => format!("retry: {millis}\nid: {}\ndata: {{", batch.cursor),
        None => format!("id: {}\ndata: {{", batch.cursor),
    }
    .into_bytes();
    batch.write_fields(&mut out, retry_in);
    out.extend_from_slice(b"}\n\n");
    out
}

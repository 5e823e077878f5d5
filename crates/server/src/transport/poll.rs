//! Short and long poll: one batch an answer. Acknowledging is asking again with the next cursor.

use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use delivery::{EncodedBatch, End, Next, Session, Transport};
use protocol::{Batch, Code};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{connect, parse_cursor};
use crate::app::AppState;
use crate::caller::Caller;
use crate::json::Query;
use crate::listener::waiting;
use crate::problem::{Answer, Refusal};

/// The longest that a poll may be parked, in seconds.
const MAX_WAIT: u64 = 60;

/// What a poll asks for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Poll {
    /// Where the client stands; without it the answer is the head's cursor and no events.
    cursor: Option<String>,
    /// Seconds to wait for an event, at most 60; without it the answer comes at once.
    wait: Option<u64>,
}

/// Events after a cursor. Nothing of the request is held while it is parked, only the session.
#[utoipa::path(
    get, path = "/events", tag = "events", params(Poll),
    responses((status = OK, body = Batch))
)]
pub(crate) async fn poll(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<Poll>,
) -> Answer<Response> {
    let wait = query.wait.unwrap_or(0);
    if wait > MAX_WAIT {
        return Err(Refusal::invalid("wait", format!("must be at most {MAX_WAIT} seconds")));
    }
    let Some(cursor) = parse_cursor(query.cursor.as_deref())? else {
        return Ok(answer(&nothing(app.delivery.head()), None));
    };
    let mut session = connect(&app, &caller, Transport::Poll, Some(&cursor))?;
    let wait = Duration::from_secs(wait);
    if let Some(next) = session.news(wait).await {
        return told(&session, next);
    }
    Ok(waiting::answer(async move {
        let next = session.next_batch(Some(wait)).await;
        told(&session, next).into_response()
    }))
}

fn told(session: &Session, next: Next) -> Answer<Response> {
    match next {
        Next::Batch(batch) => Ok(answer(&batch, None)),
        Next::Ended(End::LoggedOut) => Err(Refusal::new(Code::Unauthenticated)),
        Next::Ended(End::ShuttingDown { retry_in }) => {
            Ok(answer(&nothing(session.cursor()), Some(retry_in)))
        }
        Next::Ended(End::Displaced) => Ok(answer(&nothing(session.cursor()), None)),
        Next::Ended(End::Failed(error)) => Err(error.into()),
    }
}

fn nothing(cursor: protocol::Cursor) -> EncodedBatch {
    EncodedBatch { events: Vec::new(), cursor, reset: false }
}

fn answer(batch: &EncodedBatch, retry_in: Option<u64>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], batch.to_json(retry_in)).into_response()
}

//! `/conversations/{id}/messages` and `…/typing`: extract, call, reply.

use axum::{extract::State, http::StatusCode};
use protocol::{ConversationId, Message, MessagePage, Problem, Seq};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{history, store::Way};
use crate::{
    app::AppState,
    caller::Caller,
    json::{Json, Path, Query},
    problem::{Answer, Refusal},
};

/// What to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SendMessage)]
pub(crate) struct Body {
    /// The idempotency key: 1 to 64 printable ASCII characters, unique per account. Use a UUID.
    #[schema(min_length = 1, max_length = 64)]
    client_id: String,
    /// 1 to 10,000 Unicode scalar values, after trimming.
    #[schema(min_length = 1, max_length = 10000)]
    text: String,
}

/// Sends a message. The same again answers 200 with the message as it is now.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "messages",
    params(("id" = ConversationId, Path)), request_body = Body,
    responses((status = CREATED, body = Message), (status = OK, body = Message),
              (status = "4XX", body = Problem)))]
pub(crate) async fn post_message(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<Body>,
) -> Answer<(StatusCode, Json<Message>)> {
    let posted = super::post(&app, caller, id, body.client_id, &body.text).await?;
    let status = if posted.fresh { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(posted.message)))
}

/// Which part of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Older than this one.
    before_seq: Option<Seq>,
    /// Newer than this one.
    after_seq: Option<Seq>,
    /// At most so many; 1 to 200, 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A page of messages, ascending; the newest by default.
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "messages",
    params(("id" = ConversationId, Path), Page),
    responses((status = OK, body = MessagePage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_messages(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(page): Query<Page>,
) -> Answer<Json<MessagePage>> {
    let way = match (page.before_seq, page.after_seq) {
        (Some(_), Some(_)) => {
            return Err(Refusal::invalid("after_seq", "cannot be given with before_seq"));
        }
        (Some(seq), None) => Some(Way::Before(seq)),
        (None, Some(seq)) => Some(Way::After(seq)),
        (None, None) => None,
    };
    let limit = page.limit.unwrap_or(history::PAGE);
    if !(1..=history::MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 200"));
    }
    history::history(&app, caller, id, way, limit).await.map(Json)
}

/// Signals to the others that the caller is typing. Not logged.
#[utoipa::path(post, path = "/conversations/{id}/typing", tag = "messages",
    params(("id" = ConversationId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn post_typing(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<StatusCode> {
    super::typing(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

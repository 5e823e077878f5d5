//! `/conversations/{id}/messages` and `…/typing`: extract, call, reply.

pub(crate) mod files;
pub(crate) mod verbs;

use axum::{extract::State, http::StatusCode};
use protocol::{ConversationId, Message, MessagePage, NewMessage, Problem, Seq};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    find,
    history::{self, Part},
    recall,
    store::Way,
};
use crate::{
    app::AppState,
    caller::Caller,
    json::{Json, Path, Query},
    problem::{Answer, Refusal},
};

/// Sends a message. The same again answers 200 with the message as it is now.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "messages",
    params(("id" = ConversationId, Path)), request_body = NewMessage,
    responses((status = CREATED, body = Message), (status = OK, body = Message),
              (status = "4XX", body = Problem)))]
pub(crate) async fn post_message(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(message): Json<NewMessage>,
) -> Answer<(StatusCode, Json<Message>)> {
    let posted = super::post(&app, caller, id, message).await?;
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
    /// This one, or what is nearest to it of what the caller may see, between older and newer ones.
    around_seq: Option<Seq>,
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
    let part = match (page.before_seq, page.after_seq, page.around_seq) {
        (None, None, None) => Part::Newest,
        (Some(seq), None, None) => Part::Towards(Way::Before(seq)),
        (None, Some(seq), None) => Part::Towards(Way::After(seq)),
        (None, None, Some(seq)) => Part::Around(seq),
        (_, None, Some(_)) => {
            return Err(Refusal::invalid("around_seq", "cannot be given with before_seq"));
        }
        (_, Some(_), _) => {
            return Err(Refusal::invalid("after_seq", "cannot be given with another seq"));
        }
    };
    let limit = page.limit.unwrap_or(history::PAGE);
    if !(1..=history::MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 200"));
    }
    history::history(&app, caller, id, part, limit).await.map(Json)
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

/// Where a message stands.
type Place = (ConversationId, Seq);

/// One message.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = OK, body = Message), (status = "4XX", body = Problem)))]
pub(crate) async fn get_message(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq)): Path<Place>,
) -> Answer<Json<Message>> {
    let found = app.delivery.read(move |db| find::find(db, caller.user_id, id, seq));
    found.await.map(Json)
}

/// Takes a message back: its sender for a while, owner and admins of a group at any time.
#[utoipa::path(post, path = "/conversations/{id}/messages/{seq}/recall", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = OK, body = Message), (status = "4XX", body = Problem)))]
pub(crate) async fn recall_message(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq)): Path<Place>,
) -> Answer<Json<Message>> {
    recall::recall(&app, caller, id, seq).await.map(Json)
}

//! `/conversations/{id}/messages/{seq}/…` and `…/pins`: what is done to messages; extract, call, reply.

use axum::{extract::State, http::StatusCode};
use protocol::{ConversationId, EditList, EditMessage, Message, PinList, Problem, ReaderList, Seq};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Place;
use crate::{
    app::AppState,
    caller::Caller,
    json::{Json, Path, Query},
    messages::{edit, pin, react, readers},
    problem::{Answer, Refusal},
};

/// Edits the caller's own message. What it said before is kept for them and for a group's owner and admins;
/// whoever is in the conversation now is told what it says.
#[utoipa::path(patch, path = "/conversations/{id}/messages/{seq}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)), request_body = EditMessage,
    responses((status = OK, body = Message), (status = "4XX", body = Problem)))]
pub(crate) async fn edit_message(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq)): Path<Place>,
    Json(body): Json<EditMessage>,
) -> Answer<Json<Message>> {
    edit::edit(&app, caller, id, seq, body).await.map(Json)
}

/// Which edits.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Edits {
    /// From this one on: `next` of the page before; the first when absent.
    #[param(minimum = 0)]
    from: Option<i64>,
}

/// What a message said before: for its sender, and for owner and admins of the group.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/edits", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path), Edits),
    responses((status = OK, body = EditList), (status = "4XX", body = Problem)))]
pub(crate) async fn list_edits(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq)): Path<Place>,
    Query(edits): Query<Edits>,
) -> Answer<Json<EditList>> {
    let from = edits.from.unwrap_or(0);
    if from < 0 {
        return Err(Refusal::invalid("from", "must be 0 or more"));
    }
    edit::edits(&app, caller, id, seq, from).await.map(Json)
}

/// Who has read the caller's message, of those who let others know.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/readers", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = OK, body = ReaderList), (status = "4XX", body = Problem)))]
pub(crate) async fn list_readers(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq)): Path<Place>,
) -> Answer<Json<ReaderList>> {
    readers::readers(&app, caller, id, seq).await.map(Json)
}

/// Which reaction to which message.
type Reacted = (ConversationId, Seq, String);

/// Reacts to a message: one emoji, percent-encoded. Again changes nothing.
#[utoipa::path(put, path = "/conversations/{id}/messages/{seq}/reactions/{emoji}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path), ("emoji" = String, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn add_reaction(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq, emoji)): Path<Reacted>,
) -> Answer<StatusCode> {
    react::react(&app, caller, (id, seq), &emoji, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the caller's reaction back. Again changes nothing.
#[utoipa::path(delete, path = "/conversations/{id}/messages/{seq}/reactions/{emoji}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path), ("emoji" = String, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn remove_reaction(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq, emoji)): Path<Reacted>,
) -> Answer<StatusCode> {
    react::react(&app, caller, (id, seq), &emoji, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pins a message: either of two people; of a group, its owner and admins. A notice says so.
#[utoipa::path(put, path = "/conversations/{id}/messages/{seq}/pin", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn pin_message(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq)): Path<Place>,
) -> Answer<StatusCode> {
    pin::pin(&app, caller, id, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unpins a message.
#[utoipa::path(delete, path = "/conversations/{id}/messages/{seq}/pin", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn unpin_message(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, seq)): Path<Place>,
) -> Answer<StatusCode> {
    pin::unpin(&app, caller, id, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which pins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Pins {
    /// From the page before.
    before: Option<String>,
}

/// The pinned messages of a conversation, the one pinned last first.
#[utoipa::path(get, path = "/conversations/{id}/pins", tag = "messages",
    params(("id" = ConversationId, Path), Pins),
    responses((status = OK, body = PinList), (status = "4XX", body = Problem)))]
pub(crate) async fn list_pins(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(pins): Query<Pins>,
) -> Answer<Json<PinList>> {
    let before = pins.before.as_deref().map(pin::parse_token).transpose()?;
    pin::pins(&app, caller, id, before).await.map(Json)
}

//! `/conversations`: extract, call, reply.

use axum::{extract::State, http::StatusCode};
use protocol::{
    Conversation, ConversationId, ConversationPage, ConversationSettings, Problem, Seq, UserId,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{list, open, read, settings};
use crate::{
    app::AppState,
    caller::Caller,
    json::{Json, Path, Query},
    problem::{Answer, Refusal},
};

/// Whom to talk to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpenConversation)]
pub(crate) struct Open {
    /// The other person.
    user_id: UserId,
    /// A group that both are in, for two who are not friends (a temporary session).
    via_group_id: Option<ConversationId>,
}

/// Opens the direct conversation with somebody; there is only ever one.
#[utoipa::path(post, path = "/conversations", tag = "conversations", request_body = Open,
    responses((status = OK, body = Conversation), (status = "4XX", body = Problem)))]
pub(crate) async fn open_conversation(
    State(app): State<AppState>,
    caller: Caller,
    Json(body): Json<Open>,
) -> Answer<Json<Conversation>> {
    open::open(&app, caller, body.user_id, body.via_group_id).await.map(Json)
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// At most so many; 1 to 100, 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// From the page before.
    before: Option<String>,
}

/// The caller's conversations, pinned first, then latest first.
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(Page),
    responses((status = OK, body = ConversationPage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_conversations(
    State(app): State<AppState>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Answer<Json<ConversationPage>> {
    let limit = page.limit.unwrap_or(list::PAGE);
    if !(1..=list::MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 100"));
    }
    let before = page.before.as_deref().map(list::parse_token).transpose()?;
    list::list(&app, caller, before, limit).await.map(Json)
}

/// One conversation.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = OK, body = Conversation), (status = "4XX", body = Problem)))]
pub(crate) async fn get_conversation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<Json<Conversation>> {
    list::get(&app, caller, id).await.map(Json)
}

/// The caller's own settings; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeConversation)]
pub(crate) struct Change {
    /// Keep on top.
    pinned: Option<bool>,
    /// Silent.
    muted: Option<bool>,
}

/// Pins or mutes a conversation for the caller.
#[utoipa::path(patch, path = "/conversations/{id}", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = Change,
    responses((status = OK, body = ConversationSettings), (status = "4XX", body = Problem)))]
pub(crate) async fn change_conversation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<Change>,
) -> Answer<Json<ConversationSettings>> {
    settings::change(&app, caller, id, body.pinned, body.muted).await.map(Json)
}

/// How far the caller has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReadConversation)]
pub(crate) struct Read {
    /// Everything up to here; beyond the newest message means the newest.
    seq: Seq,
}

/// Moves the caller's read mark forward.
#[utoipa::path(put, path = "/conversations/{id}/read", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = Read,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn read_conversation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<Read>,
) -> Answer<StatusCode> {
    read::read(&app, caller, id, body.seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

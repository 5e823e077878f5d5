//! `/conversations`: extract, call, reply.

use axum::{extract::State, http::StatusCode};
use protocol::{
    Conversation, ConversationId, ConversationPage, ConversationSettings, MAX_TEXT_CHARS, Problem,
    ReceiptList, Seq, UserId,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    drafts, list, open, read,
    settings::{self, Changes},
};
use crate::{
    app::AppState,
    caller::Caller,
    json::{Json, Path, Query},
    problem::{Answer, Refusal},
    text,
};

/// Whom to talk to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpenConversation)]
pub(crate) struct Open {
    /// The other person.
    user_id: Option<UserId>,
    /// Instead of a person: one's own saved messages.
    #[serde(default)]
    saved: bool,
    /// A group that both are in, for two who are not friends (a temporary session).
    via_group_id: Option<ConversationId>,
}

/// Opens the direct conversation with somebody, or one's saved messages; there is only ever one.
#[utoipa::path(post, path = "/conversations", tag = "conversations", request_body = Open,
    responses((status = OK, body = Conversation), (status = "4XX", body = Problem)))]
pub(crate) async fn open_conversation(
    State(app): State<AppState>,
    caller: Caller,
    Json(body): Json<Open>,
) -> Answer<Json<Conversation>> {
    let conversation = match (body.user_id, body.saved) {
        (Some(user), false) => open::open(&app, caller, user, body.via_group_id).await,
        (None, true) if body.via_group_id.is_none() => open::open_saved(&app, caller).await,
        (None, false) => Err(Refusal::invalid("user_id", "is missing")),
        _ => Err(Refusal::invalid("saved", "cannot be given with somebody or a group")),
    };
    conversation.map(Json)
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
    /// Put away: until somebody says something, unless it is muted.
    archived: Option<bool>,
    /// To be looked at again; reading it clears the mark.
    marked_unread: Option<bool>,
}

/// Pins, mutes, archives or marks a conversation for the caller.
#[utoipa::path(patch, path = "/conversations/{id}", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = Change,
    responses((status = OK, body = ConversationSettings), (status = "4XX", body = Problem)))]
pub(crate) async fn change_conversation(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<Change>,
) -> Answer<Json<ConversationSettings>> {
    let Change { pinned, muted, archived, marked_unread } = body;
    let changes = Changes { pinned, muted, archived, marked_unread };
    settings::change(&app, caller, id, changes).await.map(Json)
}

/// How far the other members let know that they have read; of a group for "n read" under a message.
#[utoipa::path(get, path = "/conversations/{id}/receipts", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = OK, body = ReceiptList), (status = "4XX", body = Problem)))]
pub(crate) async fn list_receipts(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<Json<ReceiptList>> {
    read::receipts(&app, caller, id).await.map(Json)
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

/// What the caller has typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeepDraft)]
pub(crate) struct Typed {
    /// At most 10,000 characters; empty when nothing is typed any more.
    text: String,
}

/// Keeps what the caller has typed and not sent, for all their devices.
#[utoipa::path(put, path = "/conversations/{id}/draft", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = Typed,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn keep_draft(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<Typed>,
) -> Answer<StatusCode> {
    let text = text::speech("text", &body.text, 0, MAX_TEXT_CHARS)?;
    drafts::keep(&app, caller, id, text).await?;
    Ok(StatusCode::NO_CONTENT)
}

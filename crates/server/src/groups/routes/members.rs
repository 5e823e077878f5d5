//! `/groups/{id}/join`, `…/leave` and `…/members`.

use axum::{extract::State, http::StatusCode};
use protocol::{ConversationId, Member, Problem, Role, Timestamp, UserId};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::AppState,
    caller::Caller,
    groups::{
        join::{self, JoinStatus},
        leave,
        members::{self, Changes, MAX_PAGE},
    },
    json::{Json, Path, Query},
    problem::{Answer, Refusal},
    text,
};

/// Characters of a note to owner and admins.
const NOTE: usize = 255;

/// Wanting in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JoinGroup {
    /// A word to owner and admins, up to 255 characters.
    #[schema(max_length = 255)]
    note: Option<String>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Joined {
    /// In, or waiting.
    pub(super) status: JoinStatus,
}

/// Joins a group, or asks to.
#[utoipa::path(post, path = "/groups/{id}/join", tag = "groups",
    params(("id" = ConversationId, Path)), request_body = Option<JoinGroup>,
    responses((status = OK, body = Joined), (status = "4XX", body = Problem)))]
pub(crate) async fn join_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    body: Option<Json<JoinGroup>>,
) -> Answer<Json<Joined>> {
    let note = body.and_then(|Json(body)| body.note).unwrap_or_default();
    let note = text::line("note", &note, 0, NOTE)?;
    let status = join::join(&app, caller, id, note).await?;
    Ok(Json(Joined { status }))
}

/// Leaves a group; its owner hands it over first.
#[utoipa::path(post, path = "/groups/{id}/leave", tag = "groups",
    params(("id" = ConversationId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn leave_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<StatusCode> {
    leave::leave(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MembersPage {
    /// At most so many; 1 to 10,000, which is also what an absent one means.
    #[param(minimum = 1, maximum = 10000)]
    limit: Option<i64>,
    /// After this account number.
    after: Option<UserId>,
}

/// Members of a group, by account number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Members {
    /// The page.
    members: Vec<Member>,
    /// To be given as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<UserId>,
}

/// Who is in a group, for its members.
#[utoipa::path(get, path = "/groups/{id}/members", tag = "groups",
    params(("id" = ConversationId, Path), MembersPage),
    responses((status = OK, body = Members), (status = "4XX", body = Problem)))]
pub(crate) async fn list_members(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(page): Query<MembersPage>,
) -> Answer<Json<Members>> {
    let limit = page.limit.unwrap_or(MAX_PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 10,000"));
    }
    let (members, after) = members::list(&app, caller, id, page.after, limit).await?;
    Ok(Json(Members { members, after }))
}

/// Whom to bring in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddMember {
    /// A friend of the caller.
    user_id: UserId,
}

/// Brings in a friend.
#[utoipa::path(post, path = "/groups/{id}/members", tag = "groups",
    params(("id" = ConversationId, Path)), request_body = AddMember,
    responses((status = OK, body = Joined), (status = "4XX", body = Problem)))]
pub(crate) async fn add_member(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<AddMember>,
) -> Answer<Json<Joined>> {
    let status = join::add(&app, caller, id, body.user_id).await?;
    Ok(Json(Joined { status }))
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeMember {
    /// `admin` or `member`. For the owner.
    role: Option<Role>,
    /// The name in this group, up to 64 characters; empty for none.
    #[schema(max_length = 64)]
    nickname: Option<String>,
    /// Silent until then; `null` or a time that is past lets speak again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Timestamp>)]
    muted_until: Option<Option<Timestamp>>,
}

/// Tells `null` from absent.
fn given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Timestamp>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// Changes a member's role, nickname or mute.
#[utoipa::path(patch, path = "/groups/{id}/members/{user_id}", tag = "groups",
    params(("id" = ConversationId, Path), ("user_id" = UserId, Path)), request_body = ChangeMember,
    responses((status = OK, body = Member), (status = "4XX", body = Problem)))]
pub(crate) async fn change_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, user_id)): Path<(ConversationId, UserId)>,
    Json(body): Json<ChangeMember>,
) -> Answer<Json<Member>> {
    let changes = Changes::parse(body.role, body.nickname.as_deref(), body.muted_until)?;
    members::change(&app, caller, id, user_id, changes).await.map(Json)
}

/// Removes a member.
#[utoipa::path(delete, path = "/groups/{id}/members/{user_id}", tag = "groups",
    params(("id" = ConversationId, Path), ("user_id" = UserId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn remove_member(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, user_id)): Path<(ConversationId, UserId)>,
) -> Answer<StatusCode> {
    leave::remove(&app, caller, id, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! `/groups/{id}/invite_links` and `/invite_links/{code}`.

use axum::{extract::State, http::StatusCode};
use protocol::{ConversationId, GroupInvitation, InviteLink, InviteLinkId, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::members::Joined;
use crate::{
    app::AppState,
    caller::Caller,
    groups::links::{self, NewLink},
    json::{Json, Path},
    problem::Answer,
};

/// A link to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeInviteLink {
    /// For how many seconds it is good, at most 30 days; for ever when absent.
    #[schema(minimum = 60, maximum = 2592000)]
    expires_in: Option<i64>,
    /// How many may come in by it; any number when absent.
    #[schema(minimum = 1, maximum = 10000)]
    max_uses: Option<i64>,
}

/// Makes a link by which people come into a group, whatever its policy.
#[utoipa::path(post, path = "/groups/{id}/invite_links", tag = "groups",
    params(("id" = ConversationId, Path)), request_body = MakeInviteLink,
    responses((status = CREATED, body = InviteLink), (status = "4XX", body = Problem)))]
pub(crate) async fn make_invite_link(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<MakeInviteLink>,
) -> Answer<(StatusCode, Json<InviteLink>)> {
    let new = NewLink::parse(body.expires_in, body.max_uses)?;
    let link = links::make(&app, caller, id, new).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Links to a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InviteLinks {
    /// Newest first, at most 100; those that no longer work stay for about a week.
    invite_links: Vec<InviteLink>,
}

/// The links to a group: all for owner and admins, their own for other members.
#[utoipa::path(get, path = "/groups/{id}/invite_links", tag = "groups",
    params(("id" = ConversationId, Path)),
    responses((status = OK, body = InviteLinks), (status = "4XX", body = Problem)))]
pub(crate) async fn list_invite_links(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<Json<InviteLinks>> {
    Ok(Json(InviteLinks { invite_links: links::list(&app, caller, id).await? }))
}

/// Withdraws a link.
#[utoipa::path(delete, path = "/groups/{id}/invite_links/{link_id}", tag = "groups",
    params(("id" = ConversationId, Path), ("link_id" = InviteLinkId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn withdraw_invite_link(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, link)): Path<(ConversationId, InviteLinkId)>,
) -> Answer<StatusCode> {
    links::withdraw(&app, caller, id, link).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the group is that a link leads to.
#[utoipa::path(get, path = "/invite_links/{code}", tag = "groups",
    params(("code" = String, Path)),
    responses((status = OK, body = GroupInvitation), (status = "4XX", body = Problem)))]
pub(crate) async fn show_invite_link(
    State(app): State<AppState>,
    caller: Caller,
    Path(code): Path<String>,
) -> Answer<Json<GroupInvitation>> {
    links::preview(&app, caller, code).await.map(Json)
}

/// Comes into the group that a link leads to.
#[utoipa::path(post, path = "/invite_links/{code}/join", tag = "groups",
    params(("code" = String, Path)),
    responses((status = OK, body = Joined), (status = "4XX", body = Problem)))]
pub(crate) async fn join_by_link(
    State(app): State<AppState>,
    caller: Caller,
    Path(code): Path<String>,
) -> Answer<Json<Joined>> {
    let status = links::join(&app, caller, code).await?;
    Ok(Json(Joined { status }))
}

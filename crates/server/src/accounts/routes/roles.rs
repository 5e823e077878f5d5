//! `/site_roles`: extract, call, reply.

use axum::{extract::State, http::StatusCode};
use protocol::{Problem, SiteRole, SiteRoleId, User, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::roles::{self, RoleChange},
    app::AppState,
    caller::Caller,
    json::{Json, Path},
    problem::Answer,
};

/// Site roles.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteRoles {
    /// By name; at most 100.
    site_roles: Vec<SiteRole>,
}

/// All site roles: for those who manage roles, and those who manage users.
#[utoipa::path(get, path = "/site_roles", tag = "site_roles",
    responses((status = OK, body = SiteRoles), (status = "4XX", body = Problem)))]
pub(crate) async fn list_site_roles(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<SiteRoles>> {
    Ok(Json(SiteRoles { site_roles: roles::list(&app, &caller).await? }))
}

/// Makes a site role. Nobody puts into one what they may not do themselves.
#[utoipa::path(post, path = "/site_roles", tag = "site_roles", request_body = RoleChange,
    responses((status = CREATED, body = SiteRole), (status = "4XX", body = Problem)))]
pub(crate) async fn create_site_role(
    State(app): State<AppState>,
    caller: Caller,
    Json(role): Json<RoleChange>,
) -> Answer<(StatusCode, Json<SiteRole>)> {
    Ok((StatusCode::CREATED, Json(roles::create(&app, &caller, role).await?)))
}

/// Changes a site role, at once for everybody who has it.
#[utoipa::path(patch, path = "/site_roles/{id}", tag = "site_roles",
    params(("id" = SiteRoleId, Path)), request_body = RoleChange,
    responses((status = OK, body = SiteRole), (status = "4XX", body = Problem)))]
pub(crate) async fn change_site_role(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<SiteRoleId>,
    Json(change): Json<RoleChange>,
) -> Answer<Json<SiteRole>> {
    roles::change(&app, &caller, id, change).await.map(Json)
}

/// Removes a site role; nobody has it any more.
#[utoipa::path(delete, path = "/site_roles/{id}", tag = "site_roles",
    params(("id" = SiteRoleId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn delete_site_role(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<SiteRoleId>,
) -> Answer<StatusCode> {
    roles::delete(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// People.
#[derive(Serialize, ToSchema)]
pub(crate) struct RoleMembers {
    /// By account number; at most 1,000.
    users: Vec<User>,
}

/// Who has a site role.
#[utoipa::path(get, path = "/site_roles/{id}/members", tag = "site_roles",
    params(("id" = SiteRoleId, Path)),
    responses((status = OK, body = RoleMembers), (status = "4XX", body = Problem)))]
pub(crate) async fn list_role_members(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<SiteRoleId>,
) -> Answer<Json<RoleMembers>> {
    Ok(Json(RoleMembers { users: roles::members(&app, &caller, id).await? }))
}

/// Gives somebody a site role. Again changes nothing.
#[utoipa::path(put, path = "/site_roles/{id}/members/{user_id}", tag = "site_roles",
    params(("id" = SiteRoleId, Path), ("user_id" = UserId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn give_site_role(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, user)): Path<(SiteRoleId, UserId)>,
) -> Answer<StatusCode> {
    roles::give(&app, &caller, id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a site role from somebody. Again changes nothing.
#[utoipa::path(delete, path = "/site_roles/{id}/members/{user_id}", tag = "site_roles",
    params(("id" = SiteRoleId, Path), ("user_id" = UserId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn take_site_role(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, user)): Path<(SiteRoleId, UserId)>,
) -> Answer<StatusCode> {
    roles::take(&app, &caller, id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! `/admin/users` and `/admin/groups`.

use axum::{extract::State, http::StatusCode};
use protocol::{ConversationId, Problem, SessionId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{cursor, page_size};
use crate::{
    accounts,
    admin::{
        groups::{self, Dissolution, GroupPage},
        sessions::{self, UserSessions},
        store::{Asked, Filter, Sort},
        users::{self, Bulk, ManagedUser, UserPage},
    },
    app::AppState,
    caller::Caller,
    json::{Json, Path, Query},
    problem::{Answer, Refusal},
    text,
};

/// Which accounts.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserFilter {
    /// Every one, deleted ones too.
    All,
    /// Admins.
    Admins,
    /// Suspended now.
    Suspended,
    /// Muted now.
    Muted,
    /// Banned.
    Banned,
    /// Made within a week.
    New,
}

/// In which order.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserSort {
    /// The newest account first.
    Newest,
    /// Who was seen last first.
    Seen,
    /// By name.
    Name,
}

/// Which page of accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// A number, the start of a username, or a part of a name; up to 64 characters.
    q: Option<String>,
    /// All when left out.
    #[param(inline)]
    filter: Option<UserFilter>,
    /// The newest first when left out.
    #[param(inline)]
    sort: Option<UserSort>,
    /// The `cursor` of the page before.
    before: Option<String>,
    /// At most so many; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Accounts, for those who manage users.
#[utoipa::path(get, path = "/admin/users", tag = "admin", params(UserQuery),
    responses((status = OK, body = UserPage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_users(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<UserQuery>,
) -> Answer<Json<UserPage>> {
    let key = query.q.map(|words| text::line("q", &words, 0, 64)).transpose()?;
    let filter = match query.filter {
        None | Some(UserFilter::All) => Filter::All,
        Some(UserFilter::Admins) => Filter::Admins,
        Some(UserFilter::Suspended) => Filter::Suspended,
        Some(UserFilter::Muted) => Filter::Muted,
        Some(UserFilter::Banned) => Filter::Banned,
        Some(UserFilter::New) => Filter::New,
    };
    let sort = match query.sort {
        None | Some(UserSort::Newest) => Sort::Newest,
        Some(UserSort::Seen) => Sort::Seen,
        Some(UserSort::Name) => Sort::Name,
    };
    let before = query.before.map(|text| {
        let (id, key) = text.split_once(':')?;
        Some((key.to_owned(), id.parse().ok()?)).filter(|_| !text.contains('\0'))
    });
    let before = match before {
        Some(None) => return Err(Refusal::invalid("before", "is no cursor")),
        Some(place) => place,
        None => None,
    };
    let key = key.map(|words| text::key(&words)).filter(|key| !key.is_empty());
    let asked = Asked { key, filter, sort, before };
    users::page(&app, &caller, asked, page_size(query.limit)?).await.map(Json)
}

/// One account.
#[utoipa::path(get, path = "/admin/users/{id}", tag = "admin", params(("id" = UserId, Path)),
    responses((status = OK, body = ManagedUser), (status = "4XX", body = Problem)))]
pub(crate) async fn get_user(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Answer<Json<ManagedUser>> {
    users::show(&app, &caller, id).await.map(Json)
}

/// What is to change of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    /// Whether they are an admin.
    is_admin: Option<bool>,
}

/// Makes somebody an admin, or no longer: for admins. The last one stays.
#[utoipa::path(patch, path = "/admin/users/{id}", tag = "admin", params(("id" = UserId, Path)),
    request_body = UserChange,
    responses((status = OK, body = ManagedUser), (status = "4XX", body = Problem)))]
pub(crate) async fn change_user(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(change): Json<UserChange>,
) -> Answer<Json<ManagedUser>> {
    match change.is_admin {
        Some(is_admin) => users::set_admin(&app, &caller, id, is_admin).await.map(Json),
        None => users::show(&app, &caller, id).await.map(Json),
    }
}

/// A new password.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownPassword {
    /// Shown this once.
    password: String,
}

/// Gives somebody a new password, which is shown this once; they are logged out everywhere.
#[utoipa::path(post, path = "/admin/users/{id}/password", tag = "admin",
    params(("id" = UserId, Path)),
    responses((status = OK, body = ShownPassword), (status = "4XX", body = Problem)))]
pub(crate) async fn reset_password(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Answer<Json<ShownPassword>> {
    let password = accounts::reset_password(&app, &caller, id).await?;
    Ok(Json(ShownPassword { password }))
}

/// Where somebody is logged in: nobody who may do more than the caller.
#[utoipa::path(get, path = "/admin/users/{id}/sessions", tag = "admin",
    params(("id" = UserId, Path)),
    responses((status = OK, body = UserSessions), (status = "4XX", body = Problem)))]
pub(crate) async fn list_sessions(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Answer<Json<UserSessions>> {
    sessions::list(&app, &caller, id).await.map(Json)
}

/// Ends one session of somebody's.
#[utoipa::path(delete, path = "/admin/users/{id}/sessions/{session_id}", tag = "admin",
    params(("id" = UserId, Path), ("session_id" = SessionId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn end_session(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, session)): Path<(UserId, SessionId)>,
) -> Answer<StatusCode> {
    sessions::end(&app, &caller, id, Some(session)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs somebody out everywhere.
#[utoipa::path(delete, path = "/admin/users/{id}/sessions", tag = "admin",
    params(("id" = UserId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn end_sessions(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Answer<StatusCode> {
    sessions::end(&app, &caller, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes somebody's account, for ever. What they said stays, as a deleted account's.
#[utoipa::path(delete, path = "/admin/users/{id}", tag = "admin", params(("id" = UserId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn delete_user(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Answer<StatusCode> {
    users::delete(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Acts on many people: on all of them, or on none.
#[utoipa::path(post, path = "/admin/users/bulk", tag = "admin", request_body = Bulk,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn act_on_users(
    State(app): State<AppState>,
    caller: Caller,
    Json(bulk): Json<Bulk>,
) -> Answer<StatusCode> {
    users::bulk(&app, &caller, bulk).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which page of groups.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GroupQuery {
    /// A part of the name; up to 64 characters.
    q: Option<String>,
    /// The `cursor` of the page before.
    before: Option<String>,
    /// At most so many; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// All groups, for those who manage groups.
#[utoipa::path(get, path = "/admin/groups", tag = "admin", params(GroupQuery),
    responses((status = OK, body = GroupPage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_groups(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<GroupQuery>,
) -> Answer<Json<GroupPage>> {
    let key = query.q.map(|words| text::line("q", &words, 0, 64)).transpose()?;
    let key = key.map(|words| text::key(&words));
    let before: Option<ConversationId> = cursor(query.before)?;
    groups::page(&app, &caller, key, before, page_size(query.limit)?).await.map(Json)
}

/// Dissolves a group.
#[utoipa::path(delete, path = "/admin/groups/{id}", tag = "admin",
    params(("id" = ConversationId, Path)), request_body = Dissolution,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn dissolve_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(reason): Json<Dissolution>,
) -> Answer<StatusCode> {
    groups::dissolve(&app, &caller, id, reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

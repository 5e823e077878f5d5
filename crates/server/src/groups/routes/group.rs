//! `/groups` and `/groups/{id}`.

use axum::{extract::State, http::StatusCode};
use protocol::{ConversationId, Group, JoinPolicy, Problem, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::AppState,
    caller::Caller,
    groups::{
        change::{self, Changes},
        create::{self, NewGroup},
        dissolve, find, transfer,
    },
    json::{Json, Path, Query},
    problem::Answer,
};

/// A group to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateGroup {
    /// 1 to 64 characters, unique among groups that exist.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// Up to 255 characters; a default text when absent.
    #[schema(max_length = 255)]
    description: Option<String>,
    /// 2 to 10,000; 200 when absent.
    #[schema(minimum = 2, maximum = 10000)]
    max_members: Option<i64>,
    /// `open` when absent.
    join_policy: Option<JoinPolicy>,
}

/// Makes a group; the caller is its owner.
#[utoipa::path(post, path = "/groups", tag = "groups", request_body = CreateGroup,
    responses((status = CREATED, body = Group), (status = "4XX", body = Problem)))]
pub(crate) async fn create_group(
    State(app): State<AppState>,
    caller: Caller,
    Json(body): Json<CreateGroup>,
) -> Answer<(StatusCode, Json<Group>)> {
    let CreateGroup { name, description, max_members, join_policy } = body;
    let new = NewGroup::parse(&name, description.as_deref(), max_members, join_policy)?;
    let group = create::create(&app, caller, new).await?;
    Ok((StatusCode::CREATED, Json(group)))
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindGroups {
    /// A group's number, or part of its name.
    q: Option<String>,
}

/// Groups that were found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Groups {
    /// The best first.
    groups: Vec<Group>,
}

/// Finds groups by number or name; without `q`, those that the caller is in.
#[utoipa::path(get, path = "/groups", tag = "groups", params(FindGroups),
    responses((status = OK, body = Groups), (status = "4XX", body = Problem)))]
pub(crate) async fn find_groups(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<FindGroups>,
) -> Answer<Json<Groups>> {
    let groups = find::search(&app, caller, query.q.as_deref()).await?;
    Ok(Json(Groups { groups }))
}

/// A group; the announcement is shown to members only.
#[utoipa::path(get, path = "/groups/{id}", tag = "groups", params(("id" = ConversationId, Path)),
    responses((status = OK, body = Group), (status = "4XX", body = Problem)))]
pub(crate) async fn get_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<Json<Group>> {
    find::get(&app, caller, id).await.map(Json)
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeGroup {
    /// 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    name: Option<String>,
    /// Up to 255 characters.
    #[schema(max_length = 255)]
    description: Option<String>,
    /// Up to 2,000 characters.
    #[schema(max_length = 2000)]
    announcement: Option<String>,
    /// Only owner and admins may talk.
    all_muted: Option<bool>,
    /// Not below the number of members. For the owner.
    #[schema(minimum = 2, maximum = 10000)]
    max_members: Option<i64>,
    /// How people come in.
    join_policy: Option<JoinPolicy>,
    /// Whether new members see the past. For the owner.
    history_for_new_members: Option<bool>,
}

/// Changes a group, for its owner and admins.
#[utoipa::path(patch, path = "/groups/{id}", tag = "groups", params(("id" = ConversationId, Path)),
    request_body = ChangeGroup,
    responses((status = OK, body = Group), (status = "4XX", body = Problem)))]
pub(crate) async fn change_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<ChangeGroup>,
) -> Answer<Json<Group>> {
    let parsed = Changes::parse(
        body.name.as_deref(),
        body.description.as_deref(),
        body.announcement.as_deref(),
        body.max_members,
    )?;
    let changes = Changes {
        all_muted: body.all_muted,
        join_policy: body.join_policy,
        history_for_new_members: body.history_for_new_members,
        ..parsed
    };
    change::change(&app, caller, id, changes).await.map(Json)
}

/// Dissolves a group, for its owner.
#[utoipa::path(delete, path = "/groups/{id}", tag = "groups", params(("id" = ConversationId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn dissolve_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<StatusCode> {
    dissolve::dissolve(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who gets the group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferGroup {
    /// A member.
    user_id: UserId,
}

/// Hands a group to another member.
#[utoipa::path(post, path = "/groups/{id}/transfer", tag = "groups",
    params(("id" = ConversationId, Path)), request_body = TransferGroup,
    responses((status = OK, body = Group), (status = "4XX", body = Problem)))]
pub(crate) async fn transfer_group(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<TransferGroup>,
) -> Answer<Json<Group>> {
    transfer::transfer(&app, caller, id, body.user_id).await.map(Json)
}

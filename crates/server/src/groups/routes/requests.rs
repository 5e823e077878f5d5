//! `/groups/{id}/join_requests`.

use axum::{extract::State, http::StatusCode};
use protocol::{ConversationId, JoinRequest, JoinRequestId, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::members::Joined;
use crate::{
    app::AppState,
    caller::Caller,
    groups::requests,
    json::{Json, Path},
    problem::Answer,
};

/// Requests that wait.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JoinRequests {
    /// Oldest first.
    join_requests: Vec<JoinRequest>,
}

/// Requests to join: all for owner and admins, their own for whoever asks.
#[utoipa::path(get, path = "/groups/{id}/join_requests", tag = "groups",
    params(("id" = ConversationId, Path)),
    responses((status = OK, body = JoinRequests), (status = "4XX", body = Problem)))]
pub(crate) async fn list_join_requests(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<Json<JoinRequests>> {
    let join_requests = requests::list(&app, caller, id).await?;
    Ok(Json(JoinRequests { join_requests }))
}

/// Lets somebody in.
#[utoipa::path(post, path = "/groups/{id}/join_requests/{request_id}/accept", tag = "groups",
    params(("id" = ConversationId, Path), ("request_id" = JoinRequestId, Path)),
    responses((status = OK, body = Joined), (status = "4XX", body = Problem)))]
pub(crate) async fn accept_join_request(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, request_id)): Path<(ConversationId, JoinRequestId)>,
) -> Answer<Json<Joined>> {
    let status = requests::accept(&app, caller, id, request_id).await?;
    Ok(Json(Joined { status }))
}

/// Turns somebody down.
#[utoipa::path(post, path = "/groups/{id}/join_requests/{request_id}/decline", tag = "groups",
    params(("id" = ConversationId, Path), ("request_id" = JoinRequestId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn decline_join_request(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, request_id)): Path<(ConversationId, JoinRequestId)>,
) -> Answer<StatusCode> {
    requests::decline(&app, caller, id, request_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

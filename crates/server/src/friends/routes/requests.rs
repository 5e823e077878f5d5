//! Friend requests.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::{Friend, FriendRequest, FriendRequestId, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::AppState,
    caller::Caller,
    client_address::ClientAddress,
    friends::{
        answer,
        request::{self, Asked, NewFriendRequest},
    },
    json::{Json, Path},
    problem::Answer,
    rate_limit::Limit,
};

/// These two are friends.
#[derive(Serialize, ToSchema)]
pub(crate) struct Befriended {
    /// Always `friends`.
    status: &'static str,
    /// The other one.
    friend: Friend,
}

impl Befriended {
    fn new(friend: Friend) -> Self {
        Self { status: "friends", friend }
    }
}

/// Requests that wait for an answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct FriendRequests {
    /// For one's own answer, the newest first; at most 1,000.
    incoming: Vec<FriendRequest>,
    /// For others', the newest first; at most 200.
    outgoing: Vec<FriendRequest>,
}

/// Ask somebody to be friends. Who has been asked by them becomes their friend at once.
#[utoipa::path(post, path = "/friend_requests", tag = "friends", request_body = NewFriendRequest,
    responses(
        (status = CREATED, body = FriendRequest),
        (status = OK, body = Befriended, description = "Both asked, or are friends: now friends. \
            If the request waited already: that request."),
        (status = FORBIDDEN, body = Problem, description = "`blocked`"),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem, description = "Too many requests or friends"),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    ))]
pub(crate) async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    address: ClientAddress,
    Json(request): Json<NewFriendRequest>,
) -> Answer<Response> {
    app.limits.account(Limit::FriendRequests, caller.user_id)?;
    app.limits.address(Limit::FriendRequests, address.0)?;
    Ok(match request::ask(&app, &caller, request).await? {
        Asked::Waits(request) => (StatusCode::CREATED, Json(request)).into_response(),
        Asked::WaitedBefore(request) => Json(request).into_response(),
        Asked::Friends(friend) => Json(Befriended::new(friend)).into_response(),
    })
}

/// The requests that wait, others' and one's own.
#[utoipa::path(get, path = "/friend_requests", tag = "friends", responses(
    (status = OK, body = FriendRequests),
))]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<FriendRequests>> {
    let (incoming, outgoing) = request::waiting(&app, &caller).await?;
    Ok(Json(FriendRequests { incoming, outgoing }))
}

/// Accept a request. The second of two accepts changes nothing.
#[utoipa::path(post, path = "/friend_requests/{id}/accept", tag = "friends",
    params(("id" = FriendRequestId, Path)),
    responses(
        (status = OK, body = Befriended),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem, description = "Too many friends"),
    ))]
pub(crate) async fn accept(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<FriendRequestId>,
) -> Answer<Json<Befriended>> {
    Ok(Json(Befriended::new(answer::accept(&app, &caller, id).await?)))
}

/// Decline a request.
#[utoipa::path(post, path = "/friend_requests/{id}/decline", tag = "friends",
    params(("id" = FriendRequestId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub(crate) async fn decline(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<FriendRequestId>,
) -> Answer<StatusCode> {
    answer::decline(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a request of one's own back.
#[utoipa::path(delete, path = "/friend_requests/{id}", tag = "friends",
    params(("id" = FriendRequestId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub(crate) async fn withdraw(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<FriendRequestId>,
) -> Answer<StatusCode> {
    answer::withdraw(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

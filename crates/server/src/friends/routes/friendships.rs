//! The friends one has.

use axum::{extract::State, http::StatusCode};
use protocol::{Friend, Problem, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::AppState,
    caller::Caller,
    friends::friendship::{self, FriendChange},
    json::{Json, Path},
    problem::Answer,
};

/// One's friends.
#[derive(Serialize, ToSchema)]
pub(crate) struct Friends {
    /// By account number; at most 2,000.
    friends: Vec<Friend>,
}

/// One's friends, with their presence.
#[utoipa::path(get, path = "/friends", tag = "friends", responses((status = OK, body = Friends)))]
pub(crate) async fn list(State(app): State<AppState>, caller: Caller) -> Answer<Json<Friends>> {
    Ok(Json(Friends { friends: friendship::list(&app, &caller).await? }))
}

/// Give a friend a name of one's own, or a folder.
#[utoipa::path(patch, path = "/friends/{user_id}", tag = "friends", request_body = FriendChange,
    params(("user_id" = UserId, Path)),
    responses(
        (status = OK, body = Friend),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    ))]
pub(crate) async fn change(
    State(app): State<AppState>,
    caller: Caller,
    Path(user_id): Path<UserId>,
    Json(change): Json<FriendChange>,
) -> Answer<Json<Friend>> {
    Ok(Json(friendship::change(&app, &caller, user_id, change).await?))
}

/// End a friendship.
#[utoipa::path(delete, path = "/friends/{user_id}", tag = "friends",
    params(("user_id" = UserId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub(crate) async fn remove(
    State(app): State<AppState>,
    caller: Caller,
    Path(user_id): Path<UserId>,
) -> Answer<StatusCode> {
    friendship::remove(&app, &caller, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

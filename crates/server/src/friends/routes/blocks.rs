//! The people one has blocked.

use axum::{extract::State, http::StatusCode};
use protocol::{Block, Problem, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::AppState,
    caller::Caller,
    friends::block,
    json::{Json, Path},
    problem::Answer,
};

/// Whom one blocks.
#[derive(Serialize, ToSchema)]
pub(crate) struct Blocks {
    /// The latest first; at most 2,000.
    blocks: Vec<Block>,
}

/// Whom one blocks.
#[utoipa::path(get, path = "/blocks", tag = "friends", responses((status = OK, body = Blocks)))]
pub(crate) async fn list(State(app): State<AppState>, caller: Caller) -> Answer<Json<Blocks>> {
    Ok(Json(Blocks { blocks: block::list(&app, &caller).await? }))
}

/// Block somebody: ends the friendship and what was asked; they cannot write or ask any more.
#[utoipa::path(put, path = "/blocks/{user_id}", tag = "friends", params(("user_id" = UserId, Path)),
    responses(
        (status = NO_CONTENT),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    ))]
pub(crate) async fn add(
    State(app): State<AppState>,
    caller: Caller,
    Path(user_id): Path<UserId>,
) -> Answer<StatusCode> {
    block::block(&app, &caller, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lift a block.
#[utoipa::path(delete, path = "/blocks/{user_id}", tag = "friends",
    params(("user_id" = UserId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub(crate) async fn remove(
    State(app): State<AppState>,
    caller: Caller,
    Path(user_id): Path<UserId>,
) -> Answer<StatusCode> {
    block::unblock(&app, &caller, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

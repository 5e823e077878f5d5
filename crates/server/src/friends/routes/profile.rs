//! Changing one's own profile and picture.

use axum::extract::{Request, State};
use protocol::{Me, Problem};

use crate::{
    accounts::ProfileChange, app::AppState, caller::Caller, client_address::ClientAddress,
    friends::profile, json::Json, problem::Answer, rate_limit::Limit,
};

/// Change one's own profile.
#[utoipa::path(patch, path = "/me", tag = "accounts", request_body = ProfileChange, responses(
    (status = OK, body = Me), (status = UNPROCESSABLE_ENTITY, body = Problem),
))]
pub(crate) async fn change(
    State(app): State<AppState>,
    caller: Caller,
    Json(change): Json<ProfileChange>,
) -> Answer<Json<Me>> {
    Ok(Json(profile::change(&app, &caller, change).await?))
}

/// Set one's own picture: the body is a PNG, JPEG, WebP or GIF of at most 5 MiB and 25 million pixels.
#[utoipa::path(put, path = "/me/avatar", tag = "accounts",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = OK, body = Me),
        (status = PAYLOAD_TOO_LARGE, body = Problem),
        (status = UNSUPPORTED_MEDIA_TYPE, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    ))]
pub(crate) async fn set_avatar(
    State(app): State<AppState>,
    caller: Caller,
    address: ClientAddress,
    request: Request,
) -> Answer<Json<Me>> {
    app.limits.account(Limit::Uploads, caller.user_id)?;
    app.limits.address(Limit::Uploads, address.0)?;
    Ok(Json(profile::set_avatar(&app, &caller, request).await?))
}

/// Remove one's own picture.
#[utoipa::path(delete, path = "/me/avatar", tag = "accounts", responses((status = OK, body = Me)))]
pub(crate) async fn remove_avatar(State(app): State<AppState>, caller: Caller) -> Answer<Json<Me>> {
    Ok(Json(profile::remove_avatar(&app, &caller).await?))
}

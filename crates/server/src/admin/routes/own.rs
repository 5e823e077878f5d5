//! `/me`: taking along what is one's own, and going.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use protocol::Problem;

use crate::{
    admin::{
        delete_account::{self, Farewell},
        export,
    },
    app::AppState,
    caller::Caller,
    csrf,
    json::Json,
    problem::Answer,
};

const NAMED: HeaderValue = HeaderValue::from_static("attachment; filename=\"rookery-export.json\"");
const TYPE: HeaderValue = HeaderValue::from_static("application/json");

/// All that is one's own, as one file: profile, devices, friends, groups, uploads by name, and every message,
/// article and comment.
#[utoipa::path(get, path = "/me/export", tag = "accounts",
    responses((status = OK, body = Object, content_type = "application/json"),
              (status = "4XX", body = Problem)))]
pub(crate) async fn export_own(State(app): State<AppState>, caller: Caller) -> Answer<Response> {
    let body = export::export(&app, &caller).await?;
    let headers = [(header::CONTENT_TYPE, TYPE), (header::CONTENT_DISPOSITION, NAMED)];
    Ok((headers, body).into_response())
}

/// Deletes one's own account, for ever. What was said to others stays, as a deleted account's.
#[utoipa::path(delete, path = "/me", tag = "accounts", request_body = Farewell,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn delete_own(
    State(app): State<AppState>,
    caller: Caller,
    Json(farewell): Json<Farewell>,
) -> Answer<impl IntoResponse> {
    app.limits.account(crate::rate_limit::Limit::Login, caller.user_id)?;
    delete_account::delete_own(&app, &caller, farewell).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders(csrf::log_out(&app))))
}

//! `/admin/jobs`, `/admin/storage` and `/admin/backup`.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    admin::{
        backup::{self, Confirmation, Ticket},
        server::{self, Jobs, StorageState},
    },
    app::AppState,
    caller::Caller,
    json::{Json, Query},
    problem::Answer,
};

const NAMED: HeaderValue = HeaderValue::from_static("attachment; filename=\"rookery.backup\"");
const TYPE: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// What the server does by itself, and how that went.
#[utoipa::path(get, path = "/admin/jobs", tag = "admin",
    responses((status = OK, body = Jobs), (status = "4XX", body = Problem)))]
pub(crate) async fn list_jobs(State(app): State<AppState>, caller: Caller) -> Answer<Json<Jobs>> {
    server::jobs(&app, &caller).map(Json)
}

/// Where the data is, and how much there is.
#[utoipa::path(get, path = "/admin/storage", tag = "admin",
    responses((status = OK, body = StorageState), (status = "4XX", body = Problem)))]
pub(crate) async fn get_storage(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<StorageState>> {
    server::storage(&app, &caller).await.map(Json)
}

/// Gives an admin who confirms by their password a ticket for one download of a backup, good for a minute.
#[utoipa::path(post, path = "/admin/backup", tag = "admin", request_body = Confirmation,
    responses((status = CREATED, body = Ticket), (status = "4XX", body = Problem)))]
pub(crate) async fn ask_for_backup(
    State(app): State<AppState>,
    caller: Caller,
    Json(confirmation): Json<Confirmation>,
) -> Answer<(StatusCode, Json<Ticket>)> {
    Ok((StatusCode::CREATED, Json(backup::ticket(&app, &caller, confirmation).await?)))
}

/// What opens the download.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BackupQuery {
    /// Of `POST /admin/backup`.
    ticket: Option<String>,
}

/// Everything there is, in the file that `rookery backup` writes.
#[utoipa::path(get, path = "/admin/backup", tag = "admin", params(BackupQuery),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream"),
              (status = "4XX", body = Problem)))]
pub(crate) async fn download_backup(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<BackupQuery>,
) -> Answer<Response> {
    let ticket = query.ticket.unwrap_or_default();
    let body = backup::download(&app, &caller, &ticket).await?;
    let headers = [(header::CONTENT_TYPE, TYPE), (header::CONTENT_DISPOSITION, NAMED)];
    Ok((headers, body).into_response())
}

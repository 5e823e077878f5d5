//! `/admin/overview`, `/admin/settings`, `/admin/logo` and `/admin/audit`.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::IntoResponse,
};
use protocol::{Problem, UserId};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::{cursor, page_size};
use crate::{
    admin::{
        audit_log::{self, AuditPage, Verification},
        logo,
        overview::{self, Overview},
        settings::{self, Settings},
    },
    app::AppState,
    audit::Filter,
    caller::Caller,
    json::{Json, Path, Query},
    problem::Answer,
    text, uploads,
};

/// The state of the site, for those who operate the server or manage users.
#[utoipa::path(get, path = "/admin/overview", tag = "admin",
    responses((status = OK, body = Overview), (status = "4XX", body = Problem)))]
pub(crate) async fn get_overview(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<Overview>> {
    overview::overview(&app, &caller).await.map(Json)
}

/// The settings that can be changed while the server runs.
#[utoipa::path(get, path = "/admin/settings", tag = "admin",
    responses((status = OK, body = Settings), (status = "4XX", body = Problem)))]
pub(crate) async fn list_settings(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<Settings>> {
    settings::list(&app, &caller).await.map(Json)
}

/// Changes settings, at once: a key each; null takes one back to what was configured.
#[utoipa::path(patch, path = "/admin/settings", tag = "admin", request_body = Object,
    responses((status = OK, body = Settings), (status = "4XX", body = Problem)))]
pub(crate) async fn change_settings(
    State(app): State<AppState>,
    caller: Caller,
    Json(changes): Json<Map<String, Value>>,
) -> Answer<Json<Settings>> {
    settings::change(&app, &caller, changes).await.map(Json)
}

/// Gives the site a logo: the body is a PNG, JPEG, WebP or GIF of at most 2 MiB.
#[utoipa::path(put, path = "/admin/logo", tag = "admin",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn set_logo(
    State(app): State<AppState>,
    caller: Caller,
    request: Request,
) -> Answer<StatusCode> {
    logo::set(&app, &caller, request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Goes back to Rookery's own logo.
#[utoipa::path(delete, path = "/admin/logo", tag = "admin",
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn remove_logo(State(app): State<AppState>, caller: Caller) -> Answer<StatusCode> {
    logo::remove(&app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /logo/{id}`, beside the API.
pub(crate) async fn show_logo(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> Answer<impl IntoResponse> {
    let (content_type, bytes) = logo::show(&app, id).await?;
    Ok(uploads::for_ever(content_type, bytes))
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// By whom; 0 is the operator.
    actor: Option<i64>,
    /// About what, as it stands in an entry: `user:10001`.
    subject: Option<String>,
    /// The `cursor` of the page before.
    before: Option<String>,
    /// At most so many; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Who did what for the site.
#[utoipa::path(get, path = "/admin/audit", tag = "admin", params(AuditQuery),
    responses((status = OK, body = AuditPage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_audit(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<AuditQuery>,
) -> Answer<Json<AuditPage>> {
    let subject =
        query.subject.map(|subject| text::line("subject", &subject, 1, 128)).transpose()?;
    let filter = Filter { actor: query.actor.map(UserId), subject, before: cursor(query.before)? };
    audit_log::page(&app, &caller, filter, page_size(query.limit)?).await.map(Json)
}

/// Whether the audit log is whole.
#[utoipa::path(get, path = "/admin/audit/verify", tag = "admin",
    responses((status = OK, body = Verification), (status = "4XX", body = Problem)))]
pub(crate) async fn verify_audit(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<Verification>> {
    audit_log::verify(&app, &caller).await.map(Json)
}

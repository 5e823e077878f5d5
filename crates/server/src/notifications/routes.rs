//! `/notifications`: extract, call, reply.

use axum::{extract::State, http::StatusCode};
use protocol::{NotificationId, NotificationPage, Problem};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::list;
use crate::{
    app::AppState,
    caller::Caller,
    json::{Json, Query},
    problem::{Answer, Refusal},
};

/// Notifications of a page, at most.
const MAX_PAGE: i64 = 100;
/// Notifications of a page when nothing is said.
const PAGE: i64 = 30;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Older than this one.
    before: Option<NotificationId>,
    /// At most so many; 30 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// One's notifications, the newest first.
#[utoipa::path(get, path = "/notifications", tag = "notifications", params(Page),
    responses((status = OK, body = NotificationPage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_notifications(
    State(app): State<AppState>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Answer<Json<NotificationPage>> {
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 100"));
    }
    list::page(&app, &caller, page.before, limit).await.map(Json)
}

/// How far one has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadUntil {
    /// This one, and all before it.
    id: NotificationId,
}

/// Marks notifications as read.
#[utoipa::path(put, path = "/notifications/read", tag = "notifications", request_body = ReadUntil,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn read_notifications(
    State(app): State<AppState>,
    caller: Caller,
    Json(body): Json<ReadUntil>,
) -> Answer<StatusCode> {
    list::read(&app, &caller, body.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! What is attached to a message, for whoever may read the message: `…/messages/{seq}/attachments/{n}` and its
//! `…/preview`. Attachments are numbered from 0, first the message's own, then those of what it forwards.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use protocol::{ConversationId, Problem, Seq};
use serde::Deserialize;
use utoipa::IntoParams;

use super::find;
use crate::{
    app::AppState,
    caller::Caller,
    json::{Path, Query},
    problem::Answer,
    uploads::{self, Served},
};

/// Where an attachment stands: conversation, message, number.
type Place = (ConversationId, Seq, u32);

/// How it is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Way {
    /// Given, whatever it says: to be saved, also where it could be shown or played in place.
    download: Option<String>,
}

/// The bytes of an attachment; part of them with `Range`. 404 once the message is recalled.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/attachments/{n}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path), ("n" = u32, Path), Way,
           ("Range" = Option<String>, Header)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream"),
              (status = PARTIAL_CONTENT, body = Vec<u8>, content_type = "application/octet-stream"),
              (status = "4XX", body = Problem)))]
pub(crate) async fn get_attachment(
    State(app): State<AppState>,
    caller: Caller,
    Path(place): Path<Place>,
    Query(way): Query<Way>,
    asked: HeaderMap,
) -> Answer<Response> {
    let file = look_up(&app, caller, place, false).await?;
    uploads::serve(&app, &asked, &file, way.download.is_some()).await
}

/// A smaller, still picture of an attachment that has `preview`.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/attachments/{n}/preview",
    tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = Seq, Path), ("n" = u32, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "image/jpeg"),
              (status = "4XX", body = Problem)))]
pub(crate) async fn get_preview(
    State(app): State<AppState>,
    caller: Caller,
    Path(place): Path<Place>,
    asked: HeaderMap,
) -> Answer<Response> {
    let file = look_up(&app, caller, place, true).await?;
    uploads::serve(&app, &asked, &file, false).await
}

/// Whoever may not read the message learns nothing of what is attached to it.
async fn look_up(
    app: &AppState,
    caller: Caller,
    (id, seq, n): Place,
    is_preview: bool,
) -> Answer<Served> {
    app.delivery
        .read(move |db| {
            find::find(db, caller.user_id, id, seq)?;
            uploads::served(db, id, seq, i64::from(n), is_preview)
        })
        .await
}

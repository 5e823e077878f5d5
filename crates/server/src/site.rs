//! What anyone may know about the site before logging in, and the limits that its operator has set.

use axum::extract::State;
use protocol::{Limits, Site};

use crate::app::{App, AppState};
use crate::json::Json;

/// The limits as they are now. Whoever holds somebody to one asks here, so that what is told is what is done.
pub(crate) fn limits(app: &App) -> Limits {
    Limits {
        recall_window_seconds: app.config.chat.recall_window_seconds,
        max_file_size: app.config.uploads.max_file_size,
    }
}

/// What this site is called, who may register, and its limits.
#[utoipa::path(get, path = "/site", tag = "site", responses((status = OK, body = Site)))]
pub(crate) async fn show(State(app): State<AppState>) -> Json<Site> {
    Json(Site {
        name: app.config.site.name.clone(),
        registration: app.config.site.registration.as_str().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        limits: limits(&app),
    })
}

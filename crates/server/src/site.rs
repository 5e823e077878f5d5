//! What anyone may know about the site before logging in, and the limits that its operator has set.

use axum::extract::State;
use protocol::{Limits, Site};

use crate::app::AppState;
use crate::json::Json;

/// What this site is called, who may register, and its limits.
#[utoipa::path(get, path = "/site", tag = "site", responses((status = OK, body = Site)))]
pub(crate) async fn show(State(app): State<AppState>) -> Json<Site> {
    let site = app.site.get();
    Json(Site {
        name: site.name.clone(),
        registration: site.registration.as_str().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        logo_url: (!site.logo_id.is_empty()).then(|| format!("/logo/{}", site.logo_id)),
        limits: Limits {
            recall_window_seconds: site.recall_window_seconds,
            max_file_size: site.max_file_size,
        },
    })
}

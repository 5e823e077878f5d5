//! What programs that read the web are told: the forum is there for all, the rest is behind a login.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};

use super::address;
use crate::app::AppState;

/// `/robots.txt`
pub(super) async fn serve(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let origin = address::origin(&app, &headers);
    let text = format!(
        "User-agent: *\n\
         Allow: /api/v1/forum/articles/*/images/\n\
         Disallow: /api/\n\
         Disallow: /forum/new\n\
         Disallow: /forum/drafts\n\
         Disallow: /forum/articles/*/edit\n\
         Disallow: /login\n\
         Disallow: /register\n\
         \n\
         Sitemap: {origin}/sitemap.xml\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, text).into_response()
}

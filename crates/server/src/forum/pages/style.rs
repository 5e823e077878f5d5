//! The style of the pages, over the client's own colours and type. It lies beside the pages, which it fits, and is kept
//! for good under an address that has its content's hash.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use crate::settings::hex;

const STYLE: &str =
    concat!(include_str!("pages.css"), include_str!("text.css"), include_str!("forms.css"));

/// Where it is.
pub(super) fn path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        format!("/assets/pages-{}.css", hex(&Sha256::digest(STYLE.as_bytes())[..8]))
    });
    &PATH
}

/// The style.
pub(super) async fn serve() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLE).into_response()
}

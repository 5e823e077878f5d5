//! Answers that readers ask for again and again: feeds and the sitemap. Who has the newest is told so.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use protocol::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::settings::hex;

/// Programs ask every few minutes at most.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// As HTTP writes times.
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// `body`, or 304 for who has it.
pub(super) fn answer(
    asked: &HeaderMap,
    kind: &'static str,
    updated: Option<Timestamp>,
    body: Vec<u8>,
) -> Response {
    let tag = format!("\"{}\"", hex(&Sha256::digest(&body)[..16]));
    let changed = updated.and_then(|at| jiff::Timestamp::from_millisecond(at.millis()).ok());
    let changed = changed.map(|at| at.strftime(HTTP_DATE).to_string());
    let said = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let is_known = match said(header::IF_NONE_MATCH) {
        // A compressing proxy marks the tag as weak.
        Some(tags) => tags.split(',').any(|one| one.trim().trim_start_matches("W/") == tag),
        // The same time, not a later one: taking an article away can make a feed older.
        None => changed.is_some() && said(header::IF_MODIFIED_SINCE) == changed.as_deref(),
    };
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, kind)], body).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, KEPT);
    let dated = changed.and_then(|changed| HeaderValue::from_str(&changed).ok());
    headers.extend(dated.map(|changed| (header::LAST_MODIFIED, changed)));
    // Hexadecimal always fits.
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    response
}

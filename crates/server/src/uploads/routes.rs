//! Serving pictures. They are not secret, and their ids cannot be guessed: no login, and browsers keep them.

use axum::{extract::State, http::header, response::IntoResponse};

use super::avatar;
use crate::{app::AppState, json::Path, problem::Answer};

/// A year, the longest that caches listen to: an id never stands for another picture.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Whatever a browser takes it for, nothing in it runs.
const POLICY: &str = "default-src 'none'; sandbox";

/// `GET /avatars/{id}`, beside the API.
pub(crate) async fn show(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> Answer<impl IntoResponse> {
    let picture = avatar::find(&app, id).await?;
    Ok(for_ever(picture.content_type, picture.bytes))
}

/// A picture that browsers may keep for ever.
pub(crate) fn for_ever(content_type: String, bytes: Vec<u8>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, FOR_EVER.to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes)
}

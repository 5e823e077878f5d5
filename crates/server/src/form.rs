//! The body of a plain HTML form, within the bounds of every other body.

use axum::Form;
use axum::body::Body;
use axum::extract::{FromRequest as _, Request};
use axum::http::header;
use protocol::Code;
use serde::de::DeserializeOwned;

use crate::json;
use crate::problem::{Answer, Refusal};

/// The fields of a form of at most `limit` bytes.
///
/// # Errors
/// 415 for another content type, 413 when it is larger, 400 for what cannot be read or has other fields.
pub(crate) async fn read<T: DeserializeOwned>(request: Request, limit: usize) -> Answer<T> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(Refusal::new(Code::UnsupportedMediaType).detail("The body must be a form"));
    }
    let head = Request::from_parts(parts.clone(), body);
    let bytes = json::body(head, limit).await?;
    let whole = Request::from_parts(parts, Body::from(bytes));
    let form = Form::<T>::from_request(whole, &()).await;
    form.map(|Form(fields)| fields)
        .map_err(|_| Refusal::new(Code::Malformed).detail("The form could not be read"))
}

/// A text as it was typed: forms send line breaks as two characters.
pub(crate) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

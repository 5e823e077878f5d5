//! `Json`, `Query` and `Path` as every handler takes them: refusals are problem documents.
//!
//! 415 for another content type, 413 over [`MAX_BODY_BYTES`], 400 for what is no JSON,
//! 422 `invalid` with the field's name for what does not fit the struct. Request structs carry
//! `#[serde(deny_unknown_fields)]`, so that an unknown field is a 422 as well.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{
    FromRequest, FromRequestParts, OptionalFromRequest, Request, path::ErrorKind,
    rejection::PathRejection,
};
use axum::http::{HeaderMap, header, request::Parts};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use protocol::Code;
use serde::{Serialize, de::DeserializeOwned};

use crate::problem::{Answer, Refusal};

/// The largest JSON body: a message of 10,000 characters, each escaped as two `\uXXXX`, and the rest.
pub const MAX_BODY_BYTES: usize = 128 * 1024;
/// The largest body of an article: 100,000 characters, each escaped as `\uXXXX` twice, and the rest.
pub const MAX_DOCUMENT_BYTES: usize = 1_280 * 1024;
/// A body that takes longer than this is refused.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

/// A JSON body, in or out.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(not_json());
        }
        parse(&body(request, MAX_BODY_BYTES).await?).map(Json)
    }
}

/// A JSON body with a long text in it: up to [`MAX_DOCUMENT_BYTES`].
#[derive(Clone, Copy, Debug)]
pub struct Document<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Document<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(not_json());
        }
        parse(&body(request, MAX_DOCUMENT_BYTES).await?).map(Self)
    }
}

/// For bodies that may be left out altogether.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Option<Self>, Refusal> {
        let is_json = is_json(request.headers());
        let bytes = body(request, MAX_BODY_BYTES).await?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if !is_json {
            return Err(not_json());
        }
        parse(&bytes).map(|value| Some(Json(value)))
    }
}

/// A JSON body that may be longer than most: up to `limit` bytes.
///
/// # Errors
/// As of [`Json`].
pub(crate) async fn long<T: DeserializeOwned>(request: Request, limit: usize) -> Answer<T> {
    if !is_json(request.headers()) {
        return Err(not_json());
    }
    parse(&body(request, limit).await?)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The whole body, if it has at most `limit` bytes and arrives within [`BODY_DEADLINE`].
///
/// # Errors
/// 413 when it is larger (before reading, when the client says so), 400 when it did not arrive.
pub async fn body(request: Request, limit: usize) -> Answer<Bytes> {
    let said = request.headers().get(header::CONTENT_LENGTH);
    let said: Option<u64> = said.and_then(|value| value.to_str().ok()?.parse().ok());
    if said.is_some_and(|bytes| bytes > limit as u64) {
        return Err(too_large(limit));
    }
    collect(request.into_body(), limit).await
}

/// The same of a body alone.
///
/// # Errors
/// As [`body`].
pub async fn collect(body: Body, limit: usize) -> Answer<Bytes> {
    let reading = Limited::new(body, limit).collect();
    match tokio::time::timeout(BODY_DEADLINE, reading).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(limit)),
        Ok(Err(_)) => Err(Refusal::new(Code::Malformed).detail("The body broke off")),
        Err(_) => Err(Refusal::new(Code::Malformed).detail("The body came too slowly")),
    }
}

fn too_large(limit: usize) -> Refusal {
    Refusal::new(Code::TooLarge).detail(format!("At most {limit} bytes are taken here"))
}

/// JSON text as a `T`.
///
/// # Errors
/// 400 for what is no JSON, 422 for what does not fit.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize(&mut json) {
        Ok(value) => json.end().map(|()| value).map_err(|_| malformed()),
        // What does not fit is looked at only when all of it is JSON.
        Err(error) if error.inner().is_data() && is_json_text(bytes) => {
            Err(unfit(&error.inner().to_string(), &error.path().to_string()))
        }
        Err(_) => Err(malformed()),
    }
}

fn is_json_text(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

fn malformed() -> Refusal {
    Refusal::new(Code::Malformed).detail("The body is not JSON")
}

fn not_json() -> Refusal {
    Refusal::new(Code::UnsupportedMediaType).detail("The body must be application/json")
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next()).map(str::trim).unwrap_or_default();
    kind.eq_ignore_ascii_case("application/json")
}

/// A serde message as a 422. serde names fields between backquotes: "unknown field `x`, expected …"; what has
/// the wrong type is named by `path` alone, which is "." where nothing is.
fn unfit(message: &str, path: &str) -> Refusal {
    // Without " at line 1 column 20".
    let why = message.split(" at line ").next().unwrap_or(message);
    let named = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| why.strip_prefix(start))
        .and_then(|rest| rest.split('`').next());
    match named {
        Some(field) => Refusal::invalid(field, why.split(", expected").next().unwrap_or(why)),
        None if [".", "?", ""].contains(&path) => Refusal::new(Code::Invalid).detail(why),
        None => Refusal::invalid(path, why),
    }
}

/// The query string as a `T`: 422 for unknown or unfit fields.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        axum::extract::Query::from_request_parts(parts, state)
            .await
            .map(|query| Self(query.0))
            .map_err(|rejection| {
                let text = rejection.body_text();
                let why = text.rsplit_once("query string: ").map_or(&*text, |(_, why)| why);
                match why.split_once(": ") {
                    Some((field, why)) if !field.contains(' ') => Refusal::invalid(field, why),
                    _ => unfit(why, "."),
                }
            })
    }
}

/// Parts of the path; an id that is no id names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        axum::extract::Path::from_request_parts(parts, state)
            .await
            .map(|path| Self(path.0))
            .map_err(|rejection| match rejection {
                PathRejection::FailedToDeserializePathParams(error)
                    if !matches!(
                        error.kind(),
                        ErrorKind::WrongNumberOfParameters { .. }
                            | ErrorKind::UnsupportedType { .. }
                    ) =>
                {
                    Refusal::new(Code::NotFound)
                }
                other => Refusal::internal(other),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Post {
        text: String,
        seq: Option<protocol::Seq>,
    }

    #[test]
    fn what_is_wrong_is_named() {
        let refusal = |text: &str| parse::<Post>(text.as_bytes()).unwrap_err();
        assert_eq!(refusal("{").code(), Code::Malformed);
        assert_eq!(refusal("\u{0}").code(), Code::Malformed);
        let unknown = refusal(r#"{"text": "a", "sender_id": 1}"#).problem();
        assert_eq!(unknown.errors["sender_id"], "unknown field `sender_id`");
        assert_eq!(refusal("{}").problem().errors["text"], "missing field `text`");
        let number = refusal(r#"{"text": 1}"#);
        assert_eq!(number.code(), Code::Invalid);
        assert!(number.problem().errors.contains_key("text"), "{number:?}");
        assert_eq!(refusal("[]").code(), Code::Invalid);
        for broken in [r#"{"text": 1"#, r#"{"text": "a"} x"#, r#"{"x": 1} x"#, "[[[["] {
            assert_eq!(refusal(broken).code(), Code::Malformed, "{broken}");
        }
        assert_eq!(refusal(r#"{"text": "a", "seq": -1}"#).code(), Code::Invalid);
        assert_eq!(refusal(r#"{"text": "\ud800"}"#).code(), Code::Malformed);
    }

    #[tokio::test]
    async fn queries_name_their_fields() {
        let query = async |uri: &str| {
            let request = axum::http::Request::get(uri).body(()).unwrap();
            let (mut parts, ()) = request.into_parts();
            Query::<Post>::from_request_parts(&mut parts, &()).await
        };
        assert_eq!(query("/?text=%E4%BD%A0").await.unwrap().0.text, "你");
        let bad = query("/?text=a&seq=x").await.unwrap_err().problem();
        assert!(bad.errors.contains_key("seq"), "{bad:?}");
        let unknown = query("/?text=a&role=owner").await.unwrap_err().problem();
        assert!(unknown.errors.contains_key("role"), "{unknown:?}");
    }
}

//! The one error of the HTTP edge: a refusal, which becomes an RFC 9457 problem document.
//! Which codes there are stands in `protocol::Code`.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::{Code, Problem};

/// What handlers and verbs return.
pub type Answer<T> = Result<T, Refusal>;

/// Seconds until a client may ask again, when nothing more exact is known.
const RETRY_AFTER_UNAVAILABLE: u64 = 2;

/// Why a request was refused. Cheap to pass along: one pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    code: Code,
    detail: Option<String>,
    errors: BTreeMap<String, String>,
    retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal with nothing but its code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner { code, detail: None, errors: BTreeMap::new(), retry_after: None }))
    }

    /// What is wrong this time, in a sentence for a person. Never a message text, secret or SQL.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Names a field at fault and why.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, why: impl Into<String>) -> Self {
        self.0.errors.insert(name.into(), why.into());
        self
    }

    /// Seconds after which asking again makes sense; at least 1.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds.max(1));
        self
    }

    /// A field that is not valid: 422 `invalid`.
    #[must_use]
    pub fn invalid(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(Code::Invalid).field(field, why)
    }

    /// The code that clients branch on.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The document, as it also travels in WebSocket frames.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::from(self.0.code);
        // A document without a sentence for people would have some clients show nothing at all.
        problem.detail = self.0.detail.clone().or_else(|| Some(self.to_string()));
        problem.errors.clone_from(&self.0.errors);
        problem
    }

    /// A bug in the server: logged here, once; the client learns nothing of `error`.
    #[must_use]
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "internal error");
        Self::new(Code::Internal)
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<database::Error> for Refusal {
    fn from(error: database::Error) -> Self {
        match error {
            database::Error::Full => {
                tracing::error!("the disk is full: writes are refused");
                Self::new(Code::OutOfSpace)
            }
            database::Error::Unavailable(why) => {
                tracing::warn!(%why, "the database is unavailable");
                Self::new(Code::Unavailable).retry_after(RETRY_AFTER_UNAVAILABLE)
            }
            // Verbs check before they do; what a constraint still refuses is a race that was lost.
            database::Error::Conflict => Self::new(Code::Conflict),
            other => Self::internal(other),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.detail.as_deref().unwrap_or(self.0.code.title()))?;
        for (field, why) in &self.0.errors {
            write!(f, "; {field}: {why}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem()).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let waits = matches!(status.as_u16(), 429 | 503);
        if let Some(seconds) = self.0.retry_after.or(waits.then_some(RETRY_AFTER_UNAVAILABLE)) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_problem_document() {
        let refusal = Refusal::invalid("name", "is empty").detail("Look at the fields");
        assert_eq!(
            serde_json::to_value(refusal.problem()).unwrap(),
            serde_json::json!({
                "status": 422, "title": "Some fields are invalid", "code": "invalid",
                "detail": "Look at the fields", "errors": {"name": "is empty"}
            })
        );
        let response = refusal.into_response();
        assert_eq!(response.status(), 422);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let unsaid = Refusal::invalid("name", "is empty").problem();
        assert_eq!(unsaid.detail.as_deref(), Some("Some fields are invalid; name: is empty"));
        let busy = Refusal::new(Code::Unavailable).into_response();
        assert_eq!(busy.headers()["retry-after"], "2");
    }

    #[test]
    fn the_database_decides_the_code() {
        let code = |error: database::Error| Refusal::from(error).code();
        assert_eq!(code(database::Error::Full), Code::OutOfSpace);
        assert_eq!(code(database::Error::Unavailable("gone".into())), Code::Unavailable);
        assert_eq!(code(database::Error::NoRow), Code::Internal);
    }
}

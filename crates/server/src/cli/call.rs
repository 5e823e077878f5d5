//! `rookery call`: a request to the API by the operator, through the very router that serves everybody, so that
//! whatever is done in the admin area can be done here. It never crosses a network.

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::Service as _;

use crate::app::AppState;
use crate::caller::Operator;
use crate::{json, router};

/// The longest answer that is printed, in bytes.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// What the operator changes. Everything else belongs to some account, and the operator has none.
const CHANGED: [&str; 6] =
    ["/admin/", "/moderation/", "/site_roles", "/invitations", "/emoji", "/forum/categories"];

/// A request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Call {
    /// `GET`, `POST` …
    pub(super) method: String,
    /// Under `/api/v1`, with its query: `/admin/users?filter=banned`.
    pub(super) path: String,
    /// JSON.
    pub(super) body: Option<Value>,
}

impl Call {
    pub(super) fn new(method: &str, path: String, body: Option<Value>) -> Self {
        Self { method: method.to_owned(), path, body }
    }

    fn is_for_the_operator(&self, method: &Method) -> bool {
        // What belongs to some account, and streams, which never end.
        if self.path.starts_with("/me") || self.path.starts_with("/events") {
            return false;
        }
        let is_of_others = self.path.starts_with("/forum/")
            && (*method == Method::PATCH || *method == Method::DELETE);
        method.is_safe()
            || is_of_others
            || CHANGED.iter().any(|prefix| self.path.starts_with(prefix))
    }
}

/// Makes the request. The answer's body.
///
/// # Errors
/// What the API says when it refuses.
pub(super) async fn perform(app: &AppState, call: Call) -> anyhow::Result<String> {
    let method: Method = call.method.to_uppercase().parse().context("no such method")?;
    anyhow::ensure!(call.path.starts_with('/'), "a path begins with `/`: /admin/users");
    anyhow::ensure!(
        call.is_for_the_operator(&method),
        "the operator has no account, and so cannot do that; use a token of an account"
    );
    let mut request = Request::builder().method(method).uri(format!("/api/v1{}", call.path));
    let body = match call.body {
        Some(value) => {
            let text = value.to_string();
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::CONTENT_LENGTH, text.len());
            Body::from(text)
        }
        None => Body::empty(),
    };
    let mut request = request.body(body).context("that is no path")?;
    request.extensions_mut().insert(Operator);
    let answer = match router::router(AppState::clone(app)).call(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let status = answer.status();
    let bytes = json::collect(answer.into_body(), MAX_ANSWER).await?;
    let text = match serde_json::from_slice::<Value>(&bytes) {
        Ok(value) => format!("{value:#}"),
        Err(_) => String::from_utf8(bytes.to_vec())
            .context("the answer is no text; use `rookery backup` for a backup")?,
    };
    anyhow::ensure!(status.is_success(), "{status}\n{text}");
    Ok(text)
}

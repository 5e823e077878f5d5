//! One person's browser: cookies, the CSRF token, and JSON in and out.

use std::sync::Arc;

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::{Method, header::HeaderMap};
use serde_json::Value;

/// A browser. Paths are relative to `/api/v1` (`/me`), or absolute when they start with the origin's root as `//` (`//healthz`).
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    cookies: Arc<Jar>,
    origin: String,
    /// The CSRF token that every write carries; empty before logging in.
    csrf_token: String,
    /// The user, as the answer to logging in described them.
    me: Value,
}

/// What the server said.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The JSON body; a string when it is no JSON, null when it is empty.
    pub(crate) body: Value,
}

impl Response {
    /// The `code` of a problem document; empty when it is none.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// A header's text; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Client {
    pub(crate) fn new(origin: String) -> Self {
        let cookies = Arc::new(Jar::default());
        let http = reqwest::Client::builder()
            .cookie_provider(Arc::clone(&cookies))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { http, cookies, origin, csrf_token: String::new(), me: Value::Null }
    }

    /// Takes over what `POST /accounts` and `POST /session` answer.
    pub(crate) fn logged_in(&mut self, body: &Value) {
        self.csrf_token = body["csrf_token"].as_str().unwrap().to_owned();
        self.me = body["user"].clone();
    }

    /// This person's user id.
    pub(crate) fn id(&self) -> i64 {
        self.me["id"].as_i64().unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Response {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Response {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Response {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Response {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// The CSRF token of this person's session.
    pub(crate) fn csrf_token(&self) -> &str {
        &self.csrf_token
    }

    /// A request that a story finishes itself (other headers, raw bodies), for [`Client::send`].
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.raw(method, path);
        if self.csrf_token.is_empty() {
            request
        } else {
            request.header("X-CSRFToken", &self.csrf_token)
        }
    }

    /// The same without the CSRF token.
    pub(crate) fn raw(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// The whole address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        match path.strip_prefix("//") {
            Some(rest) => format!("{}/{rest}", self.origin),
            None => format!("{}/api/v1{path}", self.origin),
        }
    }

    /// The cookies that the browser would send; empty when it has none.
    pub(crate) fn cookie(&self) -> String {
        let cookies = self.cookies.cookies(&self.origin.parse().unwrap());
        cookies.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// Sends it and reads the whole answer.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Response {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = match serde_json::from_str(&text) {
            Ok(body) => body,
            Err(_) if text.is_empty() => Value::Null,
            Err(_) => Value::String(text),
        };
        Response { status, headers, body }
    }
}

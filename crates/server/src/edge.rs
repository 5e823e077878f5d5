//! The one middleware: what happens to every request before its route, and to every answer after it.
//! One, because each layer of its own costs memory on every parked long poll.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use protocol::Code;
use tokio::time::Instant;

use crate::app::{App, AppState};
use crate::client_address::{ClientAddress, Peer};
use crate::problem::{Answer, Refusal};
use crate::rate_limit::Limit;
use crate::{origin, security_headers};

/// Finds the client's address, refuses other sites' requests and floods, adds headers, and logs a line without
/// query, body or names.
pub(crate) async fn handle(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    // The template (`/conversations/{id}`), not the path: ids stay out of logs and metrics stay few.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_long = has_long_body(request.headers());
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = match admit(&app, &mut request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    let status = response.status();
    let headers = response.headers_mut();
    security_headers::add(headers, app.config.is_https());
    if is_long && status.is_client_error() {
        // Perhaps refused before all of it was read: nothing else can come over this connection, and the
        // client should know that before it sends its next request.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    record(&method, route, status, started);
    response
}

/// Longer than what has surely arrived together with the head.
fn has_long_body(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let said: Option<u64> = said.and_then(|value| value.parse().ok());
    said.is_some_and(|bytes| bytes > 1_024) || headers.contains_key(header::TRANSFER_ENCODING)
}

fn admit(app: &App, request: &mut Request) -> Answer<()> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 {
        // A proxy may have believed the other one (RFC 9112, 3.2).
        return Err(Refusal::new(Code::Malformed).detail("There is more than one Host header"));
    }
    let network = &app.config.network;
    let peer = request.extensions().get::<Peer>().copied();
    let address = ClientAddress::find(peer, request.headers(), &network.trusted_proxies);
    request.extensions_mut().insert(address);
    origin::check(request.method(), request.headers(), network.public_url.as_ref())?;
    app.limits.address(Limit::General, address.0)
}

fn record(method: &Method, route: &str, status: StatusCode, started: Instant) {
    let millis = started.elapsed().as_millis();
    tracing::debug!(%method, route, status = status.as_u16(), millis, "request");
    metrics::counter!(
        "rookery_requests_total",
        "method" => method_name(method),
        "route" => route.to_owned(),
        "status" => status.as_str().to_owned(),
    )
    .increment(1);
}

/// Methods that clients make up must not make up metrics.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

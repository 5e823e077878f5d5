//! The one middleware: what happens to every request before its route, and to every answer after it.
//! One, because each layer of its own costs memory on every parked long poll.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use protocol::Code;
use tokio::time::Instant;

use crate::app::{App, AppState};
use crate::client_address::{ClientAddress, Peer};
use crate::listener::waiting;
use crate::problem::{Answer, Refusal};
use crate::rate_limit::Limit;
use crate::{json, origin, security_headers};

/// A body that says it has at most so many bytes is read before anything is answered.
const MAX_EARLY_BODY: usize = 16 * 1024;

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
    let said = said_body(request.headers());
    let is_long = matches!(said, Said::Long);
    let is_api = request.uri().path().starts_with("/api/");
    let admitted = admit(&app, &mut request);
    let arrived = match said {
        // Boxed: no parked poll has a body, and none should pay for one.
        Said::Short(bytes) => Box::pin(with_body(request, bytes)).await,
        Said::Nothing | Said::Long => Ok(request),
    };
    let response = match admitted.and(arrived) {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    waiting::then(response, move |response| {
        let status = response.status();
        let headers = response.headers_mut();
        if let Some(date) = date(&app) {
            headers.insert(header::DATE, date);
        }
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
    })
}

/// When the answer was made (RFC 9110, 6.6.1).
fn date(app: &App) -> Option<HeaderValue> {
    let now = jiff::Timestamp::from_millisecond(app.clock.now().millis()).ok()?;
    let printed = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    HeaderValue::from_str(&printed.ok()?).ok()
}

/// What a request's head says of its body.
#[derive(Clone, Copy)]
enum Said {
    Nothing,
    /// At most [`MAX_EARLY_BODY`] bytes.
    Short(usize),
    /// Longer, or of a length that is not said.
    Long,
}

fn said_body(headers: &HeaderMap) -> Said {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match said.and_then(|value| value.parse().ok()) {
        _ if headers.contains_key(header::TRANSFER_ENCODING) => Said::Long,
        None | Some(0) => Said::Nothing,
        Some(bytes @ ..=MAX_EARLY_BODY) => Said::Short(bytes),
        Some(_) => Said::Long,
    }
}

/// The request, with its whole body. Many clients send head and body in two packets; were the answer out
/// before the second (a 401, or a route that takes no body), the connection would have to be closed under a
/// client that is about to use it again.
async fn with_body(request: Request, bytes: usize) -> Answer<Request> {
    let (parts, body) = request.into_parts();
    let body = json::collect(body, bytes).await?;
    Ok(Request::from_parts(parts, Body::from(body)))
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

//! One connection: hyper serves it request after request, and steps aside while an answer waits.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Version, header};
use axum::response::Response;
use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::watch;
use tower::Service as _;

use super::linger::Polite;
use super::waiting::{self, Rest};
use crate::client_address::Peer;

/// Bytes of a connection's read and write buffers, and so of a request's head.
const MAX_BUFFER_BYTES: usize = 8_192;
/// A connection's first request must have a whole head within this: who connects and says nothing is nobody.
const FIRST_HEAD_DEADLINE: Duration = Duration::from_secs(5);
/// So must each later one; an idle connection is closed after it. Proxies that keep connections give them up
/// sooner (`keepalive_timeout` in `deploy/nginx.conf`), so that no request meets the closing.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);

/// Serves a connection to its end.
pub(super) fn serve(
    stream: Polite,
    peer: Peer,
    router: Router,
    stopped: watch::Receiver<bool>,
) -> impl Future<Output = ()> + Send {
    // Boxed, as it is large, and given back while the connection waits.
    let serve = move |stream, has_begun| {
        Box::pin(http(stream, peer, router.clone(), stopped.clone(), has_begun))
    };
    // Outside of the future, which would have room for the stream to its end.
    let mut served = serve(stream, false);
    async move {
        loop {
            let Some(waiting) = served.await else { return };
            match waiting.await {
                Ok(Some(back)) => served = serve(back, true),
                Ok(None) => return,
                Err(error) => return tracing::debug!(%error, "a connection ended while it waited"),
            }
        }
    }
}

/// What is left of a connection that waits: with its answer, the stream is free again, or at its end (`None`).
type Waiting = BoxFuture<'static, io::Result<Option<Polite>>>;

/// Serves requests until the connection ends (`None`) or an answer waits.
async fn http(
    stream: Polite,
    peer: Peer,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    has_begun: bool,
) -> Option<Waiting> {
    let begun = AtomicBool::new(has_begun);
    let leaving: Mutex<Option<(Response, Rest)>> = Mutex::default();
    let blocked = stream.blocked();
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        begun.store(true, Ordering::Relaxed);
        let may_leave = may_leave(&request);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let response = router.clone().call(request);
        let leaving = &leaving;
        async move {
            let mut response = response.await?;
            let Some(rest) = waiting::take(&mut response) else { return Ok(response) };
            if !may_leave {
                return Ok::<_, Infallible>(rest.in_place(response).await);
            }
            *lock(leaving) = Some((response, rest));
            std::future::pending().await
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_buf_size(MAX_BUFFER_BYTES)
        // `edge.rs` says it, for answers that are not written here as well.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    let mut is_stopping = false;
    let ended = {
        let mut stop = std::pin::pin!(async { drop(stopped.wait_for(|stopped| *stopped).await) });
        let mut silence = std::pin::pin!(silence(&begun));
        std::future::poll_fn(|context| {
            if !is_stopping && stop.as_mut().poll(context).is_ready() {
                is_stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
            if let Poll::Ready(ended) = Pin::new(&mut connection).poll(context) {
                return Poll::Ready(Some(ended));
            }
            // What was answered before has to be out: it would be lost with hyper's buffer.
            if lock(&leaving).is_some() && !blocked.load(Ordering::Relaxed) {
                return Poll::Ready(None);
            }
            silence.as_mut().poll(context).map(|()| Some(Ok(())))
        })
        .await
    };
    if let Some(Err(error)) = &ended {
        // The client went away or spoke no HTTP: not this server's matter.
        tracing::debug!(%error, "a connection ended");
    }
    let (response, rest) = lock(&leaving).take().filter(|_| ended.is_none())?;
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();
    stream.unread(&parts.read_buf);
    Some(rest.write(stream, response, move || *stopped.borrow()))
}

/// Whether the answer may be written without hyper, should it wait: to a plain request of a client that keeps
/// its connection.
fn may_leave(request: &Request<Incoming>) -> bool {
    request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && !closes(request.headers())
        && hyper::body::Body::is_end_stream(request.body())
}

fn closes(headers: &HeaderMap) -> bool {
    let said = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case("close"))
}

/// Resolves when the first request has not begun in time, else never.
async fn silence(begun: &AtomicBool) {
    if !begun.load(Ordering::Relaxed) {
        tokio::time::sleep(FIRST_HEAD_DEADLINE).await;
    }
    if begun.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Nothing panics while holding it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

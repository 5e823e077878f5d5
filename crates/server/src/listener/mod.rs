//! The accept loop: tuned HTTP/1.1 connections, a bound on their number, and a shutdown that lets answers out.
//!
//! Its own, because `axum::serve` cannot be told the size of a connection's buffers, which is most of what a
//! parked long poll costs.

mod linger;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::Service as _;

use crate::client_address::Peer;
use linger::Polite;

/// Bytes of a connection's read and write buffers, and so of a request's head.
const MAX_BUFFER_BYTES: usize = 8_192;
/// A connection's first request must have a whole head within this: who connects and says nothing is nobody.
const FIRST_HEAD_DEADLINE: Duration = Duration::from_secs(5);
/// So must each later one; an idle connection is closed after it. Proxies that keep connections give them up
/// sooner (`keepalive_timeout` in `deploy/nginx.conf`), so that no request meets the closing.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// After the order to stop, connections may take this long to finish their answers.
const GRACE: Duration = Duration::from_secs(4);
/// Rest after a failed accept (out of open files), so that the loop does not spin.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// What was written and is not confirmed for this long ends the connection: the client is gone, or reads
/// nothing. This is every transport's write deadline.
const WRITE_DEADLINE: Duration = Duration::from_secs(60);

/// Serves `router` on `listener` until `stop` resolves, then lets connections finish for [`GRACE`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    max_connections: usize,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(max_connections));
    let (stopping, stopped) = watch::channel(false);
    let accepting = async {
        while let Ok(place) = places.clone().acquire_owned().await {
            match listener.accept().await {
                Ok((stream, address)) => {
                    tune(&stream);
                    let stream = Polite::new(stream, place);
                    tokio::spawn(connection(
                        stream,
                        Peer(address),
                        router.clone(),
                        stopped.clone(),
                    ));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_REST).await;
                }
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        () = stop => {}
    }
    drop(listener);
    stopping.send_replace(true);
    // All places are free when all connections have ended; more than u32::MAX are never configured.
    let all = u32::try_from(max_connections).unwrap_or(u32::MAX);
    if tokio::time::timeout(GRACE, places.acquire_many(all)).await.is_err() {
        let open = max_connections - places.available_permits();
        tracing::warn!(open, "connections did not finish in time");
    }
}

/// Without these a connection is slower to answer or to die, never wrong.
fn tune(stream: &TcpStream) {
    // Small answers must not wait for more to come.
    let tuned = stream
        .set_nodelay(true)
        .and_then(|()| socket2::SockRef::from(stream).set_tcp_user_timeout(Some(WRITE_DEADLINE)));
    if let Err(error) = tuned {
        tracing::debug!(%error, "a connection could not be tuned");
    }
}

/// Resolves when the first request has not begun in time, else never.
async fn silence(begun: &AtomicBool) {
    tokio::time::sleep(FIRST_HEAD_DEADLINE).await;
    if begun.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Serves one connection, request after request. A WebSocket takes the stream over, and with it the place
/// among the connections.
async fn connection(
    stream: Polite,
    peer: Peer,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let begun = AtomicBool::new(false);
    let service = hyper::service::service_fn(|request: hyper::Request<Incoming>| {
        begun.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_buf_size(MAX_BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let stop = async { drop(stopped.wait_for(|stopped| *stopped).await) };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        () = silence(&begun) => return,
    };
    if let Err(error) = ended {
        // The client went away or spoke no HTTP: not this server's matter.
        tracing::debug!(%error, "a connection ended");
    }
}

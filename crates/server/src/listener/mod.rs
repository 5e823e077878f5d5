//! The accept loop: tuned HTTP/1.1 connections, a bound on their number, and a shutdown that lets answers out.
//!
//! Its own, because `axum::serve` cannot be told the size of a connection's buffers, which is most of what a
//! parked long poll costs.

mod connection;
mod linger;
pub(crate) mod waiting;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

pub(crate) use linger::Polite;

use crate::client_address::Peer;

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
                    tokio::spawn(connection::serve(
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

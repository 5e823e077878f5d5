//! Answers that wait: a parked long poll, a stream of events, a WebSocket.
//!
//! hyper keeps 8 KiB to read into and 8 KiB to write from for as long as it has a connection, and a request's
//! headers stay in the former until it is answered. That was two thirds of what a connection cost while it
//! waited. So a route whose answer waits returns what is to give it, and the connection leaves hyper until it
//! is there (`connection.rs`): what is left is the socket and what waits. Measured in `docs/benchmarks.md`.

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, ready};

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::{Buf, Bytes};
use futures_util::future::{BoxFuture, FutureExt as _, TryFutureExt as _};
use futures_util::stream::{BoxStream, Stream, StreamExt as _};
use http_body_util::BodyExt as _;
use hyper::{HeaderMap, StatusCode, header};
use protocol::Code;
use tokio::io::{AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::linger::Polite;
use crate::problem::Refusal;

/// On a response: what it waits for.
#[derive(Clone)]
struct Waiting(Arc<Mutex<Option<Rest>>>);

/// What a response waits for.
pub(super) enum Rest {
    /// All of it.
    Answer(BoxFuture<'static, Response>),
    /// Its body, bit by bit.
    Body(BoxStream<'static, Bytes>),
    /// Nothing: the socket is somebody else's from now on.
    Socket(Box<dyn FnOnce(Polite) -> BoxFuture<'static, ()> + Send>),
}

/// A response that comes later.
pub(crate) fn answer(later: impl Future<Output = Response> + Send + 'static) -> Response {
    waits(Response::default(), Rest::Answer(Box::pin(later)))
}

/// A response whose head is there, and whose body comes bit by bit.
pub(crate) fn body(head: Response, bits: impl Stream<Item = Bytes> + Send + 'static) -> Response {
    waits(head, Rest::Body(Box::pin(bits)))
}

/// A response after which the socket goes over to what `take` makes of it.
pub(crate) fn socket<F: Future<Output = ()> + Send + 'static>(
    head: Response,
    take: impl FnOnce(Polite) -> F + Send + 'static,
) -> Response {
    waits(head, Rest::Socket(Box::new(|stream| Box::pin(take(stream)))))
}

fn waits(mut response: Response, rest: Rest) -> Response {
    response.extensions_mut().insert(Waiting(Arc::new(Mutex::new(Some(rest)))));
    response
}

/// Takes from a response what it waits for.
pub(super) fn take(response: &mut Response) -> Option<Rest> {
    let Waiting(rest) = response.extensions_mut().remove()?;
    // axum has measured the body that is not there yet.
    response.headers_mut().remove(header::CONTENT_LENGTH);
    rest.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Finishes a response: this one, or the one that comes later.
pub(crate) fn then(
    mut response: Response,
    finish: impl FnOnce(&mut Response) + Send + 'static,
) -> Response {
    match take(&mut response) {
        Some(Rest::Answer(later)) => answer(async move {
            let mut response = later.await;
            finish(&mut response);
            response
        }),
        rest => {
            finish(&mut response);
            match rest {
                Some(rest) => waits(response, rest),
                None => response,
            }
        }
    }
}

impl Rest {
    /// The response as HTTP's own machinery sends it, for requests that need more of that: `HEAD`, HTTP/1.0.
    pub(super) async fn in_place(self, response: Response) -> Response {
        match self {
            Self::Answer(later) => later.await,
            Self::Body(bits) => response.map(|_| Body::from_stream(bits.map(Ok::<_, Infallible>))),
            Self::Socket(_) => Refusal::new(Code::Malformed)
                .detail("A connection that is to be closed does not become a WebSocket")
                .into_response(),
        }
    }

    /// Waits, and writes the response in HTTP/1.1 (RFC 9112). Answers with the stream if it can take the next
    /// request: unless it `is_last`.
    ///
    /// # Errors
    /// When the client has gone.
    pub(super) fn write(
        self,
        stream: Polite,
        response: Response,
        is_last: impl Fn() -> bool + Send + 'static,
    ) -> BoxFuture<'static, io::Result<Option<Polite>>> {
        // Each with a future of its own: it lives for as long as the connection waits, and is no larger than it
        // has to be.
        match self {
            Self::Answer(later) => Box::pin(write_answer(stream, later, is_last)),
            Self::Body(bits) => Box::pin(
                write_head(stream, response, b"transfer-encoding: chunked\r\n")
                    .and_then(|stream| write_body(stream, bits, is_last)),
            ),
            Self::Socket(take) => Box::pin(
                write_head(stream, response, b"")
                    .and_then(|stream| take(stream).map(|()| Ok(None))),
            ),
        }
    }
}

async fn write_answer(
    mut stream: Polite,
    later: BoxFuture<'static, Response>,
    is_last: impl Fn() -> bool,
) -> io::Result<Option<Polite>> {
    let response = or_gone(stream.socket()?, later).await?;
    let is_last = is_last();
    Box::pin(write_whole(&mut stream, response, is_last)).await?;
    Ok((!is_last).then_some(stream))
}

async fn write_body(
    mut stream: Polite,
    mut bits: BoxStream<'static, Bytes>,
    is_last: impl Fn() -> bool,
) -> io::Result<Option<Polite>> {
    while let Some(bit) = or_gone(stream.socket()?, bits.next()).await? {
        write_chunk(&mut stream, bit).await?;
    }
    stream.write_all(b"0\r\n\r\n").await?;
    Ok((!is_last()).then_some(stream))
}

/// What the future resolves to, unless the client goes away first. What it says meanwhile (its next request,
/// early) is left where it is; then its going is seen when something is written.
async fn or_gone<T>(socket: &TcpStream, future: impl Future<Output = T>) -> io::Result<T> {
    // By hand, since tokio's own future is large, and there is one wherever somebody waits.
    let gone = std::future::poll_fn(|context| {
        let mut byte = [0];
        match ready!(socket.poll_peek(context, &mut ReadBuf::new(&mut byte))) {
            Ok(1..) => Poll::Pending,
            Ok(0) | Err(_) => Poll::Ready(()),
        }
    });
    tokio::select! {
        biased;
        outcome = future => Ok(outcome),
        () = gone => Err(io::ErrorKind::ConnectionReset.into()),
    }
}

async fn write_whole(stream: &mut Polite, response: Response, is_last: bool) -> io::Result<()> {
    let (parts, body) = response.into_parts();
    // What comes later is made in one piece: an answer of JSON.
    let whole = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let mut out = head(parts.status, &parts.headers)?;
    if !parts.headers.contains_key(header::CONTENT_LENGTH) {
        write!(out, "content-length: {}\r\n", whole.len())?;
    }
    if is_last {
        out.extend_from_slice(b"connection: close\r\n");
    }
    out.extend_from_slice(b"\r\n");
    stream.write_all_buf(&mut Buf::chain(&out[..], &whole[..])).await
}

/// Boxed, to be gone when it is done.
fn write_head(
    mut stream: Polite,
    response: Response,
    more: &'static [u8],
) -> BoxFuture<'static, io::Result<Polite>> {
    Box::pin(async move {
        let mut out = head(response.status(), response.headers())?;
        out.extend_from_slice(more);
        out.extend_from_slice(b"\r\n");
        stream.write_all(&out).await?;
        Ok(stream)
    })
}

async fn write_chunk(stream: &mut Polite, bit: Bytes) -> io::Result<()> {
    if bit.is_empty() {
        // A chunk of none would be the last.
        return Ok(());
    }
    let size = format!("{:x}\r\n", bit.len());
    stream.write_all_buf(&mut size.as_bytes().chain(bit).chain(&b"\r\n"[..])).await
}

/// Status line and headers, without the empty line.
fn head(status: StatusCode, headers: &HeaderMap) -> io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(1_024);
    let reason = status.canonical_reason().unwrap_or_default();
    write!(out, "HTTP/1.1 {} {reason}\r\n", status.as_str())?;
    for (name, value) in headers {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    Ok(out)
}

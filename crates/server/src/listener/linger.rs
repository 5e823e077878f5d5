//! A socket that closes politely: who was refused before all of the request was read still gets the answer.
//!
//! Closing a TCP socket with unread bytes in it resets the connection, and the reset can overtake the answer
//! (a 413, or a WebSocket's close frame). So what still comes is read and thrown away for a moment.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

/// How long what still comes is thrown away, and how many bytes of it.
const LINGER: Duration = Duration::from_secs(1);
/// See [`LINGER`].
const MAX_THROWN_AWAY: u64 = 8 * 1024 * 1024;

/// A connection's stream.
pub(super) struct Polite {
    /// With its place among the connections, which is free again when the socket is closed. `None` only while
    /// this is being dropped.
    stream: Option<(TcpStream, OwnedSemaphorePermit)>,
    /// The client has said all it will.
    at_end: bool,
}

impl Polite {
    pub(super) fn new(stream: TcpStream, place: OwnedSemaphorePermit) -> Self {
        Self { stream: Some((stream, place)), at_end: false }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let stream = self.stream.as_mut().map(|(stream, _)| Pin::new(stream));
        stream.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl AsyncRead for Polite {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let room = buffer.remaining();
        let outcome = ready!(self.stream()?.poll_read(context, buffer));
        // After an error there is nothing to be polite to.
        self.at_end |= outcome.is_err() || (room > 0 && buffer.filled().len() == before);
        Poll::Ready(outcome)
    }
}

impl AsyncWrite for Polite {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}

impl Drop for Polite {
    fn drop(&mut self) {
        let Some((stream, place)) = self.stream.take().filter(|_| !self.at_end) else { return };
        // Without a runtime the process is ending, and so is the connection.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(throw_away(stream, place));
        }
    }
}

async fn throw_away(mut stream: TcpStream, _place: OwnedSemaphorePermit) {
    let all = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(MAX_THROWN_AWAY), &mut tokio::io::sink()).await
    };
    // Whatever comes of it, the connection is over.
    drop(tokio::time::timeout(LINGER, all).await);
}

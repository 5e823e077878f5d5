//! A socket that closes politely: who was refused before all of the request was read still gets the answer.
//!
//! Closing a TCP socket with unread bytes in it resets the connection, and the reset can overtake the answer
//! (a 413, or a WebSocket's close frame). So what still comes is read and thrown away for a moment.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

/// How long what still comes is thrown away, and how many bytes of it.
const LINGER: Duration = Duration::from_secs(1);
/// See [`LINGER`].
const MAX_THROWN_AWAY: u64 = 8 * 1024 * 1024;

/// A connection's stream.
pub(crate) struct Polite {
    /// With its place among the connections, which is free again when the socket is closed. `None` only while
    /// this is being dropped.
    stream: Option<(TcpStream, OwnedSemaphorePermit)>,
    /// The client has said all it will.
    at_end: bool,
    /// What was read too early, and is to be read again.
    unread: Bytes,
    /// Bytes that were handed out.
    bytes_read: u64,
    /// What was written last waits for room in the socket.
    blocked: Arc<AtomicBool>,
}

impl Polite {
    pub(crate) fn new(stream: TcpStream, place: OwnedSemaphorePermit) -> Self {
        Self {
            stream: Some((stream, place)),
            at_end: false,
            unread: Bytes::new(),
            bytes_read: 0,
            blocked: Arc::default(),
        }
    }

    /// Whether what was written last waits for room in the socket; also to be asked while somebody else has
    /// the stream.
    pub(super) fn blocked(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.blocked)
    }

    /// Puts back what was read too early, before whatever was put back earlier and is still here.
    pub(super) fn unread(&mut self, bytes: &[u8]) {
        // Copied, so as not to hold the whole buffer that they are in.
        self.unread = [bytes, &self.unread].concat().into();
    }

    /// Bytes that were read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Waits until there is something to read, or the end; perhaps once too often.
    ///
    /// # Errors
    /// When the stream is no longer connected.
    pub(crate) async fn readable(&self) -> io::Result<()> {
        if !self.unread.is_empty() {
            return Ok(());
        }
        // By hand, since tokio's own future is large, and there is one wherever somebody waits.
        let socket = self.socket()?;
        std::future::poll_fn(|context| socket.poll_read_ready(context)).await
    }

    /// The socket itself.
    ///
    /// # Errors
    /// When the stream is no longer connected.
    pub(crate) fn socket(&self) -> io::Result<&TcpStream> {
        let socket = self.stream.as_ref().map(|(stream, _)| stream);
        socket.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn note<T>(&self, written: &Poll<T>) {
        self.blocked.store(written.is_pending(), Ordering::Relaxed);
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
        if !self.unread.is_empty() {
            let bytes = self.unread.len().min(buffer.remaining());
            buffer.put_slice(&self.unread.split_to(bytes));
            self.bytes_read += bytes as u64;
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let room = buffer.remaining();
        let outcome = ready!(self.stream()?.poll_read(context, buffer));
        let bytes = buffer.filled().len() - before;
        self.bytes_read += bytes as u64;
        // After an error there is nothing to be polite to.
        self.at_end |= outcome.is_err() || (room > 0 && bytes == 0);
        Poll::Ready(outcome)
    }
}

impl AsyncWrite for Polite {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream()?.poll_write(context, bytes);
        self.note(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream()?.poll_write_vectored(context, slices);
        self.note(&written);
        written
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

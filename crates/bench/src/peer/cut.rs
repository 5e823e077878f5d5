//! A stream of bytes, cut after the last of several whole messages, whatever they are.

use anyhow::ensure;
use memchr::memmem;
use tokio::io::AsyncReadExt as _;
use tokio::net::tcp::OwnedReadHalf;

/// What is read before a message ends, at most: the presences of a large group come before the first.
const MAX_UNCUT: usize = 16 * 1024 * 1024;

/// A stream and what was read of it.
pub(super) struct Cut {
    stream: OwnedReadHalf,
    buffer: Vec<u8>,
    used: usize,
    /// A message ends with this.
    end: &'static [u8],
}

impl Cut {
    pub(super) fn new(stream: OwnedReadHalf, buffer: Vec<u8>, end: &'static [u8]) -> Self {
        Self { stream, buffer, used: 0, end }
    }

    /// All whole messages that are there, at least one.
    pub(super) async fn next(&mut self) -> anyhow::Result<&[u8]> {
        // What was given out last time is done with.
        self.buffer.drain(..self.used);
        self.used = 0;
        let mut searched = 0_usize;
        loop {
            let from = searched.saturating_sub(self.end.len());
            if let Some(at) = memmem::rfind(&self.buffer[from..], self.end) {
                self.used = from + at + self.end.len();
                return Ok(&self.buffer[..self.used]);
            }
            searched = self.buffer.len();
            ensure!(searched < MAX_UNCUT, "{searched} bytes came without the end of a message");
            self.buffer.reserve(4 * 1024);
            let read = self.stream.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the peer closed the connection");
        }
    }
}

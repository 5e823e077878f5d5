//! A stream of server-sent events, in HTTP's chunks.

use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use memchr::memmem;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::http::Http;

/// The largest chunk that is taken.
const MAX_CHUNK: usize = 1024 * 1024;

/// A stream that is open.
pub(crate) struct Stream {
    stream: TcpStream,
    /// Read, with the framing of chunks.
    raw: Vec<u8>,
    /// Without it.
    text: Vec<u8>,
    /// Of the text, up to here is used.
    used: usize,
}

/// Connects from a cursor; the first event will be `hello`.
pub(crate) async fn connect(
    server: SocketAddr,
    token: &str,
    cursor: &str,
) -> anyhow::Result<Stream> {
    let mut http = Http::connect(server, token).await?;
    let accept = "Accept: text/event-stream\r\n";
    http.ask(&format!("GET /api/v1/events/stream?cursor={cursor}"), accept, b"").await?;
    let head = http.head().await?;
    ensure!(head.status == 200, "the stream got {}", head.status);
    let (stream, raw) = http.into_stream();
    Ok(Stream { stream, raw, text: Vec::new(), used: 0 })
}

impl Stream {
    /// The next event, with all its lines.
    pub(crate) async fn next(&mut self) -> anyhow::Result<&[u8]> {
        loop {
            if let Some(end) = memmem::find(&self.text[self.used..], b"\n\n") {
                let from = self.used;
                self.used += end + 2;
                return Ok(&self.text[from..from + end]);
            }
            self.text.drain(..self.used);
            self.used = 0;
            while let Some((start, end)) = chunk(&self.raw)? {
                self.text.extend_from_slice(&self.raw[start..end]);
                // After the chunk comes a line end.
                self.raw.drain(..end + 2);
            }
            if memmem::find(&self.text, b"\n\n").is_none() {
                self.raw.reserve(1024);
                let read = self.stream.read_buf(&mut self.raw).await?;
                ensure!(read > 0, "the server closed the stream");
            }
        }
    }
    /// Whether the connection is open. Takes what has come: only for a connection that is given up after it.
    pub(crate) fn is_open(&self) -> bool {
        let read = self.stream.try_read(&mut [0; 64]);
        match read {
            Ok(bytes) => bytes > 0,
            Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
}

/// Where the first chunk's data is: from, to. `None` until all of it is there.
fn chunk(raw: &[u8]) -> anyhow::Result<Option<(usize, usize)>> {
    let Some(line) = memmem::find(raw, b"\r\n") else { return Ok(None) };
    let digits = std::str::from_utf8(&raw[..line])?;
    let length = usize::from_str_radix(digits, 16).context("the length of a chunk")?;
    ensure!(length > 0, "the server ended the stream");
    ensure!(length <= MAX_CHUNK, "a chunk of {length} bytes");
    let start = line + 2;
    Ok((raw.len() >= start + length + 2).then_some((start, start + length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_cut() {
        assert_eq!(chunk(b"5\r\nhello\r\n").unwrap(), Some((3, 8)));
        assert_eq!(chunk(b"5\r\nhello").unwrap(), None);
        assert_eq!(chunk(b"1").unwrap(), None);
        assert!(chunk(b"0\r\n\r\n").is_err());
        assert!(chunk(b"x\r\n").is_err());
    }
}

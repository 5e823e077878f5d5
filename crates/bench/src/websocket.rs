//! The client's side of a WebSocket (RFC 6455), as little of it as the server's frames need.

use std::net::SocketAddr;

use anyhow::{bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::http::Http;

/// The server's messages hold at most a batch of 256 KiB and what is around it.
const MAX_MESSAGE: usize = 1024 * 1024;
/// A frame's first byte: the top bit of a message's last frame, and what it is.
const LAST: u8 = 0x80;
const CONTINUATION: u8 = 0x00;
const TEXT: u8 = 0x01;
const CLOSE: u8 = 0x08;

/// What the server's side sends.
pub(crate) struct Reader {
    stream: OwnedReadHalf,
    buffer: Vec<u8>,
    /// Of the buffer, up to here is used.
    used: usize,
    /// What has come of a message in several frames; whole until the next is asked for.
    message: Vec<u8>,
}

/// The way to the server's side.
pub(crate) struct Writer {
    stream: OwnedWriteHalf,
    /// Frames that wait for [`Writer::flush`].
    buffer: Vec<u8>,
}

/// Connects from a cursor; the first frame will be `hello`.
pub(crate) async fn connect(
    server: SocketAddr,
    token: &str,
    cursor: &str,
) -> anyhow::Result<(Reader, Writer)> {
    let path = format!("/api/v1/events/socket?cursor={cursor}");
    upgrade(server, token, &path, "Sec-WebSocket-Protocol: rookery.v1\r\n").await
}

/// Connects to any server, at a path and with further headers.
pub(crate) async fn upgrade(
    server: SocketAddr,
    token: &str,
    path: &str,
    headers: &str,
) -> anyhow::Result<(Reader, Writer)> {
    let mut http = Http::connect(server, token).await?;
    // The key proves nothing here: whether the server answers it well is a matter of tests, not of load.
    let upgrade = format!(
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}"
    );
    http.ask(&format!("GET {path}"), &upgrade, b"").await?;
    let head = http.head().await?;
    ensure!(head.status == 101, "the upgrade got {}", head.status);
    let (stream, buffer) = http.into_stream();
    let (reader, writer) = stream.into_split();
    let reader = Reader { stream: reader, buffer, used: 0, message: Vec::new() };
    Ok((reader, Writer { stream: writer, buffer: Vec::new() }))
}

impl Reader {
    /// The next message's text.
    pub(crate) async fn next(&mut self) -> anyhow::Result<&[u8]> {
        self.message.clear();
        loop {
            if let Some(Frame { is_last, start, end }) = frame(&self.buffer[self.used..])? {
                let from = self.used;
                self.used += end;
                let (from, end) = (from + start, from + end);
                if is_last && self.message.is_empty() {
                    return Ok(&self.buffer[from..end]);
                }
                ensure!(self.message.len() + end - from <= MAX_MESSAGE, "a message too long");
                self.message.extend_from_slice(&self.buffer[from..end]);
                if is_last {
                    return Ok(&self.message);
                }
                continue;
            }
            self.buffer.drain(..self.used);
            self.used = 0;
            // Grows by what large frames need, and starts small: thousands of readers wait at once.
            self.buffer.reserve(1024);
            let read = self.stream.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the server closed the socket");
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

    /// Whether a whole frame is there already.
    pub(crate) fn has_more(&self) -> bool {
        matches!(frame(&self.buffer[self.used..]), Ok(Some(_)))
    }
}

/// Where the payload of a frame is, and whether it ends its message.
#[derive(Debug, PartialEq)]
struct Frame {
    is_last: bool,
    start: usize,
    end: usize,
}

/// The first frame. `None` until all of it is there.
fn frame(bytes: &[u8]) -> anyhow::Result<Option<Frame>> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    match *first & !LAST {
        TEXT | CONTINUATION => {}
        CLOSE => bail!("the server closed the socket: {:?}", String::from_utf8_lossy(rest)),
        other => bail!("a frame of a kind that the server never sends: {other:#x}"),
    }
    let (start, length) = match (*second, rest) {
        (126, [a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
        (127, [a, b, c, d, e, f, g, h, ..]) => {
            let length = u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
            (10, usize::try_from(length)?)
        }
        (126 | 127, _) => return Ok(None),
        (length, _) => (2, usize::from(length)),
    };
    ensure!(length <= MAX_MESSAGE, "a frame of {length} bytes");
    let (is_last, end) = (*first & LAST != 0, start + length);
    Ok((bytes.len() >= end).then_some(Frame { is_last, start, end }))
}

impl Writer {
    /// Adds a text frame to what is to be sent. Bounded by the caller: at most 32 sends are unanswered.
    pub(crate) fn add(&mut self, text: &[u8]) {
        self.buffer.push(LAST | TEXT);
        match u16::try_from(text.len()) {
            Ok(short) if short < 126 => self.buffer.push(0x80 | text.len() as u8),
            Ok(length) => {
                self.buffer.push(0x80 | 126);
                self.buffer.extend_from_slice(&length.to_be_bytes());
            }
            Err(_) => {
                self.buffer.push(0x80 | 127);
                self.buffer.extend_from_slice(&(text.len() as u64).to_be_bytes());
            }
        }
        // Masked, as it must be, with a mask of zeroes, which changes nothing and costs nothing. The mask
        // protects caches between browsers and servers, of which there are none here.
        self.buffer.extend_from_slice(&[0; 4]);
        self.buffer.extend_from_slice(text);
    }

    /// Sends what was added.
    pub(crate) async fn flush(&mut self) -> anyhow::Result<()> {
        if !self.buffer.is_empty() {
            self.stream.write_all(&self.buffer).await?;
            self.buffer.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_length_are_cut() {
        for (length, header) in [(5, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let mut bytes = vec![LAST | TEXT];
            match header {
                2 => bytes.push(length as u8),
                4 => bytes.extend([&[126][..], &(length as u16).to_be_bytes()].concat()),
                _ => bytes.extend([&[127][..], &(length as u64).to_be_bytes()].concat()),
            }
            bytes.resize(header + length, b'x');
            let whole = Frame { is_last: true, start: header, end: header + length };
            assert_eq!(frame(&bytes).unwrap(), Some(whole));
            assert_eq!(frame(&bytes[..bytes.len() - 1]).unwrap(), None);
            assert_eq!(frame(&bytes[..1]).unwrap(), None);
        }
        assert!(frame(&[LAST | CLOSE, 2, 3, 0xf4]).is_err());
    }
}

//! HTTP/1.1 over one kept connection, as little of it as the server's answers need.

use std::io::Write as _;
use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use memchr::memmem;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The largest head that is read.
const MAX_HEAD: usize = 16 * 1024;
/// The largest body that is read: a batch of 256 KiB and what is around it.
const MAX_BODY: usize = 1024 * 1024;

/// A connection of one person.
pub(crate) struct Http {
    stream: TcpStream,
    authorization: String,
    /// Read and not yet used.
    buffer: Vec<u8>,
    /// The head of the last answer.
    head: Vec<u8>,
    request: Vec<u8>,
}

/// Status and head of an answer; the body follows on the stream.
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) length: Option<usize>,
    /// Seconds, where the server says when to come again.
    pub(crate) retry_after: Option<u64>,
}

impl Http {
    /// Connects; without a token, as nobody.
    pub(crate) async fn connect(server: SocketAddr, token: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let authorization = match token {
            "" => format!("Host: {server}\r\n"),
            token => format!("Host: {server}\r\nAuthorization: Bearer {token}\r\n"),
        };
        let (buffer, head, request) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { stream, authorization, buffer, head, request })
    }

    /// Sends a request with a JSON body, or none.
    pub(crate) async fn ask(
        &mut self,
        line: &str,
        headers: &str,
        body: &[u8],
    ) -> anyhow::Result<()> {
        if body.is_empty() {
            return self.ask_as(line, headers, body).await;
        }
        self.ask_as(line, &format!("{headers}Content-Type: application/json\r\n"), body).await
    }

    /// Sends a request with a body of which the headers say what it is, or none.
    pub(crate) async fn ask_as(
        &mut self,
        line: &str,
        headers: &str,
        body: &[u8],
    ) -> anyhow::Result<()> {
        let request = &mut self.request;
        request.clear();
        write!(request, "{line} HTTP/1.1\r\n{}{headers}", self.authorization)?;
        if !body.is_empty() {
            write!(request, "Content-Length: {}\r\n", body.len())?;
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(body);
        Ok(self.stream.write_all(request).await?)
    }

    /// Reads the head of an answer.
    pub(crate) async fn head(&mut self) -> anyhow::Result<Head> {
        let end = loop {
            if let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            ensure!(self.buffer.len() < MAX_HEAD, "the head of an answer is too long");
            self.fill().await?;
        };
        self.head.clear();
        self.head.extend(self.buffer.drain(..end));
        let text = std::str::from_utf8(&self.head)?;
        let status = text.split(' ').nth(1).context("an answer without a status")?.parse()?;
        let number = |name| self.header(name).and_then(|value| value.parse::<u64>().ok());
        let length = number("content-length").map(usize::try_from).transpose()?;
        Ok(Head { status, length, retry_after: number("retry-after") })
    }

    /// A header of the last answer.
    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        std::str::from_utf8(&self.head).ok()?.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    }

    /// A whole exchange. The body is valid until the next one.
    pub(crate) async fn exchange(
        &mut self,
        line: &str,
        body: &[u8],
    ) -> anyhow::Result<(u16, Vec<u8>)> {
        let (head, body) = self.exchange_with(line, "", body).await?;
        Ok((head.status, body))
    }

    /// A whole exchange, with more headers and with the head of the answer.
    pub(crate) async fn exchange_with(
        &mut self,
        line: &str,
        headers: &str,
        body: &[u8],
    ) -> anyhow::Result<(Head, Vec<u8>)> {
        self.ask(line, headers, body).await?;
        let head = self.head().await?;
        let body = self.body(&head).await?;
        Ok((head, body))
    }

    /// Reads the body of the answer whose head was read.
    pub(crate) async fn body(&mut self, head: &Head) -> anyhow::Result<Vec<u8>> {
        let length = head.length.context("an answer without a length")?;
        ensure!(length <= MAX_BODY, "an answer of {length} bytes");
        while self.buffer.len() < length {
            self.fill().await?;
        }
        Ok(self.buffer.drain(..length).collect())
    }

    /// The same, for what must succeed.
    pub(crate) async fn succeed(&mut self, line: &str, body: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (status, body) = self.exchange(line, body).await?;
        if !(200..300).contains(&status) {
            bail!("{line} got {status}: {}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }

    /// The stream and what was read from it beyond the head, for other protocols.
    pub(crate) fn into_stream(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.buffer)
    }

    /// Whether the connection is open and no answer has come.
    pub(crate) fn is_silent(&self) -> bool {
        let read = self.stream.try_read(&mut [0]);
        matches!(read, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        self.buffer.reserve(4 * 1024);
        let read = self.stream.read_buf(&mut self.buffer).await?;
        ensure!(read > 0, "the server closed the connection");
        Ok(())
    }
}

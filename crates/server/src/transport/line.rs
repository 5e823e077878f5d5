//! A WebSocket that has no buffers until the client speaks.
//!
//! The library keeps more than a kilobyte for each socket: room to read into, its last frame written, its wakers. Most
//! sockets wait most of the time; those are no more than their stream, on which frames can be written as they are.
//! Measured in `docs/benchmarks.md`.

use bytes::Bytes;
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use protocol::MAX_FRAME_BYTES;
use tokio::io::AsyncWriteExt as _;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};

use crate::listener::Polite;

/// What one message may take in memory before the socket is given up without a word; above
/// [`MAX_FRAME_BYTES`], so that who is a little over is told why.
const MAX_BUFFERED_BYTES: usize = 2 * MAX_FRAME_BYTES;
/// To read into, while a client speaks: a send of a line fits.
const READ_BUFFER_BYTES: usize = 512;

/// Either side may speak at any time.
pub(super) struct Line {
    state: State,
}

enum State {
    Asleep {
        stream: Polite,
        /// What is left of the frame that is being written.
        unsent: Bytes,
    },
    Awake(Box<Awake>),
    /// Only while it changes from one to the other.
    Between,
}

struct Awake {
    socket: WebSocketStream<Polite>,
    /// Bytes that had been read from the stream when it woke up.
    from: u64,
    /// Bytes since then that were messages: as many as were read, unless the library holds the beginning of another.
    heard: u64,
}

impl State {
    fn asleep(stream: Polite) -> Self {
        Self::Asleep { stream, unsent: Bytes::new() }
    }
}

impl Line {
    /// Over a stream on which the upgrade was answered.
    pub(super) fn new(stream: Polite) -> Self {
        Self { state: State::asleep(stream) }
    }

    /// The next text or binary message, or `None` at the end: pings and the client's end are answered here.
    /// Cancelling it loses nothing.
    pub(super) async fn next(&mut self) -> Option<Result<Message, Error>> {
        loop {
            if let State::Asleep { stream, .. } = &self.state {
                stream.readable().await.ok()?;
            }
            let awake = self.wake()?;
            match awake.socket.next().await? {
                Ok(message) => {
                    awake.heard += on_wire(&message);
                    if message.is_text() || message.is_binary() {
                        return Some(Ok(message));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
            awake.socket.flush().await.ok()?;
        }
    }

    /// Sends a frame, once it is in the socket's hands.
    ///
    /// # Errors
    /// When the client has gone.
    pub(super) async fn send(&mut self, frame: Frame) -> Result<(), Error> {
        match &mut self.state {
            State::Awake(awake) => awake.socket.send(Message::Frame(frame)).await,
            State::Asleep { unsent, .. } => {
                let mut bytes = Vec::with_capacity(frame.len());
                frame.format(&mut bytes)?;
                *unsent = bytes.into();
                self.flush().await
            }
            State::Between => Err(Error::AlreadyClosed),
        }
    }

    async fn flush(&mut self) -> Result<(), Error> {
        match &mut self.state {
            State::Awake(awake) => awake.socket.flush().await,
            State::Asleep { stream, unsent } => {
                stream.write_all_buf(unsent).await?;
                // What is empty may still hold what it was a part of.
                *unsent = Bytes::new();
                Ok(())
            }
            State::Between => Err(Error::AlreadyClosed),
        }
    }

    /// Says that this is the end, and waits for the client to say so, too.
    pub(super) async fn close(&mut self, why: CloseFrame) {
        if self.flush().await.is_err() {
            return;
        }
        let Some(Awake { socket, .. }) = self.wake() else { return };
        if socket.send(Message::Close(Some(why))).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
    }

    /// Gives up what only a client that speaks needs, unless the beginning of a message has been read.
    pub(super) fn sleep(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Between) {
            State::Awake(awake) if awake.is_between_messages() => {
                State::asleep(awake.socket.into_inner())
            }
            state => state,
        };
    }

    fn wake(&mut self) -> Option<&mut Awake> {
        self.state = match std::mem::replace(&mut self.state, State::Between) {
            State::Asleep { stream, .. } => {
                let from = stream.bytes_read();
                // It waits for nothing, as the handshake is done; and so the futures that wait have no room for it.
                let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config()))
                    .now_or_never()?;
                State::Awake(Box::new(Awake { socket, from, heard: 0 }))
            }
            state => state,
        };
        match &mut self.state {
            State::Awake(awake) => Some(awake),
            State::Asleep { .. } | State::Between => None,
        }
    }
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(MAX_BUFFERED_BYTES))
        .max_frame_size(Some(MAX_BUFFERED_BYTES))
}

impl Awake {
    fn is_between_messages(&self) -> bool {
        self.socket.get_ref().bytes_read() - self.from == self.heard
    }
}

/// The bytes of a client's message in one frame (RFC 6455, 5.2): two, more for a long one, four of the mask, and what it
/// says. In several frames it has more, so that its socket does not sleep again; never fewer.
fn on_wire(message: &Message) -> u64 {
    let payload = message.len() as u64;
    let length = match payload {
        0..=125 => 0,
        126..=65_535 => 2,
        _ => 8,
    };
    2 + length + 4 + payload
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_bytes_of_its_frame() {
        let bytes = |len| on_wire(&Message::text("x".repeat(len)));
        assert_eq!([0, 125, 126].map(bytes), [6, 131, 134]);
        assert_eq!([65_535, 65_536].map(bytes), [65_543, 65_550]);
    }
}

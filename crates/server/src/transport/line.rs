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
    Resting {
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
    /// The library may have an answer of its own, to a ping or to the client's end, that is not all out yet.
    owes: bool,
}

impl State {
    fn resting(stream: Polite) -> Self {
        Self::Resting { stream, unsent: Bytes::new() }
    }
}

impl Line {
    /// Over a stream on which the upgrade was answered.
    pub(super) fn new(stream: Polite) -> Self {
        Self { state: State::resting(stream) }
    }

    /// The next text or binary message, or `None` at the end: pings and the client's end are answered here.
    /// Cancelling it loses nothing.
    pub(super) async fn next(&mut self) -> Option<Result<Message, Error>> {
        loop {
            if let State::Resting { stream, .. } = &self.state {
                stream.readable().await.ok()?;
            }
            let awake = self.wake()?;
            if awake.owes {
                awake.socket.flush().await.ok()?;
                awake.owes = false;
            }
            match awake.socket.next().await? {
                Ok(message) => {
                    awake.heard += on_wire(&message);
                    if message.is_text() || message.is_binary() {
                        return Some(Ok(message));
                    }
                    awake.owes = true;
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Sends a frame, once it is in the socket's hands. Where this is cut off, only [`Line::close`] may follow.
    ///
    /// # Errors
    /// When the client has gone.
    pub(super) async fn send(&mut self, frame: Frame) -> Result<(), Error> {
        match &mut self.state {
            State::Awake(awake) => awake.socket.send(Message::Frame(frame)).await,
            State::Resting { unsent, .. } => {
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
            State::Resting { stream, unsent } => {
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

    /// Gives up what only a client that speaks needs, unless the beginning of a message has been read, or an answer is
    /// still on its way.
    pub(super) fn rest(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Between) {
            State::Awake(awake) if awake.is_at_rest() => State::resting(awake.socket.into_inner()),
            state => state,
        };
    }

    fn wake(&mut self) -> Option<&mut Awake> {
        self.state = match std::mem::replace(&mut self.state, State::Between) {
            State::Resting { stream, .. } => {
                let from = stream.bytes_read();
                // It waits for nothing, as the handshake is done; and so the futures that wait have no room for it.
                let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config()))
                    .now_or_never()?;
                State::Awake(Box::new(Awake { socket, from, heard: 0, owes: false }))
            }
            state => state,
        };
        match &mut self.state {
            State::Awake(awake) => Some(awake),
            State::Resting { .. } | State::Between => None,
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
    fn is_at_rest(&self) -> bool {
        !self.owes && self.socket.get_ref().bytes_read() - self.from == self.heard
    }
}

/// The bytes of a client's message in one frame (RFC 6455, 5.2): two, more for a long one, four of the mask, and what it
/// says. In several frames it has more, so that its socket does not rest again; never fewer.
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
    use std::{sync::Arc, time::Duration};

    use tokio::io::AsyncReadExt as _;
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::Semaphore;
    use tokio::time::timeout;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    /// A line, and the client's end of it.
    async fn connected() -> (Line, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let place = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        (Line::new(Polite::new(listener.accept().await.unwrap().0, place)), client)
    }

    impl Line {
        fn stream(&self) -> &Polite {
            match &self.state {
                State::Resting { stream, .. } => stream,
                State::Awake(awake) => awake.socket.get_ref(),
                State::Between => panic!("between"),
            }
        }

        fn is_resting(&self) -> bool {
            matches!(self.state, State::Resting { .. })
        }

        /// Listens until so many bytes were read in all, which are no message yet.
        async fn hear_nothing_of(&mut self, bytes: usize) {
            let all = async {
                while self.stream().bytes_read() < bytes as u64 {
                    assert!(self.next().now_or_never().is_none(), "nothing was said yet");
                    tokio::task::yield_now().await;
                }
                assert!(self.next().now_or_never().is_none(), "nothing was said yet");
            };
            timeout(PATIENCE, all).await.unwrap();
        }

        async fn hear(&mut self) -> String {
            let heard = timeout(PATIENCE, self.next()).await.unwrap();
            heard.unwrap().unwrap().into_text().unwrap().to_string()
        }
    }

    /// A short frame of a client, masked with zeroes.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        [&[first, 0x80 | u8::try_from(payload.len()).unwrap(), 0, 0, 0, 0], payload].concat()
    }

    #[tokio::test]
    async fn who_rests_between_messages_loses_none_and_never_rests_within_one() {
        let (mut line, mut client) = connected().await;
        let whole = frame(0x81, b"hello");
        let mut said = 0;
        for at in 1..whole.len() {
            client.write_all(&whole[..at]).await.unwrap();
            line.hear_nothing_of(said + at).await;
            line.rest();
            assert!(!line.is_resting(), "{at} bytes are the beginning of a message");
            client.write_all(&whole[at..]).await.unwrap();
            assert_eq!(line.hear().await, "hello");
            line.rest();
            assert!(line.is_resting());
            said += whole.len();
            // What is written meanwhile is written as it is.
            line.send(Frame::message("!", OpCode::Data(Data::Text), true)).await.unwrap();
            let mut heard = [0; 3];
            client.read_exact(&mut heard).await.unwrap();
            assert_eq!(heard, [0x81, 1, b'!']);
        }
        // In two frames it is one message, too.
        client.write_all(&frame(0x01, b"hel")).await.unwrap();
        line.hear_nothing_of(said + 9).await;
        line.rest();
        assert!(!line.is_resting());
        client.write_all(&frame(0x80, b"lo")).await.unwrap();
        assert_eq!(line.hear().await, "hello");
        line.rest();
        client.write_all(&whole).await.unwrap();
        assert_eq!(line.hear().await, "hello");
    }

    #[tokio::test]
    async fn who_owes_an_answer_does_not_rest() {
        let (mut line, mut client) = connected().await;
        let ping = frame(0x89, b"there?");
        client.write_all(&ping).await.unwrap();
        line.hear_nothing_of(ping.len()).await;
        line.rest();
        assert!(line.is_resting());
        let mut heard = [0; 8];
        client.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"\x8a\x06there?");
        // The client reads nothing, until there is no room for an answer. The system may find some after all.
        let (mut said, mut owed) = (ping.len(), Vec::new());
        for _ in 0..100 {
            while let Ok(bytes) = line.stream().socket().unwrap().try_write(&[0; 65_536]) {
                owed.resize(owed.len() + bytes, 0);
            }
            client.write_all(&ping).await.unwrap();
            said += ping.len();
            line.hear_nothing_of(said).await;
            owed.extend(b"\x8a\x06there?");
            line.rest();
            if !line.is_resting() {
                break;
            }
        }
        assert!(!line.is_resting(), "the answer would be lost");
        let mut heard = vec![0; owed.len()];
        tokio::select! {
            read = timeout(PATIENCE, client.read_exact(&mut heard)) => drop(read.unwrap().unwrap()),
            _ = line.next() => panic!("nothing was said"),
        }
        assert!(heard == owed);
    }

    #[test]
    fn a_message_has_the_bytes_of_its_frame() {
        let bytes = |len| on_wire(&Message::text("x".repeat(len)));
        assert_eq!([0, 125, 126].map(bytes), [6, 131, 134]);
        assert_eq!([65_535, 65_536].map(bytes), [65_543, 65_550]);
    }
}

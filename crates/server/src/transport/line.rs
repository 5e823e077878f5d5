//! A WebSocket that has no buffers while nobody says anything.
//!
//! The library keeps more than a kilobyte for each socket: room to read into, its last frame written, its wakers. Most
//! sockets wait most of the time; those are no more than their stream, and become WebSockets again for as long
//! as something is said. Measured in `docs/benchmarks.md`.

use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};

use crate::listener::Polite;

/// Either side may speak at any time.
pub(super) struct Line {
    config: fn() -> WebSocketConfig,
    state: State,
}

enum State {
    Asleep(Polite),
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

impl Line {
    /// Over a stream on which the upgrade was answered.
    pub(super) fn new(stream: Polite, config: fn() -> WebSocketConfig) -> Self {
        Self { config, state: State::Asleep(stream) }
    }

    /// The next message, or `None` at the end. Cancelling it loses nothing.
    pub(super) async fn next(&mut self) -> Option<Result<Message, Error>> {
        self.sleep();
        if let State::Asleep(stream) = &self.state {
            stream.readable().await.ok()?;
        }
        let awake = self.wake().await?;
        let heard = awake.socket.next().await;
        if let Some(Ok(message)) = &heard {
            awake.heard += on_wire(message);
        }
        heard
    }

    /// Says something, once it is in the socket's hands.
    ///
    /// # Errors
    /// When the client has gone.
    pub(super) async fn send(&mut self, message: Message) -> Result<(), Error> {
        match self.wake().await {
            Some(awake) => awake.socket.send(message).await,
            None => Err(Error::AlreadyClosed),
        }
    }

    /// Says that this is the end, and waits for the client to say so, too.
    pub(super) async fn close(&mut self, why: CloseFrame) {
        let Some(Awake { socket, .. }) = self.wake().await else { return };
        if socket.send(Message::Close(Some(why))).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
    }

    /// Sends what the library has to say by itself: the answer to a ping, or to the client's end.
    ///
    /// # Errors
    /// When the client has gone.
    pub(super) async fn flush(&mut self) -> Result<(), Error> {
        match &mut self.state {
            State::Awake(awake) => awake.socket.flush().await,
            State::Asleep(_) | State::Between => Ok(()),
        }
    }

    /// Gives up what is not needed to wait, unless the beginning of a message has been read.
    fn sleep(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Between) {
            State::Awake(awake) if awake.is_between_messages() => {
                State::Asleep(awake.socket.into_inner())
            }
            state => state,
        };
    }

    async fn wake(&mut self) -> Option<&mut Awake> {
        if matches!(self.state, State::Asleep(_))
            && let State::Asleep(stream) = std::mem::replace(&mut self.state, State::Between)
        {
            let from = stream.bytes_read();
            // It waits for nothing: the handshake is done.
            let socket =
                WebSocketStream::from_raw_socket(stream, Role::Server, Some((self.config)())).await;
            self.state = State::Awake(Box::new(Awake { socket, from, heard: 0 }));
        }
        match &mut self.state {
            State::Awake(awake) => Some(awake),
            State::Asleep(_) | State::Between => None,
        }
    }
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

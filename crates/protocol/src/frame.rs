//! WebSocket frames: JSON text, at most 128 KiB each way from clients, and the close codes.

use serde::{Deserialize, Serialize};

use crate::{Batch, ConversationId, Message, Problem, Seq};

/// The largest frame that a client may send, in bytes; a larger one closes the socket with 1009.
pub const MAX_FRAME_BYTES: usize = 128 * 1024;

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Send a message; answered by `sent` or `error` with the same `client_id`.
    Send {
        /// The idempotency key.
        client_id: String,
        /// Where.
        conversation_id: ConversationId,
        /// What.
        text: String,
    },
    /// The user is typing.
    Typing {
        /// Where.
        conversation_id: ConversationId,
    },
    /// The user has read.
    Read {
        /// Where.
        conversation_id: ConversationId,
        /// Up to here.
        seq: Seq,
    },
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame.
    Hello {
        /// Where the stream starts.
        cursor: String,
        /// Milliseconds to wait before connecting again, should the socket break.
        retry_in: u64,
    },
    /// Events.
    Events(Batch),
    /// Nothing happened for 25 s; the connection is alive.
    Beat {
        /// Up to where the log was looked through.
        cursor: String,
    },
    /// A send was taken; it is durable.
    Sent {
        /// The idempotency key.
        client_id: String,
        /// The message as it is now.
        message: Message,
    },
    /// A frame was refused.
    Error {
        /// Of the send that was refused, if it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// Why.
        problem: Problem,
    },
}

/// Why the server closes a socket; tells the client whether to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// 1009: a frame over [`MAX_FRAME_BYTES`].
    TooLarge,
    /// 1012: the server restarts; come back after the milliseconds in the reason.
    Restart,
    /// 4401: the session has ended; log in again.
    LoggedOut,
    /// 4409: too slow a reader; come back with the cursor.
    SlowReader,
}

impl CloseCode {
    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            Self::TooLarge => 1009,
            Self::Restart => 1012,
            Self::LoggedOut => 4401,
            Self::SlowReader => 4409,
        }
    }
}

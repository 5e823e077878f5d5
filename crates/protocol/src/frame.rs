//! WebSocket frames: JSON text, at most 128 KiB each way from clients, and the close codes.

use serde::{Deserialize, Serialize};

use crate::{
    Batch, ConversationId, Forward, Mention, Message, NewAttachment, NewMessage, Problem, Seq,
};

/// The largest frame that a client may send, in bytes; a larger one closes the socket with 1009.
pub const MAX_FRAME_BYTES: usize = 128 * 1024;

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Send a message; answered by `sent` or `error` with the same `client_id`.
    Send(Box<SendFrame>),
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

/// A [`NewMessage`] and where it goes, in one flat object: unknown fields are refused here as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendFrame {
    /// The idempotency key.
    pub client_id: String,
    /// Where.
    pub conversation_id: ConversationId,
    /// As of a [`NewMessage`].
    #[serde(default)]
    pub text: String,
    /// As of a [`NewMessage`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// As of a [`NewMessage`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<NewAttachment>,
    /// As of a [`NewMessage`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// As of a [`NewMessage`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentions_all: bool,
    /// As of a [`NewMessage`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward: Option<Forward>,
    /// As of a [`NewMessage`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker_id: Option<String>,
}

impl SendFrame {
    /// What goes to `conversation_id`.
    #[must_use]
    pub fn new(conversation_id: ConversationId, message: NewMessage) -> Self {
        let NewMessage {
            client_id,
            text,
            reply_to,
            attachments,
            mentions,
            mentions_all,
            forward,
            sticker_id,
        } = message;
        Self {
            client_id,
            conversation_id,
            text,
            reply_to,
            attachments,
            mentions,
            mentions_all,
            forward,
            sticker_id,
        }
    }

    /// The message without the place.
    #[must_use]
    pub fn into_message(self) -> NewMessage {
        NewMessage {
            client_id: self.client_id,
            text: self.text,
            reply_to: self.reply_to,
            attachments: self.attachments,
            mentions: self.mentions,
            mentions_all: self.mentions_all,
            forward: self.forward,
            sticker_id: self.sticker_id,
        }
    }
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
        message: Box<Message>,
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

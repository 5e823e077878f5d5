//! WebSocket frames: JSON text, at most 128 KiB each way from clients, and the close codes.

use serde::{Deserialize, Serialize};

use crate::{Batch, ConversationId, Message, NewMessage, Problem, Seq};

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

/// A [`NewMessage`] and where it goes, in one flat object. Unknown fields are refused here: a message that is flattened
/// takes its own fields only and leaves the others to this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendFrame {
    /// Where.
    pub conversation_id: ConversationId,
    /// What.
    #[serde(flatten)]
    pub message: NewMessage,
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame.
    Hello {
        /// Where the stream starts; the given one where the first batch will say `reset`.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_send_is_a_message_and_its_place_and_nothing_else() {
        let message = json!({
            "client_id": "a", "text": "hi", "reply_to": 1, "attachments": [{"upload_id": "u"}],
            "mentions": [{"user_id": 2, "name": "ben"}], "mentions_all": true,
            "forward": {"conversation_id": 3, "seqs": [4]}, "sticker_id": "s",
        });
        let mut frame = message.clone();
        frame["type"] = json!("send");
        frame["conversation_id"] = json!(5);
        let ClientFrame::Send(send) = serde_json::from_value(frame.clone()).unwrap() else {
            panic!("a send")
        };
        assert_eq!(send.conversation_id, ConversationId(5));
        assert_eq!(send.message, serde_json::from_value(message).unwrap());
        assert_eq!(serde_json::to_value(ClientFrame::Send(send)).unwrap(), frame);
        for (path, value) in [("", json!(1)), ("/forward", json!(1)), ("/mentions/0", json!(1))] {
            let mut odd = frame.clone();
            odd.pointer_mut(path).unwrap()["odd"] = value;
            assert!(serde_json::from_value::<ClientFrame>(odd).is_err(), "{path}");
        }
    }
}

//! A send as it comes in: parsed at the edge, and what came of it.

use protocol::{ConversationId, MAX_CLIENT_ID_CHARS, MAX_TEXT_CHARS, Message, NewMessage, UserId};
use sha2::{Digest, Sha256};

use super::{compose, words::Worked};
use crate::{
    problem::{Answer, Refusal},
    text,
};

/// A message that somebody wants to send; its text and key are valid.
#[derive(Clone, Debug)]
pub(super) struct Send {
    pub(super) sender_id: UserId,
    pub(super) conversation_id: ConversationId,
    pub(super) message: NewMessage,
    /// Of the conversation and all that is said: what a retry must have in common with the first.
    pub(super) digest: [u8; 32],
    /// What the server made of it before its unit.
    pub(super) worked: Worked,
}

impl Send {
    /// # Errors
    /// 422 `invalid` for a `client_id` or text out of bounds.
    pub(super) fn parse(
        sender_id: UserId,
        conversation_id: ConversationId,
        mut message: NewMessage,
    ) -> Answer<Self> {
        let client_id = &message.client_id;
        let printable = client_id.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !printable || !(1..=MAX_CLIENT_ID_CHARS).contains(&client_id.len()) {
            return Err(Refusal::invalid(
                "client_id",
                "must be 1 to 64 printable ASCII characters",
            ));
        }
        let least = usize::from(!compose::says_more(&message));
        message.text = text::speech("text", &message.text, least, MAX_TEXT_CHARS)?;
        compose::check_bounds(&message)?;
        let digest = digest(conversation_id, &message)?;
        Ok(Self { sender_id, conversation_id, message, digest, worked: Worked::default() })
    }

    /// The idempotency key.
    pub(super) fn client_id(&self) -> &str {
        &self.message.client_id
    }
}

/// A plain text is hashed as it stands; whatever else is sent follows as JSON, after a byte that no text holds.
fn digest(conversation_id: ConversationId, message: &NewMessage) -> Answer<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(conversation_id.get().to_be_bytes());
    hash.update(message.text.as_bytes());
    let rest = NewMessage { client_id: String::new(), text: String::new(), ..message.clone() };
    if rest != NewMessage::default() {
        hash.update([0]);
        hash.update(serde_json::to_vec(&rest).map_err(Refusal::internal)?);
    }
    Ok(hash.finalize().into())
}

/// A message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// As it is now.
    pub message: Message,
    /// Whether this send made it; `false` for a retry.
    pub fresh: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(client_id: &str, text: &str) -> Answer<Send> {
        Send::parse(UserId(1), ConversationId(2), said(client_id, text))
    }

    fn said(client_id: &str, text: &str) -> NewMessage {
        NewMessage { client_id: client_id.into(), text: text.into(), ..NewMessage::default() }
    }

    #[test]
    fn the_digest_is_of_the_trimmed_text_and_the_conversation() {
        let send = parse("a", " hi\u{3000}").unwrap();
        assert_eq!(send.message.text, "hi");
        assert_eq!(send.digest, parse("b", "hi").unwrap().digest);
        assert_ne!(send.digest, parse("a", "ho").unwrap().digest);
        let elsewhere = Send::parse(UserId(1), ConversationId(3), said("a", "hi")).unwrap();
        assert_ne!(send.digest, elsewhere.digest);
        let answer = NewMessage { reply_to: Some(protocol::Seq(1)), ..said("a", "hi") };
        let answer = Send::parse(UserId(1), ConversationId(2), answer).unwrap();
        assert_ne!(send.digest, answer.digest);
    }

    #[test]
    fn bounds_hold() {
        assert!(parse(&"x".repeat(64), &"字".repeat(10_000)).is_ok());
        for (client_id, text) in [
            ("", "hi"),
            (&*"x".repeat(65), "hi"),
            ("ключ", "hi"),
            ("a\tb", "hi"),
            ("a", " \n\u{2003}"),
            ("a", "nul\u{0}"),
            ("a", &*"x".repeat(10_001)),
        ] {
            assert!(parse(client_id, text).is_err(), "{client_id:?} {text:?}");
        }
    }
}

//! A send as it comes in: parsed at the edge, and what came of it.

use protocol::{ConversationId, MAX_CLIENT_ID_CHARS, MAX_TEXT_CHARS, Message, UserId};
use sha2::{Digest, Sha256};

use crate::{
    problem::{Answer, Refusal},
    text,
};

/// A message that somebody wants to send; its text and key are valid.
#[derive(Clone, Debug)]
pub(super) struct Send {
    pub(super) sender_id: UserId,
    pub(super) conversation_id: ConversationId,
    pub(super) client_id: String,
    pub(super) text: String,
    /// Of the conversation and the text: what a retry must have in common with the first.
    pub(super) digest: [u8; 32],
}

impl Send {
    /// # Errors
    /// 422 `invalid` for a `client_id` or text out of bounds.
    pub(super) fn parse(
        sender_id: UserId,
        conversation_id: ConversationId,
        client_id: String,
        text: &str,
    ) -> Answer<Self> {
        let printable = client_id.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !printable || !(1..=MAX_CLIENT_ID_CHARS).contains(&client_id.len()) {
            return Err(Refusal::invalid(
                "client_id",
                "must be 1 to 64 printable ASCII characters",
            ));
        }
        let text = text::speech("text", text, 1, MAX_TEXT_CHARS)?;
        let mut hash = Sha256::new();
        hash.update(conversation_id.get().to_be_bytes());
        hash.update(text.as_bytes());
        let digest = hash.finalize().into();
        Ok(Self { sender_id, conversation_id, client_id, text, digest })
    }
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
        Send::parse(UserId(1), ConversationId(2), client_id.to_owned(), text)
    }

    #[test]
    fn the_digest_is_of_the_trimmed_text_and_the_conversation() {
        let send = parse("a", " hi\u{3000}").unwrap();
        assert_eq!(send.text, "hi");
        assert_eq!(send.digest, parse("b", "hi").unwrap().digest);
        assert_ne!(send.digest, parse("a", "ho").unwrap().digest);
        let elsewhere = Send::parse(UserId(1), ConversationId(3), "a".into(), "hi").unwrap();
        assert_ne!(send.digest, elsewhere.digest);
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

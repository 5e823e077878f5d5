//! Finds messages and cursors in the server's JSON without parsing all of it: the load client shares the cores
//! with the server that it measures. What does not look as expected is parsed in full instead.

use anyhow::Context as _;
use memchr::memmem;
use protocol::{Batch, EventBody, ServerFrame};

/// A message, as far as the benchmark cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    pub(crate) conversation: i64,
    pub(crate) seq: i64,
    pub(crate) text: &'a str,
}

/// Calls `each` for every message in a batch or a frame, in order.
///
/// # Errors
/// When the JSON is none of the protocol's, at a `reset`, or when `each` fails.
pub(crate) fn messages(
    json: &[u8],
    each: impl FnMut(Found<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let found: Option<Vec<Found<'_>>> =
        memmem::find_iter(json, b"\"message\":{\"id\":").map(|at| fields(&json[at..])).collect();
    let Some(found) = found else { return in_full(json, each) };
    anyhow::ensure!(memmem::find(json, b"\"reset\":true").is_none(), "a reset came");
    found.into_iter().try_for_each(each)
}

/// The fields of a message that starts here, in the order in which the protocol's type writes them.
fn fields(json: &[u8]) -> Option<Found<'_>> {
    // Long enough for everything before the text; ids are numbers, the rest is short.
    let head = &json[..json.len().min(512)];
    let conversation = number_after(head, b"\"conversation_id\":")?;
    let seq = number_after(head, b"\"seq\":")?;
    let from = memmem::find(head, b"\"kind\":\"text\",\"text\":\"")? + 22;
    let text = &json[from..];
    let end = memchr::memchr2(b'"', b'\\', text)?;
    // With escapes in it, it is none of the benchmark's own.
    (text[end] == b'"').then_some(())?;
    Some(Found { conversation, seq, text: std::str::from_utf8(&text[..end]).ok()? })
}

fn number_after(json: &[u8], name: &[u8]) -> Option<i64> {
    let digits = &json[memmem::find(json, name)? + name.len()..];
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

/// The slow way, for any JSON of the protocol's; notices count as messages.
fn in_full(
    json: &[u8],
    mut each: impl FnMut(Found<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let found = |message: &protocol::Message, each: &mut dyn FnMut(Found<'_>) -> _| {
        let (conversation, seq) = (message.conversation_id.get(), message.seq.get());
        each(Found { conversation, seq, text: &message.text })
    };
    let batch = match serde_json::from_slice::<ServerFrame>(json) {
        Ok(ServerFrame::Sent { message, .. }) => return found(&message, &mut each),
        Ok(ServerFrame::Events(batch)) => batch,
        Ok(_) => return Ok(()),
        Err(_) => serde_json::from_slice::<Batch>(json).context("neither a frame nor a batch")?,
    };
    anyhow::ensure!(batch.reset.is_none(), "a reset came");
    for event in &batch.events {
        if let EventBody::MessageCreated { message, .. } = &event.body {
            found(message, &mut each)?;
        }
    }
    Ok(())
}

/// The cursor of a batch, which is written after its events.
///
/// # Errors
/// When there is none.
pub(crate) fn cursor(json: &[u8]) -> anyhow::Result<&str> {
    const NAME: &[u8] = b"\"cursor\":\"";
    let at = memmem::rfind(json, NAME).context("a batch without a cursor")? + NAME.len();
    let end = memchr::memchr(b'"', &json[at..]).context("a cursor without an end")?;
    Ok(std::str::from_utf8(&json[at..at + end])?)
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, Event, Message, MessageId, MessageKind, Position, Seq, UserId};

    use super::*;

    fn event(seq: i64, text: &str) -> Event {
        let message = Message {
            id: MessageId(99),
            conversation_id: ConversationId(7),
            seq: Seq(seq),
            sender_id: UserId(10_001),
            client_id: Some("c".into()),
            sent_at: protocol::Timestamp(0),
            kind: MessageKind::Text,
            text: text.into(),
            notice: None,
            details: protocol::Details::default(),
        };
        let (conversation_id, seq) = (message.conversation_id, message.seq);
        let body = EventBody::MessageCreated { conversation_id, seq, message: Box::new(message) };
        Event { id: Some(Position(5)), at: protocol::Timestamp(0), body }
    }

    fn scanned(json: &[u8]) -> Vec<(i64, i64, String)> {
        let mut all = Vec::new();
        messages(json, |found| {
            all.push((found.conversation, found.seq, found.text.to_owned()));
            Ok(())
        })
        .unwrap();
        all
    }

    #[test]
    fn what_is_scanned_is_what_the_protocol_says() {
        for texts in [["plain", "also plain"], ["with \"quotes\"", "and \\ more"]] {
            let events = vec![event(3, texts[0]), event(4, texts[1])];
            let batch = Batch { events, cursor: "abc.12".into(), reset: None, retry_in: None };
            let json = serde_json::to_vec(&batch).unwrap();
            let expected = [(7, 3, texts[0].to_owned()), (7, 4, texts[1].to_owned())];
            // The second kind has escapes, and is parsed in full.
            assert_eq!(scanned(&json), expected);
            assert_eq!(cursor(&json).unwrap(), "abc.12");
        }
    }

    #[test]
    fn frames_are_scanned_too_and_a_reset_is_an_error() {
        let EventBody::MessageCreated { message, .. } = event(8, "hello").body else {
            unreachable!("it was made as one")
        };
        let sent = ServerFrame::Sent { client_id: "c".into(), message };
        let json = serde_json::to_vec(&sent).unwrap();
        assert_eq!(scanned(&json), [(7, 8, "hello".to_owned())]);
        let reset = br#"{"type":"events","events":[],"cursor":"a.1","reset":true}"#;
        assert!(messages(reset, |_| Ok(())).is_err());
    }
}

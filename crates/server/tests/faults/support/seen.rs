//! What one device has seen: its cursor and the messages, checked as they come.

use std::collections::BTreeMap;

use protocol::{Batch, Cursor, EventBody, Message};

/// A device's own account. Every batch goes through [`Seen::take`].
pub(crate) struct Seen {
    /// For failures: who.
    name: String,
    /// Where to ask from next.
    pub(crate) cursor: Cursor,
    /// The position of the last event.
    last: i64,
    /// Conversation → its messages in the order they came.
    pub(crate) messages: BTreeMap<i64, Vec<Message>>,
}

impl Seen {
    /// Starts at a cursor.
    pub(crate) fn from(name: impl Into<String>, cursor: &str) -> Self {
        let cursor: Cursor = cursor.parse().unwrap();
        let last = cursor.position.get();
        Self { name: name.into(), cursor, last, messages: BTreeMap::new() }
    }

    /// Applies a batch.
    ///
    /// # Panics
    /// At a `reset`, a cursor that goes back, an event that comes again or out of order, and a hole between
    /// two messages of a conversation.
    pub(crate) fn take(&mut self, batch: Batch) {
        let name = &self.name;
        assert_eq!(batch.reset, None, "{name}: nothing here gives a reason for a reset");
        let cursor: Cursor = batch.cursor.parse().unwrap();
        assert_eq!(cursor.epoch, self.cursor.epoch, "{name}: the epoch stays");
        let (before, now) = (self.cursor.position, cursor.position);
        assert!(now >= before, "{name}: the cursor went back from {before} to {now}");
        for event in batch.events {
            let Some(position) = event.id else { continue };
            let (last, position) = (self.last, position.get());
            assert!(position > last, "{name}: event {position} came after {last}");
            assert!(position <= now.get(), "{name}: event {position} is beyond its cursor {now}");
            self.last = position;
            if let EventBody::MessageCreated { conversation_id, seq, message } = event.body {
                assert_eq!((conversation_id, seq), (message.conversation_id, message.seq));
                let told = self.messages.entry(conversation_id.get()).or_default();
                if let Some(before) = told.last().map(|message| message.seq.get()) {
                    let seq = seq.get();
                    assert_eq!(seq, before + 1, "{name}: in {conversation_id} after {before}");
                }
                told.push(*message);
            }
        }
        self.cursor = cursor;
    }

    /// How many messages were seen in a conversation.
    pub(crate) fn count(&self, conversation: i64) -> usize {
        self.messages.get(&conversation).map_or(0, Vec::len)
    }
}

//! What was sent and what was acknowledged, in the order in which the writers saw it; and how that must agree
//! with the history.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use protocol::Message;
use tokio::sync::watch;

/// One send, from its first try on.
struct Sent {
    conversation: i64,
    sender: i64,
    text: String,
    /// Tick of the first try.
    began: u64,
    /// Tick of the first acknowledgement, and the seq that it named.
    acknowledged: Option<(u64, i64)>,
}

#[derive(Default)]
struct State {
    /// Counts beginnings and acknowledgements: a clock that orders them.
    tick: u64,
    sent: HashMap<String, Sent>,
}

/// Shared by all writers.
pub(super) struct Ledger {
    state: Mutex<State>,
    acknowledged: watch::Sender<u64>,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self { state: Mutex::default(), acknowledged: watch::Sender::new(0) }
    }

    /// A new send, before its first try.
    pub(super) fn begin(&self, client_id: &str, conversation: i64, sender: i64, text: &str) {
        let mut state = self.state.lock().unwrap();
        state.tick += 1;
        let began = state.tick;
        let text = text.to_owned();
        let sent = Sent { conversation, sender, text, began, acknowledged: None };
        assert!(state.sent.insert(client_id.to_owned(), sent).is_none(), "{client_id} is new");
    }

    /// The server says that it is durable.
    pub(super) fn acknowledge(&self, client_id: &str, message: &Message) {
        let mut state = self.state.lock().unwrap();
        state.tick += 1;
        let tick = state.tick;
        let sent = state.sent.get_mut(client_id).expect("only what was sent is acknowledged");
        check_message(sent, client_id, message);
        let seq = message.seq.get();
        match sent.acknowledged {
            None => sent.acknowledged = Some((tick, seq)),
            Some((_, before)) => assert_eq!(seq, before, "{client_id} got two seqs"),
        }
        drop(state);
        self.acknowledged.send_modify(|count| *count += 1);
    }

    /// How many acknowledgements there were.
    pub(super) fn acknowledged(&self) -> u64 {
        *self.acknowledged.borrow()
    }

    /// Waits for that many.
    pub(super) async fn reached(&self, count: u64) {
        let mut acknowledged = self.acknowledged.subscribe();
        acknowledged.wait_for(|now| *now >= count).await.unwrap();
    }

    /// Compares with the history of a conversation after `start`.
    ///
    /// # Panics
    /// When a promise is broken.
    pub(super) fn check(&self, conversation: i64, start: i64, history: &[Message]) {
        let state = self.state.lock().unwrap();
        let mut there = HashSet::new();
        for (message, expected) in history.iter().zip(start + 1..) {
            assert_eq!(message.seq.get(), expected, "conversation {conversation} is dense");
            let client_id = message.client_id.as_deref().expect("nothing but sends happened");
            let sent = state.sent.get(client_id).expect("nothing is there that was not sent");
            check_message(sent, client_id, message);
            assert!(there.insert(client_id), "{client_id} is there twice");
            if let Some((_, seq)) = sent.acknowledged {
                assert_eq!(seq, expected, "{client_id} was acknowledged under another seq");
            }
        }
        let here = || state.sent.iter().filter(|(_, sent)| sent.conversation == conversation);
        for (client_id, sent) in here() {
            let lost = sent.acknowledged.is_some() && !there.contains(client_id.as_str());
            assert!(!lost, "{client_id} was acknowledged and is not there");
        }
        // Acknowledged before the other began: before it in the order (G4). From the end, the earliest
        // acknowledgement among all that come later must not precede anybody's beginning.
        let mut earliest = u64::MAX;
        for message in history.iter().rev() {
            let sent = &state.sent[message.client_id.as_deref().expect("checked above")];
            assert!(sent.began < earliest, "{:?} came before what preceded it", message.client_id);
            earliest = earliest.min(sent.acknowledged.map_or(u64::MAX, |(tick, _)| tick));
        }
    }
}

fn check_message(sent: &Sent, client_id: &str, message: &Message) {
    assert_eq!(message.client_id.as_deref(), Some(client_id));
    assert_eq!(message.conversation_id.get(), sent.conversation, "{client_id}");
    assert_eq!(message.sender_id.get(), sent.sender, "{client_id}");
    assert_eq!(message.text, sent.text, "{client_id}");
}

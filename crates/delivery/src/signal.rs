//! Ephemeral signals: typing, presence, "fetch this profile again". Beside the log, best effort, the first
//! thing dropped under load.
//!
//! Sessions that stream get them at once. Whoever polls gets those still in force with the next answer, which
//! may repeat one: they are idempotent.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use protocol::{ConversationId, EventBody, Timestamp, UserId};

use crate::tail::lock;

/// How long somebody counts as typing, in milliseconds; clients repeat the signal every three seconds.
const TYPING_MILLIS: i64 = 6_000;
/// How long other signals are told to those who poll, in milliseconds: the longest long poll.
const OTHER_MILLIS: i64 = 60_000;

/// What a newer signal replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Typing(ConversationId, UserId),
    Receipt(ConversationId, UserId),
    Presence(UserId),
    User(UserId),
}

/// For whom a signal is.
#[derive(Clone, Debug)]
pub(crate) enum To {
    /// Those who are in this stream now, but for one.
    Stream { stream: i64, except: UserId },
    /// These.
    Users(Arc<[UserId]>),
}

#[derive(Debug)]
struct InForce {
    to: To,
    until: Timestamp,
    payload: Bytes,
}

/// The signals in force.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    in_force: Mutex<HashMap<Key, InForce>>,
}

impl Signals {
    /// Remembers a signal while it is in force. Beyond `most` it is not remembered, once those whose time is
    /// over have been let go.
    pub(crate) fn remember(
        &self,
        body: &EventBody,
        to: To,
        payload: Bytes,
        now: Timestamp,
        most: usize,
    ) {
        let (key, millis) = match body {
            EventBody::Typing { conversation_id, user_id } => {
                (Key::Typing(*conversation_id, *user_id), TYPING_MILLIS)
            }
            EventBody::Receipt { conversation_id, user_id, .. } => {
                (Key::Receipt(*conversation_id, *user_id), OTHER_MILLIS)
            }
            EventBody::Presence { user_id, .. } => (Key::Presence(*user_id), OTHER_MILLIS),
            EventBody::UserUpdated { user_id } => (Key::User(*user_id), OTHER_MILLIS),
            // Everything else is logged, not signalled.
            _ => return,
        };
        let mut in_force = lock(&self.in_force);
        if in_force.len() >= most && !in_force.contains_key(&key) {
            in_force.retain(|_, signal| now < signal.until);
            if in_force.len() >= most {
                return;
            }
        }
        in_force.insert(key, InForce { to, until: now.plus_millis(millis), payload });
    }

    /// Somebody who has sent a message is typing no longer.
    pub(crate) fn stop_typing(&self, conversation: ConversationId, user: UserId) {
        lock(&self.in_force).remove(&Key::Typing(conversation, user));
    }

    /// What is in force for a user; `is_in` tells whether they are in a stream.
    pub(crate) fn for_user(
        &self,
        user: UserId,
        now: Timestamp,
        is_in: impl Fn(i64) -> bool,
    ) -> Vec<Bytes> {
        lock(&self.in_force)
            .values()
            .filter(|signal| now < signal.until)
            .filter(|signal| match &signal.to {
                To::Stream { stream, except } => *except != user && is_in(*stream),
                To::Users(users) => users.contains(&user),
            })
            .map(|signal| signal.payload.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typing(conversation: i64, user: i64) -> EventBody {
        EventBody::Typing { conversation_id: ConversationId(conversation), user_id: UserId(user) }
    }

    #[test]
    fn typing_is_told_to_the_others_while_it_lasts() {
        let signals = Signals::default();
        let to = To::Stream { stream: 7, except: UserId(1) };
        let payload = Bytes::from_static(b"{}");
        signals.remember(&typing(7, 1), to.clone(), payload.clone(), Timestamp(0), 1);
        // Full: the next is not remembered until the first is over.
        signals.remember(&typing(8, 1), to.clone(), payload.clone(), Timestamp(0), 1);
        let told = |user, now, stream: i64| {
            signals.for_user(UserId(user), Timestamp(now), |s| s == stream).len()
        };
        assert_eq!(told(2, 0, 7), 1);
        assert_eq!(told(1, 0, 7), 0, "not to oneself");
        assert_eq!(told(2, 0, 9), 0, "not to outsiders");
        assert_eq!(told(2, TYPING_MILLIS, 7), 0, "not for ever");
        signals.remember(&typing(8, 1), to, payload, Timestamp(TYPING_MILLIS), 1);
        assert_eq!(told(2, TYPING_MILLIS, 7), 1);
        signals.stop_typing(ConversationId(8), UserId(1));
        assert_eq!(told(2, TYPING_MILLIS, 7), 0);
    }
}

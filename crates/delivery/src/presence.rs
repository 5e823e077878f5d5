//! Who is online. Kept in memory, never logged: a restart begins with everybody away.

use std::{collections::HashMap, sync::Mutex};

use protocol::{Presence, Timestamp, UserId};
use tokio::sync::mpsc;

use crate::tail::lock;

/// Changes that wait to be told to friends; more are dropped, as presence is best effort.
const WAITING_CHANGES: usize = 4_096;

/// Who is online, and whose time to come back is running.
#[derive(Debug)]
pub(crate) struct Presences {
    /// Present users; with the time at which they count as gone, if no device is connected now.
    present: Mutex<HashMap<UserId, Option<Timestamp>>>,
    changes: mpsc::Sender<(UserId, Presence)>,
    changed: tokio::sync::Mutex<mpsc::Receiver<(UserId, Presence)>>,
}

impl Presences {
    pub(crate) fn new() -> Self {
        let (changes, changed) = mpsc::channel(WAITING_CHANGES);
        Self { present: Mutex::default(), changes, changed: tokio::sync::Mutex::new(changed) }
    }

    pub(crate) fn of(&self, user: UserId) -> Presence {
        if lock(&self.present).contains_key(&user) { Presence::Online } else { Presence::Offline }
    }

    pub(crate) fn count(&self) -> usize {
        lock(&self.present).len()
    }

    /// A device of this user has connected.
    pub(crate) fn connected(&self, user: UserId) {
        if lock(&self.present).insert(user, None).is_none() {
            let _ = self.changes.try_send((user, Presence::Online));
        }
    }

    /// The last device of this user has gone; unless one comes back by then, the user has.
    pub(crate) fn disconnected(&self, user: UserId, gone_at: Timestamp) {
        if let Some(entry) = lock(&self.present).get_mut(&user) {
            *entry = Some(gone_at);
        }
    }

    /// Lets go of those whose time is over.
    pub(crate) fn sweep(&self, now: Timestamp) {
        lock(&self.present).retain(|&user, gone_at| {
            let stays = gone_at.is_none_or(|gone_at| now < gone_at);
            if !stays {
                let _ = self.changes.try_send((user, Presence::Offline));
            }
            stays
        });
    }

    /// The next change; for one caller at a time.
    pub(crate) async fn next_change(&self) -> Option<(UserId, Presence)> {
        self.changed.lock().await.recv().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn coming_back_in_time_is_no_change() {
        let presences = Presences::new();
        let (ann, bob) = (UserId(10_001), UserId(10_002));
        presences.connected(ann);
        presences.connected(bob);
        presences.disconnected(ann, Timestamp(100));
        presences.disconnected(bob, Timestamp(100));
        presences.sweep(Timestamp(99));
        presences.connected(bob);
        presences.sweep(Timestamp(100));
        assert_eq!((presences.of(ann), presences.of(bob)), (Presence::Offline, Presence::Online));
        let mut told = Vec::new();
        for _ in 0..3 {
            told.push(presences.next_change().await.unwrap());
        }
        assert_eq!(
            told,
            [(ann, Presence::Online), (bob, Presence::Online), (ann, Presence::Offline)]
        );
    }
}

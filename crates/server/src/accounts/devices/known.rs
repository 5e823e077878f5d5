//! Devices that were looked up before, so that a send over HTTP needs no query to know its sender.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use delivery::DeviceId;
use protocol::{Permissions, Timestamp, UserId};

use crate::accounts::credential::SecretHash;

/// The most devices remembered, about 10 MB. When it is full, everything is forgotten at once: the next
/// request of each device costs a query again.
const MAX_DEVICES: usize = 65_536;
/// The most ended devices remembered; numbers of devices are never used again.
const MAX_ENDED: usize = 4_096;
/// Last use is stored at most once in this time, in milliseconds.
const TOUCH_EVERY: i64 = 60_000;

/// A device as it was found in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) user_id: UserId,
    pub(crate) device: DeviceId,
    pub(crate) permissions: Permissions,
    /// When a session ends unless it is used; `None` for tokens.
    pub(crate) expires_at: Option<Timestamp>,
    /// Last use, exact to [`TOUCH_EVERY`].
    pub(crate) seen_at: Timestamp,
}

/// Remembers devices by the hash of their secret. Cheap to ask; nothing awaits while the lock is held.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    by_secret: HashMap<SecretHash, Known>,
    /// Grows with every removal. What was read from the database before a removal is not remembered after
    /// it: the read may have missed the change.
    removals: u64,
    /// Devices that ended lately, the latest last: for requests that were authenticated just before.
    ended: VecDeque<DeviceId>,
}

/// When a look-up in the database began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Since(u64);

impl Devices {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be called before the look-up whose result is given to [`Devices::remember`].
    pub(crate) fn since(&self) -> Since {
        Since(self.lock().removals)
    }

    /// Remembers what was found, unless a device was removed since the look-up began.
    pub(crate) fn remember(&self, secret: SecretHash, known: Known, since: Since) {
        let mut inner = self.lock();
        if inner.removals != since.0 {
            return;
        }
        if inner.by_secret.len() >= MAX_DEVICES {
            inner.by_secret.clear();
        }
        inner.by_secret.insert(secret, known);
        // A token ends with its owner's suspension and comes back after it; what was deleted is never found again.
        inner.ended.retain(|device| *device != known.device);
    }

    /// The device behind `secret` if it is remembered, and whether its use is to be stored now: one caller
    /// in [`TOUCH_EVERY`] is told so. An expired one is forgotten.
    pub(crate) fn find(&self, secret: &SecretHash, now: Timestamp) -> Option<(Known, bool)> {
        let mut inner = self.lock();
        let known = inner.by_secret.get_mut(secret)?;
        if known.expires_at.is_some_and(|end| end <= now) {
            inner.by_secret.remove(secret);
            return None;
        }
        let due = known.seen_at.plus_millis(TOUCH_EVERY) <= now;
        if due {
            known.seen_at = now;
            known.expires_at = known.expires_at.map(|_| now.plus_millis(super::sessions::LIFETIME));
        }
        Some((*known, due))
    }

    /// Forgets everything of these devices, and whatever look-up is under way. On the writer thread, after commit.
    pub(crate) fn forget_devices(&self, ended: &[DeviceId]) {
        if ended.is_empty() {
            return;
        }
        let mut inner = self.lock();
        inner.forget(|known| ended.contains(&known.device));
        inner.ended.extend(ended);
        let surplus = inner.ended.len().saturating_sub(MAX_ENDED);
        inner.ended.drain(..surplus);
    }

    /// Whether this device is among those that ended lately.
    pub(crate) fn has_ended(&self, device: DeviceId) -> bool {
        self.lock().ended.contains(&device)
    }

    /// Forgets everything of these users: their rights have changed. On the writer thread, after commit.
    pub(crate) fn forget_users(&self, users: &[UserId]) {
        if !users.is_empty() {
            self.lock().forget(|known| users.contains(&known.user_id));
        }
    }
}

impl Inner {
    fn forget(&mut self, gone: impl Fn(&Known) -> bool) {
        self.removals += 1;
        self.by_secret.retain(|_, known| !gone(known));
    }
}

#[cfg(test)]
mod tests {
    use protocol::{SessionId, TokenId};

    use super::*;

    fn session(id: i64, seen_at: i64) -> Known {
        Known {
            user_id: UserId(10_001),
            device: DeviceId::Session(SessionId(id)),
            permissions: Permissions::default(),
            expires_at: Some(Timestamp(seen_at + 1_000_000)),
            seen_at: Timestamp(seen_at),
        }
    }

    #[test]
    fn a_removed_device_is_not_remembered_by_a_look_up_that_began_before() {
        let devices = Devices::default();
        let since = devices.since();
        devices.remember([1; 32], session(1, 0), since);
        assert!(devices.find(&[1; 32], Timestamp(0)).is_some());

        let stale = devices.since();
        devices.forget_devices(&[DeviceId::Session(SessionId(1))]);
        assert_eq!(devices.find(&[1; 32], Timestamp(0)), None);
        assert!(devices.has_ended(DeviceId::Session(SessionId(1))));
        devices.remember([1; 32], session(1, 0), stale);
        assert_eq!(devices.find(&[1; 32], Timestamp(0)), None);
    }

    #[test]
    fn others_stay_and_a_user_goes_as_a_whole() {
        let devices = Devices::default();
        let token =
            Known { device: DeviceId::Token(TokenId(1)), expires_at: None, ..session(0, 0) };
        devices.remember([1; 32], session(1, 0), devices.since());
        devices.remember([2; 32], token, devices.since());
        devices.forget_devices(&[DeviceId::Session(SessionId(1))]);
        assert!(devices.find(&[2; 32], Timestamp(0)).is_some());
        devices.forget_users(&[UserId(10_001)]);
        assert_eq!(devices.find(&[2; 32], Timestamp(0)), None);
    }

    #[test]
    fn use_is_stored_once_a_minute_and_an_unused_session_expires() {
        let devices = Devices::default();
        devices.remember([1; 32], session(1, 0), devices.since());
        let due = |at| devices.find(&[1; 32], Timestamp(at)).map(|(_, due)| due);
        assert_eq!(due(59_999), Some(false));
        assert_eq!(due(60_000), Some(true));
        assert_eq!(due(60_001), Some(false));
        assert_eq!(due(60_000 + crate::accounts::devices::sessions::LIFETIME), None);
    }
}

//! What an overview shows of the last hour: counts a minute, in memory, of a fixed size. A restart begins anew.

use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::Timestamp;

/// Minutes that are kept.
const MINUTES: usize = 60;
const MINUTE_MS: i64 = 60_000;

/// The counts of this node.
#[derive(Debug)]
pub(crate) struct Figures {
    /// When this server started.
    pub(crate) started_at: Timestamp,
    rings: Mutex<Rings>,
}

#[derive(Debug, Default)]
struct Rings {
    /// Messages of each minute.
    messages: Ring,
    /// The most people who were online in each minute, of those times when somebody looked.
    online: Ring,
}

/// One number a minute; the place of a minute is its number modulo [`MINUTES`].
#[derive(Debug)]
struct Ring {
    values: [u64; MINUTES],
    /// The minute that was written last.
    latest: i64,
}

impl Default for Ring {
    fn default() -> Self {
        Self { values: [0; MINUTES], latest: 0 }
    }
}

impl Ring {
    /// The value of the minute at `now`, after those that have passed since were set to nothing.
    fn at(&mut self, now: Timestamp) -> &mut u64 {
        let minute = now.millis().div_euclid(MINUTE_MS);
        let passed = minute.saturating_sub(self.latest).clamp(0, MINUTES as i64);
        for back in 0..passed {
            self.values[place(minute - back)] = 0;
        }
        self.latest = self.latest.max(minute);
        &mut self.values[place(self.latest)]
    }

    /// The last hour, the oldest minute first.
    fn hour(&mut self, now: Timestamp) -> Vec<u64> {
        self.at(now);
        let oldest = self.latest - MINUTES as i64 + 1;
        (oldest..=self.latest).map(|minute| self.values[place(minute)]).collect()
    }
}

fn place(minute: i64) -> usize {
    usize::try_from(minute.rem_euclid(MINUTES as i64)).unwrap_or_default()
}

impl Figures {
    pub(crate) fn new(started_at: Timestamp) -> Self {
        Self { started_at, rings: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Rings> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message was posted.
    pub(crate) fn count_message(&self, now: Timestamp) {
        *self.lock().messages.at(now) += 1;
    }

    /// So many people are online.
    pub(crate) fn saw_online(&self, now: Timestamp, online: usize) {
        let mut rings = self.lock();
        let most = rings.online.at(now);
        *most = (*most).max(online as u64);
    }

    /// Messages, and people online, a minute in the last hour, the oldest first.
    pub(crate) fn last_hour(&self, now: Timestamp) -> (Vec<u64>, Vec<u64>) {
        let mut rings = self.lock();
        (rings.messages.hour(now), rings.online.hour(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_sixty_minutes_and_forgets_what_is_older() {
        let minute = |n: i64| Timestamp(1_700_000_000_000 + n * MINUTE_MS);
        let figures = Figures::new(minute(0));
        figures.count_message(minute(0));
        figures.count_message(minute(0));
        figures.count_message(minute(2));
        figures.saw_online(minute(2), 5);
        figures.saw_online(minute(2), 3);
        let (messages, online) = figures.last_hour(minute(3));
        assert_eq!((messages.len(), online.len()), (60, 60));
        assert_eq!(messages[55..], [0, 2, 0, 1, 0]);
        assert_eq!(online[57..], [0, 5, 0]);
        assert_eq!(figures.last_hour(minute(61)).0.iter().sum::<u64>(), 1);
        assert_eq!(figures.last_hour(minute(1_000)).0.iter().sum::<u64>(), 0);
    }
}

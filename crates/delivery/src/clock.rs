//! Time and randomness, passed in so that tests own them. The only place that asks the system for either.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use protocol::Timestamp;

/// Tells the time of day. Cheap to clone; clones of a manual clock share its hands.
///
/// Never goes back, even when the system's clock does, so that `sent_at` does not.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Source,
    /// The latest answer, in milliseconds since 1970.
    latest: Arc<AtomicI64>,
    /// How far a movable clock was moved ahead of the system's, in milliseconds.
    ahead: Arc<AtomicI64>,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    System,
    Movable,
    Manual,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { source: Source::System, latest: Arc::default(), ahead: Arc::default() }
    }

    /// The system's clock, which [`Clock::advance`] moves ahead: for tests that wait for nothing.
    #[must_use]
    pub fn movable() -> Self {
        Self { source: Source::Movable, ..Self::system() }
    }

    /// A clock that stands at `start` until [`Clock::advance`].
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        let latest = Arc::new(AtomicI64::new(start.millis()));
        Self { source: Source::Manual, latest, ahead: Arc::default() }
    }

    /// The time now; never earlier than an earlier answer.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let reading = match self.source {
            Source::System => system_millis(),
            Source::Movable => system_millis() + self.ahead.load(Ordering::Relaxed),
            Source::Manual => i64::MIN,
        };
        let before = self.latest.fetch_max(reading, Ordering::Relaxed);
        Timestamp(before.max(reading))
    }

    /// Moves a manual or movable clock forward by `millis` (a negative number moves nothing). The system's
    /// clock cannot be moved: asking for it is a mistake in a test, and has no effect.
    pub fn advance(&self, millis: i64) {
        let hand = match self.source {
            Source::System => return,
            Source::Movable => &self.ahead,
            Source::Manual => &self.latest,
        };
        hand.fetch_add(millis.max(0), Ordering::Relaxed);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
fn system_millis() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Gives random bytes. Cheap to clone; clones of a seeded source share its sequence.
#[derive(Clone, Debug)]
pub struct Random {
    /// `None` asks the operating system.
    seeded: Option<Arc<Mutex<u64>>>,
}

impl Random {
    /// The operating system's source, fit for secrets.
    #[must_use]
    pub fn system() -> Self {
        Self { seeded: None }
    }

    /// A repeatable sequence, for tests and simulations only.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seeded: Some(Arc::new(Mutex::new(seed))) }
    }

    /// `N` random bytes.
    ///
    /// # Panics
    /// If the operating system has no randomness to give: nothing secret can be made then.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.seeded {
            None => system_fill(&mut bytes),
            Some(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in bytes.chunks_mut(8) {
                    let word = split_mix_64(&mut state).to_le_bytes();
                    chunk.copy_from_slice(&word[..chunk.len()]);
                }
            }
        }
        bytes
    }

    /// A number from 0 up to, and not including, `end`; 0 when `end` is 0. The bias of taking a remainder
    /// is below 2^-32 for the small ranges (jitter) that this is for.
    #[must_use]
    pub fn below(&self, end: u64) -> u64 {
        if end == 0 { 0 } else { u64::from_le_bytes(self.bytes()) % end }
    }

    /// `chars` random characters of `[0-9a-z]`.
    #[must_use]
    pub fn lowercase(&self, chars: usize) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        (0..chars).map(|_| char::from(ALPHABET[usize::from(self.bytes::<1>()[0]) % 32])).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where randomness is drawn")]
fn system_fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

/// SplitMix64, from Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
fn split_mix_64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told_and_never_back() {
        let clock = Clock::manual(Timestamp(1_000));
        let twin = clock.clone();
        assert_eq!(clock.now(), Timestamp(1_000));
        clock.advance(5);
        clock.advance(-50);
        assert_eq!(twin.now(), Timestamp(1_005));
    }

    #[test]
    fn a_seed_repeats_itself_and_the_system_does_not() {
        assert_eq!(Random::seeded(7).bytes::<20>(), Random::seeded(7).bytes::<20>());
        assert_ne!(Random::seeded(7).bytes::<20>(), Random::seeded(8).bytes::<20>());
        assert_ne!(Random::system().bytes::<20>(), Random::system().bytes::<20>());
        assert_eq!(Random::system().lowercase(8).len(), 8);
    }
}

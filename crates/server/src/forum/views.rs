//! How often articles were read: counted in memory, once a reader, article and hour, and stored now and then
//! (`clear.rs`).

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use protocol::{ArticleId, Timestamp, UserId};

/// A reader counts once in so many milliseconds.
const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Readers and articles that are remembered, at most; while there are so many, nothing more is counted.
const MAX_RECENT: usize = 100_000;

/// Who reads: an account, or the address of a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reader {
    /// Somebody who is logged in.
    User(UserId),
    /// Anybody else.
    Address(IpAddr),
}

/// The views of this node that are not stored yet.
#[derive(Debug, Default)]
pub struct Views {
    hasher: RandomState,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// When a reader was last counted. By a keyed hash of who it is, so that no addresses are kept.
    recent: HashMap<(u64, ArticleId), Timestamp>,
    /// What is to be stored; no more articles than there are recent readers.
    pending: HashMap<ArticleId, i64>,
}

impl Views {
    /// Counts a reader, unless they were counted lately.
    pub(super) fn count(&self, reader: Reader, article: ArticleId, now: Timestamp) {
        let key = (self.hasher.hash_one(reader), article);
        let mut counts = self.lock();
        let is_known = counts.recent.get(&key).is_some_and(|at| !is_over(*at, now));
        if is_known || (counts.recent.len() >= MAX_RECENT && !counts.recent.contains_key(&key)) {
            return;
        }
        counts.recent.insert(key, now);
        *counts.pending.entry(article).or_default() += 1;
    }

    /// What is to be stored, and forgets it and readers of long ago.
    pub(super) fn take(&self, now: Timestamp) -> Vec<(ArticleId, i64)> {
        let mut counts = self.lock();
        counts.recent.retain(|_, at| !is_over(*at, now));
        counts.pending.drain().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_over(at: Timestamp, now: Timestamp) -> bool {
    now.millis().saturating_sub(at.millis()) >= HOUR_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_counts_once_an_hour() {
        let views = Views::default();
        let (ann, ben) = (Reader::User(UserId(1)), Reader::Address([192, 0, 2, 1].into()));
        for (reader, at) in [(ann, 0), (ann, 5), (ben, 6), (ann, HOUR_MS - 1)] {
            views.count(reader, ArticleId(7), Timestamp(at));
        }
        assert_eq!(views.take(Timestamp(HOUR_MS - 1)), [(ArticleId(7), 2)]);
        assert!(views.take(Timestamp(HOUR_MS)).is_empty());
        views.count(ann, ArticleId(7), Timestamp(HOUR_MS));
        assert_eq!(views.take(Timestamp(HOUR_MS)), [(ArticleId(7), 1)]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let views = Views::default();
        for n in 0..MAX_RECENT as i64 + 5 {
            views.count(Reader::User(UserId(n)), ArticleId(1), Timestamp(0));
        }
        assert_eq!(views.take(Timestamp(0)), [(ArticleId(1), MAX_RECENT as i64)]);
    }
}

//! Recent events in memory, encoded once and shared by every session that sends them.
//!
//! Events are kept by stream, so that a session looks only at the streams of its user. The tail is complete
//! for positions in (`start`, `head`]: a reader whose cursor is before `start` goes to the log instead.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use bytes::Bytes;

use crate::log::Logged;

/// The recent events of one stream.
#[derive(Debug, Default)]
pub(crate) struct StreamTail {
    /// The newest position of this stream; 0 if none is known. Written before the tail's head moves.
    last: AtomicI64,
    /// Ascending by position. Bounded by the tail as a whole.
    entries: Mutex<VecDeque<(i64, Bytes)>>,
}

impl StreamTail {
    /// The newest position of this stream.
    pub(crate) fn last(&self) -> i64 {
        self.last.load(Ordering::Acquire)
    }

    /// Calls `each` for every event in (`after`, `until`], ascending.
    pub(crate) fn read(&self, after: i64, until: i64, mut each: impl FnMut(i64, &Bytes)) {
        let entries = lock(&self.entries);
        let first = entries.partition_point(|&(position, _)| position <= after);
        for (position, payload) in entries.range(first..) {
            if *position > until {
                break;
            }
            each(*position, payload);
        }
    }
}

/// The recent events of all streams.
#[derive(Debug)]
pub(crate) struct Tail {
    /// Nothing up to here is in the tail any more. Moves before what it excludes is dropped.
    start: AtomicI64,
    /// Everything up to here has been published. Moves after what it includes has been put in.
    head: AtomicI64,
    /// Written by the publisher only; readers come for a stream when an audience is loaded.
    ring: Mutex<Ring>,
    most_events: usize,
    most_bytes: usize,
}

#[derive(Debug, Default)]
struct Ring {
    streams: HashMap<i64, Arc<StreamTail>>,
    /// (position, stream, bytes), ascending: what to drop next.
    order: VecDeque<(i64, i64, usize)>,
    bytes: usize,
}

impl Tail {
    /// An empty tail behind a log that has reached `head`.
    pub(crate) fn new(head: i64, most_events: usize, most_bytes: usize) -> Self {
        Self {
            start: AtomicI64::new(head),
            head: AtomicI64::new(head),
            ring: Mutex::default(),
            most_events,
            most_bytes,
        }
    }

    /// Everything up to here has been published.
    pub(crate) fn head(&self) -> i64 {
        self.head.load(Ordering::Acquire)
    }

    /// Whether the tail holds everything after `cursor`. To be asked *after* reading too: what was dropped
    /// meanwhile was first excluded here.
    pub(crate) fn reaches(&self, cursor: i64) -> bool {
        self.start.load(Ordering::Acquire) <= cursor
    }

    /// Events and bytes held.
    pub(crate) fn size(&self) -> (usize, usize) {
        let ring = lock(&self.ring);
        (ring.order.len(), ring.bytes)
    }

    /// The recent events of a stream; made if need be.
    pub(crate) fn stream(&self, stream: i64) -> Arc<StreamTail> {
        Arc::clone(lock(&self.ring).streams.entry(stream).or_default())
    }

    /// Puts events in, ascending and following on the newest; [`Tail::advance`] then shows them.
    pub(crate) fn push(&self, events: &[Logged]) {
        let mut ring = lock(&self.ring);
        for event in events {
            let stream = ring.streams.entry(event.stream).or_default();
            lock(&stream.entries).push_back((event.position, event.payload.clone()));
            stream.last.store(event.position, Ordering::Release);
            ring.order.push_back((event.position, event.stream, event.payload.len()));
            ring.bytes += event.payload.len();
        }
        while ring.order.len() > self.most_events || ring.bytes > self.most_bytes {
            self.drop_oldest(&mut ring);
        }
    }

    fn drop_oldest(&self, ring: &mut Ring) {
        let Some((position, stream, bytes)) = ring.order.pop_front() else { return };
        ring.bytes -= bytes;
        self.start.fetch_max(position, Ordering::AcqRel);
        let Some(kept) = ring.streams.get(&stream) else { return };
        let empty = {
            let mut entries = lock(&kept.entries);
            entries.pop_front();
            entries.is_empty()
        };
        // Nobody connected looks at it: forget the stream. (Whoever takes it now does so under the same lock.)
        if empty && Arc::strong_count(kept) == 1 {
            ring.streams.remove(&stream);
        }
    }

    /// Shows everything up to `head` to readers.
    pub(crate) fn advance(&self, head: i64) {
        self.head.fetch_max(head, Ordering::AcqRel);
    }

    /// Puts in what lies before the present contents, at start.
    pub(crate) fn preload(&self, events: &[Logged]) {
        if let Some(first) = events.first() {
            self.start.store(first.position - 1, Ordering::Release);
            self.push(events);
        }
    }

    /// Drops everything: what lies up to `head` must be read from the log. For when the log was changed by
    /// somebody else, or a commit's outcome was unknown.
    pub(crate) fn restart(&self, head: i64) {
        let mut ring = lock(&self.ring);
        self.start.fetch_max(head, Ordering::AcqRel);
        for stream in ring.streams.values() {
            // Any session of this stream has to look again.
            stream.last.store(head, Ordering::Release);
            lock(&stream.entries).clear();
        }
        ring.order.clear();
        ring.bytes = 0;
    }

    /// Swaps the payload of an event, if it is still here.
    pub(crate) fn replace(&self, position: i64, payload: &Bytes) {
        let mut ring = lock(&self.ring);
        let Ok(index) = ring.order.binary_search_by_key(&position, |entry| entry.0) else { return };
        let (_, stream, bytes) = ring.order[index];
        if let Some(stream) = ring.streams.get(&stream) {
            let mut entries = lock(&stream.entries);
            if let Ok(at) = entries.binary_search_by_key(&position, |entry| entry.0) {
                entries[at].1 = payload.clone();
            }
        }
        ring.order[index].2 = payload.len();
        ring.bytes = ring.bytes - bytes + payload.len();
    }
}

/// No code panics while holding these locks; should it ever, the data is still whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(position: i64, stream: i64, text: &'static str) -> Logged {
        Logged { position, stream, payload: Bytes::from_static(text.as_bytes()), at: 0 }
    }

    fn read(tail: &Tail, stream: i64, after: i64) -> Vec<i64> {
        let mut found = Vec::new();
        tail.stream(stream).read(after, tail.head(), |position, _| found.push(position));
        found
    }

    #[test]
    fn events_show_only_once_the_head_has_moved() {
        let tail = Tail::new(10, 100, 1_000);
        tail.push(&[event(11, 1, "a"), event(12, 2, "b"), event(13, 1, "c")]);
        assert!(read(&tail, 1, 10).is_empty());
        tail.advance(13);
        assert_eq!(read(&tail, 1, 10), [11, 13]);
        assert_eq!(read(&tail, 1, 11), [13]);
        assert_eq!(read(&tail, 2, 10), [12]);
        assert!(tail.reaches(10) && !tail.reaches(9));
    }

    #[test]
    fn both_bounds_drop_the_oldest_and_say_so() {
        let tail = Tail::new(0, 2, 1_000);
        tail.push(&[event(1, 1, "a"), event(2, 2, "b"), event(3, 1, "c")]);
        tail.advance(3);
        assert!(!tail.reaches(0) && tail.reaches(1));
        assert_eq!(read(&tail, 1, 1), [3]);
        assert_eq!(tail.size(), (2, 2));

        let tail = Tail::new(0, 100, 4);
        tail.push(&[event(1, 1, "aaa"), event(2, 2, "bbb")]);
        assert_eq!(tail.size(), (1, 3));
        assert!(!tail.reaches(0));
    }

    #[test]
    fn a_swapped_payload_is_served_and_counted() {
        let tail = Tail::new(0, 10, 100);
        tail.push(&[event(1, 1, "secret"), event(2, 1, "b")]);
        tail.advance(2);
        tail.replace(1, &Bytes::from_static(b"-"));
        let mut seen = Vec::new();
        tail.stream(1).read(0, 2, |_, payload| seen.push(payload.clone()));
        assert_eq!(seen, ["-", "b"]);
        assert_eq!(tail.size(), (2, 2));
    }

    #[test]
    fn a_restart_sends_every_reader_to_the_log() {
        let tail = Tail::new(0, 10, 100);
        tail.push(&[event(1, 1, "a")]);
        tail.advance(1);
        let held = tail.stream(1);
        tail.restart(5);
        tail.advance(5);
        assert!(!tail.reaches(4) && tail.reaches(5));
        assert_eq!(held.last(), 5);
        assert_eq!(tail.size(), (0, 0));
    }
}

//! One connected device, reading the log from its cursor. All transports call [`Session::next_batch`].

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use database::Error;
use protocol::{Cursor, MAX_BATCH_BYTES, MAX_BATCH_EVENTS, Position};
use tokio::time::Instant;

use crate::{
    batch::EncodedBatch,
    hub::{Transport, audience_of},
    log,
    node::Node,
    tail::lock,
    user::{Shared, User},
};

/// Why a session has to end.
#[derive(Clone, Debug)]
pub enum End {
    /// Its login ended.
    LoggedOut,
    /// The server goes down.
    ShuttingDown {
        /// Milliseconds to wait before coming back, different for each.
        retry_in: u64,
    },
    /// Too many of its kind: this was the oldest. It may come back with its cursor.
    Displaced,
    /// The log could not be read. It may come back with its cursor.
    Failed(Error),
}

/// What [`Session::next_batch`] found.
#[derive(Debug)]
pub enum Next {
    /// Events, or none within the time given; with the cursor up to which the log was looked through.
    Batch(EncodedBatch),
    /// Nothing more comes.
    Ended(End),
}

/// One connected device. Dropping it disconnects.
#[derive(Debug)]
pub struct Session {
    node: Arc<Node>,
    user: Arc<User>,
    shared: Arc<Shared>,
    /// Everything up to here has been handed out, or was not for this user.
    position: i64,
    /// The given cursor, where it cannot be continued; to be said with the next batch. Boxed, as hardly anybody has one.
    reset: Option<Box<Cursor>>,
}

/// Events found after a position, and the position up to which was looked.
type Found = (Vec<Bytes>, i64);

impl Session {
    pub(crate) fn new(
        node: Arc<Node>,
        user: Arc<User>,
        shared: Arc<Shared>,
        from: Option<&Cursor>,
    ) -> Self {
        let head = node.tail.head();
        let mut session = Self { node, user, shared, position: head, reset: None };
        if let Some(cursor) = from {
            let position = cursor.position.get();
            let is_foreign = cursor.epoch != session.node.epoch;
            if is_foreign || position > head || position < session.node.trimmed() {
                session.reset = Some(Box::new(cursor.clone()));
            } else {
                session.position = position;
            }
        }
        session
    }

    /// Where the session stands: at the given cursor until a reset was told, so that nobody who is cut off before goes on
    /// from the head as if nothing were missing.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        if let Some(given) = &self.reset {
            return (**given).clone();
        }
        Cursor { epoch: self.node.epoch.clone(), position: Position(self.position) }
    }

    /// The next events after the cursor. If there are none it waits for `wait`, or without end, and then
    /// answers with an empty batch. Cancelling it loses nothing.
    ///
    /// To a session that streams, a wait also ends with ephemeral signals; to one that polls they only come
    /// along.
    pub async fn next_batch(&mut self, wait: Option<Duration>) -> Next {
        let deadline = wait.map(|wait| Instant::now() + wait);
        loop {
            if let Some(next) = self.look_once(deadline).await {
                return next;
            }
            let woken = self.shared.wake.notified();
            match deadline {
                None => woken.await,
                // Err: the time is over, which the next round answers.
                Some(deadline) => drop(tokio::time::timeout_at(deadline, woken).await),
            }
        }
    }

    /// As [`Session::next_batch`], or `None` where that would begin to wait.
    pub async fn news(&mut self, wait: Duration) -> Option<Next> {
        self.look_once(Some(Instant::now() + wait)).await
    }

    /// `None`: nothing to say yet, and the session stands at the head.
    async fn look_once(&mut self, deadline: Option<Instant>) -> Option<Next> {
        loop {
            if let Some(why) = self.shared.ended() {
                return Some(Next::Ended(why));
            }
            if self.reset.take().is_some() {
                self.position = self.node.tail.head();
                return Some(Next::Batch(self.batch(Vec::new(), true)));
            }
            let (mut events, position) = match self.look().await {
                Ok(found) => found,
                Err(error) => return Some(Next::Ended(End::Failed(error))),
            };
            let caught_up = position >= self.node.tail.head();
            self.position = position;
            self.shared.set_looked(position);
            let logged = events.len();
            if self.shared.transport != Transport::Poll {
                events.extend(self.shared.take_signals());
            }
            let over = deadline.is_some_and(|deadline| deadline <= Instant::now());
            if !events.is_empty() || over || !caught_up && logged == 0 && deadline.is_some() {
                if self.shared.transport == Transport::Poll {
                    events.extend(self.signals_in_force());
                }
                return Some(Next::Batch(self.batch(events, false)));
            }
            if caught_up {
                return None;
            }
        }
    }

    fn batch(&self, events: Vec<Bytes>, reset: bool) -> EncodedBatch {
        EncodedBatch { events, cursor: self.cursor(), reset }
    }

    fn signals_in_force(&self) -> Vec<Bytes> {
        let audience = lock(&self.user.audience);
        let now = self.node.clock.now();
        self.node.signals.for_user(self.user.id, now, |stream| audience.is_in(stream))
    }

    /// What lies after the position: from the tail if it reaches back that far, else from the log.
    async fn look(&self) -> Result<Found, Error> {
        // What goes to the database is boxed: a session that waits would carry the room for it all the time.
        if !lock(&self.user.audience).is_loaded() {
            let read = self.node.database.read(audience_of(self.user.id));
            Box::pin(self.node.hub.load(&self.user, &self.node.tail, read)).await?;
        }
        match self.look_in_tail() {
            Some(found) => Ok(found),
            None => Box::pin(self.look_in_log()).await,
        }
    }

    /// `None` when the tail does not reach back to the position, or the audience was just forgotten.
    fn look_in_tail(&self) -> Option<Found> {
        let tail = &self.node.tail;
        let head = tail.head();
        if head <= self.position {
            return Some((Vec::new(), self.position));
        }
        let mut found: Vec<(i64, Bytes)> = Vec::new();
        {
            let audience = lock(&self.user.audience);
            audience.streams()?.read(self.position, head, |position, payload| {
                found.push((position, payload.clone()));
            });
        }
        // What was dropped while this looked was first excluded here.
        if !tail.reaches(self.position) {
            return None;
        }
        found.sort_unstable_by_key(|&(position, _)| position);
        Some(cut(found, head))
    }

    /// Looks through a bounded number of windows of the log.
    async fn look_in_log(&self) -> Result<Found, Error> {
        let (user, start, head) = (self.user.id, self.position, self.node.tail.head());
        let (window, windows) = (self.node.limits.window, self.node.limits.windows_per_batch);
        self.node
            .database
            .read(move |db| {
                let mut after = start;
                for _ in 0..windows {
                    let until = after.saturating_add(window).min(head);
                    let events = log::read_after(db, user, after, until, MAX_BATCH_EVENTS)?;
                    let reached = match events.last() {
                        Some(last) if events.len() == MAX_BATCH_EVENTS => last.0,
                        _ => until,
                    };
                    if !events.is_empty() || until >= head {
                        return Ok(cut(events, reached));
                    }
                    after = until;
                }
                Ok((Vec::new(), after))
            })
            .await
    }
}

/// Keeps what fits into one batch. `looked` is the position up to which these are all.
fn cut(found: Vec<(i64, Bytes)>, looked: i64) -> Found {
    let mut bytes = 0;
    let fits = found
        .iter()
        .take(MAX_BATCH_EVENTS)
        .take_while(|(_, payload)| {
            bytes += payload.len();
            bytes <= MAX_BATCH_BYTES
        })
        .count()
        .max(usize::from(!found.is_empty()));
    let position = if fits < found.len() { found[fits - 1].0 } else { looked };
    (found.into_iter().take(fits).map(|(_, payload)| payload).collect(), position)
}

impl Drop for Session {
    fn drop(&mut self) {
        self.node.disconnect(&self.user, &self.shared);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_cut_by_number_and_by_size_but_never_to_nothing() {
        let event = |position, bytes| (position, Bytes::from(vec![b'x'; bytes]));
        let (events, position) = cut((1..=600).map(|p| event(p, 1)).collect(), 900);
        assert_eq!((events.len(), position), (500, 500));
        let (events, position) = cut(vec![event(1, 1), event(5, MAX_BATCH_BYTES)], 9);
        assert_eq!((events.len(), position), (1, 1));
        let (events, position) = cut(vec![event(5, 2 * MAX_BATCH_BYTES)], 9);
        assert_eq!((events.len(), position), (1, 9));
        assert_eq!(cut(Vec::new(), 9), (Vec::new(), 9));
    }
}

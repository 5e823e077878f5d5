//! Who may read which stream, from which position to which: the table `audience`, and the same in memory for
//! connected users. Both ends are inclusive; whoever comes back gets a new interval.

use std::sync::Arc;

use bytes::Bytes;
use database::{Connection, Error, params};
use protocol::UserId;

use crate::tail::{StreamTail, Tail};

/// `until_position` of an interval that is still open.
pub(crate) const OPEN: i64 = i64::MAX;

/// The stream that everybody sees, without a row: no conversation has this number.
pub(crate) const SITE: i64 = 0;

/// From where on a newly admitted user sees a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From the next event on.
    Now,
    /// All of it.
    Beginning,
}

/// A user came into a stream, or left it, at a position of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Sees the stream from this position on.
    Admit { stream: i64, user: UserId, from: i64 },
    /// Of the interval that began at `from`, sees nothing after `until`.
    Dismiss { stream: i64, user: UserId, from: i64, until: i64 },
}

impl Change {
    pub(crate) fn user(self) -> UserId {
        match self {
            Self::Admit { user, .. } | Self::Dismiss { user, .. } => user,
        }
    }

    pub(crate) fn stream(self) -> i64 {
        match self {
            Self::Admit { stream, .. } | Self::Dismiss { stream, .. } => stream,
        }
    }
}

/// Opens an interval.
pub(crate) fn admit(
    db: &mut Connection,
    stream: i64,
    user: UserId,
    from: i64,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO audience (stream, user_id, from_position, until_position)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, stream, from_position)
         DO UPDATE SET until_position = excluded.until_position",
        params![stream, user.get(), from, OPEN],
    )?;
    Ok(())
}

/// Closes the open interval, if there is one.
pub(crate) fn dismiss(
    db: &mut Connection,
    stream: i64,
    user: UserId,
    until: i64,
) -> Result<Option<Change>, Error> {
    let closed = db.query_optional(
        "UPDATE audience SET until_position = $3
         WHERE user_id = $2 AND stream = $1 AND until_position = $4
         RETURNING from_position",
        params![stream, user.get(), until, OPEN],
    )?;
    closed.map(|row| Ok(Change::Dismiss { stream, user, from: row.get(0)?, until })).transpose()
}

/// Closes the open intervals of everybody; bounded by the size of a group.
pub(crate) fn dismiss_all(
    db: &mut Connection,
    stream: i64,
    until: i64,
) -> Result<Vec<Change>, Error> {
    db.query(
        "UPDATE audience SET until_position = $2
         WHERE stream = $1 AND until_position = $3
         RETURNING user_id, from_position",
        params![stream, until, OPEN],
    )?
    .iter()
    .map(|row| Ok(Change::Dismiss { stream, user: UserId(row.get(0)?), from: row.get(1)?, until }))
    .collect()
}

/// All intervals of a user: (stream, from, until).
pub(crate) fn load(db: &mut Connection, user: UserId) -> Result<Vec<(i64, i64, i64)>, Error> {
    db.query(
        "SELECT stream, from_position, until_position FROM audience WHERE user_id = $1
         ORDER BY stream, from_position",
        params![user.get()],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    .collect()
}

/// What one connected user may see, kept in log order.
#[derive(Debug)]
pub(crate) enum Audience {
    /// Still to be read from the database. Changes that are published while the rows are being read; bounded by what
    /// can happen to one user meanwhile.
    Unknown(Vec<Change>),
    /// As of what was published last.
    Known(Streams),
}

impl Default for Audience {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

/// The streams that a user sees, or saw.
#[derive(Debug)]
pub(crate) struct Streams {
    /// What everybody sees, and what only this user does: all of it.
    always: [Arc<StreamTail>; 2],
    /// Of conversations, by stream and beginning. A plain list: there is one for everybody who is connected, mostly
    /// a short one.
    intervals: Vec<Interval>,
}

/// A part of a conversation that a user sees.
#[derive(Debug)]
struct Interval {
    stream: i64,
    from: i64,
    until: i64,
    /// The stream's recent events.
    tail: Arc<StreamTail>,
}

impl Interval {
    fn is_open(&self) -> bool {
        self.until == OPEN
    }
}

/// Whether one of a stream's intervals holds the position; they may overlap.
fn sees(intervals: &[Interval], position: i64) -> bool {
    intervals.iter().any(|one| one.from <= position && position <= one.until)
}

impl Streams {
    /// The newest position in any of them; some that the user may not see may count.
    pub(crate) fn newest(&self) -> i64 {
        let conversations = self.intervals.iter().map(|interval| &interval.tail);
        self.always.iter().chain(conversations).map(|tail| tail.last()).max().unwrap_or(0)
    }

    /// Calls `each` for every event in (`after`, `until`] that the user may see, ascending in each stream.
    pub(crate) fn read(&self, after: i64, until: i64, mut each: impl FnMut(i64, &Bytes)) {
        for tail in &self.always {
            if tail.last() > after {
                tail.read(after, until, &mut each);
            }
        }
        for intervals in self.conversations() {
            let tail = &intervals[0].tail;
            if tail.last() > after {
                tail.read(after, until, |position, payload| {
                    if sees(intervals, position) {
                        each(position, payload);
                    }
                });
            }
        }
    }

    /// The intervals of each conversation; never none.
    fn conversations(&self) -> impl Iterator<Item = &[Interval]> {
        self.intervals.chunk_by(|one, next| one.stream == next.stream)
    }

    /// Where an interval stands, or would have to.
    fn place(&self, stream: i64, from: i64) -> Result<usize, usize> {
        self.intervals.binary_search_by_key(&(stream, from), |one| (one.stream, one.from))
    }

    fn admit(&mut self, stream: i64, (from, until): (i64, i64), tail: &Tail) {
        match self.place(stream, from) {
            // Let in again before anything more was said: the same interval, open again.
            Ok(known) => self.intervals[known].until = until,
            Err(place) => {
                let tail = tail.stream(stream);
                self.intervals.insert(place, Interval { stream, from, until, tail });
            }
        }
    }

    fn apply(&mut self, change: Change, tail: &Tail) {
        match change {
            Change::Admit { stream, from, .. } => self.admit(stream, (from, OPEN), tail),
            Change::Dismiss { stream, from, until, .. } => {
                if let Ok(known) = self.place(stream, from) {
                    self.intervals[known].until = until;
                }
            }
        }
    }

    fn is_in(&self, stream: i64) -> bool {
        let first = self.intervals.partition_point(|one| one.stream < stream);
        let mut all = self.intervals[first..].iter().take_while(|one| one.stream == stream);
        all.any(Interval::is_open)
    }
}

impl Audience {
    pub(crate) fn is_loaded(&self) -> bool {
        self.streams().is_some()
    }

    /// The streams, once loaded.
    pub(crate) fn streams(&self) -> Option<&Streams> {
        match self {
            Self::Known(streams) => Some(streams),
            Self::Unknown(_) => None,
        }
    }

    /// The conversations that the user is in now.
    pub(crate) fn open_conversations(&self) -> impl Iterator<Item = i64> {
        let all = self.streams().into_iter().flat_map(Streams::conversations);
        let open = all.filter(|intervals| intervals.iter().any(Interval::is_open));
        open.map(|intervals| intervals[0].stream)
    }

    /// Whether the user is in this conversation now.
    pub(crate) fn is_in(&self, stream: i64) -> bool {
        self.streams().is_some_and(|streams| streams.is_in(stream))
    }

    /// Takes the rows that a query found, and then the changes that came while it ran. A change that the
    /// query has seen already changes nothing.
    pub(crate) fn fill(&mut self, user: UserId, rows: &[(i64, i64, i64)], tail: &Tail) {
        let mut streams = Streams {
            always: [SITE, -user.get()].map(|stream| tail.stream(stream)),
            intervals: Vec::with_capacity(rows.len()),
        };
        for &(stream, from, until) in rows {
            streams.admit(stream, (from, until), tail);
        }
        if let Self::Unknown(early) = self {
            for change in std::mem::take(early) {
                streams.apply(change, tail);
            }
        }
        *self = Self::Known(streams);
    }

    /// Drops everything: to be read anew.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Follows a change that was just published.
    pub(crate) fn apply(&mut self, change: Change, tail: &Tail) {
        match self {
            Self::Known(streams) => streams.apply(change, tail),
            Self::Unknown(early) => early.push(change),
        }
    }
}

//! What waits for a moderator: one case a subject. Slices put things here in the unit in which they keep them back
//! ([`hold`]); people report them, and moderators decide them, in `moderation`, which is above all of them.
//!
//! *Invariant*: a subject has one case, for ever; what comes anew opens it again.

mod store;

use database::{Connection, Error};
use protocol::{CaseId, Subject, Timestamp, UserId};

pub(crate) use store::{CaseRow, Filter, case, close, count_open, page, release, reopen};

/// What a case is to be about.
#[derive(Clone, Debug)]
pub(crate) struct NewCase {
    pub(crate) subject: Subject,
    /// Whose it is.
    pub(crate) author: Option<UserId>,
    /// Of an article, and of a comment on one: its category, whose moderators see the case; else 0.
    pub(crate) category: i64,
    /// Whether moderators are to decide.
    pub(crate) is_open: bool,
}

/// The case about a subject: the one there is, or a new one.
///
/// # Errors
/// Those of the database.
pub(crate) fn open(db: &mut Connection, new: &NewCase, now: Timestamp) -> Result<CaseId, Error> {
    if let Some(row) = store::find(db, &new.subject)? {
        if new.is_open {
            store::renew(db, row.id, new)?;
            store::reopen(db, row.id, now)?;
        }
        return Ok(row.id);
    }
    store::insert(db, new, false, now)
}

/// The case about something that is not to be seen before a moderator has approved it.
///
/// # Errors
/// Those of the database.
pub(crate) fn hold(db: &mut Connection, new: &NewCase, now: Timestamp) -> Result<CaseId, Error> {
    if let Some(row) = store::find(db, &new.subject)? {
        store::renew(db, row.id, new)?;
        store::hold(db, row.id, now)?;
        return Ok(row.id);
    }
    store::insert(db, new, true, now)
}

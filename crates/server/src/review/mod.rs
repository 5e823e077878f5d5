//! What waits for a moderator: one case a subject. Slices put things here in the unit in which they keep them back
//! ([`hold`]); people report them, and moderators decide them, in `moderation`, which is above all of them.
//!
//! Events, on the private streams of those who decide a case (`deciders.rs`): `case.opened`, `case.closed`.
//!
//! *Invariant*: a subject has one case, for ever; what comes anew opens it again.

mod deciders;
mod store;

use database::{Connection, Error};
use delivery::Unit;
use protocol::{ArticleId, CaseId, CategoryId, EventBody, Subject, UserId};

use deciders::{deciders, tell};

pub(crate) use deciders::permission;
pub(crate) use store::{CaseRow, Filter, case, count_open, page, release};

/// The most cases of an article that is moved of which moderators are told: one is enough for them to look again.
const MAX_TOLD: i64 = 20;

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
pub(crate) fn open(unit: &mut Unit<'_>, new: &NewCase) -> Result<CaseId, Error> {
    let now = unit.now();
    let Some(row) = store::find(unit.db(), &new.subject)? else {
        let id = store::insert(unit.db(), new, false, now)?;
        if new.is_open {
            tell_opened(unit, id)?;
        }
        return Ok(id);
    };
    if new.is_open {
        store::renew(unit.db(), row.id, new)?;
        store::reopen(unit.db(), row.id, now)?;
        if !row.is_open {
            tell_opened(unit, row.id)?;
        }
    }
    Ok(row.id)
}

/// The case about something that is not to be seen before a moderator has approved it.
///
/// # Errors
/// Those of the database.
pub(crate) fn hold(unit: &mut Unit<'_>, new: &NewCase) -> Result<CaseId, Error> {
    let now = unit.now();
    let id = match store::find(unit.db(), &new.subject)? {
        Some(row) => {
            store::renew(unit.db(), row.id, new)?;
            store::hold(unit.db(), row.id, now)?;
            row.id
        }
        None => store::insert(unit.db(), new, true, now)?,
    };
    tell_opened(unit, id)?;
    Ok(id)
}

/// Something came anew.
///
/// # Errors
/// Those of the database.
pub(crate) fn reopen(unit: &mut Unit<'_>, id: CaseId) -> Result<(), Error> {
    let now = unit.now();
    store::reopen(unit.db(), id, now)?;
    tell_opened(unit, id)
}

/// It was decided. Whether it was open.
///
/// # Errors
/// Those of the database.
pub(crate) fn close(unit: &mut Unit<'_>, id: CaseId) -> Result<bool, Error> {
    let now = unit.now();
    let was_open = store::close(unit.db(), id, now)?;
    if was_open && let Some(row) = store::case(unit.db(), id)? {
        let readers = deciders(unit.db(), &row)?;
        tell(unit, &readers, &EventBody::CaseClosed { case_id: id })?;
    }
    Ok(was_open)
}

/// Whether this waits for a moderator to look at it before anybody else does.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_held(db: &mut Connection, subject: &Subject) -> Result<bool, Error> {
    Ok(store::find(db, subject)?.is_some_and(|row| row.held))
}

/// A moderator showed or removed this outside of its case: if it waited, that was the decision, and nothing is left of
/// the case but what people reported. Whether it did.
///
/// # Errors
/// Those of the database.
pub(crate) fn settled(unit: &mut Unit<'_>, subject: &Subject) -> Result<bool, Error> {
    let Some(row) = store::find(unit.db(), subject)?.filter(|row| row.held) else {
        return Ok(false);
    };
    if !store::is_reported(unit.db(), row.id)? {
        close(unit, row.id)?;
    }
    release(unit.db(), row.id)?;
    Ok(true)
}

/// An article is in another category now: the cases about it and about its comments are for the moderators there.
///
/// # Errors
/// Those of the database.
pub(crate) fn moved(
    unit: &mut Unit<'_>,
    article: ArticleId,
    from: CategoryId,
    to: CategoryId,
) -> Result<(), Error> {
    let rows = store::open_of_article(unit.db(), article, from, MAX_TOLD)?;
    store::move_article(unit.db(), article, from, to)?;
    for before in rows {
        let (id, former) = (before.id, deciders(unit.db(), &before)?);
        let after = CaseRow { category: to.get(), ..before };
        let now = deciders(unit.db(), &after)?;
        let without = |all: &[UserId], others: &[UserId]| {
            all.iter().filter(|user| !others.contains(user)).copied().collect::<Vec<_>>()
        };
        tell(unit, &without(&former, &now), &EventBody::CaseClosed { case_id: id })?;
        tell(unit, &without(&now, &former), &EventBody::CaseOpened { case_id: id })?;
    }
    Ok(())
}

fn tell_opened(unit: &mut Unit<'_>, id: CaseId) -> Result<(), Error> {
    let Some(row) = store::case(unit.db(), id)? else { return Ok(()) };
    let readers = deciders(unit.db(), &row)?;
    tell(unit, &readers, &EventBody::CaseOpened { case_id: id })
}

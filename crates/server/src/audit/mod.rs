//! The audit log: who did what for the site. Everything that somebody does by a permission, or by the command line,
//! is recorded in the unit that does it, so that there is no act without its entry and no entry without its act.
//!
//! Entries are chained by their hashes ([`chain`]): who changes, removes or adds one behind the server's back
//! breaks the chain, which [`verify`] finds. Someone who can write to the database can of course make the
//! whole chain anew; the hash of the newest entry, kept elsewhere (`rookery audit verify` prints it), shows that.

mod chain;
mod store;

use database::{Connection, Error};
use delivery::Unit;
use protocol::{Timestamp, UserId};
use serde_json::Value;

pub(crate) use chain::Hash;
pub(crate) use store::{Filter, newest};

/// Who acts at the command line: no account has this number.
pub(crate) const OPERATOR: UserId = UserId(0);
/// Entries that are read at once when the chain is verified.
const STEP: i64 = 1_000;

/// What somebody did.
#[derive(Clone, Debug)]
pub(crate) struct Act<'a> {
    /// Who; [`OPERATOR`] at the command line.
    pub(crate) actor: UserId,
    /// What, as `noun.past_verb`: `user.banned`.
    pub(crate) action: &'static str,
    /// To what, as `noun:number`: `user:10001`; `site` for the site as a whole.
    pub(crate) subject: &'a str,
    /// Whatever else is worth knowing: the note, the old and the new value. No secrets and no texts of messages.
    pub(crate) details: Value,
}

/// An act as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// 1, 2, 3 … without a gap.
    pub(crate) n: i64,
    pub(crate) at: Timestamp,
    pub(crate) actor: UserId,
    pub(crate) action: String,
    pub(crate) subject: String,
    /// JSON.
    pub(crate) details: String,
    pub(crate) hash: Hash,
}

/// Records an act in the unit that does it.
///
/// # Errors
/// Those of the database.
pub(crate) fn record(unit: &mut Unit<'_>, act: &Act<'_>) -> Result<(), Error> {
    let at = unit.now();
    let (n, before) = store::head(unit.db())?;
    let mut entry = Entry {
        n: n + 1,
        at,
        actor: act.actor,
        action: act.action.to_owned(),
        subject: act.subject.to_owned(),
        details: act.details.to_string(),
        hash: chain::START,
    };
    entry.hash = chain::hash(&before, &entry);
    store::insert(unit.db(), &entry)
}

/// What became of verifying the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verified {
    /// Every entry follows from the one before: how many there are, and the hash of the last.
    Whole { entries: i64, last: Hash },
    /// The first entry that does not follow from the one before.
    Broken { at: i64 },
}

/// Goes through the whole chain, a bounded number of entries at a time.
///
/// # Errors
/// Those of the database.
pub(crate) fn verify(db: &mut Connection) -> Result<Verified, Error> {
    let (mut entries, mut last) = (0, chain::START);
    loop {
        let page = store::after(db, entries, STEP)?;
        for entry in &page {
            if entry.n != entries + 1 || chain::hash(&last, entry) != entry.hash {
                return Ok(Verified::Broken { at: entries + 1 });
            }
            (entries, last) = (entry.n, entry.hash);
        }
        if page.is_empty() {
            return Ok(Verified::Whole { entries, last });
        }
    }
}

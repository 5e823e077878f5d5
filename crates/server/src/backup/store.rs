//! SQL over the whole database: how much is in it, whether it is sound, and its epoch.

use database::{Connection, Engine, Error, params};
use serde::{Deserialize, Serialize};

/// How much there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Figures {
    /// Accounts.
    pub(crate) users: i64,
    /// Conversations, groups among them.
    pub(crate) conversations: i64,
    /// Messages, notices among them.
    pub(crate) messages: i64,
    /// The head of the log.
    pub(crate) position: i64,
    /// The epoch of the log.
    pub(crate) epoch: String,
}

/// Counts.
pub(crate) fn figures(db: &mut Connection) -> Result<Figures, Error> {
    let row = db.query_one(
        "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM conversations),
                (SELECT COUNT(*) FROM messages), position, epoch FROM log_head",
        params![],
    )?;
    Ok(Figures {
        users: row.get(0)?,
        conversations: row.get(1)?,
        messages: row.get(2)?,
        position: row.get(3)?,
        epoch: row.get(4)?,
    })
}

/// Looks through SQLite's file for damage. PostgreSQL looks after its own.
pub(crate) fn check_integrity(db: &mut Connection) -> Result<(), Error> {
    if db.engine() == Engine::Postgres {
        return Ok(());
    }
    let rows = db.query("PRAGMA integrity_check(1)", params![])?;
    match rows.first().map(|row| row.text(0)).transpose()? {
        Some("ok") => Ok(()),
        found => Err(Error::Decode(found.unwrap_or("no answer").to_owned())),
    }
}

/// Has the next start draw a new epoch, so that cursors from before are answered with `reset`.
pub(super) fn forget_epoch(db: &mut Connection) -> Result<(), Error> {
    db.begin()?;
    db.execute("UPDATE log_head SET epoch = ''", params![])?;
    db.commit()
}

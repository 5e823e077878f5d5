//! How far the index is, and which messages have changed since it looked at them.

use database::{Connection, Error, params};

/// A number of the index's own: `message` or `rules`.
pub(in crate::search) fn state(db: &mut Connection, name: &str) -> Result<i64, Error> {
    db.query_one("SELECT value FROM search_state WHERE name = $1", params![name])?.get(0)
}

pub(in crate::search) fn set_state(
    db: &mut Connection,
    name: &str,
    value: i64,
) -> Result<(), Error> {
    db.execute("UPDATE search_state SET value = $2 WHERE name = $1", params![name, value])?;
    Ok(())
}

/// Messages that were edited or recalled since the index looked at them, the newest first, at most `limit`.
pub(in crate::search) fn changed(
    db: &mut Connection,
    before: i64,
    limit: i64,
) -> Result<Vec<i64>, Error> {
    db.query(
        "SELECT message_id FROM message_changes WHERE message_id < $1
         ORDER BY message_id DESC LIMIT $2",
        params![before, limit],
    )?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// The index knows a message as it is.
pub(in crate::search) fn settle_change(db: &mut Connection, id: i64) -> Result<(), Error> {
    db.execute("DELETE FROM message_changes WHERE message_id = $1", params![id])?;
    Ok(())
}

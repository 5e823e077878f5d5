//! SQL of what messages said before.

use database::{Connection, Error, params};
use protocol::{Edit, MessageId, Timestamp};

/// How often a message was edited.
pub(crate) fn count_edits(db: &mut Connection, message: MessageId) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) FROM edits WHERE message_id = $1";
    db.query_one(sql, params![message.get()])?.get(0)
}

/// Keeps what a message said before its edit number `n`, which counts from 0.
pub(crate) fn add_edit(
    db: &mut Connection,
    message: MessageId,
    n: i64,
    edit: &Edit,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO edits (message_id, n, text, html, at) VALUES ($1, $2, $3, $4, $5)",
        params![message.get(), n, &edit.text, edit.html.as_deref(), edit.edited_at.millis()],
    )?;
    Ok(())
}

/// All that a message said before, oldest first.
pub(crate) fn edits(db: &mut Connection, message: MessageId) -> Result<Vec<Edit>, Error> {
    db.query(
        "SELECT text, html, at FROM edits WHERE message_id = $1 ORDER BY n",
        params![message.get()],
    )?
    .iter()
    .map(|row| Ok(Edit { text: row.get(0)?, html: row.get(1)?, edited_at: Timestamp(row.get(2)?) }))
    .collect()
}

/// Forgets what a message said before.
pub(crate) fn forget_edits(db: &mut Connection, message: MessageId) -> Result<(), Error> {
    db.execute("DELETE FROM edits WHERE message_id = $1", params![message.get()])?;
    Ok(())
}

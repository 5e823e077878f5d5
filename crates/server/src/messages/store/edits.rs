//! SQL of what messages said before.

use database::{Connection, Error, params};
use protocol::{Edit, MAX_EDITS, MessageId, Timestamp};

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

/// The bytes of what a message said before each of its edits, from number `from` on.
pub(crate) fn edit_sizes(
    db: &mut Connection,
    message: MessageId,
    from: i64,
) -> Result<Vec<i64>, Error> {
    let rows = db.query(
        "SELECT CAST(OCTET_LENGTH(text) + COALESCE(OCTET_LENGTH(html), 0) AS BIGINT) FROM edits
         WHERE message_id = $1 AND n >= $2 ORDER BY n LIMIT $3",
        params![message.get(), from, MAX_EDITS],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// What a message said before its edits number `from` up to, and without, `to`.
pub(crate) fn edits(
    db: &mut Connection,
    message: MessageId,
    (from, to): (i64, i64),
) -> Result<Vec<Edit>, Error> {
    db.query(
        "SELECT text, html, at FROM edits WHERE message_id = $1 AND n >= $2 AND n < $3 ORDER BY n",
        params![message.get(), from, to],
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

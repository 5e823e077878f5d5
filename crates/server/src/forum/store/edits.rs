//! SQL over `article_edits` and `article_drafts`: what an article said before, and what its author is writing.

use database::{Connection, Error, params};
use protocol::{ArticleId, Timestamp, UserId, WorkingCopy};

use super::articles::ArticleRow;

/// A former version.
#[derive(Clone, Debug)]
pub(in crate::forum) struct EditRow {
    pub(in crate::forum) n: i64,
    pub(in crate::forum) editor: UserId,
    pub(in crate::forum) at: Timestamp,
    pub(in crate::forum) title: String,
    pub(in crate::forum) summary: String,
    pub(in crate::forum) text: String,
}

/// Keeps what an article said.
pub(in crate::forum) fn add_edit(
    db: &mut Connection,
    before: &ArticleRow,
    text: &str,
    n: i64,
    editor: UserId,
    at: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO article_edits (article_id, n, editor_id, at, title, summary, text)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            before.id.get(),
            n,
            editor.get(),
            at.millis(),
            &before.title,
            &before.summary,
            text
        ],
    )?;
    Ok(())
}

/// Forgets former versions up to and with `n`.
pub(in crate::forum) fn drop_edits(
    db: &mut Connection,
    id: ArticleId,
    n: i64,
) -> Result<(), Error> {
    let sql = "DELETE FROM article_edits WHERE article_id = $1 AND n <= $2";
    db.execute(sql, params![id.get(), n])?;
    Ok(())
}

/// Former versions, the newest first; at most `protocol::MAX_ARTICLE_EDITS`, since no more are kept.
pub(in crate::forum) fn edits(db: &mut Connection, id: ArticleId) -> Result<Vec<EditRow>, Error> {
    db.query(
        "SELECT n, editor_id, at, title, summary, text FROM article_edits
         WHERE article_id = $1 ORDER BY n DESC",
        params![id.get()],
    )?
    .iter()
    .map(|row| {
        Ok(EditRow {
            n: row.get(0)?,
            editor: UserId(row.get(1)?),
            at: Timestamp(row.get(2)?),
            title: row.get(3)?,
            summary: row.get(4)?,
            text: row.get(5)?,
        })
    })
    .collect()
}

/// What the author is writing, and when it was saved.
pub(in crate::forum) fn copy(
    db: &mut Connection,
    id: ArticleId,
) -> Result<Option<(WorkingCopy, Timestamp)>, Error> {
    let sql = "SELECT content, saved_at FROM article_drafts WHERE article_id = $1";
    let Some(row) = db.query_optional(sql, params![id.get()])? else { return Ok(None) };
    let copy = serde_json::from_str(row.text(0)?)
        .map_err(|error| Error::Decode(format!("a working copy cannot be read: {error}")))?;
    Ok(Some((copy, Timestamp(row.get(1)?))))
}

pub(in crate::forum) fn put_copy(
    db: &mut Connection,
    id: ArticleId,
    copy: &WorkingCopy,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO article_drafts (article_id, content, saved_at) VALUES ($1, $2, $3)
         ON CONFLICT (article_id)
         DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at",
        params![id.get(), super::json(copy)?, now.millis()],
    )?;
    Ok(())
}

pub(in crate::forum) fn drop_copy(db: &mut Connection, id: ArticleId) -> Result<(), Error> {
    db.execute("DELETE FROM article_drafts WHERE article_id = $1", params![id.get()])?;
    Ok(())
}

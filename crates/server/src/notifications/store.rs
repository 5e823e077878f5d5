//! SQL over `notifications`.

use database::{Connection, Error, params};
use protocol::{ArticleId, CaseId, CommentId, NotificationId, NotificationKind, Timestamp, UserId};

use super::notify::Told;
use crate::accounts::next_number;

const ROW: &str = "id, kind, actor_id, actors, article_id, comment_id, case_id, at, is_read";
/// Those that are shown: not those of an article that can be read no longer, which are on their way out.
const SHOWN: &str = "NOT EXISTS (SELECT 1 FROM notifications_to_forget f
    WHERE f.article_id = notifications.article_id AND f.until >= notifications.id)";
/// Unread ones are counted up to here.
const MAX_COUNTED: i64 = 1_000;

/// A notification as it is kept.
pub(super) struct Row {
    pub(super) id: NotificationId,
    pub(super) told: Told,
    pub(super) count: i64,
    pub(super) at: Timestamp,
    pub(super) read: bool,
}

pub(super) fn insert(
    db: &mut Connection,
    reader: UserId,
    told: &Told,
    count: i64,
    at: Timestamp,
) -> Result<Row, Error> {
    let id = NotificationId(next_number(db, "notification")?);
    db.execute(
        "INSERT INTO notifications
             (id, user_id, kind, actor_id, actors, article_id, comment_id, case_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            id.get(),
            reader.get(),
            word(told.kind)?,
            told.actor.map(UserId::get),
            count,
            told.article_id.map(ArticleId::get),
            told.comment_id.map(CommentId::get),
            told.case_id.map(CaseId::get),
            at.millis()
        ],
    )?;
    Ok(Row { id, told: *told, count, at, read: false })
}

/// Takes away what the reader was told of the same and has not read. Answers how many people it was about.
pub(super) fn take_unread(db: &mut Connection, reader: UserId, told: &Told) -> Result<i64, Error> {
    let sql = format!(
        "DELETE FROM notifications
         WHERE user_id = $1 AND is_read = 0 AND kind = $2
             AND COALESCE(article_id, 0) = $3 AND COALESCE(comment_id, 0) = $4 AND {SHOWN}
         RETURNING actors"
    );
    let taken = db.query(
        &sql,
        params![
            reader.get(),
            word(told.kind)?,
            told.article_id.map_or(0, ArticleId::get),
            told.comment_id.map_or(0, CommentId::get)
        ],
    )?;
    taken.iter().map(|row| row.get::<i64>(0)).sum()
}

/// Leaves the newest `most`.
pub(super) fn drop_oldest(db: &mut Connection, reader: UserId, most: i64) -> Result<(), Error> {
    db.execute(
        "DELETE FROM notifications WHERE user_id = $1 AND id <= (
             SELECT id FROM notifications WHERE user_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
        params![reader.get(), most],
    )?;
    Ok(())
}

/// Whether `reader` has blocked `actor`.
pub(super) fn has_blocked(
    db: &mut Connection,
    reader: UserId,
    actor: UserId,
) -> Result<bool, Error> {
    let row = db.query_optional(
        "SELECT 1 FROM blocks WHERE user_id = $1 AND blocked_id = $2",
        params![reader.get(), actor.get()],
    )?;
    Ok(row.is_some())
}

/// How many are unread, up to [`MAX_COUNTED`].
pub(super) fn unread(db: &mut Connection, reader: UserId) -> Result<i64, Error> {
    let counted = format!(
        "SELECT COUNT(*) FROM (
             SELECT 1 FROM notifications WHERE user_id = $1 AND is_read = 0 AND {SHOWN} LIMIT $2
         ) AS counted"
    );
    db.query_one(&counted, params![reader.get(), MAX_COUNTED])?.get(0)
}

/// Whether anything was unread up to `until`.
pub(super) fn mark_read(
    db: &mut Connection,
    reader: UserId,
    until: NotificationId,
) -> Result<bool, Error> {
    let marked = db.execute(
        "UPDATE notifications SET is_read = 1 WHERE user_id = $1 AND is_read = 0 AND id <= $2",
        params![reader.get(), until.get()],
    )?;
    Ok(marked > 0)
}

/// The newest ones before `before`, descending.
pub(super) fn page(
    db: &mut Connection,
    reader: UserId,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<Vec<Row>, Error> {
    let sql = format!(
        "SELECT {ROW} FROM notifications WHERE user_id = $1 AND id < $2 AND {SHOWN}
         ORDER BY id DESC LIMIT $3"
    );
    let before = before.map_or(i64::MAX, NotificationId::get);
    db.query(&sql, params![reader.get(), before, limit])?.iter().map(row).collect()
}

/// The newest of all.
pub(super) fn last(db: &mut Connection) -> Result<NotificationId, Error> {
    let sql = "SELECT COALESCE(MAX(id), 0) FROM notifications";
    Ok(NotificationId(db.query_one(sql, params![])?.get(0)?))
}

/// Drops what is about an article up to `until`, at most `step`. Answers how many there were, and who had not read them.
pub(super) fn forget_article(
    db: &mut Connection,
    article: ArticleId,
    until: NotificationId,
    step: i64,
) -> Result<(i64, Vec<UserId>), Error> {
    let rows = db.query(
        "DELETE FROM notifications WHERE id IN (
             SELECT id FROM notifications WHERE article_id = $1 AND id <= $2 LIMIT $3)
         RETURNING user_id, is_read",
        params![article.get(), until.get(), step],
    )?;
    Ok((i64::try_from(rows.len()).unwrap_or(i64::MAX), unread_by(&rows)?))
}

/// What is about an article up to `until` is shown no longer, and goes later.
pub(super) fn forget_later(
    db: &mut Connection,
    article: ArticleId,
    until: NotificationId,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO notifications_to_forget (article_id, until) VALUES ($1, $2)
         ON CONFLICT (article_id) DO UPDATE SET until = excluded.until",
        params![article.get(), until.get()],
    )?;
    Ok(())
}

/// Nothing about an article is left to be dropped.
pub(super) fn is_forgotten(db: &mut Connection, article: ArticleId) -> Result<(), Error> {
    let sql = "DELETE FROM notifications_to_forget WHERE article_id = $1";
    db.execute(sql, params![article.get()]).map(drop)
}

/// An article about which there still is something that is to be dropped, and up to which one.
///
/// # Errors
/// Those of the database.
pub(crate) fn to_forget(db: &mut Connection) -> Result<Option<(ArticleId, NotificationId)>, Error> {
    let sql = "SELECT article_id, until FROM notifications_to_forget ORDER BY article_id LIMIT 1";
    db.query_optional(sql, params![])?
        .map(|row| Ok((ArticleId(row.get(0)?), NotificationId(row.get(1)?))))
        .transpose()
}

/// Drops all about a comment. Answers who had not read it.
pub(super) fn forget_comment(
    db: &mut Connection,
    comment: CommentId,
) -> Result<Vec<UserId>, Error> {
    let sql = "DELETE FROM notifications WHERE comment_id = $1 RETURNING user_id, is_read";
    unread_by(&db.query(sql, params![comment.get()])?)
}

/// Drops all of one reader.
pub(super) fn forget_reader(db: &mut Connection, reader: UserId) -> Result<(), Error> {
    db.execute("DELETE FROM notifications WHERE user_id = $1", params![reader.get()]).map(drop)
}

/// Whose unread ones are among rows of reader and `is_read`.
fn unread_by(rows: &[database::Row]) -> Result<Vec<UserId>, Error> {
    let mut readers = Vec::new();
    for row in rows {
        if !row.get::<bool>(1)? {
            readers.push(UserId(row.get(0)?));
        }
    }
    readers.sort_unstable();
    readers.dedup();
    Ok(readers)
}

fn row(row: &database::Row) -> Result<Row, Error> {
    let id = |column| row.get::<Option<i64>>(column);
    Ok(Row {
        id: NotificationId(row.get(0)?),
        told: Told {
            kind: kind(&row.get::<String>(1)?)?,
            actor: id(2)?.map(UserId),
            article_id: id(4)?.map(ArticleId),
            comment_id: id(5)?.map(CommentId),
            case_id: id(6)?.map(CaseId),
        },
        count: row.get(3)?,
        at: Timestamp(row.get(7)?),
        read: row.get(8)?,
    })
}

/// The form on the wire is the form in the table.
fn word(kind: NotificationKind) -> Result<String, Error> {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Error::Decode("a kind of notification has no word".into())),
    }
}

fn kind(word: &str) -> Result<NotificationKind, Error> {
    serde_json::from_value(word.into())
        .map_err(|_| Error::Decode(format!("unknown kind of notification: {word}")))
}

//! What announcements of groups were.

use database::{Connection, Error, params};
use protocol::{ConversationId, Timestamp, UserId};

/// An announcement, of whom and when.
#[derive(Clone, Debug)]
pub(crate) struct AnnouncementRow {
    pub(crate) n: i64,
    pub(crate) text: String,
    pub(crate) author_id: UserId,
    pub(crate) at: Timestamp,
}

/// Stores an announcement as the newest of its group, and forgets all but the newest `keep`.
pub(crate) fn add_announcement(
    db: &mut Connection,
    group: ConversationId,
    (author, text): (UserId, &str),
    now: Timestamp,
    keep: i64,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO announcements (conversation_id, n, text, author_id, at)
         SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4 FROM announcements
         WHERE conversation_id = $1",
        params![group.get(), text, author.get(), now.millis()],
    )?;
    db.execute(
        "DELETE FROM announcements WHERE conversation_id = $1 AND n <= (
             SELECT MAX(n) FROM announcements WHERE conversation_id = $1) - $2",
        params![group.get(), keep],
    )?;
    Ok(())
}

/// All that are kept, the newest first.
pub(crate) fn announcements(
    db: &mut Connection,
    group: ConversationId,
) -> Result<Vec<AnnouncementRow>, Error> {
    db.query(
        "SELECT n, text, author_id, at FROM announcements
         WHERE conversation_id = $1 ORDER BY n DESC",
        params![group.get()],
    )?
    .iter()
    .map(|row| {
        Ok(AnnouncementRow {
            n: row.get(0)?,
            text: row.get(1)?,
            author_id: UserId(row.get(2)?),
            at: Timestamp(row.get(3)?),
        })
    })
    .collect()
}

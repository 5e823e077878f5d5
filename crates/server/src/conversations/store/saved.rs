//! Saved messages: everybody's one conversation with themselves.

use database::{Connection, Error, params};
use protocol::{ConversationId, Timestamp, UserId};

/// A user's conversation with themselves, once it was opened.
pub(crate) fn saved_of(db: &mut Connection, user: UserId) -> Result<Option<ConversationId>, Error> {
    db.query_optional(
        "SELECT conversation_id FROM saved_conversations WHERE user_id = $1",
        params![user.get()],
    )?
    .map(|row| Ok(ConversationId(row.get(0)?)))
    .transpose()
}

/// Whether a conversation is somebody's with themselves.
pub(crate) fn is_saved(db: &mut Connection, id: ConversationId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM saved_conversations WHERE conversation_id = $1";
    Ok(db.query_optional(sql, params![id.get()])?.is_some())
}

/// Makes a new conversation the one that a user has with themselves.
pub(crate) fn add_saved(
    db: &mut Connection,
    id: ConversationId,
    user: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO saved_conversations (user_id, conversation_id) VALUES ($1, $2)",
        params![user.get(), id.get()],
    )?;
    db.execute(
        "INSERT INTO members (user_id, conversation_id, joined_at) VALUES ($1, $2, $3)",
        params![user.get(), id.get(), now.millis()],
    )?;
    Ok(())
}

/// Somebody's account goes, and with it what only they could read: what they said to themselves, and what they have
/// typed and not sent. The search index is told.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_own(db: &mut Connection, user: UserId) -> Result<(), Error> {
    db.execute("DELETE FROM drafts WHERE user_id = $1", params![user.get()])?;
    let Some(id) = saved_of(db, user)? else { return Ok(()) };
    db.execute(
        "INSERT INTO message_changes (message_id) SELECT id FROM messages WHERE conversation_id = $1
         ON CONFLICT (message_id) DO NOTHING",
        params![id.get()],
    )?;
    for table in ["attachments", "pins", "mentions", "messages"] {
        let sql = format!("DELETE FROM {table} WHERE conversation_id = $1");
        db.execute(&sql, params![id.get()])?;
    }
    Ok(())
}

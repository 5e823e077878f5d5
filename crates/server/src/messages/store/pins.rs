//! SQL of pinned messages.

use database::{Connection, Error, params};
use protocol::{ConversationId, MAX_PINS, Mark, Message, Seq};

use crate::conversations::{MESSAGE_COLUMNS, message_at};

/// How many messages are pinned in a conversation.
pub(crate) fn count_pins(db: &mut Connection, conversation: ConversationId) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) FROM pins WHERE conversation_id = $1";
    db.query_one(sql, params![conversation.get()])?.get(0)
}

/// Pins a message that is not.
pub(crate) fn add_pin(
    db: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
    pinned: Mark,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO pins (conversation_id, seq, user_id, at) VALUES ($1, $2, $3, $4)",
        params![conversation.get(), seq.get(), pinned.user_id.get(), pinned.at.millis()],
    )?;
    Ok(())
}

/// Unpins a message, if it is pinned.
pub(crate) fn remove_pin(
    db: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
) -> Result<(), Error> {
    db.execute(
        "DELETE FROM pins WHERE conversation_id = $1 AND seq = $2",
        params![conversation.get(), seq.get()],
    )?;
    Ok(())
}

/// The pinned messages with the positions of their events, the one pinned last first.
pub(crate) fn pins(
    db: &mut Connection,
    conversation: ConversationId,
) -> Result<Vec<(i64, Message)>, Error> {
    let sql = format!(
        "SELECT m.position, {MESSAGE_COLUMNS} FROM pins p
         JOIN messages m ON m.conversation_id = p.conversation_id AND m.seq = p.seq
         WHERE p.conversation_id = $1 ORDER BY p.at DESC, p.seq DESC LIMIT $2"
    );
    db.query(&sql, params![conversation.get(), MAX_PINS])?
        .iter()
        .map(|row| Ok((row.get(0)?, message_at(row, 1)?)))
        .collect()
}

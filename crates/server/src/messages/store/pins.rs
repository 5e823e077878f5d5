//! SQL of pinned messages.

use database::{Connection, Error, params};
use protocol::{ConversationId, MAX_PINS, Mark, Seq, Timestamp};

use super::Measured;
use crate::conversations::MESSAGE_BYTES;

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

/// A place among the pinned messages of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PinPlace {
    pub(crate) at: Timestamp,
    pub(crate) seq: Seq,
}

/// The pinned messages after a place, the one pinned last first, as far as they go.
pub(crate) fn pins(
    db: &mut Connection,
    conversation: ConversationId,
    before: PinPlace,
) -> Result<Vec<(PinPlace, Measured)>, Error> {
    let sql = format!(
        "SELECT p.at, m.seq, m.position, {MESSAGE_BYTES} FROM pins p
         JOIN messages m ON m.conversation_id = p.conversation_id AND m.seq = p.seq
         WHERE p.conversation_id = $1 AND (p.at, p.seq) < ($2, $3)
         ORDER BY p.at DESC, p.seq DESC LIMIT $4"
    );
    let values = params![conversation.get(), before.at.millis(), before.seq.get(), MAX_PINS];
    let rows = db.query(&sql, values)?;
    rows.iter()
        .map(|row| {
            let seq = Seq(row.get(1)?);
            let place = PinPlace { at: Timestamp(row.get(0)?), seq };
            Ok((place, Measured { seq, position: row.get(2)?, bytes: row.get(3)? }))
        })
        .collect()
}

//! SQL of what members let the others know of how far they have read.

use database::{Connection, Error, params};
use protocol::{ConversationId, Message, Receipt, Seq, Timestamp, UserId};

/// The receipts of those who are in, without `except`; as many as a group has members.
pub(crate) fn receipts(
    db: &mut Connection,
    conversation: ConversationId,
    except: UserId,
) -> Result<Vec<Receipt>, Error> {
    db.query(
        "SELECT user_id, receipt_seq, joined_at FROM members
         WHERE conversation_id = $1 AND user_id <> $2 AND left_at IS NULL ORDER BY user_id",
        params![conversation.get(), except.get()],
    )?
    .iter()
    .map(|row| {
        Ok(Receipt {
            user_id: UserId(row.get(0)?),
            seq: Seq(row.get(1)?),
            joined_at: Timestamp(row.get(2)?),
        })
    })
    .collect()
}

/// Members who have read a message and let others know, without its sender and without those who came later: by
/// account number the first `limit`, and how many there are.
pub(crate) fn readers(
    db: &mut Connection,
    message: &Message,
    limit: i64,
) -> Result<(Vec<UserId>, i64), Error> {
    let condition = "conversation_id = $1 AND user_id <> $2 AND left_at IS NULL
                     AND receipt_seq >= $3 AND joined_at <= $4";
    let (place, sender) = (message.conversation_id.get(), message.sender_id.get());
    let (seq, at) = (message.seq.get(), message.sent_at.millis());
    let sql = format!("SELECT COUNT(*) FROM members WHERE {condition}");
    let count = db.query_one(&sql, params![place, sender, seq, at])?.get(0)?;
    let sql = format!("SELECT user_id FROM members WHERE {condition} ORDER BY user_id LIMIT $5");
    let rows = db.query(&sql, params![place, sender, seq, at, limit])?;
    let readers = rows.iter().map(|row| Ok(UserId(row.get(0)?))).collect::<Result<_, Error>>()?;
    Ok((readers, count))
}

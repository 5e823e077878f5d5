//! SQL over `held_messages`.

use database::{Connection, Error, Row, params};
use protocol::{ConversationId, Timestamp, UserId};

use super::{Key, of_keys};
use crate::accounts;

/// A message that waits for a moderator, or was rejected by one.
#[derive(Clone, Debug)]
pub(in crate::messages) struct Held {
    pub(in crate::messages) conversation_id: ConversationId,
    pub(in crate::messages) sender_id: UserId,
    pub(in crate::messages) digest: [u8; 32],
    /// JSON.
    pub(in crate::messages) message: String,
    pub(in crate::messages) rejected: bool,
}

const HELD: &str = "h.conversation_id, h.sender_id, h.digest, h.message, h.rejected";

fn row(row: &Row) -> Result<Held, Error> {
    let digest: Vec<u8> = row.get(2)?;
    Ok(Held {
        conversation_id: ConversationId(row.get(0)?),
        sender_id: UserId(row.get(1)?),
        digest: digest.try_into().map_err(|_| Error::Decode("a digest is not 32 bytes".into()))?,
        message: row.get(3)?,
        rejected: row.get(4)?,
    })
}

pub(in crate::messages) fn held(db: &mut Connection, id: i64) -> Result<Option<Held>, Error> {
    let sql = format!("SELECT {HELD} FROM held_messages h WHERE id = $1");
    db.query_optional(&sql, params![id])?.as_ref().map(row).transpose()
}

/// What was kept under an idempotency key.
pub(in crate::messages) fn held_under(
    db: &mut Connection,
    sender: UserId,
    client_id: &str,
) -> Result<Option<Held>, Error> {
    let key = Key { n: 0, sender_id: sender, client_id };
    Ok(all_held_under(db, &[key])?.pop().map(|(_, held)| held))
}

/// What was kept under idempotency keys, with the key's place.
pub(in crate::messages) fn all_held_under(
    db: &mut Connection,
    keys: &[Key<'_>],
) -> Result<Vec<(usize, Held)>, Error> {
    let statement = |keys: &str| {
        format!(
            "SELECT {HELD}, k.n FROM (SELECT * FROM {keys}) AS k
             JOIN held_messages h ON h.sender_id = k.sender_id AND h.client_id = k.client_id"
        )
    };
    of_keys(db, statement, keys)?.iter().map(|found| Ok((found.get(5)?, row(found)?))).collect()
}

/// Keeps a message under the next number.
pub(in crate::messages) fn keep_held(
    db: &mut Connection,
    (sender, client_id, conversation): (UserId, &str, ConversationId),
    digest: &[u8; 32],
    message: &str,
    now: Timestamp,
) -> Result<i64, Error> {
    let id = accounts::next_number(db, "held_message")?;
    db.execute(
        "INSERT INTO held_messages (id, conversation_id, sender_id, client_id, digest, message, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, conversation.get(), sender.get(), client_id, digest, message, now.millis()],
    )?;
    Ok(id)
}

/// It is a message now.
pub(in crate::messages) fn delete_held(db: &mut Connection, id: i64) -> Result<(), Error> {
    db.execute("DELETE FROM held_messages WHERE id = $1", params![id]).map(drop)
}

/// Nothing is kept of what somebody wanted to say whose account goes.
pub(in crate::messages) fn reject_all_of(db: &mut Connection, sender: UserId) -> Result<(), Error> {
    let sql = "UPDATE held_messages SET rejected = 1, message = '' WHERE sender_id = $1";
    db.execute(sql, params![sender.get()]).map(drop)
}

/// It is never to be one; nothing that it says is kept.
pub(in crate::messages) fn reject_held(db: &mut Connection, id: i64) -> Result<(), Error> {
    let sql = "UPDATE held_messages SET rejected = 1, message = '' WHERE id = $1";
    db.execute(sql, params![id]).map(drop)
}

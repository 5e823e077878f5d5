//! Direct pairs: the one conversation that two people have.

use database::{Connection, Error, params};
use protocol::{ConversationId, Timestamp, UserId};

/// The conversation of two people.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Direct {
    pub(crate) id: ConversationId,
    /// The group of a temporary session, as it was last set.
    pub(crate) via_group_id: Option<ConversationId>,
}

fn ordered(a: UserId, b: UserId) -> (i64, i64) {
    (a.get().min(b.get()), a.get().max(b.get()))
}

/// Their conversation, if they have one.
pub(crate) fn direct_of(
    db: &mut Connection,
    a: UserId,
    b: UserId,
) -> Result<Option<Direct>, Error> {
    let (low, high) = ordered(a, b);
    db.query_optional(
        "SELECT conversation_id, via_group_id FROM direct_pairs
         WHERE low_user_id = $1 AND high_user_id = $2",
        params![low, high],
    )?
    .map(|row| {
        Ok(Direct {
            id: ConversationId(row.get(0)?),
            via_group_id: row.get::<Option<i64>>(1)?.map(ConversationId),
        })
    })
    .transpose()
}

/// Makes two people members of a new conversation that is theirs alone.
pub(crate) fn add_direct(
    db: &mut Connection,
    id: ConversationId,
    (a, b): (UserId, UserId),
    via: Option<ConversationId>,
    now: Timestamp,
) -> Result<(), Error> {
    let (low, high) = ordered(a, b);
    db.execute(
        "INSERT INTO direct_pairs (low_user_id, high_user_id, conversation_id, via_group_id)
         VALUES ($1, $2, $3, $4)",
        params![low, high, id.get(), via.map(ConversationId::get)],
    )?;
    db.execute(
        "INSERT INTO members (user_id, conversation_id, joined_at) VALUES ($1, $3, $4), ($2, $3, $4)",
        params![low, high, id.get(), now.millis()],
    )?;
    Ok(())
}

/// Sets or clears the group of a temporary session.
pub(crate) fn set_via(
    db: &mut Connection,
    id: ConversationId,
    via: Option<ConversationId>,
) -> Result<(), Error> {
    db.execute(
        "UPDATE direct_pairs SET via_group_id = $2 WHERE conversation_id = $1",
        params![id.get(), via.map(ConversationId::get)],
    )?;
    Ok(())
}

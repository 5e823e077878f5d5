//! Read marks, and which of them are stored but not told yet (`pending_reads`).

use database::{Connection, Engine, Error, params, values};
use protocol::{ConversationId, Seq, UserId};
use serde::Serialize;

use super::messages::json;

/// How far a member has read, and how far one could.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) user_id: UserId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) read_seq: Seq,
    /// What others may know of it.
    pub(crate) receipt_seq: Seq,
    pub(crate) last_seq: Seq,
    /// Messages after the mark, without notices.
    pub(crate) unread: i64,
    /// Of a direct conversation.
    pub(crate) peer: Option<UserId>,
    /// Of a group: how many are in it.
    pub(crate) member_count: Option<i64>,
}

/// The mark of somebody who is a member now.
pub(crate) fn mark_of(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Option<Mark>, Error> {
    db.query_optional(
        "SELECT m.user_id, m.conversation_id, m.read_seq, c.last_seq,
                c.last_ordinal - m.read_ordinal,
                CASE WHEN d.low_user_id = m.user_id THEN d.high_user_id ELSE d.low_user_id END,
                m.receipt_seq, g.member_count
         FROM members m
         JOIN conversations c ON c.id = m.conversation_id
         LEFT JOIN direct_pairs d ON d.conversation_id = m.conversation_id
         LEFT JOIN groups g ON g.conversation_id = m.conversation_id
         WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.left_at IS NULL",
        params![user.get(), conversation.get()],
    )?
    .map(|row| mark(&row))
    .transpose()
}

fn mark(row: &database::Row) -> Result<Mark, Error> {
    Ok(Mark {
        user_id: UserId(row.get(0)?),
        conversation_id: ConversationId(row.get(1)?),
        read_seq: Seq(row.get(2)?),
        last_seq: Seq(row.get(3)?),
        unread: row.get(4)?,
        peer: row.get::<Option<i64>>(5)?.map(UserId),
        receipt_seq: Seq(row.get(6)?),
        member_count: row.get(7)?,
    })
}

/// A member has read up to here.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Moved {
    pub(crate) user_id: UserId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) seq: Seq,
    pub(crate) ordinal: i64,
}

/// Moves a mark to `seq`, which is a message of the conversation; `receipt` says whether others may know.
pub(crate) fn set_mark(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
    receipt: bool,
) -> Result<(), Error> {
    db.execute(
        "UPDATE members SET read_seq = $3, read_ordinal = (
             SELECT ordinal FROM messages WHERE conversation_id = $2 AND seq = $3),
             receipt_seq = CASE WHEN CAST($4 AS BIGINT) = 1 THEN $3 ELSE receipt_seq END
         WHERE user_id = $1 AND conversation_id = $2",
        params![user.get(), conversation.get(), seq.get(), i64::from(receipt)],
    )?;
    Ok(())
}

/// Moves marks, for senders of messages, who let everybody know by speaking: one statement for any number of them.
pub(crate) fn move_marks(db: &mut Connection, moved: &[Moved]) -> Result<(), Error> {
    match db.engine() {
        Engine::Sqlite => db.execute_each(
            "UPDATE members SET read_seq = $3, read_ordinal = $4, receipt_seq = $3
             WHERE user_id = $1 AND conversation_id = $2",
            moved.iter().map(|mark| {
                let Moved { user_id, conversation_id, seq, ordinal } = *mark;
                values![user_id.get(), conversation_id.get(), seq.get(), ordinal]
            }),
        ),
        Engine::Postgres => db.execute(
            "UPDATE members SET read_seq = moved.seq, read_ordinal = moved.ordinal,
                 receipt_seq = moved.seq
             FROM json_to_recordset(CAST($1 AS json)) AS moved (
                 user_id BIGINT, conversation_id BIGINT, seq BIGINT, ordinal BIGINT)
             WHERE members.user_id = moved.user_id
               AND members.conversation_id = moved.conversation_id",
            params![json(moved)?],
        ),
    }?;
    Ok(())
}

/// Remembers that a stored mark is still to be told of; `receipt` says whether others may know. Once it said so,
/// they are told.
pub(crate) fn defer_read(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
    receipt: bool,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO pending_reads (user_id, conversation_id, receipt) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, conversation_id) DO UPDATE
         SET receipt = CASE WHEN excluded.receipt = 1 THEN 1 ELSE pending_reads.receipt END",
        params![user.get(), conversation.get(), receipt],
    )?;
    Ok(())
}

/// Whose mark it is, the mark as it is now (`None` when they have left meanwhile), and whether others may know.
pub(crate) type PendingRead = ((UserId, ConversationId), Option<Mark>, bool);

/// Marks that are still to be told of, at most `limit`.
pub(crate) fn pending_reads(db: &mut Connection, limit: i64) -> Result<Vec<PendingRead>, Error> {
    db.query(
        "SELECT p.user_id, p.conversation_id, m.read_seq, c.last_seq,
                c.last_ordinal - m.read_ordinal,
                CASE WHEN d.low_user_id = p.user_id THEN d.high_user_id ELSE d.low_user_id END,
                m.receipt_seq, g.member_count, p.receipt
         FROM pending_reads p
         LEFT JOIN members m ON m.user_id = p.user_id AND m.conversation_id = p.conversation_id
                             AND m.left_at IS NULL
         LEFT JOIN conversations c ON c.id = p.conversation_id
         LEFT JOIN direct_pairs d ON d.conversation_id = p.conversation_id
         LEFT JOIN groups g ON g.conversation_id = p.conversation_id
         ORDER BY p.user_id, p.conversation_id LIMIT $1",
        params![limit],
    )?
    .iter()
    .map(|row| {
        let whose = (UserId(row.get(0)?), ConversationId(row.get(1)?));
        let still_in = row.get::<Option<i64>>(2)?.is_some();
        Ok((whose, if still_in { Some(mark(row)?) } else { None }, row.get(8)?))
    })
    .collect()
}

/// Forgets that a mark is to be told of.
pub(crate) fn settle_read(
    db: &mut Connection,
    (user, conversation): (UserId, ConversationId),
) -> Result<(), Error> {
    db.execute(
        "DELETE FROM pending_reads WHERE user_id = $1 AND conversation_id = $2",
        params![user.get(), conversation.get()],
    )?;
    Ok(())
}

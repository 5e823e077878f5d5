//! What replies answer.

use database::{Connection, Engine, Error, Row, params};
use protocol::{ConversationId, Seq, UserId};
use serde::Serialize;

use super::json;

/// A message that somebody wants to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct Quote {
    pub(crate) sender_id: UserId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) seq: Seq,
}

/// Whether it can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotable {
    Yes,
    Recalled,
    Notice,
}

/// Those messages that there are and that their senders-to-be see: one statement. What somebody sees is decided as
/// for history: member now, and in the log's audience when it was said, unless the group's past is open.
pub(crate) fn quotable(
    db: &mut Connection,
    quotes: &[Quote],
) -> Result<Vec<(Quote, Quotable)>, Error> {
    let (set, recalled) = match db.engine() {
        Engine::Sqlite => (
            "(SELECT value ->> 'sender_id' AS sender_id,
                     value ->> 'conversation_id' AS conversation_id, value ->> 'seq' AS seq
              FROM json_each($1))",
            "m.details ->> 'recalled'",
        ),
        Engine::Postgres => (
            "json_to_recordset(CAST($1 AS json)) AS rows (
                 sender_id BIGINT, conversation_id BIGINT, seq BIGINT)",
            "CAST(m.details AS json) ->> 'recalled'",
        ),
    };
    // What was recalled has no text: the details of all others need not be looked at.
    let sql = format!(
        "SELECT k.sender_id, k.conversation_id, k.seq,
                CASE WHEN m.kind = 'notice' THEN 'notice'
                     WHEN m.text = '' AND {recalled} IS NOT NULL THEN 'recalled'
                     ELSE '' END
         FROM (SELECT * FROM {set}) AS k
         JOIN members me ON me.user_id = k.sender_id AND me.conversation_id = k.conversation_id
                        AND me.left_at IS NULL
         JOIN messages m ON m.conversation_id = k.conversation_id AND m.seq = k.seq
         LEFT JOIN groups g ON g.conversation_id = k.conversation_id
         WHERE g.history_for_new_members = 1
            OR EXISTS (SELECT 1 FROM audience a
                       WHERE a.user_id = k.sender_id AND a.stream = k.conversation_id
                         AND a.from_position <= m.position AND a.until_position >= m.position)"
    );
    db.query(&sql, params![json(quotes)?])?.iter().map(quotable_at).collect()
}

fn quotable_at(row: &Row) -> Result<(Quote, Quotable), Error> {
    let quote = Quote {
        sender_id: UserId(row.get(0)?),
        conversation_id: ConversationId(row.get(1)?),
        seq: Seq(row.get(2)?),
    };
    let quotable = match row.text(3)? {
        "notice" => Quotable::Notice,
        "recalled" => Quotable::Recalled,
        _ => Quotable::Yes,
    };
    Ok((quote, quotable))
}

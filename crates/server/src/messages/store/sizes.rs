//! How large messages are, without reading them.

use database::{Connection, Engine, Error, params};
use protocol::{ConversationId, Seq};

/// Of those of some messages of a conversation that there are: the positions of their events, and the characters of
/// text and details as they are stored.
pub(crate) fn sizes(
    db: &mut Connection,
    conversation: ConversationId,
    seqs: &[Seq],
) -> Result<Vec<(i64, i64)>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($2)",
        Engine::Postgres => {
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json))"
        }
    };
    let sql = format!(
        "SELECT m.position, CAST(LENGTH(m.text) + LENGTH(COALESCE(m.details, '')) AS BIGINT)
         FROM messages m WHERE m.conversation_id = $1 AND m.seq IN ({set})"
    );
    let rows = db.query(&sql, params![conversation.get(), super::json(seqs)?])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

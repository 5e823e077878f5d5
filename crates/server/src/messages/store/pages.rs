//! Pages of messages: how large those are that may go onto one, and then those that do.

use database::{Connection, Engine, Error, Row, params};
use protocol::{ConversationId, Message, Seq};

use super::json;
use crate::conversations::{MESSAGE_BYTES, MESSAGE_COLUMNS, message_at};

/// A message that was not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(crate) seq: Seq,
    /// Of its event.
    pub(crate) position: i64,
    /// Of its text and details as they are stored.
    pub(crate) bytes: i64,
}

/// Which way history is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From here towards older ones, without this one.
    Before(Seq),
    /// From here towards newer ones, without this one.
    After(Seq),
}

/// What comes next that way, nearest to the starting point first.
pub(crate) fn towards(
    db: &mut Connection,
    conversation: ConversationId,
    way: Way,
    limit: usize,
) -> Result<Vec<Measured>, Error> {
    let (condition, seq) = match way {
        Way::Before(seq) => ("m.seq < $2 ORDER BY m.seq DESC", seq),
        Way::After(seq) => ("m.seq > $2 ORDER BY m.seq", seq),
    };
    let sql = format!(
        "SELECT m.seq, m.position, {MESSAGE_BYTES} FROM messages m
         WHERE m.conversation_id = $1 AND {condition} LIMIT $3"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = db.query(&sql, params![conversation.get(), seq.get(), limit])?;
    rows.iter().map(measured).collect()
}

/// Those of some messages of a conversation that there are, ascending.
pub(crate) fn some_sizes(
    db: &mut Connection,
    conversation: ConversationId,
    seqs: &[Seq],
) -> Result<Vec<Measured>, Error> {
    let sql = format!(
        "SELECT m.seq, m.position, {MESSAGE_BYTES} FROM messages m
         WHERE m.conversation_id = $1 AND m.seq IN ({}) ORDER BY m.seq",
        set(db)
    );
    let rows = db.query(&sql, params![conversation.get(), json(seqs)?])?;
    rows.iter().map(measured).collect()
}

/// The same, read: the caller has measured them.
pub(crate) fn some_messages(
    db: &mut Connection,
    conversation: ConversationId,
    seqs: &[Seq],
) -> Result<Vec<Message>, Error> {
    let sql = format!(
        "SELECT {MESSAGE_COLUMNS} FROM messages m
         WHERE m.conversation_id = $1 AND m.seq IN ({}) ORDER BY m.seq",
        set(db)
    );
    let rows = db.query(&sql, params![conversation.get(), json(seqs)?])?;
    rows.iter().map(|row| message_at(row, 0)).collect()
}

fn measured(row: &Row) -> Result<Measured, Error> {
    Ok(Measured { seq: Seq(row.get(0)?), position: row.get(1)?, bytes: row.get(2)? })
}

/// The numbers in `$2`.
fn set(db: &Connection) -> &'static str {
    match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($2)",
        Engine::Postgres => {
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json))"
        }
    }
}

//! Messages and their conversations, as one person may see them.

use database::{Connection, Engine, Error, Row, Value, params};
use protocol::{ConversationId, ConversationKind, Message, UserId};

use super::json;
use crate::conversations::{MESSAGE_BYTES, MESSAGE_COLUMNS, message_at};

/// What else a message must be.
#[derive(Clone, Debug, Default)]
pub(in crate::search) struct Filter {
    pub(in crate::search) conversation_id: Option<ConversationId>,
    pub(in crate::search) sender_id: Option<UserId>,
    /// Milliseconds, `[from, until)`.
    pub(in crate::search) from: Option<i64>,
    pub(in crate::search) until: Option<i64>,
}

/// Which messages are looked at.
#[derive(Clone, Debug)]
pub(in crate::search) enum Visible<'a> {
    /// These.
    Ids(&'a [i64]),
    /// Those with ids `[low, high)`.
    Between(i64, i64),
}

/// A message by its id, and the bytes of its text and details as they are stored.
pub(in crate::search) type Measured = (i64, i64);

/// Those among `which` that the user may read and that are not notices, the newest first. What somebody may read
/// is decided as for history: member now, and in the log's audience when it was said, unless the group's past is open.
pub(in crate::search) fn visible(
    db: &mut Connection,
    user: UserId,
    which: &Visible<'_>,
    filter: &Filter,
) -> Result<Vec<Measured>, Error> {
    let mut values = params![user.get()].to_vec();
    let mut conditions = String::new();
    let mut add = |values: &mut Vec<Value>, text: &str, value: Value| {
        values.push(value);
        conditions.push_str(&text.replace('?', &format!("${}", values.len())));
    };
    match which {
        Visible::Ids(ids) => {
            let set = match db.engine() {
                Engine::Sqlite => " AND m.id IN (SELECT value FROM json_each(?))",
                Engine::Postgres => {
                    " AND m.id IN (SELECT CAST(value AS BIGINT)
                                   FROM json_array_elements_text(CAST(? AS json)))"
                }
            };
            add(&mut values, set, json(ids)?.into());
        }
        Visible::Between(low, high) => {
            add(&mut values, " AND m.id >= ?", (*low).into());
            add(&mut values, " AND m.id < ?", (*high).into());
        }
    }
    // The signs keep planners from going through a whole conversation instead of the few messages given.
    let wanted = [
        (" AND +m.conversation_id = ?", filter.conversation_id.map(ConversationId::get)),
        (" AND +m.sender_id = ?", filter.sender_id.map(UserId::get)),
        (" AND m.sent_at >= ?", filter.from),
        (" AND m.sent_at < ?", filter.until),
    ];
    for (text, value) in wanted {
        if let Some(value) = value {
            add(&mut values, text, value.into());
        }
    }
    let sql = format!(
        "SELECT m.id, {MESSAGE_BYTES} FROM messages m
         JOIN members me ON me.conversation_id = +m.conversation_id AND me.user_id = $1
                        AND me.left_at IS NULL
         LEFT JOIN groups g ON g.conversation_id = m.conversation_id
         WHERE m.kind = 'text'
           AND (g.history_for_new_members = 1
                OR EXISTS (SELECT 1 FROM audience a
                           WHERE a.user_id = $1 AND a.stream = m.conversation_id
                             AND a.from_position <= m.position AND a.until_position >= m.position))
           {conditions}
         ORDER BY m.id DESC"
    );
    measured(db, &sql, &values)
}

/// Messages by their ids, the newest first, whoever may see them: the caller has asked who may, and measured them.
pub(in crate::search) fn messages(db: &mut Connection, ids: &[i64]) -> Result<Vec<Message>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($1)",
        Engine::Postgres => {
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json))"
        }
    };
    let sql = format!(
        "SELECT {MESSAGE_COLUMNS} FROM messages m WHERE m.id IN ({set}) ORDER BY m.id DESC"
    );
    db.query(&sql, params![json(ids)?])?.iter().map(|row| message_at(row, 0)).collect()
}

/// The first `limit` messages after this one in the order of their ids, whoever may see them: for the index.
pub(in crate::search) fn after(
    db: &mut Connection,
    after: i64,
    limit: i64,
) -> Result<Vec<Measured>, Error> {
    let sql = format!(
        "SELECT m.id, {MESSAGE_BYTES} FROM messages m WHERE m.id > $1 ORDER BY m.id LIMIT $2"
    );
    measured(db, &sql, params![after, limit])
}

/// Those of some messages that there are, whoever may see them: for the index.
pub(in crate::search) fn sizes(db: &mut Connection, ids: &[i64]) -> Result<Vec<Measured>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($1)",
        Engine::Postgres => {
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json))"
        }
    };
    let sql = format!("SELECT m.id, {MESSAGE_BYTES} FROM messages m WHERE m.id IN ({set})");
    measured(db, &sql, params![json(ids)?])
}

fn measured(db: &mut Connection, sql: &str, values: &[Value]) -> Result<Vec<Measured>, Error> {
    db.query(sql, values)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The id of the newest message, 0 before there is one.
pub(in crate::search) fn newest(db: &mut Connection) -> Result<i64, Error> {
    db.query_one("SELECT COALESCE(MAX(id), 0) FROM messages", params![])?.get(0)
}

/// The conversations that somebody is in, ascending.
pub(in crate::search) fn own_conversations(
    db: &mut Connection,
    user: UserId,
) -> Result<Vec<ConversationId>, Error> {
    let sql = "SELECT conversation_id FROM members WHERE user_id = $1 AND left_at IS NULL
               ORDER BY conversation_id";
    let found = db.query(sql, params![user.get()])?;
    found.iter().map(|row| Ok(ConversationId(row.get(0)?))).collect()
}

/// A conversation by what the user calls it: kind, title, and the other one of a direct conversation.
pub(in crate::search) type Called = (ConversationId, ConversationKind, String, Option<UserId>);

/// The conversations with these ids.
pub(in crate::search) fn conversations(
    db: &mut Connection,
    user: UserId,
    ids: &[ConversationId],
) -> Result<Vec<Called>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($2)",
        Engine::Postgres => {
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json))"
        }
    };
    let sql = format!(
        "SELECT c.id, c.kind, COALESCE(g.name, NULLIF(f.remark, ''), u.name, ''), u.id,
                EXISTS (SELECT 1 FROM saved_conversations s WHERE s.conversation_id = c.id)
         FROM conversations c
         LEFT JOIN groups g ON g.conversation_id = c.id
         LEFT JOIN direct_pairs d ON d.conversation_id = c.id
         LEFT JOIN users u ON u.id = CASE WHEN d.low_user_id = $1 THEN d.high_user_id
                                          ELSE d.low_user_id END
         LEFT JOIN friendships f ON f.user_id = $1 AND f.friend_id = u.id
         WHERE c.id IN ({set})"
    );
    db.query(&sql, params![user.get(), json(ids)?])?.iter().map(called).collect()
}

fn called(row: &Row) -> Result<Called, Error> {
    let kind = match (row.text(1)?, row.get(4)?) {
        ("group", _) => ConversationKind::Group,
        (_, true) => ConversationKind::Saved,
        (_, false) => ConversationKind::Direct,
    };
    Ok((ConversationId(row.get(0)?), kind, row.get(2)?, row.get::<Option<i64>>(3)?.map(UserId)))
}

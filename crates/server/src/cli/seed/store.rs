//! The tables that `bench seed` fills, many rows a statement.

use std::fmt::Write as _;

use database::{Connection, Engine, Error, Value, params};

/// Rows of one table, in the order of its columns below.
pub(super) type Rows = Vec<Vec<Value>>;

/// Rows of one statement. Each costs PostgreSQL a round trip, and takes 65,535 parameters at most. To SQLite a
/// statement costs next to nothing, but each parameter is looked for by name among all that the statement has.
fn rows_at_once(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 4,
        Engine::Postgres => 1_000,
    }
}

pub(super) const USERS: &str =
    "INSERT INTO users (id, username, username_key, username_skeleton, name, name_key, created_at)";
pub(super) const TOKENS: &str = "INSERT INTO tokens (id, user_id, name, token_hash, created_at)";
pub(super) const FRIENDSHIPS: &str = "INSERT INTO friendships (user_id, friend_id, created_at)";
pub(super) const CONVERSATIONS: &str =
    "INSERT INTO conversations (id, kind, last_message_at, created_at)";
pub(super) const DIRECT_PAIRS: &str =
    "INSERT INTO direct_pairs (low_user_id, high_user_id, conversation_id)";
pub(super) const GROUPS: &str =
    "INSERT INTO groups (conversation_id, name, name_key, open_name_key,
     owner_id, max_members, member_count, created_at)";
pub(super) const MEMBERS: &str = "INSERT INTO members (user_id, conversation_id, role, joined_at)";
pub(super) const AUDIENCE: &str =
    "INSERT INTO audience (user_id, stream, from_position, until_position)";

pub(super) const MESSAGES: &str =
    "INSERT INTO messages (id, conversation_id, seq, position, ordinal, sender_id, client_id,
     digest, kind, text, sent_at)";
pub(super) const LOG: &str = "INSERT INTO log (position, stream, payload, at)";

/// Inserts all rows.
pub(super) fn insert(db: &mut Connection, head: &str, rows: Rows) -> Result<(), Error> {
    let (columns, at_once) = (rows.first().map_or(0, Vec::len), rows_at_once(db.engine()));
    let mut values = Vec::with_capacity(at_once * columns);
    let mut left = rows.len();
    let whole = statement(head, at_once, columns);
    for row in rows {
        values.extend(row);
        left -= 1;
        if values.len() == at_once * columns {
            db.execute(&whole, &values)?;
            values.clear();
        } else if left == 0 {
            db.execute(&statement(head, values.len() / columns, columns), &values)?;
        }
    }
    Ok(())
}

/// `head VALUES ($1, $2), ($3, $4), …`
fn statement(head: &str, rows: usize, columns: usize) -> String {
    let mut sql = format!("{head} VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(sql, "{comma}${}", row * columns + column);
        }
        sql.push(')');
    }
    sql
}

/// Whether nobody has an account, and nothing has happened.
pub(in crate::cli) fn is_empty(db: &mut Connection) -> Result<bool, Error> {
    let row = db.query_one(
        "SELECT (SELECT COUNT(*) FROM users) + (SELECT COUNT(*) FROM conversations), position
         FROM log_head",
        params![],
    )?;
    Ok(row.get::<i64>(0)? == 0 && row.get::<i64>(1)? == 0)
}

/// The next numbers of an account and of a conversation.
pub(super) fn next_numbers(db: &mut Connection) -> Result<(i64, i64), Error> {
    let row = db.query_one(
        "SELECT (SELECT value + 1 FROM counters WHERE name = 'user'),
                (SELECT value + 1 FROM counters WHERE name = 'conversation')",
        params![],
    )?;
    Ok((row.get(0)?, row.get(1)?))
}

/// Counts what was made.
pub(super) fn set_counters(
    db: &mut Connection,
    users: i64,
    conversations: i64,
) -> Result<(), Error> {
    let sql = "UPDATE counters SET value = value + $2 WHERE name = $1";
    for (name, made) in [("user", users), ("token", users), ("conversation", conversations)] {
        db.execute(sql, params![name, made])?;
    }
    Ok(())
}

/// Lets SQLite keep the inner pages of large indexes in memory: 256 MiB, until this process ends.
pub(super) fn use_memory(db: &mut Connection) -> Result<(), Error> {
    match db.engine() {
        Engine::Sqlite => db.batch("PRAGMA cache_size = -262144"),
        Engine::Postgres => Ok(()),
    }
}

/// What a conversation ends with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    pub(super) seq: i64,
    pub(super) position: i64,
    pub(super) at: i64,
}

/// Writes how far conversations and the log are. Three quarters of the people have read everything.
pub(super) fn set_ends(
    db: &mut Connection,
    ends: impl Iterator<Item = (i64, End)>,
    messages: i64,
) -> Result<(), Error> {
    for (conversation, End { seq, position, at }) in ends {
        db.execute(
            "UPDATE conversations SET last_seq = $2, last_ordinal = $2, last_position = $3,
                    last_message_at = $4 WHERE id = $1",
            params![conversation, seq, position, at],
        )?;
        db.execute(
            "UPDATE members SET read_seq = $2, read_ordinal = $2, receipt_seq = $2
             WHERE conversation_id = $1 AND user_id % 4 <> 0",
            params![conversation, seq],
        )?;
    }
    db.execute("UPDATE log_head SET position = $1, message_id = $1", params![messages])?;
    Ok(())
}

/// Has the search index look at everybody.
pub(super) fn forget_index(db: &mut Connection) -> Result<(), Error> {
    db.execute("UPDATE search_state SET value = 0 WHERE name = 'rules'", params![])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_a_parameter_for_each_value() {
        assert_eq!(statement("INSERT", 2, 3), "INSERT VALUES ($1, $2, $3), ($4, $5, $6)");
    }
}

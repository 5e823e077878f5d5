//! SQL of sending and of history. Rows of messages are read and written through `conversations`.

mod edits;
mod files;
mod held;
mod pages;
mod pins;
mod quotes;

use database::{Connection, Engine, Error, Row, params, values};
use protocol::{ConversationId, Message, Role, Seq, Timestamp, UserId};
use serde::Serialize;

pub(super) use edits::{add_edit, count_edits, edit_sizes, edits, forget_edits};
pub(super) use files::{FilePlace, files};
pub(super) use held::{
    Held, all_held_under, delete_held, held, held_under, keep_held, reject_all_of, reject_held,
};
pub(super) use pages::{Measured, Way, some_messages, some_sizes, towards};
pub(super) use pins::{PinPlace, add_pin, count_pins, pins, remove_pin};
pub(super) use quotes::{Quotable, Quote, quotable};

use crate::conversations::{MESSAGE_COLUMNS, message_at};

/// An idempotency key, and its place in a set of sends.
#[derive(Debug, Serialize)]
pub(super) struct Key<'a> {
    pub(super) n: usize,
    pub(super) sender_id: UserId,
    pub(super) client_id: &'a str,
}

/// A message that was sent under a key of the set.
pub(super) struct Known {
    pub(super) n: usize,
    pub(super) digest: Vec<u8>,
    pub(super) message: Message,
}

/// What a statement says of each of some keys, which are its `k` (`n`, `sender_id`, `client_id`).
fn of_keys(
    db: &mut Connection,
    statement: impl Fn(&str) -> String,
    keys: &[Key<'_>],
) -> Result<Vec<Row>, Error> {
    match db.engine() {
        Engine::Sqlite => db.query_each(
            &statement("(SELECT $1 AS n, $2 AS sender_id, $3 AS client_id)"),
            keys.iter().map(|key| {
                values![
                    i64::try_from(key.n).unwrap_or(i64::MAX),
                    key.sender_id.get(),
                    key.client_id
                ]
            }),
        ),
        Engine::Postgres => db.query(
            &statement(
                "json_to_recordset(CAST($1 AS json)) AS rows (
                     n BIGINT, sender_id BIGINT, client_id TEXT)",
            ),
            params![json(keys)?],
        ),
    }
}

/// The messages sent under any of these keys before: one statement.
pub(super) fn known(db: &mut Connection, keys: &[Key<'_>]) -> Result<Vec<Known>, Error> {
    let statement = |keys: &str| {
        format!(
            "SELECT k.n, m.digest, {MESSAGE_COLUMNS} FROM (SELECT * FROM {keys}) AS k
             JOIN messages m ON m.sender_id = k.sender_id AND m.client_id = k.client_id"
        )
    };
    of_keys(db, statement, keys)?
        .iter()
        .map(|row| Ok(Known { n: row.get(0)?, digest: row.get(1)?, message: message_at(row, 2)? }))
        .collect()
}

/// Somebody who wants to speak somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Speaker {
    pub(super) sender_id: UserId,
    pub(super) conversation_id: ConversationId,
}

/// What decides whether a member may speak.
#[derive(Clone, Debug)]
pub(super) struct Footing {
    /// In that conversation.
    pub(super) standing: Standing,
    /// On the whole site, as it was set; it may lie in the past.
    pub(super) site_muted_until: Option<Timestamp>,
    /// When the account was made.
    pub(super) created_at: Timestamp,
}

/// How a member stands in a conversation.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    Group {
        role: Role,
        muted_until: Option<Timestamp>,
        all_muted: bool,
    },
    Direct {
        friends: bool,
        blocked: bool,
        share_group: bool,
    },
    /// With oneself.
    Saved,
}

/// The footing of each speaker who is a member: one statement. It looks into the tables of accounts, friends and
/// groups itself, because this is the hot path.
pub(super) fn standings(
    db: &mut Connection,
    speakers: &[Speaker],
) -> Result<Vec<(Speaker, Footing)>, Error> {
    let statement = |speakers: &str| {
        format!(
            "SELECT s.sender_id, s.conversation_id, me.role, me.muted_until, g.all_muted,
                EXISTS (SELECT 1 FROM friendships f
                        WHERE f.user_id = s.sender_id AND f.friend_id = s.peer),
                EXISTS (SELECT 1 FROM blocks b
                        WHERE b.user_id = s.sender_id AND b.blocked_id = s.peer)
                OR EXISTS (SELECT 1 FROM blocks b
                           WHERE b.user_id = s.peer AND b.blocked_id = s.sender_id),
                EXISTS (SELECT 1 FROM members a
                        JOIN members b ON b.conversation_id = a.conversation_id
                        WHERE a.user_id = s.sender_id AND a.conversation_id = s.via_group_id
                          AND a.left_at IS NULL AND b.user_id = s.peer AND b.left_at IS NULL),
                s.peer, u.site_muted_until, u.created_at
         FROM (SELECT k.sender_id, k.conversation_id, d.via_group_id,
                      CASE WHEN d.low_user_id = k.sender_id THEN d.high_user_id
                           ELSE d.low_user_id END AS peer
               FROM (SELECT * FROM {speakers}) AS k
               LEFT JOIN direct_pairs d ON d.conversation_id = k.conversation_id) AS s
         JOIN members me ON me.user_id = s.sender_id AND me.conversation_id = s.conversation_id
                        AND me.left_at IS NULL
         JOIN users u ON u.id = s.sender_id
         LEFT JOIN groups g ON g.conversation_id = s.conversation_id"
        )
    };
    let rows = match db.engine() {
        Engine::Sqlite => db.query_each(
            &statement("(SELECT $1 AS sender_id, $2 AS conversation_id)"),
            speakers.iter().map(|one| values![one.sender_id.get(), one.conversation_id.get()]),
        ),
        Engine::Postgres => db.query(
            &statement(
                "json_to_recordset(CAST($1 AS json)) AS rows (
                     sender_id BIGINT, conversation_id BIGINT)",
            ),
            params![json(speakers)?],
        ),
    };
    rows?.iter().map(footing).collect()
}

fn footing(row: &Row) -> Result<(Speaker, Footing), Error> {
    let speaker =
        Speaker { sender_id: UserId(row.get(0)?), conversation_id: ConversationId(row.get(1)?) };
    let standing = match row.get::<Option<bool>>(4)? {
        Some(all_muted) => Standing::Group {
            role: match row.text(2)? {
                "owner" => Role::Owner,
                "admin" => Role::Admin,
                _ => Role::Member,
            },
            muted_until: row.get::<Option<i64>>(3)?.map(Timestamp),
            all_muted,
        },
        // Two in a direct conversation, one in saved messages.
        None if row.get::<Option<i64>>(8)?.is_none() => Standing::Saved,
        None => Standing::Direct {
            friends: row.get(5)?,
            blocked: row.get(6)?,
            share_group: row.get(7)?,
        },
    };
    let site_muted_until = row.get::<Option<i64>>(9)?.map(Timestamp);
    let created_at = Timestamp(row.get(10)?);
    Ok((speaker, Footing { standing, site_muted_until, created_at }))
}

/// Whether somebody is in a conversation, and whether its whole past is open to them.
pub(super) fn reader(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Option<bool>, Error> {
    db.query_optional(
        "SELECT COALESCE(g.history_for_new_members, 0) FROM members m
         LEFT JOIN groups g ON g.conversation_id = m.conversation_id
         WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.left_at IS NULL",
        params![user.get(), conversation.get()],
    )?
    .map(|row| row.get(0))
    .transpose()
}

/// The parts of the log in which a user saw a conversation: (from, until), both inclusive, ascending.
pub(super) fn intervals(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Vec<(i64, i64)>, Error> {
    db.query(
        "SELECT from_position, until_position FROM audience
         WHERE user_id = $1 AND stream = $2 ORDER BY from_position",
        params![user.get(), conversation.get()],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, row.get(1)?)))
    .collect()
}

/// One message with the position of its event.
pub(super) fn message(
    db: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
) -> Result<Option<(i64, Message)>, Error> {
    let sql = format!(
        "SELECT m.position, {MESSAGE_COLUMNS} FROM messages m
         WHERE m.conversation_id = $1 AND m.seq = $2"
    );
    db.query_optional(&sql, params![conversation.get(), seq.get()])?
        .map(|row| Ok((row.get(0)?, message_at(&row, 1)?)))
        .transpose()
}

/// Whether everybody who reads the conversation now may see a message of it: nobody came after it was said, or its
/// past is open. It looks at those who came later only.
pub(super) fn all_see(
    db: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
) -> Result<bool, Error> {
    let row = db.query_one(
        "SELECT COALESCE((SELECT history_for_new_members FROM groups WHERE conversation_id = $1), 0),
                EXISTS (SELECT 1 FROM audience a
                        JOIN messages m ON m.conversation_id = $1 AND m.seq = $2
                        WHERE a.stream = $1 AND a.until_position = $3 AND a.from_position > m.position
                          AND NOT EXISTS (
                              SELECT 1 FROM audience b
                              WHERE b.user_id = a.user_id AND b.stream = $1
                                AND b.from_position <= m.position AND b.until_position >= m.position))",
        params![conversation.get(), seq.get(), i64::MAX],
    )?;
    Ok(row.get::<bool>(0)? || !row.get::<bool>(1)?)
}

/// What somebody said, by the keys it was sent with, after `after`: for handing it out to them.
///
/// # Errors
/// Those of the database.
pub(crate) fn own_messages(
    db: &mut Connection,
    sender: UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<Message>, Error> {
    let sql = format!(
        "SELECT {MESSAGE_COLUMNS} FROM messages m
         WHERE m.sender_id = $1 AND m.client_id > $2 ORDER BY m.client_id LIMIT $3"
    );
    db.query(&sql, params![sender.get(), after, limit])?
        .iter()
        .map(|row| message_at(row, 0))
        .collect()
}

/// The newest seq of a conversation, 0 when nothing was said.
pub(super) fn last_seq(db: &mut Connection, conversation: ConversationId) -> Result<Seq, Error> {
    let sql = "SELECT last_seq FROM conversations WHERE id = $1";
    Ok(Seq(db.query_one(sql, params![conversation.get()])?.get(0)?))
}

/// The position of a message's event, if there is such a message.
pub(super) fn position(
    db: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
) -> Result<Option<i64>, Error> {
    db.query_optional(
        "SELECT position FROM messages WHERE conversation_id = $1 AND seq = $2",
        params![conversation.get(), seq.get()],
    )?
    .map(|row| row.get(0))
    .transpose()
}

/// A set as the one parameter that both engines can unnest.
fn json<T: Serialize + ?Sized>(set: &T) -> Result<String, Error> {
    serde_json::to_string(set).map_err(|error| Error::Sql(error.to_string()))
}

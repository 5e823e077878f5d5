//! Who is mentioned where, and what of it is unread. `user_id` 0 stands for everybody.

use std::collections::HashMap;

use database::{Connection, Engine, Error, params};
use protocol::{ConversationId, MAX_UNREAD_MENTIONS, Message, Seq, UserId};
use serde::Serialize;

use super::messages::json;

#[derive(Debug, Serialize)]
struct Mentioned {
    conversation_id: ConversationId,
    /// 0 for everybody.
    user_id: i64,
    seq: Seq,
}

/// Remembers whom messages mention: one statement, and none where nobody is mentioned.
pub(crate) fn add_mentions<'a>(
    db: &mut Connection,
    messages: impl Iterator<Item = &'a Message>,
) -> Result<(), Error> {
    let rows: Vec<Mentioned> = messages.flat_map(mentioned).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let set = match db.engine() {
        Engine::Sqlite => {
            "SELECT value ->> 'conversation_id', value ->> 'user_id', value ->> 'seq'
             FROM json_each($1)"
        }
        Engine::Postgres => {
            "SELECT conversation_id, user_id, seq FROM json_to_recordset(CAST($1 AS json)) AS rows (
                 conversation_id BIGINT, user_id BIGINT, seq BIGINT)"
        }
    };
    let sql = format!("INSERT INTO mentions (conversation_id, user_id, seq) {set}");
    db.execute(&sql, params![json(&rows)?])?;
    Ok(())
}

fn mentioned(message: &Message) -> impl Iterator<Item = Mentioned> {
    let everybody = message.details.mentions_all.then_some(0);
    let people = message.details.mentions.iter().map(|mention| mention.user_id.get());
    let sender = message.sender_id.get();
    people.filter(move |user| *user != sender).chain(everybody).map(|user_id| Mentioned {
        conversation_id: message.conversation_id,
        user_id,
        seq: message.seq,
    })
}

/// Puts whom a message mentions now in the place of whom it mentioned before.
pub(crate) fn replace_mentions(db: &mut Connection, message: &Message) -> Result<(), Error> {
    db.execute(
        "DELETE FROM mentions WHERE conversation_id = $1 AND seq = $2",
        params![message.conversation_id.get(), message.seq.get()],
    )?;
    add_mentions(db, std::iter::once(message))
}

/// The unread messages of some conversations that mention a member, ascending, the first
/// [`MAX_UNREAD_MENTIONS`] of each: one statement. Whoever speaks has read, so one's own are never among them.
pub(crate) fn unread_mentions(
    db: &mut Connection,
    user: UserId,
    conversations: &[ConversationId],
) -> Result<HashMap<ConversationId, Vec<Seq>>, Error> {
    let mut found: HashMap<ConversationId, Vec<Seq>> = HashMap::new();
    if conversations.is_empty() {
        return Ok(found);
    }
    let set = match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($2)",
        Engine::Postgres => {
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json))"
        }
    };
    let sql = format!(
        "SELECT conversation_id, seq FROM (
             SELECT n.conversation_id, n.seq,
                    ROW_NUMBER() OVER (PARTITION BY n.conversation_id ORDER BY n.seq) AS place
             FROM members m
             JOIN mentions n ON n.conversation_id = m.conversation_id
                            AND n.user_id IN ($1, 0) AND n.seq > m.read_seq
             WHERE m.user_id = $1 AND m.conversation_id IN ({set})
             GROUP BY n.conversation_id, n.seq
         ) AS unread WHERE place <= $3 ORDER BY conversation_id, seq"
    );
    let most = i64::try_from(MAX_UNREAD_MENTIONS).unwrap_or(i64::MAX);
    for row in db.query(&sql, params![user.get(), json(conversations)?, most])? {
        found.entry(ConversationId(row.get(0)?)).or_default().push(Seq(row.get(1)?));
    }
    Ok(found)
}

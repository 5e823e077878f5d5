//! Rows of messages: adding a set of them, and reading one back.

use database::{Connection, Engine, Error, Row, Value, params, values};
use protocol::{ConversationId, Message, MessageId, MessageKind, Position, Seq, Timestamp, UserId};
use serde::{Serialize, Serializer, de::DeserializeOwned};

/// The columns that [`message_at`] reads, of `messages AS m`.
pub(crate) const MESSAGE_COLUMNS: &str = "m.id, m.conversation_id, m.seq, m.sender_id, m.client_id, m.sent_at, m.kind, m.text, m.notice, \
     m.details";

/// The bytes of a message's text and details as they are stored, of `messages AS m`. Neither is read for it.
pub(crate) const MESSAGE_BYTES: &str =
    "CAST(OCTET_LENGTH(m.text) + COALESCE(OCTET_LENGTH(m.details), 0) AS BIGINT)";

/// The message whose [`MESSAGE_COLUMNS`] begin at column `first`.
pub(crate) fn message_at(row: &Row, first: usize) -> Result<Message, Error> {
    let kind = match row.text(first + 6)? {
        "notice" => MessageKind::Notice,
        _ => MessageKind::Text,
    };
    Ok(Message {
        id: MessageId(row.get(first)?),
        conversation_id: ConversationId(row.get(first + 1)?),
        seq: Seq(row.get(first + 2)?),
        sender_id: UserId(row.get(first + 3)?),
        client_id: row.get(first + 4)?,
        sent_at: Timestamp(row.get(first + 5)?),
        kind,
        text: row.get(first + 7)?,
        notice: parsed(row, first + 8)?,
        details: parsed(row, first + 9)?.unwrap_or_default(),
    })
}

/// A column that holds JSON, or nothing.
fn parsed<T: DeserializeOwned>(row: &Row, column: usize) -> Result<Option<T>, Error> {
    row.get::<Option<String>>(column)?
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| Error::Decode(format!("a message cannot be read: {error}")))
}

/// Where a conversation's counters stand.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Head {
    pub(crate) id: ConversationId,
    pub(crate) last_seq: i64,
    pub(crate) last_ordinal: i64,
    /// `sent_at` never goes below it.
    pub(crate) last_message_at: i64,
    pub(crate) last_position: i64,
}

/// The counters of some conversations; those that do not exist are left out.
pub(crate) fn heads(db: &mut Connection, ids: &[ConversationId]) -> Result<Vec<Head>, Error> {
    let rows = match db.engine() {
        Engine::Sqlite => db.query_each(
            "SELECT id, last_seq, last_ordinal, last_message_at, last_position
             FROM conversations WHERE id = $1",
            ids.iter().map(|id| values![id.get()]),
        ),
        Engine::Postgres => db.query(
            "SELECT id, last_seq, last_ordinal, last_message_at, last_position
             FROM conversations WHERE id IN (
                 SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json)))",
            params![json(&ids)?],
        ),
    };
    rows?
        .iter()
        .map(|row| {
            Ok(Head {
                id: ConversationId(row.get(0)?),
                last_seq: row.get(1)?,
                last_ordinal: row.get(2)?,
                last_message_at: row.get(3)?,
                last_position: row.get(4)?,
            })
        })
        .collect()
}

/// A message to be stored.
#[derive(Debug, Serialize)]
pub(crate) struct NewRow<'a> {
    pub(crate) id: MessageId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) seq: Seq,
    pub(crate) position: i64,
    pub(crate) ordinal: i64,
    pub(crate) sender_id: UserId,
    pub(crate) client_id: Option<&'a str>,
    #[serde(serialize_with = "hex")]
    pub(crate) digest: Option<[u8; 32]>,
    pub(crate) kind: MessageKind,
    pub(crate) text: &'a str,
    /// JSON, as it is stored.
    pub(crate) notice: Option<String>,
    /// JSON, as it is stored.
    pub(crate) details: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) sent_at: i64,
}

impl NewRow<'_> {
    fn values(&self) -> [Value; 13] {
        let kind = match self.kind {
            MessageKind::Text => "text",
            MessageKind::Notice => "notice",
        };
        values![
            self.id.get(),
            self.conversation_id.get(),
            self.seq.get(),
            self.position,
            self.ordinal,
            self.sender_id.get(),
            self.client_id,
            self.digest,
            kind,
            self.text,
            self.notice.as_deref(),
            self.details.as_deref(),
            self.sent_at,
        ]
    }
}

/// Hexadecimal: JSON knows no bytes.
fn hex<S: Serializer>(digest: &Option<[u8; 32]>, serializer: S) -> Result<S::Ok, S::Error> {
    match digest {
        None => serializer.serialize_none(),
        Some(digest) => {
            let text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            serializer.serialize_str(&text)
        }
    }
}

/// Stores messages: one statement for any number of them.
pub(crate) fn insert_messages(db: &mut Connection, rows: &[NewRow<'_>]) -> Result<(), Error> {
    match db.engine() {
        Engine::Sqlite => db.execute_each(
            "INSERT INTO messages (id, conversation_id, seq, position, ordinal, sender_id, client_id,
                                   digest, kind, text, notice, details, sent_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            rows.iter().map(NewRow::values),
        ),
        Engine::Postgres => db.execute(
            "INSERT INTO messages (id, conversation_id, seq, position, ordinal, sender_id, client_id,
                                   digest, kind, text, notice, details, sent_at)
             SELECT id, conversation_id, seq, position, ordinal, sender_id, client_id,
                    decode(digest, 'hex'), kind, text, notice, details, sent_at
             FROM json_to_recordset(CAST($1 AS json)) AS rows (
                 id BIGINT, conversation_id BIGINT, seq BIGINT, position BIGINT, ordinal BIGINT,
                 sender_id BIGINT, client_id TEXT, digest TEXT, kind TEXT, text TEXT, notice TEXT,
                 details TEXT, sent_at BIGINT)",
            params![json(&rows)?],
        ),
    }?;
    Ok(())
}

/// Stores a message's text and details as they are now.
pub(crate) fn update_message(db: &mut Connection, message: &Message) -> Result<(), Error> {
    let details = match message.details.is_empty() {
        true => None,
        false => Some(json(&message.details)?),
    };
    db.execute(
        "UPDATE messages SET text = $2, details = $3 WHERE id = $1",
        params![message.id.get(), message.text.as_str(), details],
    )?;
    Ok(())
}

/// The positions of all logged events that hold a copy of a message, its `message.created` first.
pub(crate) fn copies(db: &mut Connection, message: MessageId) -> Result<Vec<i64>, Error> {
    db.query(
        "SELECT position FROM messages WHERE id = $1
         UNION ALL SELECT position FROM message_copies WHERE message_id = $1",
        params![message.get()],
    )?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// Remembers that the event at `position` holds a copy of a message.
pub(crate) fn add_copy(
    db: &mut Connection,
    message: MessageId,
    position: Position,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO message_copies (message_id, position) VALUES ($1, $2)",
        params![message.get(), position.get()],
    )?;
    Ok(())
}

/// Has the search index look at a message again.
pub(crate) fn add_change(db: &mut Connection, message: MessageId) -> Result<(), Error> {
    db.execute(
        "INSERT INTO message_changes (message_id) VALUES ($1) ON CONFLICT (message_id) DO NOTHING",
        params![message.get()],
    )?;
    Ok(())
}

/// Moves the counters of conversations to where they stand now: one statement.
pub(crate) fn bump(db: &mut Connection, heads: &[Head]) -> Result<(), Error> {
    match db.engine() {
        Engine::Sqlite => db.execute_each(
            "UPDATE conversations
             SET last_seq = $2, last_ordinal = $3, last_message_at = $4, last_position = $5
             WHERE id = $1",
            heads.iter().map(|head| {
                let Head { id, last_seq, last_ordinal, last_message_at, last_position } = *head;
                values![id.get(), last_seq, last_ordinal, last_message_at, last_position]
            }),
        ),
        Engine::Postgres => db.execute(
            "UPDATE conversations
             SET last_seq = moved.last_seq, last_ordinal = moved.last_ordinal,
                 last_message_at = moved.last_message_at, last_position = moved.last_position
             FROM json_to_recordset(CAST($1 AS json)) AS moved (
                 id BIGINT, last_seq BIGINT, last_ordinal BIGINT, last_message_at BIGINT,
                 last_position BIGINT)
             WHERE conversations.id = moved.id",
            params![json(&heads)?],
        ),
    }?;
    Ok(())
}

/// A set as the one parameter that both engines can unnest.
pub(in crate::conversations) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Sql(error.to_string()))
}

//! SQL over `attachments`, and what they do to `uploads`.

use database::{Connection, Engine, Error, params};
use protocol::{AttachmentKind, ConversationId, Seq, Timestamp, UserId};
use serde::Serialize;

use super::uploads::{COLUMNS, Stored, stored};

/// Uploads by whose they are and their ids, that were not sent before: one statement.
pub(in crate::uploads) fn wanted(
    db: &mut Connection,
    asked: &[(UserId, &str)],
) -> Result<Vec<Stored>, Error> {
    let pairs: Vec<_> = asked.iter().map(|(user, id)| Pair { user_id: *user, id }).collect();
    let set = match db.engine() {
        Engine::Sqlite => {
            "(SELECT value ->> 'user_id' AS user_id, value ->> 'id' AS id FROM json_each($1))"
        }
        Engine::Postgres => "json_to_recordset(CAST($1 AS json)) AS rows (user_id BIGINT, id TEXT)",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT * FROM {set}) AS k
         JOIN uploads u ON u.id = k.id AND u.user_id = k.user_id AND u.attached = 0"
    );
    db.query(&sql, params![json(&pairs)?])?.iter().map(|row| stored(row, 0)).collect()
}

#[derive(Serialize)]
struct Pair<'a> {
    user_id: UserId,
    id: &'a str,
}

/// An attachment of a message, and the upload behind it.
#[derive(Clone, Debug, Serialize)]
pub(in crate::uploads) struct Link<'a> {
    pub(in crate::uploads) conversation_id: ConversationId,
    pub(in crate::uploads) seq: Seq,
    pub(in crate::uploads) n: usize,
    pub(in crate::uploads) upload_id: &'a str,
    pub(in crate::uploads) kind: AttachmentKind,
    pub(in crate::uploads) name: &'a str,
}

/// Stores links, and keeps what they lead to: two statements.
pub(in crate::uploads) fn link(db: &mut Connection, links: &[Link<'_>]) -> Result<(), Error> {
    let set = match db.engine() {
        Engine::Sqlite => {
            "(SELECT value ->> 'conversation_id' AS conversation_id, value ->> 'seq' AS seq,
                     value ->> 'n' AS n, value ->> 'upload_id' AS upload_id,
                     value ->> 'kind' AS kind, value ->> 'name' AS name FROM json_each($1))"
        }
        Engine::Postgres => {
            "json_to_recordset(CAST($1 AS json)) AS rows (conversation_id BIGINT, seq BIGINT,
                 n BIGINT, upload_id TEXT, kind TEXT, name TEXT)"
        }
    };
    let links = json(links)?;
    let sql = format!(
        "INSERT INTO attachments (conversation_id, seq, n, upload_id, kind, name)
         SELECT conversation_id, seq, n, upload_id, kind, name FROM {set}"
    );
    db.execute(&sql, params![links.as_str()])?;
    let sql = format!(
        "UPDATE uploads SET attached = 1, expires_at = NULL
         WHERE id IN (SELECT upload_id FROM {set})"
    );
    db.execute(&sql, params![links.as_str()])?;
    Ok(())
}

/// The uploads behind the attachments of messages, by seq and number.
pub(in crate::uploads) fn behind(
    db: &mut Connection,
    conversation: ConversationId,
    seqs: &[Seq],
) -> Result<Vec<(Seq, String)>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($2)",
        Engine::Postgres => {
            "SELECT CAST(value AS BIGINT)
             FROM json_array_elements_text(CAST($2 AS json)) AS rows (value)"
        }
    };
    let sql = format!(
        "SELECT seq, upload_id FROM attachments
         WHERE conversation_id = $1 AND seq IN ({set}) ORDER BY seq, n"
    );
    let rows = db.query(&sql, params![conversation.get(), json(seqs)?])?;
    rows.iter().map(|row| Ok((Seq(row.get(0)?), row.get(1)?))).collect()
}

/// The upload behind one attachment.
pub(in crate::uploads) fn placed(
    db: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
    n: i64,
) -> Result<Option<Stored>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM attachments a JOIN uploads u ON u.id = a.upload_id
         WHERE a.conversation_id = $1 AND a.seq = $2 AND a.n = $3"
    );
    let row = db.query_optional(&sql, params![conversation.get(), seq.get(), n])?;
    row.map(|row| stored(&row, 0)).transpose()
}

pub(in crate::uploads) fn unlink(
    db: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
) -> Result<(), Error> {
    let sql = "DELETE FROM attachments WHERE conversation_id = $1 AND seq = $2";
    db.execute(sql, params![conversation.get(), seq.get()])?;
    Ok(())
}

/// Takes the files of somebody out of their own messages, and has those thrown away that are in no message any more.
pub(in crate::uploads) fn forget_owner(
    db: &mut Connection,
    user: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "DELETE FROM attachments
         WHERE upload_id IN (SELECT id FROM uploads WHERE user_id = $1)
           AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = attachments.conversation_id
                         AND m.seq = attachments.seq AND m.sender_id = $1)",
        params![user.get()],
    )?;
    db.execute(
        "UPDATE uploads SET expires_at = $2 WHERE user_id = $1
             AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.upload_id = uploads.id)
             AND NOT EXISTS (SELECT 1 FROM article_images i WHERE i.upload_id = uploads.id)",
        params![user.get(), now.millis()],
    )?;
    Ok(())
}

/// Has those of the uploads thrown away that are in no message and no article any more.
pub(in crate::uploads) fn let_go(
    db: &mut Connection,
    ids: &[String],
    now: Timestamp,
) -> Result<(), Error> {
    let set = match db.engine() {
        Engine::Sqlite => "json_each($1)",
        Engine::Postgres => "json_array_elements_text(CAST($1 AS json)) AS rows (value)",
    };
    let sql = format!(
        "UPDATE uploads SET expires_at = $2 WHERE id IN (SELECT value FROM {set})
         AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.upload_id = uploads.id)
         AND NOT EXISTS (SELECT 1 FROM article_images i WHERE i.upload_id = uploads.id)"
    );
    db.execute(&sql, params![json(ids)?, now.millis()])?;
    Ok(())
}

/// A set as the one parameter that both engines can unnest.
pub(super) fn json<T: Serialize + ?Sized>(set: &T) -> Result<String, Error> {
    serde_json::to_string(set).map_err(|error| Error::Sql(error.to_string()))
}

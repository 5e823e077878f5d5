//! The log in the database: the head row, appending, reading after a cursor, trimming. All SQL over `log` and
//! `log_head` stands here.

use bytes::Bytes;
use database::{Connection, Engine, Error, Value, params, values};
use protocol::UserId;

use crate::audience::SITE;

/// The head row: locked first by whoever appends, and held until commit, so that the order of positions is
/// the order of commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Changed by a restore.
    pub(crate) epoch: String,
    /// The newest position; 0 when the log is empty.
    pub(crate) position: i64,
    /// The newest message id; 0 before the first.
    pub(crate) message_id: i64,
    /// Everything up to here has been trimmed away.
    pub(crate) trimmed: i64,
}

/// An event as it stands in the log.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub(crate) position: i64,
    pub(crate) stream: i64,
    /// The JSON of the event, as it goes over the wire.
    pub(crate) payload: Bytes,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
}

/// Reads the head, without locking it.
pub(crate) fn head(db: &mut Connection) -> Result<Head, Error> {
    read_head(db, "SELECT epoch, position, message_id, trimmed FROM log_head WHERE one = 1")
}

/// Locks the head until the transaction ends. SQLite has one writer anyway.
pub(crate) fn lock_head(db: &mut Connection) -> Result<Head, Error> {
    match db.engine() {
        Engine::Sqlite => head(db),
        Engine::Postgres => read_head(
            db,
            "SELECT epoch, position, message_id, trimmed FROM log_head WHERE one = 1 FOR UPDATE",
        ),
    }
}

fn read_head(db: &mut Connection, sql: &str) -> Result<Head, Error> {
    let row = db.query_one(sql, &[])?;
    Ok(Head {
        epoch: row.get(0)?,
        position: row.get(1)?,
        message_id: row.get(2)?,
        trimmed: row.get(3)?,
    })
}

/// Writes the head back, at the end of a group.
pub(crate) fn store_head(db: &mut Connection, head: &Head) -> Result<(), Error> {
    db.execute(
        "UPDATE log_head SET epoch = $1, position = $2, message_id = $3, trimmed = $4 WHERE one = 1",
        params![head.epoch.as_str(), head.position, head.message_id, head.trimmed],
    )?;
    Ok(())
}

/// Appends events: one statement for all of them.
pub(crate) fn insert(db: &mut Connection, events: &[Logged]) -> Result<(), Error> {
    match db.engine() {
        Engine::Sqlite => {
            let rows = events
                .iter()
                .map(|event| {
                    let payload = text(&event.payload)?;
                    Ok(values![event.position, event.stream, payload, event.at])
                })
                .collect::<Result<Vec<_>, Error>>()?;
            db.execute_each(
                "INSERT INTO log (position, stream, payload, at) VALUES ($1, $2, $3, $4)",
                rows,
            )?;
        }
        Engine::Postgres if events.is_empty() => {}
        Engine::Postgres => {
            let rows = events
                .iter()
                .map(|event| {
                    Ok(serde_json::json!({
                        "position": event.position,
                        "stream": event.stream,
                        "payload": text(&event.payload)?,
                        "at": event.at,
                    }))
                })
                .collect::<Result<Vec<_>, Error>>()?;
            db.execute(
                "INSERT INTO log (position, stream, payload, at)
                 SELECT position, stream, payload, at
                 FROM json_to_recordset(CAST($1 AS json))
                 AS rows (position BIGINT, stream BIGINT, payload TEXT, at BIGINT)",
                &[Value::Text(serde_json::Value::Array(rows).to_string())],
            )?;
        }
    }
    Ok(())
}

/// Rewrites the payload of a logged event.
pub(crate) fn replace(db: &mut Connection, position: i64, payload: &Bytes) -> Result<(), Error> {
    db.execute(
        "UPDATE log SET payload = $2 WHERE position = $1",
        params![position, text(payload)?],
    )?;
    Ok(())
}

/// The payload of a logged event, unless it was trimmed.
pub(crate) fn payload(db: &mut Connection, position: i64) -> Result<Option<Bytes>, Error> {
    db.query_optional("SELECT payload FROM log WHERE position = $1", params![position])?
        .map(|row| Ok(Bytes::from(row.get::<String>(0)?)))
        .transpose()
}

/// What `user` may see in (`after`, `until`], at most `limit` events, ascending.
pub(crate) fn read_after(
    db: &mut Connection,
    user: UserId,
    after: i64,
    until: i64,
    limit: usize,
) -> Result<Vec<(i64, Bytes)>, Error> {
    db.query(
        "SELECT position, payload FROM (
             SELECT l.position AS position, l.payload AS payload
             FROM audience a
             JOIN log l ON l.stream = a.stream
                  AND l.position > $2 AND l.position <= $3
                  AND l.position >= a.from_position AND l.position <= a.until_position
             WHERE a.user_id = $1
             UNION ALL
             SELECT l.position, l.payload FROM log l
             WHERE l.stream = $4 AND l.position > $2 AND l.position <= $3
             UNION ALL
             SELECT l.position, l.payload FROM log l
             WHERE l.stream = $5 AND l.position > $2 AND l.position <= $3
         ) AS visible
         ORDER BY position LIMIT $6",
        params![
            user.get(),
            after,
            until,
            -user.get(),
            SITE,
            i64::try_from(limit).unwrap_or(i64::MAX)
        ],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, Bytes::from(row.get::<String>(1)?))))
    .collect()
}

/// The newest `limit` events, ascending: to fill the tail at start.
pub(crate) fn newest(db: &mut Connection, limit: usize) -> Result<Vec<Logged>, Error> {
    let mut events = db
        .query(
            "SELECT position, stream, payload, at FROM log ORDER BY position DESC LIMIT $1",
            params![i64::try_from(limit).unwrap_or(i64::MAX)],
        )?
        .iter()
        .map(|row| {
            Ok(Logged {
                position: row.get(0)?,
                stream: row.get(1)?,
                payload: Bytes::from(row.get::<String>(2)?),
                at: row.get(3)?,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    events.reverse();
    Ok(events)
}

/// Deletes events older than `before` (milliseconds since 1970), at most `most` positions of them, oldest
/// first. Answers up to which position the log is trimmed now.
pub(crate) fn trim(
    db: &mut Connection,
    trimmed: i64,
    before: i64,
    most: i64,
) -> Result<i64, Error> {
    let until: Option<i64> = db
        .query_one(
            "SELECT MAX(position) FROM log WHERE position > $1 AND position <= $2 AND at < $3",
            params![trimmed, trimmed.saturating_add(most), before],
        )?
        .get(0)?;
    let Some(until) = until else { return Ok(trimmed) };
    db.execute("DELETE FROM log WHERE position <= $1", params![until])?;
    Ok(until)
}

fn text(payload: &Bytes) -> Result<&str, Error> {
    std::str::from_utf8(payload).map_err(|_| Error::Sql("an event is not UTF-8".to_owned()))
}

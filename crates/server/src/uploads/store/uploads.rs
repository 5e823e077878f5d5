//! SQL over `uploads`.

use database::{Connection, Engine, Error, Row, params};
use protocol::{AttachmentKind, Timestamp, Upload, UserId};

/// An upload as it is in the database.
#[derive(Clone, Debug)]
pub(in crate::uploads) struct Stored {
    pub(in crate::uploads) id: String,
    pub(in crate::uploads) user_id: UserId,
    pub(in crate::uploads) name: String,
    pub(in crate::uploads) size: i64,
    pub(in crate::uploads) attached: bool,
    pub(in crate::uploads) expires_at: Option<Timestamp>,
    /// Once it is complete.
    pub(in crate::uploads) completed: Option<Completed>,
}

/// What is known of an upload once it is complete.
#[derive(Clone, Debug)]
pub(in crate::uploads) struct Completed {
    pub(in crate::uploads) size: i64,
    pub(in crate::uploads) kind: AttachmentKind,
    pub(in crate::uploads) content_type: String,
    /// Width and height.
    pub(in crate::uploads) dimensions: Option<(u32, u32)>,
    pub(in crate::uploads) duration_ms: Option<u32>,
    /// The key of its bytes in the storage.
    pub(in crate::uploads) object: String,
    pub(in crate::uploads) preview: Option<Preview>,
}

/// A smaller picture of an upload.
#[derive(Clone, Debug)]
pub(in crate::uploads) struct Preview {
    /// The key of its bytes in the storage.
    pub(in crate::uploads) key: String,
    pub(in crate::uploads) size: i64,
    pub(in crate::uploads) content_type: String,
}

impl Completed {
    /// The keys of all its bytes.
    pub(in crate::uploads) fn keys(self) -> Vec<String> {
        std::iter::once(self.object).chain(self.preview.map(|preview| preview.key)).collect()
    }
}

/// An upload that begins.
#[derive(Clone, Debug)]
pub(in crate::uploads) struct NewUpload {
    pub(in crate::uploads) id: String,
    pub(in crate::uploads) user_id: UserId,
    pub(in crate::uploads) name: String,
    pub(in crate::uploads) size: i64,
}

impl Stored {
    /// As it goes over the wire, with so many bytes there.
    pub(in crate::uploads) fn to_wire(&self, offset: i64) -> Upload {
        let completed = self.completed.as_ref();
        let dimensions = completed.and_then(|found| found.dimensions);
        Upload {
            id: self.id.clone(),
            name: self.name.clone(),
            size: self.size,
            offset: if completed.is_some() { self.size } else { offset },
            complete: completed.is_some(),
            kind: completed.map(|found| found.kind),
            content_type: completed.map(|found| found.content_type.clone()),
            width: dimensions.map(|both| both.0),
            height: dimensions.map(|both| both.1),
            duration_ms: completed.and_then(|found| found.duration_ms),
            expires_at: self.expires_at,
        }
    }
}

/// The word in the database, which is the one on the wire.
pub(in crate::uploads) fn word(kind: AttachmentKind) -> &'static str {
    match kind {
        AttachmentKind::Image => "image",
        AttachmentKind::Audio => "audio",
        AttachmentKind::Video => "video",
        AttachmentKind::Voice => "voice",
        AttachmentKind::File => "file",
    }
}

fn kind(word: &str) -> AttachmentKind {
    match word {
        "image" => AttachmentKind::Image,
        "audio" => AttachmentKind::Audio,
        "video" => AttachmentKind::Video,
        "voice" => AttachmentKind::Voice,
        _ => AttachmentKind::File,
    }
}

/// What [`stored`] reads, of `uploads u`.
pub(in crate::uploads) const COLUMNS: &str = "u.id, u.user_id, u.name, u.size, u.attached,
    u.expires_at, u.kind, u.content_type, u.width, u.height, u.duration_ms, u.object, u.preview,
    u.preview_type, u.preview_size";

/// An upload whose columns begin at `at`.
pub(in crate::uploads) fn stored(row: &Row, at: usize) -> Result<Stored, Error> {
    let size = row.get(at + 3)?;
    let completed = match row.get::<Option<String>>(at + 11)? {
        None => None,
        Some(object) => {
            let (width, height): (Option<u32>, Option<u32>) = (row.get(at + 8)?, row.get(at + 9)?);
            Some(Completed {
                size,
                kind: kind(row.text(at + 6)?),
                content_type: row.get(at + 7)?,
                dimensions: width.zip(height),
                duration_ms: row.get(at + 10)?,
                object,
                preview: match row.get::<Option<String>>(at + 12)? {
                    None => None,
                    Some(key) => Some(Preview {
                        key,
                        content_type: row.get(at + 13)?,
                        size: row.get(at + 14)?,
                    }),
                },
            })
        }
    };
    Ok(Stored {
        id: row.get(at)?,
        user_id: UserId(row.get(at + 1)?),
        name: row.get(at + 2)?,
        size,
        attached: row.get(at + 4)?,
        expires_at: row.get::<Option<i64>>(at + 5)?.map(Timestamp),
        completed,
    })
}

pub(in crate::uploads) fn insert(
    db: &mut Connection,
    new: &NewUpload,
    now: Timestamp,
    expires_at: i64,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO uploads (id, user_id, name, size, attached, created_at, expires_at)
         VALUES ($1, $2, $3, $4, 0, $5, $6)",
        params![&new.id, new.user_id.get(), &new.name, new.size, now.millis(), expires_at],
    )?;
    Ok(())
}

/// Somebody's own upload.
pub(in crate::uploads) fn find(
    db: &mut Connection,
    user: UserId,
    id: &str,
) -> Result<Option<Stored>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM uploads u WHERE u.id = $1 AND u.user_id = $2");
    db.query_optional(&sql, params![id, user.get()])?.map(|row| stored(&row, 0)).transpose()
}

/// What somebody's uploads take.
#[derive(Clone, Copy, Debug)]
pub(in crate::uploads) struct Used {
    pub(in crate::uploads) bytes: i64,
    /// Those that were not sent.
    pub(in crate::uploads) unsent: i64,
}

/// Those that are to be thrown away take nothing any more.
pub(in crate::uploads) fn used(
    db: &mut Connection,
    user: UserId,
    now: Timestamp,
) -> Result<Used, Error> {
    let row = db.query_one(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT), COUNT(expires_at) FROM uploads
         WHERE user_id = $1 AND (expires_at IS NULL OR expires_at > $2)",
        params![user.get(), now.millis()],
    )?;
    Ok(Used { bytes: row.get(0)?, unsent: row.get(1)? })
}

/// Says that an upload is complete; nothing when it is no longer there.
pub(in crate::uploads) fn complete(
    db: &mut Connection,
    id: &str,
    found: &Completed,
    expires_at: i64,
) -> Result<(), Error> {
    db.execute(
        "UPDATE uploads SET size = $2, kind = $3, content_type = $4, width = $5, height = $6,
             duration_ms = $7, object = $8, preview = $9, preview_type = $10,
             preview_size = $11, expires_at = $12
         WHERE id = $1 AND object IS NULL",
        params![
            id,
            found.size,
            word(found.kind),
            &found.content_type,
            found.dimensions.map(|both| both.0),
            found.dimensions.map(|both| both.1),
            found.duration_ms,
            &found.object,
            found.preview.as_ref().map(|preview| preview.key.clone()),
            found.preview.as_ref().map(|preview| preview.content_type.clone()),
            found.preview.as_ref().map(|preview| preview.size),
            expires_at
        ],
    )?;
    Ok(())
}

/// How much all uploads are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Totals {
    pub(crate) count: i64,
    pub(crate) bytes: i64,
    /// Those that were not sent yet, and those in no message any more.
    pub(crate) waiting: i64,
}

/// Adds all uploads up.
///
/// # Errors
/// Those of the database.
pub(crate) fn totals(db: &mut Connection) -> Result<Totals, Error> {
    let row = db.query_one(
        "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT), COUNT(expires_at) FROM uploads",
        &[],
    )?;
    Ok(Totals { count: row.get(0)?, bytes: row.get(1)?, waiting: row.get(2)? })
}

/// What somebody has uploaded: names, sizes and when, the newest first, at most `limit`.
///
/// # Errors
/// Those of the database.
pub(crate) fn of_owner(
    db: &mut Connection,
    user: UserId,
    limit: i64,
) -> Result<Vec<(String, i64, Timestamp)>, Error> {
    let rows = db.query(
        "SELECT name, size, created_at FROM uploads WHERE user_id = $1
         ORDER BY created_at DESC, id LIMIT $2",
        params![user.get(), limit],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, Timestamp(row.get(2)?)))).collect()
}

/// Keeps somebody's own uploads that were not sent, until then at least.
///
/// # Errors
/// Those of the database.
pub(crate) fn keep_unsent<'a>(
    db: &mut Connection,
    user: UserId,
    ids: impl Iterator<Item = &'a str>,
    until: Timestamp,
) -> Result<(), Error> {
    for id in ids {
        db.execute(
            "UPDATE uploads SET expires_at = $3
             WHERE id = $1 AND user_id = $2 AND attached = 0 AND expires_at < $3",
            params![id, user.get(), until.millis()],
        )?;
    }
    Ok(())
}

pub(in crate::uploads) fn delete(db: &mut Connection, id: &str) -> Result<(), Error> {
    db.execute("DELETE FROM uploads WHERE id = $1", params![id])?;
    Ok(())
}

/// An upload that is to be thrown away, and the objects that go with it.
#[derive(Clone, Debug)]
pub(in crate::uploads) struct Gone {
    pub(in crate::uploads) id: String,
    pub(in crate::uploads) objects: Vec<String>,
}

/// Uploads whose time is over, the oldest first.
pub(in crate::uploads) fn expired(
    db: &mut Connection,
    now: Timestamp,
    most: i64,
) -> Result<Vec<Gone>, Error> {
    db.query(
        "SELECT id, object, preview FROM uploads WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2",
        params![now.millis(), most],
    )?
    .iter()
    .map(|row| {
        let objects = [row.get::<Option<String>>(1)?, row.get::<Option<String>>(2)?];
        Ok(Gone { id: row.get(0)?, objects: objects.into_iter().flatten().collect() })
    })
    .collect()
}

/// Those of `keys` that no upload has in the storage.
pub(in crate::uploads) fn unknown_objects(
    db: &mut Connection,
    keys: &[String],
) -> Result<Vec<String>, Error> {
    unknown(db, keys, "u.object = k.value OR u.preview = k.value")
}

/// Those of `ids` that are of no upload that is still arriving.
pub(in crate::uploads) fn not_arriving(
    db: &mut Connection,
    ids: &[String],
) -> Result<Vec<String>, Error> {
    unknown(db, ids, "u.id = k.value AND u.object IS NULL")
}

fn unknown(db: &mut Connection, all: &[String], same: &str) -> Result<Vec<String>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "json_each($1)",
        Engine::Postgres => "json_array_elements_text(CAST($1 AS json))",
    };
    let sql = format!(
        "SELECT k.value FROM {set} AS k{columns}
         WHERE NOT EXISTS (SELECT 1 FROM uploads u WHERE {same})",
        columns = if db.engine() == Engine::Postgres { "(value)" } else { "" },
    );
    let all = serde_json::to_string(all).map_err(|error| Error::Sql(error.to_string()))?;
    db.query(&sql, params![all])?.iter().map(|row| row.get(0)).collect()
}

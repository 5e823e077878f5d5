//! SQL over `avatars`.

use database::{Connection, Error, params};
use protocol::{Timestamp, UserId};

use crate::uploads::picture::Picture;

/// A picture as it is served.
pub(in crate::uploads) struct StoredPicture {
    pub(in crate::uploads) content_type: String,
    pub(in crate::uploads) bytes: Vec<u8>,
}

pub(in crate::uploads) fn insert_avatar(
    db: &mut Connection,
    user: UserId,
    id: &str,
    picture: &Picture,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO avatars (id, user_id, content_type, bytes, created_at)
         VALUES ($1, $2, $3, $4, $5)",
        params![id, user.get(), picture.content_type, &picture.bytes[..], now.millis()],
    )?;
    Ok(())
}

/// A person has one picture: the older ones go.
pub(in crate::uploads) fn delete_avatars(db: &mut Connection, user: UserId) -> Result<(), Error> {
    db.execute("DELETE FROM avatars WHERE user_id = $1", params![user.get()])?;
    Ok(())
}

pub(in crate::uploads) fn avatar(
    db: &mut Connection,
    id: &str,
) -> Result<Option<StoredPicture>, Error> {
    let row =
        db.query_optional("SELECT content_type, bytes FROM avatars WHERE id = $1", params![id])?;
    row.map(|row| Ok(StoredPicture { content_type: row.get(0)?, bytes: row.get(1)? })).transpose()
}

//! SQL over `logos`.

use database::{Connection, Error, params};

pub(in crate::admin) fn insert_logo(
    db: &mut Connection,
    id: &str,
    content_type: &str,
    bytes: &[u8],
) -> Result<(), Error> {
    let sql = "INSERT INTO logos (id, content_type, bytes) VALUES ($1, $2, $3)";
    db.execute(sql, params![id, content_type, bytes]).map(drop)
}

/// There is one logo: the older ones go.
pub(in crate::admin) fn delete_logos(db: &mut Connection) -> Result<(), Error> {
    db.execute("DELETE FROM logos", &[]).map(drop)
}

/// Type and bytes.
pub(in crate::admin) fn logo(
    db: &mut Connection,
    id: &str,
) -> Result<Option<(String, Vec<u8>)>, Error> {
    let sql = "SELECT content_type, bytes FROM logos WHERE id = $1";
    let row = db.query_optional(sql, params![id])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

//! SQL over `post_changes`: what the search index has to look at.

use database::{Connection, Error, params};

/// Has the search index look at an `article` or `comment` again.
pub(in crate::forum) fn add_change(db: &mut Connection, kind: &str, id: i64) -> Result<(), Error> {
    db.execute(
        "INSERT INTO post_changes (kind, id) VALUES ($1, $2) ON CONFLICT (kind, id) DO NOTHING",
        params![kind, id],
    )?;
    Ok(())
}

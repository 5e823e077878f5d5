//! How much there is.

use database::{Connection, Engine, Error};

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(in crate::admin) struct Counts {
    /// Accounts that were not deleted.
    pub(in crate::admin) users: i64,
    pub(in crate::admin) conversations: i64,
    pub(in crate::admin) groups: i64,
    /// Messages ever sent: the last number given out.
    pub(in crate::admin) messages: i64,
}

pub(in crate::admin) fn counts(db: &mut Connection) -> Result<Counts, Error> {
    let row = db.query_one(
        "SELECT (SELECT COUNT(*) FROM users WHERE deleted_at IS NULL),
                (SELECT COUNT(*) FROM conversations),
                (SELECT COUNT(*) FROM groups WHERE dissolved_at IS NULL), message_id FROM log_head",
        &[],
    )?;
    Ok(Counts {
        users: row.get(0)?,
        conversations: row.get(1)?,
        groups: row.get(2)?,
        messages: row.get(3)?,
    })
}

/// What the database takes on its disk.
pub(in crate::admin) fn database_bytes(db: &mut Connection) -> Result<i64, Error> {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        }
        Engine::Postgres => "SELECT pg_database_size(current_database())",
    };
    db.query_one(sql, &[])?.get(0)
}

//! The SQL of the table `settings`, and the question whether the database answers.

use database::{Connection, Error, params};

/// The value of `key`, if it is set.
pub(super) fn get(db: &mut Connection, key: &str) -> Result<Option<String>, Error> {
    let row = db.query_optional("SELECT value FROM settings WHERE key = $1", params![key])?;
    row.map(|row| row.get(0)).transpose()
}

/// Sets `key`, whether it was set before or not.
pub(super) fn put(db: &mut Connection, key: &str, value: &str) -> Result<(), Error> {
    let sql = "INSERT INTO settings (key, value) VALUES ($1, $2)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    db.execute(sql, params![key, value]).map(drop)
}

/// Asks the database for nothing.
pub(super) fn ping(db: &mut Connection) -> Result<(), Error> {
    db.query_one("SELECT 1", params![]).map(drop)
}

//! SQL over `audit_log`, to which rows are only ever added.

use database::{Connection, Error, Row, params};
use protocol::{Timestamp, UserId};

use super::{Entry, Hash, chain};

const ENTRY: &str = "n, at, actor_id, action, subject, details, hash";

/// Number and hash of the newest entry.
pub(super) fn head(db: &mut Connection) -> Result<(i64, Hash), Error> {
    let newest = db.query_optional("SELECT n, hash FROM audit_log ORDER BY n DESC LIMIT 1", &[])?;
    newest.map_or(Ok((0, chain::START)), |row| Ok((row.get(0)?, as_hash(row.get(1)?)?)))
}

pub(super) fn insert(db: &mut Connection, entry: &Entry) -> Result<(), Error> {
    db.execute(
        "INSERT INTO audit_log (n, at, actor_id, action, subject, details, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            entry.n,
            entry.at.millis(),
            entry.actor.get(),
            entry.action.as_str(),
            entry.subject.as_str(),
            entry.details.as_str(),
            &entry.hash
        ],
    )?;
    Ok(())
}

/// Entries after `n`, ascending.
pub(super) fn after(db: &mut Connection, n: i64, limit: i64) -> Result<Vec<Entry>, Error> {
    let sql = format!("SELECT {ENTRY} FROM audit_log WHERE n > $1 ORDER BY n LIMIT $2");
    db.query(&sql, params![n, limit])?.iter().map(entry).collect()
}

/// Which entries to look for; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// By whom.
    pub(crate) actor: Option<UserId>,
    /// About what.
    pub(crate) subject: Option<String>,
    /// Older than this one.
    pub(crate) before: Option<i64>,
}

/// The newest entries that the filter lets through, descending.
///
/// # Errors
/// Those of the database.
pub(crate) fn newest(
    db: &mut Connection,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let before = filter.before.unwrap_or(i64::MAX);
    let (actor, subject) = (filter.actor.map(UserId::get), filter.subject.as_deref());
    // One text for each combination, so that each is answered by its own index.
    let rows = match (actor, subject) {
        (None, None) => {
            let sql =
                format!("SELECT {ENTRY} FROM audit_log WHERE n < $1 ORDER BY n DESC LIMIT $2");
            db.query(&sql, params![before, limit])?
        }
        (Some(actor), None) => {
            let sql = format!(
                "SELECT {ENTRY} FROM audit_log WHERE actor_id = $1 AND n < $2 ORDER BY n DESC LIMIT $3"
            );
            db.query(&sql, params![actor, before, limit])?
        }
        (None, Some(subject)) => {
            let sql = format!(
                "SELECT {ENTRY} FROM audit_log WHERE subject = $1 AND n < $2 ORDER BY n DESC LIMIT $3"
            );
            db.query(&sql, params![subject, before, limit])?
        }
        (Some(actor), Some(subject)) => {
            let sql = format!(
                "SELECT {ENTRY} FROM audit_log WHERE subject = $1 AND actor_id = $2 AND n < $3
                 ORDER BY n DESC LIMIT $4"
            );
            db.query(&sql, params![subject, actor, before, limit])?
        }
    };
    rows.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        n: row.get(0)?,
        at: Timestamp(row.get(1)?),
        actor: UserId(row.get(2)?),
        action: row.get(3)?,
        subject: row.get(4)?,
        details: row.get(5)?,
        hash: as_hash(row.get(6)?)?,
    })
}

fn as_hash(bytes: Vec<u8>) -> Result<Hash, Error> {
    bytes.try_into().map_err(|_| Error::Decode("a hash of the audit log is not 32 bytes".into()))
}

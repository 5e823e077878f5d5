//! SQL over how accounts stand, in `users`.

use database::{Connection, Error, params};
use protocol::{Timestamp, UserId};

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) is_admin: bool,
    pub(crate) banned: bool,
    /// As it was set; it may lie in the past. So may the next one.
    pub(crate) suspended_until: Option<Timestamp>,
    pub(crate) muted_until: Option<Timestamp>,
    pub(crate) deleted: bool,
    pub(crate) created_at: Timestamp,
}

/// How `user` stands, if there is or was such an account.
///
/// # Errors
/// Those of the database.
pub(crate) fn standing(db: &mut Connection, user: UserId) -> Result<Option<Standing>, Error> {
    let row = db.query_optional(
        "SELECT is_admin, banned_at, suspended_until, site_muted_until, deleted_at, created_at
         FROM users WHERE id = $1",
        params![user.get()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let time = |column| Ok::<_, Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
    Ok(Some(Standing {
        is_admin: row.get(0)?,
        banned: time(1)?.is_some(),
        suspended_until: time(2)?,
        muted_until: time(3)?,
        deleted: time(4)?.is_some(),
        created_at: Timestamp(row.get(5)?),
    }))
}

pub(super) fn set_muted(
    db: &mut Connection,
    user: UserId,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let until = until.map(Timestamp::millis);
    let sql = "UPDATE users SET site_muted_until = $2 WHERE id = $1";
    db.execute(sql, params![user.get(), until]).map(drop)
}

pub(super) fn set_suspended(
    db: &mut Connection,
    user: UserId,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let until = until.map(Timestamp::millis);
    let sql = "UPDATE users SET suspended_until = $2 WHERE id = $1";
    db.execute(sql, params![user.get(), until]).map(drop)
}

pub(super) fn set_banned(
    db: &mut Connection,
    user: UserId,
    at: Option<Timestamp>,
) -> Result<(), Error> {
    let at = at.map(Timestamp::millis);
    db.execute("UPDATE users SET banned_at = $2 WHERE id = $1", params![user.get(), at]).map(drop)
}

/// Makes an account an admin's, or no longer.
///
/// # Errors
/// Those of the database.
pub(crate) fn set_admin(db: &mut Connection, user: UserId, is_admin: bool) -> Result<(), Error> {
    let sql = "UPDATE users SET is_admin = $2 WHERE id = $1";
    db.execute(sql, params![user.get(), is_admin]).map(drop)
}

/// Gives an account another password, whatever it was.
///
/// # Errors
/// Those of the database.
pub(in crate::accounts) fn set_password(
    db: &mut Connection,
    user: UserId,
    hash: &str,
) -> Result<(), Error> {
    let sql = "UPDATE users SET password_hash = $2 WHERE id = $1";
    db.execute(sql, params![user.get(), hash]).map(drop)
}

/// Admins who can log in.
pub(super) fn count_admins(db: &mut Connection, now: Timestamp) -> Result<i64, Error> {
    db.query_one(
        "SELECT COUNT(*) FROM users WHERE is_admin = 1 AND banned_at IS NULL AND deleted_at IS NULL
             AND (suspended_until IS NULL OR suspended_until <= $1)",
        params![now.millis()],
    )?
    .get(0)
}

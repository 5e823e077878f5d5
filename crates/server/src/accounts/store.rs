//! SQL over users, sessions and tokens.

use database::{Connection, Error, Row, params};
use delivery::DeviceId;
use protocol::{SessionId, Timestamp, TokenId, UserId};

use crate::caller::Caller;

/// Who is logged in with the session of this hash.
pub(super) fn session_caller(
    db: &mut Connection,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Caller>, Error> {
    let row = db.query_optional(
        "SELECT s.id, u.id, u.is_admin FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.banned_at IS NULL",
        params![hash, now.millis()],
    )?;
    row.map(|row| caller(&row, |id| DeviceId::Session(SessionId(id)))).transpose()
}

/// Whose program has the token of this hash.
pub(super) fn token_caller(db: &mut Connection, hash: &[u8; 32]) -> Result<Option<Caller>, Error> {
    let row = db.query_optional(
        "SELECT t.id, u.id, u.is_admin FROM tokens t JOIN users u ON u.id = t.user_id
         WHERE t.token_hash = $1 AND u.banned_at IS NULL",
        params![hash],
    )?;
    row.map(|row| caller(&row, |id| DeviceId::Token(TokenId(id)))).transpose()
}

fn caller(row: &Row, device: impl FnOnce(i64) -> DeviceId) -> Result<Caller, Error> {
    Ok(Caller { user_id: UserId(row.get(1)?), device: device(row.get(0)?), is_admin: row.get(2)? })
}

//! SQL over `sessions` and `tokens`.

use database::{Connection, Error, Row, params};
use delivery::DeviceId;
use protocol::{Session, SessionId, Timestamp, Token, TokenId, UserId};

use super::{known::Known, sessions::NewSession};
use crate::accounts::{credential::SecretHash, roles, store::next_number};

/// The device behind `secret`, unless it has expired or its owner is suspended or banned.
pub(super) fn find(
    db: &mut Connection,
    secret: &SecretHash,
    now: Timestamp,
) -> Result<Option<Known>, Error> {
    let session = db.query_optional(
        "SELECT s.user_id, s.id, u.is_admin, s.last_seen_at, s.expires_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.banned_at IS NULL
           AND (u.suspended_until IS NULL OR u.suspended_until <= $2)",
        params![secret, now.millis()],
    )?;
    if let Some(row) = session {
        let device = DeviceId::Session(SessionId(row.get(1)?));
        let expires_at = Some(Timestamp(row.get(4)?));
        return known(db, &row, device, expires_at).map(Some);
    }
    let token = db.query_optional(
        "SELECT t.user_id, t.id, u.is_admin, COALESCE(t.last_used_at, 0)
         FROM tokens t JOIN users u ON u.id = t.user_id
         WHERE t.token_hash = $1 AND u.banned_at IS NULL
           AND (u.suspended_until IS NULL OR u.suspended_until <= $2)",
        params![secret, now.millis()],
    )?;
    token.map(|row| known(db, &row, DeviceId::Token(TokenId(row.get(1)?)), None)).transpose()
}

fn known(
    db: &mut Connection,
    row: &Row,
    device: DeviceId,
    expires_at: Option<Timestamp>,
) -> Result<Known, Error> {
    let user_id = UserId(row.get(0)?);
    Ok(Known {
        user_id,
        device,
        permissions: roles::permissions(db, user_id, row.get(2)?)?,
        expires_at,
        seen_at: Timestamp(row.get(3)?),
    })
}

pub(super) fn insert_session(
    db: &mut Connection,
    user: UserId,
    session: &NewSession,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<SessionId, Error> {
    let id = next_number(db, "session")?;
    db.execute(
        "INSERT INTO sessions
             (id, user_id, token_hash, user_agent, address, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        params![
            id,
            user.get(),
            session.secret.hash,
            &session.origin.user_agent,
            &session.origin.address,
            now.millis(),
            expires_at.millis()
        ],
    )?;
    Ok(SessionId(id))
}

/// Deletes up to `most` sessions that have expired.
pub(super) fn clear_expired(db: &mut Connection, now: Timestamp, most: i64) -> Result<(), Error> {
    db.execute(
        "DELETE FROM sessions WHERE id IN
             (SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        params![now.millis(), most],
    )?;
    Ok(())
}

/// Keeps the `keep` sessions of `user` that were used last; the ids of the others, which are deleted.
pub(super) fn delete_oldest_sessions(
    db: &mut Connection,
    user: UserId,
    keep: i64,
) -> Result<Vec<SessionId>, Error> {
    let rows = db.query(
        "DELETE FROM sessions WHERE user_id = $1 AND id NOT IN
             (SELECT id FROM sessions WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC LIMIT $2)
         RETURNING id",
        params![user.get(), keep],
    )?;
    ids(&rows)
}

/// Deletes all sessions of `user` but `keep`; their ids.
pub(super) fn delete_other_sessions(
    db: &mut Connection,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<Vec<SessionId>, Error> {
    let rows = db.query(
        "DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING id",
        params![user.get(), keep.map_or(0, SessionId::get)],
    )?;
    ids(&rows)
}

/// Deletes all sessions of `user`; their ids.
///
/// # Errors
/// Those of the database.
pub(crate) fn delete_sessions(db: &mut Connection, user: UserId) -> Result<Vec<SessionId>, Error> {
    delete_other_sessions(db, user, None)
}

/// The ids of all tokens of `user`; at most as many as one may have.
///
/// # Errors
/// Those of the database.
pub(crate) fn token_ids(db: &mut Connection, user: UserId) -> Result<Vec<TokenId>, Error> {
    let rows = db.query("SELECT id FROM tokens WHERE user_id = $1", params![user.get()])?;
    rows.iter().map(|row| Ok(TokenId(row.get(0)?))).collect()
}

/// Deletes all tokens of `user`.
///
/// # Errors
/// Those of the database.
pub(crate) fn delete_tokens(db: &mut Connection, user: UserId) -> Result<(), Error> {
    db.execute("DELETE FROM tokens WHERE user_id = $1", params![user.get()]).map(drop)
}

fn ids(rows: &[Row]) -> Result<Vec<SessionId>, Error> {
    rows.iter().map(|row| Ok(SessionId(row.get(0)?))).collect()
}

/// Whether `user` had that session; it is gone now.
pub(super) fn delete_session(
    db: &mut Connection,
    user: UserId,
    id: SessionId,
) -> Result<bool, Error> {
    let deleted = db.execute(
        "DELETE FROM sessions WHERE id = $1 AND user_id = $2",
        params![id.get(), user.get()],
    )?;
    Ok(deleted == 1)
}

pub(super) fn replace_session_secret(
    db: &mut Connection,
    id: SessionId,
    secret: &SecretHash,
) -> Result<(), Error> {
    db.execute("UPDATE sessions SET token_hash = $1 WHERE id = $2", params![secret, id.get()])?;
    Ok(())
}

pub(super) fn touch_session(
    db: &mut Connection,
    id: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "UPDATE sessions SET last_seen_at = $1, expires_at = $2 WHERE id = $3",
        params![now.millis(), expires_at.millis(), id.get()],
    )?;
    Ok(())
}

/// The sessions of `user` that have not expired, the latest used first; at most as many as one may have.
///
/// # Errors
/// Those of the database.
pub(crate) fn sessions_of(
    db: &mut Connection,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, Error> {
    let rows = db.query(
        "SELECT id, user_agent, address, created_at, last_seen_at FROM sessions
         WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC LIMIT 100",
        params![user.get(), now.millis()],
    )?;
    let session = |row: &Row| {
        Ok(Session {
            id: SessionId(row.get(0)?),
            current: false,
            user_agent: row.get(1)?,
            address: row.get(2)?,
            created_at: Timestamp(row.get(3)?),
            last_seen_at: Timestamp(row.get(4)?),
        })
    };
    rows.iter().map(session).collect()
}

pub(super) fn count_tokens(db: &mut Connection, user: UserId) -> Result<i64, Error> {
    db.query_one("SELECT COUNT(*) FROM tokens WHERE user_id = $1", params![user.get()])?.get(0)
}

pub(super) fn insert_token(
    db: &mut Connection,
    user: UserId,
    name: &str,
    secret: &SecretHash,
    now: Timestamp,
) -> Result<TokenId, Error> {
    let id = next_number(db, "token")?;
    db.execute(
        "INSERT INTO tokens (id, user_id, name, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        params![id, user.get(), name, secret, now.millis()],
    )?;
    Ok(TokenId(id))
}

/// Whether `user` had that token; it is gone now.
pub(super) fn delete_token(db: &mut Connection, user: UserId, id: TokenId) -> Result<bool, Error> {
    let deleted = db.execute(
        "DELETE FROM tokens WHERE id = $1 AND user_id = $2",
        params![id.get(), user.get()],
    )?;
    Ok(deleted == 1)
}

pub(super) fn touch_token(db: &mut Connection, id: TokenId, now: Timestamp) -> Result<(), Error> {
    db.execute(
        "UPDATE tokens SET last_used_at = $1 WHERE id = $2",
        params![now.millis(), id.get()],
    )?;
    Ok(())
}

/// The tokens of `user`, the newest first; at most as many as one may have.
pub(super) fn tokens_of(db: &mut Connection, user: UserId) -> Result<Vec<Token>, Error> {
    let rows = db.query(
        "SELECT id, name, created_at, last_used_at FROM tokens
         WHERE user_id = $1 ORDER BY id DESC LIMIT 100",
        params![user.get()],
    )?;
    let token = |row: &Row| {
        Ok(Token {
            id: TokenId(row.get(0)?),
            name: row.get(1)?,
            created_at: Timestamp(row.get(2)?),
            last_used_at: row.get::<Option<i64>>(3)?.map(Timestamp),
        })
    };
    rows.iter().map(token).collect()
}

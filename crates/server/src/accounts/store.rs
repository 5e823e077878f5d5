//! SQL over `users`, `invitations` and the setup token among the `settings`.

use std::collections::HashMap;

use database::{Connection, Engine, Error, Row, Value, params};
use protocol::{Invitation, InvitationId, QuietHours, TimeOfDay, Timestamp, UserId};

use super::{credential::SecretHash, user::UserRow, username::Username};
use crate::text;

const SETUP_TOKEN: &str = "setup_token_hash";
/// People who are asked for by one statement.
const IDS_AT_ONCE: usize = 256;
const USER: &str = "id, username, name, signature, avatar_id, locale, is_admin, read_receipts, \
     quiet_from, quiet_until, deleted_at";

/// The next number under a name in `counters`. The unit that draws it holds that row until it commits.
pub fn next_number(db: &mut Connection, name: &str) -> Result<i64, Error> {
    db.query_one(
        "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value",
        params![name],
    )?
    .get(0)
}

/// An account to be made.
pub(super) struct NewUser<'a> {
    pub(super) username: &'a Username,
    pub(super) name: &'a str,
    pub(super) name_key: &'a str,
    /// A PHC string; without one nobody logs in by password.
    pub(super) password_hash: Option<&'a str>,
    pub(super) is_admin: bool,
}

/// Makes the account; `None` if the username, or one that looks like it, is taken.
pub(super) fn insert_user(
    db: &mut Connection,
    user: &NewUser<'_>,
    now: Timestamp,
) -> Result<Option<UserId>, Error> {
    let id = next_number(db, "user")?;
    let inserted = db.execute(
        "INSERT INTO users (id, username, username_key, username_skeleton, name, name_key,
                            password_hash, is_admin, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        params![
            id,
            &user.username.text,
            &user.username.key,
            &user.username.skeleton,
            user.name,
            user.name_key,
            user.password_hash,
            user.is_admin,
            now.millis()
        ],
    )?;
    if inserted == 0 {
        return Ok(None);
    }
    name_changed(db, UserId(id))?;
    Ok(Some(UserId(id)))
}

/// Has the search index look at somebody's names again.
pub(super) fn name_changed(db: &mut Connection, user: UserId) -> Result<(), Error> {
    db.execute(
        "INSERT INTO name_changes (kind, id) VALUES ('user', $1) ON CONFLICT (kind, id) DO NOTHING",
        params![user.get()],
    )?;
    Ok(())
}

/// Who has this username, their password's hash, and whether they are banned.
pub(super) fn credentials(
    db: &mut Connection,
    username_key: &str,
) -> Result<Option<(UserId, Option<String>, bool)>, Error> {
    let row = db.query_optional(
        "SELECT id, password_hash, banned_at FROM users WHERE username_key = $1",
        params![username_key],
    )?;
    row.map(|row| Ok((UserId(row.get(0)?), row.get(1)?, row.get::<Option<i64>>(2)?.is_some())))
        .transpose()
}

pub(super) fn password_hash(db: &mut Connection, user: UserId) -> Result<Option<String>, Error> {
    db.query_one("SELECT password_hash FROM users WHERE id = $1", params![user.get()])?.get(0)
}

/// Sets the password if it still is the one with hash `old`.
pub(super) fn replace_password(
    db: &mut Connection,
    user: UserId,
    old: &str,
    new: &str,
) -> Result<bool, Error> {
    let changed = db.execute(
        "UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3",
        params![new, user.get(), old],
    )?;
    Ok(changed == 1)
}

/// The users among `ids` that exist, in no particular order.
pub fn users_by_ids(db: &mut Connection, ids: &[UserId]) -> Result<Vec<UserRow>, Error> {
    let mut users = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_AT_ONCE) {
        // A power of two of places, the last id repeated: few texts, so that statements stay prepared.
        let places = some.len().next_power_of_two();
        let list: Vec<String> = (1..=places).map(|n| format!("${n}")).collect();
        let last = some.last().copied();
        let values: Vec<Value> = some
            .iter()
            .copied()
            .chain(last.into_iter().cycle())
            .take(places)
            .map(|id| Value::from(id.get()))
            .collect();
        let sql = format!("SELECT {USER} FROM users WHERE id IN ({})", list.join(", "));
        for row in db.query(&sql, &values)? {
            users.push(user(&row)?);
        }
    }
    Ok(users)
}

fn user(row: &Row) -> Result<UserRow, Error> {
    Ok(UserRow {
        id: UserId(row.get(0)?),
        username: row.get(1)?,
        name: row.get(2)?,
        signature: row.get(3)?,
        avatar_id: row.get(4)?,
        locale: row.get(5)?,
        is_admin: row.get(6)?,
        read_receipts: row.get(7)?,
        quiet_hours: quiet_hours(row.get(8)?, row.get(9)?),
        deleted: row.get::<Option<i64>>(10)?.is_some(),
    })
}

/// Two columns, both NULL or neither.
fn quiet_hours(from: Option<i64>, until: Option<i64>) -> Option<QuietHours> {
    let (from, until) = (TimeOfDay::new(from?)?, TimeOfDay::new(until?)?);
    Some(QuietHours { from, until })
}

/// The accounts that have these usernames, under the names as they were given.
pub fn ids_by_usernames(
    db: &mut Connection,
    names: &[String],
) -> Result<HashMap<String, UserId>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($1)",
        Engine::Postgres => {
            "SELECT value FROM json_array_elements_text(CAST($1 AS json)) AS rows (value)"
        }
    };
    let mut found = HashMap::new();
    if names.is_empty() {
        return Ok(found);
    }
    let keys: Vec<String> = names.iter().map(|name| text::key(name)).collect();
    let sql = format!("SELECT username_key, id FROM users WHERE username_key IN ({set})");
    let json = serde_json::to_string(&keys).map_err(|error| Error::Sql(error.to_string()))?;
    let mut by_key: HashMap<String, UserId> = HashMap::new();
    for row in db.query(&sql, params![json])? {
        by_key.insert(row.get(0)?, UserId(row.get(1)?));
    }
    for (name, key) in names.iter().zip(&keys) {
        if let Some(id) = by_key.get(key) {
            found.insert(name.clone(), *id);
        }
    }
    Ok(found)
}

/// Those whose username starts with `key`, the exact one first.
pub(super) fn search_usernames(
    db: &mut Connection,
    key: &str,
    limit: i64,
) -> Result<Vec<UserRow>, Error> {
    // Text compares by its bytes: everything that starts with the key lies between it and the key
    // followed by the highest character.
    let end = format!("{key}\u{10FFFF}");
    let sql = format!(
        "SELECT {USER} FROM users WHERE username_key >= $1 AND username_key < $2
             AND banned_at IS NULL AND deleted_at IS NULL ORDER BY username_key LIMIT $3"
    );
    db.query(&sql, params![key, end, limit])?.iter().map(user).collect()
}

/// Those with `key` anywhere in their name.
pub(super) fn search_names(
    db: &mut Connection,
    key: &str,
    limit: i64,
) -> Result<Vec<UserRow>, Error> {
    let escaped = key.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    let sql = format!(
        r"SELECT {USER} FROM users WHERE name_key LIKE $1 ESCAPE '\'
              AND banned_at IS NULL AND deleted_at IS NULL ORDER BY name_key, id LIMIT $2"
    );
    db.query(&sql, params![format!("%{escaped}%"), limit])?.iter().map(user).collect()
}

pub(super) fn update_profile(
    db: &mut Connection,
    row: &UserRow,
    name_key: &str,
) -> Result<(), Error> {
    db.execute(
        "UPDATE users SET name = $1, name_key = $2, signature = $3, locale = $4, read_receipts = $5,
                          quiet_from = $6, quiet_until = $7 WHERE id = $8",
        params![
            &row.name,
            name_key,
            &row.signature,
            &row.locale,
            row.read_receipts,
            row.quiet_hours.map(|quiet| quiet.from.minutes()),
            row.quiet_hours.map(|quiet| quiet.until.minutes()),
            row.id.get()
        ],
    )?;
    name_changed(db, row.id)
}

pub(super) fn set_avatar(
    db: &mut Connection,
    user: UserId,
    avatar_id: Option<&str>,
) -> Result<(), Error> {
    db.execute("UPDATE users SET avatar_id = $1 WHERE id = $2", params![avatar_id, user.get()])?;
    Ok(())
}

pub(super) fn has_admin(db: &mut Connection) -> Result<bool, Error> {
    let found = db.query_optional("SELECT id FROM users WHERE is_admin = 1 LIMIT 1", &[])?;
    Ok(found.is_some())
}

/// Leaves nothing of an account but its number. Its username is one that nobody can register.
pub(super) fn erase(db: &mut Connection, user: UserId, now: Timestamp) -> Result<(), Error> {
    let username = format!("deleted:{user}");
    db.execute(
        "UPDATE users SET username = $2, username_key = $2, username_skeleton = $2, name = $3, name_key = '',
             signature = '', locale = '', avatar_id = NULL, password_hash = NULL, is_admin = 0,
             quiet_from = NULL, quiet_until = NULL, read_receipts = 0, deleted_at = $4
         WHERE id = $1",
        params![user.get(), username, "Deleted account", now.millis()],
    )?;
    db.execute("DELETE FROM invitations WHERE created_by = $1", params![user.get()])?;
    name_changed(db, user)
}

/// The hash of the one setup token that is good, in hexadecimal.
pub(super) fn set_setup_token(db: &mut Connection, hash: &str) -> Result<(), Error> {
    db.execute(
        "INSERT INTO settings (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![SETUP_TOKEN, hash],
    )?;
    Ok(())
}

/// Whether that was the setup token; it is used up now.
pub(super) fn use_setup_token(db: &mut Connection, hash: &str) -> Result<bool, Error> {
    let deleted = db.execute(
        "DELETE FROM settings WHERE key = $1 AND value = $2",
        params![SETUP_TOKEN, hash],
    )?;
    Ok(deleted == 1)
}

/// Counts one use of the invitation with this code; false if there is none that is good.
pub(super) fn use_invitation(
    db: &mut Connection,
    code: &SecretHash,
    now: Timestamp,
) -> Result<bool, Error> {
    let used = db.execute(
        "UPDATE invitations SET uses = uses + 1
         WHERE code_hash = $1 AND uses < max_uses AND expires_at > $2",
        params![code, now.millis()],
    )?;
    Ok(used == 1)
}

/// Deletes the invitations that cannot be used any more, and counts the rest.
pub(super) fn clear_invitations(db: &mut Connection, now: Timestamp) -> Result<i64, Error> {
    db.execute(
        "DELETE FROM invitations WHERE expires_at <= $1 OR uses >= max_uses",
        params![now.millis()],
    )?;
    db.query_one("SELECT COUNT(*) FROM invitations", &[])?.get(0)
}

pub(super) fn insert_invitation(
    db: &mut Connection,
    maker: UserId,
    code: &SecretHash,
    max_uses: i64,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<InvitationId, Error> {
    let id = next_number(db, "invitation")?;
    db.execute(
        "INSERT INTO invitations (id, code_hash, created_by, max_uses, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, code, maker.get(), max_uses, expires_at.millis(), now.millis()],
    )?;
    Ok(InvitationId(id))
}

/// The invitations that are good, the newest first.
pub(super) fn invitations(db: &mut Connection, now: Timestamp) -> Result<Vec<Invitation>, Error> {
    let rows = db.query(
        "SELECT id, max_uses, uses, created_at, expires_at FROM invitations
         WHERE expires_at > $1 AND uses < max_uses ORDER BY id DESC LIMIT 500",
        params![now.millis()],
    )?;
    let invitation = |row: &Row| {
        Ok(Invitation {
            id: InvitationId(row.get(0)?),
            code: None,
            max_uses: row.get(1)?,
            uses: row.get(2)?,
            created_at: Timestamp(row.get(3)?),
            expires_at: Timestamp(row.get(4)?),
        })
    };
    rows.iter().map(invitation).collect()
}

pub(super) fn delete_invitation(db: &mut Connection, id: InvitationId) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM invitations WHERE id = $1", params![id.get()])? == 1)
}

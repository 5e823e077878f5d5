//! People and groups: those whose names the index has to look at, and what is shown of those that were found.

use database::{Connection, Engine, Error, params};
use protocol::{ConversationId, Group, UserId};

use super::json;
use crate::conversations::{GROUP_COLUMNS, group_at};

/// One's own friends, at most so many.
const MAX_FRIENDS: i64 = 5_000;

/// Somebody, or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::search) enum Named {
    User(UserId),
    Group(ConversationId),
}

impl Named {
    /// In the index: below 0, even for people and odd for groups.
    pub(in crate::search) fn document(self) -> i64 {
        match self {
            Self::User(id) => -id.get() * 2,
            Self::Group(id) => -id.get() * 2 - 1,
        }
    }

    /// Whom a document below 0 is about.
    pub(in crate::search) fn of(document: i64) -> Self {
        match document % 2 {
            0 => Self::User(UserId(-document / 2)),
            _ => Self::Group(ConversationId((-document - 1) / 2)),
        }
    }
}

/// Has the index look at everybody again.
pub(in crate::search) fn change_all_names(db: &mut Connection) -> Result<(), Error> {
    for sql in [
        "INSERT INTO name_changes (kind, id) SELECT 'user', id FROM users WHERE id > 0
         ON CONFLICT (kind, id) DO NOTHING",
        "INSERT INTO name_changes (kind, id) SELECT 'group', conversation_id FROM groups
         WHERE dissolved_at IS NULL ON CONFLICT (kind, id) DO NOTHING",
    ] {
        db.execute(sql, params![])?;
    }
    Ok(())
}

/// People and groups that the index does not know by their name, at most `limit`.
pub(in crate::search) fn changed_names(
    db: &mut Connection,
    limit: i64,
) -> Result<Vec<Named>, Error> {
    db.query("SELECT kind, id FROM name_changes ORDER BY kind, id LIMIT $1", params![limit])?
        .iter()
        .map(|row| {
            Ok(match row.text(0)? {
                "user" => Named::User(UserId(row.get(1)?)),
                _ => Named::Group(ConversationId(row.get(1)?)),
            })
        })
        .collect()
}

/// The index knows this name.
pub(in crate::search) fn settle_name(db: &mut Connection, named: Named) -> Result<(), Error> {
    let (kind, id) = match named {
        Named::User(id) => ("user", id.get()),
        Named::Group(id) => ("group", id.get()),
    };
    db.execute("DELETE FROM name_changes WHERE kind = $1 AND id = $2", params![kind, id])?;
    Ok(())
}

fn set(db: &Connection, parameter: usize) -> String {
    match db.engine() {
        Engine::Sqlite => format!("SELECT value FROM json_each(${parameter})"),
        Engine::Postgres => format!(
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(${parameter} AS json))"
        ),
    }
}

/// Those among these people who are not banned: id, name, username.
pub(in crate::search) fn users(
    db: &mut Connection,
    ids: &[UserId],
) -> Result<Vec<(UserId, String, String)>, Error> {
    let sql = format!(
        "SELECT id, name, username FROM users WHERE banned_at IS NULL AND deleted_at IS NULL AND id IN ({})",
        set(db, 1)
    );
    db.query(&sql, params![json(ids)?])?
        .iter()
        .map(|row| Ok((UserId(row.get(0)?), row.get(1)?, row.get(2)?)))
        .collect()
}

/// Those among these groups that exist: id, name.
pub(in crate::search) fn group_names(
    db: &mut Connection,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, String)>, Error> {
    let sql = format!(
        "SELECT conversation_id, name FROM groups
         WHERE dissolved_at IS NULL AND conversation_id IN ({})",
        set(db, 1)
    );
    db.query(&sql, params![json(ids)?])?
        .iter()
        .map(|row| Ok((ConversationId(row.get(0)?), row.get(1)?)))
        .collect()
}

/// A friend, by all their names.
#[derive(Clone, Debug)]
pub(in crate::search) struct Friend {
    pub(in crate::search) id: UserId,
    pub(in crate::search) remark: String,
    pub(in crate::search) name: String,
    pub(in crate::search) username: String,
}

/// Somebody's friends who are not banned, and themselves.
pub(in crate::search) fn friends(db: &mut Connection, user: UserId) -> Result<Vec<Friend>, Error> {
    db.query(
        "SELECT u.id, f.remark, u.name, u.username FROM friendships f
         JOIN users u ON u.id = f.friend_id WHERE f.user_id = $1 AND u.banned_at IS NULL
         UNION ALL SELECT id, '', name, username FROM users WHERE id = $1
         LIMIT $2",
        params![user.get(), MAX_FRIENDS],
    )?
    .iter()
    .map(|row| {
        Ok(Friend {
            id: UserId(row.get(0)?),
            remark: row.get(1)?,
            name: row.get(2)?,
            username: row.get(3)?,
        })
    })
    .collect()
}

/// Those among these people who are in a group with `user` now.
pub(in crate::search) fn acquaintances(
    db: &mut Connection,
    user: UserId,
    ids: &[UserId],
) -> Result<Vec<UserId>, Error> {
    let sql = format!(
        "SELECT DISTINCT b.user_id FROM members a
         JOIN groups g ON g.conversation_id = a.conversation_id
         JOIN members b ON b.conversation_id = a.conversation_id AND b.left_at IS NULL
         WHERE a.user_id = $1 AND a.left_at IS NULL AND b.user_id IN ({})",
        set(db, 2)
    );
    db.query(&sql, params![user.get(), json(ids)?])?
        .iter()
        .map(|row| Ok(UserId(row.get(0)?)))
        .collect()
}

/// Those among these groups that exist, and whether `user` is in them.
pub(in crate::search) fn groups(
    db: &mut Connection,
    user: UserId,
    ids: &[ConversationId],
) -> Result<Vec<(Group, bool)>, Error> {
    let sql = format!(
        "SELECT g.conversation_id,
                EXISTS (SELECT 1 FROM members m WHERE m.user_id = $1 AND m.left_at IS NULL
                          AND m.conversation_id = g.conversation_id),
                {GROUP_COLUMNS}
         FROM groups g WHERE g.dissolved_at IS NULL AND g.conversation_id IN ({})",
        set(db, 2)
    );
    db.query(&sql, params![user.get(), json(ids)?])?
        .iter()
        .map(|row| Ok((group_at(row, ConversationId(row.get(0)?), 2)?, row.get(1)?)))
        .collect()
}

/// The groups that somebody is in, at most 1,000.
pub(in crate::search) fn own_groups(
    db: &mut Connection,
    user: UserId,
) -> Result<Vec<ConversationId>, Error> {
    db.query(
        "SELECT m.conversation_id FROM members m
         JOIN groups g ON g.conversation_id = m.conversation_id
         WHERE m.user_id = $1 AND m.left_at IS NULL LIMIT 1000",
        params![user.get()],
    )?
    .iter()
    .map(|row| Ok(ConversationId(row.get(0)?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_of_one_person_or_group() {
        for named in [Named::User(UserId(10_001)), Named::Group(ConversationId(10_001))] {
            assert!(named.document() < 0);
            assert_eq!(Named::of(named.document()), named);
        }
    }
}

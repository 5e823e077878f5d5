//! SQL over `friendships`, `friend_requests` and `blocks`.

use std::collections::{HashMap, HashSet};

use database::{Connection, Error, Row, params};
use protocol::{FriendRequestId, Timestamp, UserId};

use crate::accounts::next_number;

/// The most friends a person has.
pub(super) const MAX_FRIENDS: i64 = 2_000;
/// The most requests of one person that wait for an answer.
pub(super) const MAX_OUTGOING: i64 = 200;
/// The most requests that wait for one person's answer.
pub(super) const MAX_INCOMING: i64 = 1_000;
/// The most people whom one person blocks.
pub(super) const MAX_BLOCKS: i64 = 2_000;

/// One side of a friendship.
pub(super) struct FriendRow {
    pub(super) friend_id: UserId,
    pub(super) remark: String,
    pub(super) folder: String,
    pub(super) created_at: Timestamp,
}

/// A request that waits.
pub(super) struct RequestRow {
    pub(super) id: FriendRequestId,
    pub(super) from: UserId,
    pub(super) to: UserId,
    pub(super) note: String,
    pub(super) created_at: Timestamp,
}

/// Whether these two are friends. One look at a primary key.
pub fn are_friends(db: &mut Connection, a: UserId, b: UserId) -> Result<bool, Error> {
    let found = db.query_optional(
        "SELECT created_at FROM friendships WHERE user_id = $1 AND friend_id = $2",
        params![a.get(), b.get()],
    )?;
    Ok(found.is_some())
}

/// Whether one of these two blocks the other. Two looks at a primary key.
pub fn is_blocked(db: &mut Connection, a: UserId, b: UserId) -> Result<bool, Error> {
    let found = db.query_optional(
        "SELECT created_at FROM blocks WHERE (user_id = $1 AND blocked_id = $2)
             OR (user_id = $2 AND blocked_id = $1)",
        params![a.get(), b.get()],
    )?;
    Ok(found.is_some())
}

/// The friends of `user`, at most 2,000.
pub fn friend_ids(db: &mut Connection, user: UserId) -> Result<Vec<UserId>, Error> {
    let rows = db.query(
        "SELECT friend_id FROM friendships WHERE user_id = $1 ORDER BY friend_id LIMIT $2",
        params![user.get(), MAX_FRIENDS],
    )?;
    rows.iter().map(|row| Ok(UserId(row.get(0)?))).collect()
}

/// What `user` calls those of `people` who are friends: empty for those without a name of one's own.
pub fn remarks(
    db: &mut Connection,
    user: UserId,
    people: &[UserId],
) -> Result<HashMap<UserId, String>, Error> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = db.query(
        "SELECT friend_id, remark FROM friendships
         WHERE user_id = $1 ORDER BY friend_id LIMIT $2",
        params![user.get(), MAX_FRIENDS],
    )?;
    let people: HashSet<UserId> = people.iter().copied().collect();
    let mut found = HashMap::new();
    for row in rows {
        let id = UserId(row.get(0)?);
        if people.contains(&id) {
            found.insert(id, row.get(1)?);
        }
    }
    Ok(found)
}

const FRIEND: &str = "friend_id, remark, folder, created_at";

fn friend(row: &Row) -> Result<FriendRow, Error> {
    Ok(FriendRow {
        friend_id: UserId(row.get(0)?),
        remark: row.get(1)?,
        folder: row.get(2)?,
        created_at: Timestamp(row.get(3)?),
    })
}

/// All friends of `user`.
pub(super) fn friends(db: &mut Connection, user: UserId) -> Result<Vec<FriendRow>, Error> {
    let sql =
        format!("SELECT {FRIEND} FROM friendships WHERE user_id = $1 ORDER BY friend_id LIMIT $2");
    db.query(&sql, params![user.get(), MAX_FRIENDS])?.iter().map(friend).collect()
}

/// One friend of `user`.
pub(super) fn find_friend(
    db: &mut Connection,
    user: UserId,
    other: UserId,
) -> Result<Option<FriendRow>, Error> {
    let sql = format!("SELECT {FRIEND} FROM friendships WHERE user_id = $1 AND friend_id = $2");
    let row = db.query_optional(&sql, params![user.get(), other.get()])?;
    row.as_ref().map(friend).transpose()
}

pub(super) fn count_friends(db: &mut Connection, user: UserId) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) FROM friendships WHERE user_id = $1";
    db.query_one(sql, params![user.get()])?.get(0)
}

/// Makes both rows, and clears the group of a temporary session between the two for good. `request` is the one
/// that was answered.
pub(super) fn insert_friendship(
    db: &mut Connection,
    a: UserId,
    b: UserId,
    request: FriendRequestId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO friendships (user_id, friend_id, request_id, created_at)
         VALUES ($1, $2, $3, $4), ($2, $1, $3, $4)",
        params![a.get(), b.get(), request.get(), now.millis()],
    )?;
    // A table of `conversations`, which is above: it cannot be asked, and its rows must not wait for it.
    db.execute(
        "UPDATE direct_pairs SET via_group_id = NULL WHERE low_user_id = $1 AND high_user_id = $2",
        params![a.get().min(b.get()), a.get().max(b.get())],
    )?;
    Ok(())
}

/// The friend whom `user` made by accepting that request.
pub(super) fn friend_by_request(
    db: &mut Connection,
    user: UserId,
    request: FriendRequestId,
) -> Result<Option<FriendRow>, Error> {
    let sql = format!("SELECT {FRIEND} FROM friendships WHERE user_id = $1 AND request_id = $2");
    let row = db.query_optional(&sql, params![user.get(), request.get()])?;
    row.as_ref().map(friend).transpose()
}

pub(super) fn delete_friendship(db: &mut Connection, a: UserId, b: UserId) -> Result<(), Error> {
    db.execute(
        "DELETE FROM friendships WHERE (user_id = $1 AND friend_id = $2)
             OR (user_id = $2 AND friend_id = $1)",
        params![a.get(), b.get()],
    )?;
    Ok(())
}

pub(super) fn update_friend(
    db: &mut Connection,
    user: UserId,
    row: &FriendRow,
) -> Result<(), Error> {
    db.execute(
        "UPDATE friendships SET remark = $1, folder = $2 WHERE user_id = $3 AND friend_id = $4",
        params![&row.remark, &row.folder, user.get(), row.friend_id.get()],
    )?;
    Ok(())
}

const REQUEST: &str = "id, from_user_id, to_user_id, note, created_at";

fn request(row: &Row) -> Result<RequestRow, Error> {
    Ok(RequestRow {
        id: FriendRequestId(row.get(0)?),
        from: UserId(row.get(1)?),
        to: UserId(row.get(2)?),
        note: row.get(3)?,
        created_at: Timestamp(row.get(4)?),
    })
}

pub(super) fn insert_request(
    db: &mut Connection,
    from: UserId,
    to: UserId,
    note: &str,
    now: Timestamp,
) -> Result<RequestRow, Error> {
    let id = FriendRequestId(next_number(db, "friend_request")?);
    db.execute(
        "INSERT INTO friend_requests (id, from_user_id, to_user_id, note, created_at)
         VALUES ($1, $2, $3, $4, $5)",
        params![id.get(), from.get(), to.get(), note, now.millis()],
    )?;
    Ok(RequestRow { id, from, to, note: note.to_owned(), created_at: now })
}

pub(super) fn find_request(
    db: &mut Connection,
    id: FriendRequestId,
) -> Result<Option<RequestRow>, Error> {
    let sql = format!("SELECT {REQUEST} FROM friend_requests WHERE id = $1");
    db.query_optional(&sql, params![id.get()])?.as_ref().map(request).transpose()
}

/// The requests that wait between two people, whichever way.
pub(super) fn requests_between(
    db: &mut Connection,
    a: UserId,
    b: UserId,
) -> Result<Vec<RequestRow>, Error> {
    let sql = format!(
        "SELECT {REQUEST} FROM friend_requests WHERE (from_user_id = $1 AND to_user_id = $2)
             OR (from_user_id = $2 AND to_user_id = $1)"
    );
    db.query(&sql, params![a.get(), b.get()])?.iter().map(request).collect()
}

pub(super) fn delete_request(db: &mut Connection, id: FriendRequestId) -> Result<(), Error> {
    db.execute("DELETE FROM friend_requests WHERE id = $1", params![id.get()])?;
    Ok(())
}

/// How many requests of `from` wait, and how many wait for `to`.
pub(super) fn count_requests(
    db: &mut Connection,
    from: UserId,
    to: UserId,
) -> Result<(i64, i64), Error> {
    let row = db.query_one(
        "SELECT (SELECT COUNT(*) FROM friend_requests WHERE from_user_id = $1),
                (SELECT COUNT(*) FROM friend_requests WHERE to_user_id = $2)",
        params![from.get(), to.get()],
    )?;
    Ok((row.get(0)?, row.get(1)?))
}

/// The requests that wait for `user` or were made by them, the newest first.
pub(super) fn requests_of(db: &mut Connection, user: UserId) -> Result<Vec<RequestRow>, Error> {
    let sql = format!(
        "SELECT {REQUEST} FROM friend_requests WHERE from_user_id = $1 OR to_user_id = $1
         ORDER BY id DESC LIMIT $2"
    );
    db.query(&sql, params![user.get(), MAX_OUTGOING + MAX_INCOMING])?.iter().map(request).collect()
}

/// Since when `user` blocks `other`.
pub(super) fn find_block(
    db: &mut Connection,
    user: UserId,
    other: UserId,
) -> Result<Option<Timestamp>, Error> {
    let row = db.query_optional(
        "SELECT created_at FROM blocks WHERE user_id = $1 AND blocked_id = $2",
        params![user.get(), other.get()],
    )?;
    row.map(|row| Ok(Timestamp(row.get(0)?))).transpose()
}

pub(super) fn count_blocks(db: &mut Connection, user: UserId) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) FROM blocks WHERE user_id = $1";
    db.query_one(sql, params![user.get()])?.get(0)
}

pub(super) fn insert_block(
    db: &mut Connection,
    user: UserId,
    other: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO blocks (user_id, blocked_id, created_at) VALUES ($1, $2, $3)",
        params![user.get(), other.get(), now.millis()],
    )?;
    Ok(())
}

pub(super) fn delete_block(db: &mut Connection, user: UserId, other: UserId) -> Result<(), Error> {
    db.execute(
        "DELETE FROM blocks WHERE user_id = $1 AND blocked_id = $2",
        params![user.get(), other.get()],
    )?;
    Ok(())
}

pub(super) fn delete_blocks_of(db: &mut Connection, user: UserId) -> Result<(), Error> {
    db.execute("DELETE FROM blocks WHERE user_id = $1 OR blocked_id = $1", params![user.get()])?;
    Ok(())
}

/// Whom `user` blocks and since when, the latest first.
///
/// # Errors
/// Those of the database.
pub(crate) fn blocks(db: &mut Connection, user: UserId) -> Result<Vec<(UserId, Timestamp)>, Error> {
    let rows = db.query(
        "SELECT blocked_id, created_at FROM blocks WHERE user_id = $1
         ORDER BY created_at DESC, blocked_id LIMIT $2",
        params![user.get(), MAX_BLOCKS],
    )?;
    rows.iter().map(|row| Ok((UserId(row.get(0)?), Timestamp(row.get(1)?)))).collect()
}

//! Rows of this slice as they go over the wire, with the profiles of the people in them.

use std::collections::HashMap;

use database::{Connection, Error};
use delivery::Delivery;
use protocol::{Block, Code, Friend, FriendRequest, Timestamp, User, UserId};

use super::store::{FriendRow, RequestRow};
use crate::{accounts, problem::Answer};

/// One side's view of a friendship.
pub(super) fn friend(db: &mut Connection, delivery: &Delivery, row: FriendRow) -> Answer<Friend> {
    friends(db, delivery, vec![row])?.pop().ok_or_else(|| Code::NotFound.into())
}

/// The same for many, in their order.
pub(super) fn friends(
    db: &mut Connection,
    delivery: &Delivery,
    rows: Vec<FriendRow>,
) -> Result<Vec<Friend>, Error> {
    let ids: Vec<UserId> = rows.iter().map(|row| row.friend_id).collect();
    let mut users = accounts::public_users(db, delivery, &ids)?;
    let friend = |row: FriendRow| {
        let user = users.remove(&row.friend_id)?;
        let FriendRow { remark, folder, created_at, .. } = row;
        Some(Friend { user, remark, folder, created_at })
    };
    Ok(rows.into_iter().filter_map(friend).collect())
}

/// A request that waits, or waited until now.
pub(super) fn request(
    db: &mut Connection,
    delivery: &Delivery,
    row: RequestRow,
) -> Answer<FriendRequest> {
    requests(db, delivery, vec![row])?.pop().ok_or_else(|| Code::NotFound.into())
}

/// The same for many, in their order.
pub(super) fn requests(
    db: &mut Connection,
    delivery: &Delivery,
    rows: Vec<RequestRow>,
) -> Result<Vec<FriendRequest>, Error> {
    let mut ids: Vec<UserId> = rows.iter().flat_map(|row| [row.from, row.to]).collect();
    ids.sort_unstable();
    ids.dedup();
    let users: HashMap<UserId, User> = accounts::public_users(db, delivery, &ids)?;
    let request = |row: RequestRow| {
        let from = users.get(&row.from)?.clone();
        let to = users.get(&row.to)?.clone();
        Some(FriendRequest { id: row.id, from, to, note: row.note, created_at: row.created_at })
    };
    Ok(rows.into_iter().filter_map(request).collect())
}

/// People whom one blocks, in their order.
pub(super) fn blocks(
    db: &mut Connection,
    delivery: &Delivery,
    rows: Vec<(UserId, Timestamp)>,
) -> Result<Vec<Block>, Error> {
    let ids: Vec<UserId> = rows.iter().map(|(id, _)| *id).collect();
    let mut users = accounts::public_users(db, delivery, &ids)?;
    let block = |(id, created_at)| users.remove(&id).map(|user: User| Block { user, created_at });
    Ok(rows.into_iter().filter_map(block).collect())
}

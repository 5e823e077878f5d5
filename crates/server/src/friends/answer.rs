//! What ends a request: accepted, declined, withdrawn.

use std::sync::Arc;

use delivery::{Stream, Unit};
use protocol::{Code, EventBody, Friend, FriendRequest, FriendRequestId, UserId};

use super::{
    befriend::befriend,
    store::{self, RequestRow},
    view,
};
use crate::{
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Accepts a request that waits for the caller. The second of two accepts changes nothing and answers the same.
///
/// # Errors
/// `not_found`, `conflict` when one of the two has too many friends.
pub(super) async fn accept(app: &Arc<App>, caller: &Caller, id: FriendRequestId) -> Answer<Friend> {
    let (user, state) = (caller.user_id, Arc::clone(app));
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            match store::find_request(unit.db(), id)? {
                Some(row) if row.to == user => befriend(unit, &state.delivery, &row),
                Some(_) => Err(Code::NotFound.into()),
                None => {
                    let row = store::friend_by_request(unit.db(), user, id)?;
                    view::friend(unit.db(), &state.delivery, row.ok_or(Code::NotFound)?)
                }
            }
        })
        .await
}

/// Declines a request that waits for the caller.
///
/// # Errors
/// `not_found`.
pub(super) async fn decline(app: &Arc<App>, caller: &Caller, id: FriendRequestId) -> Answer<()> {
    let user = caller.user_id;
    end(app, id, move |row| row.to == user, declined).await
}

/// Takes a request of the caller's own back.
///
/// # Errors
/// `not_found`.
pub(super) async fn withdraw(app: &Arc<App>, caller: &Caller, id: FriendRequestId) -> Answer<()> {
    let user = caller.user_id;
    end(app, id, move |row| row.from == user, withdrawn).await
}

/// The event of a request that was declined.
fn declined(friend_request: FriendRequest) -> EventBody {
    EventBody::FriendRequestDeclined { friend_request }
}

/// The event of a request that was withdrawn.
fn withdrawn(friend_request: FriendRequest) -> EventBody {
    EventBody::FriendRequestWithdrawn { friend_request }
}

async fn end(
    app: &Arc<App>,
    id: FriendRequestId,
    may: impl FnOnce(&RequestRow) -> bool + Send + 'static,
    event: fn(FriendRequest) -> EventBody,
) -> Answer<()> {
    let state = Arc::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let row = store::find_request(unit.db(), id)?.filter(may).ok_or(Code::NotFound)?;
            drop_request(unit, &state, row, event)
        })
        .await
}

/// Both ends of a friendship that is not to be: deletes the request and tells both.
fn drop_request(
    unit: &mut Unit<'_>,
    app: &App,
    row: RequestRow,
    event: fn(FriendRequest) -> EventBody,
) -> Result<(), Refusal> {
    let (id, from, to) = (row.id, row.from, row.to);
    let friend_request = view::request(unit.db(), &app.delivery, row)?;
    store::delete_request(unit.db(), id)?;
    for user in [from, to] {
        unit.append(Stream::User(user), event(friend_request.clone()))?;
    }
    Ok(())
}

/// Ends whatever waits between `user` and `other`, as if `user` had declined and withdrawn it.
pub(super) fn drop_between(
    unit: &mut Unit<'_>,
    app: &App,
    user: UserId,
    other: UserId,
) -> Answer<()> {
    for row in store::requests_between(unit.db(), user, other)? {
        let event = if row.to == user { declined } else { withdrawn };
        drop_request(unit, app, row, event)?;
    }
    Ok(())
}

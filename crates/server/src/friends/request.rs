//! Asking somebody to be friends, and the requests that wait.

use std::sync::Arc;

use database::Connection;
use delivery::{Stream, Unit};
use protocol::{Code, EventBody, Friend, FriendRequest, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    befriend::befriend,
    store::{self, MAX_INCOMING, MAX_OUTGOING, RequestRow},
    view,
};
use crate::{
    accounts,
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
    text,
};

/// Whom one asks to be friends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFriendRequest {
    /// Who is asked.
    user_id: UserId,
    /// A few words; up to 255 characters.
    #[schema(max_length = 255)]
    note: Option<String>,
}

/// What has become of asking.
pub(super) enum Asked {
    /// It waits for an answer.
    Waits(FriendRequest),
    /// It waited already; nothing has changed.
    WaitedBefore(FriendRequest),
    /// The other one had asked, too, or they have been friends for long.
    Friends(Friend),
}

/// What asking leads to.
enum Next {
    Ask,
    StillWaits(RequestRow),
    Befriend(RequestRow),
    FriendsAlready(store::FriendRow),
}

/// Asks somebody to be friends.
///
/// # Errors
/// `not_found`, `invalid` for oneself, `blocked` either way, `conflict` when too many requests wait.
pub(super) async fn ask(
    app: &Arc<App>,
    caller: &Caller,
    request: NewFriendRequest,
) -> Answer<Asked> {
    let note = text::line("note", request.note.as_deref().unwrap_or_default(), 0, 255)?;
    let (user, other, state) = (caller.user_id, request.user_id, Arc::clone(app));
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            match check(unit.db(), user, other)? {
                Next::Ask => post(unit, &state, user, other, &note).map(Asked::Waits),
                Next::StillWaits(row) => {
                    view::request(unit.db(), &state.delivery, row).map(Asked::WaitedBefore)
                }
                Next::Befriend(row) => befriend(unit, &state.delivery, &row).map(Asked::Friends),
                Next::FriendsAlready(row) => {
                    view::friend(unit.db(), &state.delivery, row).map(Asked::Friends)
                }
            }
        })
        .await
}

fn check(db: &mut Connection, user: UserId, other: UserId) -> Answer<Next> {
    if user == other {
        return Err(Refusal::invalid("user_id", "is your own"));
    }
    if !accounts::exists(db, other)? {
        return Err(Code::NotFound.into());
    }
    if store::is_blocked(db, user, other)? {
        return Err(Code::Blocked.into());
    }
    if let Some(row) = store::find_friend(db, user, other)? {
        return Ok(Next::FriendsAlready(row));
    }
    if let Some(row) = store::requests_between(db, user, other)?.pop() {
        return Ok(if row.from == user { Next::StillWaits(row) } else { Next::Befriend(row) });
    }
    let full = |why: &str| Err(Refusal::new(Code::Conflict).detail(why));
    match store::count_requests(db, user, other)? {
        (MAX_OUTGOING.., _) => full("Too many of your requests wait for an answer."),
        (_, MAX_INCOMING..) => full("Too many requests wait for this person's answer."),
        _ => Ok(Next::Ask),
    }
}

fn post(
    unit: &mut Unit<'_>,
    app: &App,
    user: UserId,
    other: UserId,
    note: &str,
) -> Answer<FriendRequest> {
    let now = unit.now();
    let row = store::insert_request(unit.db(), user, other, note, now)?;
    let friend_request = view::request(unit.db(), &app.delivery, row)?;
    for stream in [Stream::User(user), Stream::User(other)] {
        let friend_request = friend_request.clone();
        unit.append(stream, EventBody::FriendRequestCreated { friend_request })?;
    }
    Ok(friend_request)
}

/// The requests that wait for the caller's answer, and the caller's own, the newest first.
pub(super) async fn waiting(
    app: &Arc<App>,
    caller: &Caller,
) -> Answer<(Vec<FriendRequest>, Vec<FriendRequest>)> {
    let (user, delivery) = (caller.user_id, app.delivery.clone());
    let read = move |db: &mut Connection| {
        let rows = store::requests_of(db, user)?;
        view::requests(db, &delivery, rows)
    };
    let requests = app.delivery.read(read).await?;
    Ok(requests.into_iter().partition(|request| request.to.id == user))
}

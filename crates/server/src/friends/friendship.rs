//! The friends one has: listed, named and sorted, removed.

use std::sync::Arc;

use database::Connection;
use delivery::{Stream, Unit};
use protocol::{Code, EventBody, Friend, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{store, view};
use crate::{app::App, caller::Caller, problem::Answer, text};

/// What the caller calls a friend, and where they are kept; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FriendChange {
    /// One's own name for them; up to 64 characters, empty for none.
    #[schema(max_length = 64)]
    remark: Option<String>,
    /// One's folder (好友分组); up to 32 characters, empty for the default one.
    #[schema(max_length = 32)]
    folder: Option<String>,
}

/// The caller's friends.
pub(super) async fn list(app: &Arc<App>, caller: &Caller) -> Answer<Vec<Friend>> {
    let (user, delivery) = (caller.user_id, app.delivery.clone());
    let read = move |db: &mut Connection| {
        let rows = store::friends(db, user)?;
        view::friends(db, &delivery, rows)
    };
    Ok(app.delivery.read(read).await?)
}

/// Gives a friend a remark or folder.
///
/// # Errors
/// `invalid`, `not_found`.
pub(super) async fn change(
    app: &Arc<App>,
    caller: &Caller,
    other: UserId,
    change: FriendChange,
) -> Answer<Friend> {
    let remark = change.remark.map(|text| text::line("remark", &text, 0, 64)).transpose()?;
    let folder = change.folder.map(|text| text::line("folder", &text, 0, 32)).transpose()?;
    let (user, state) = (caller.user_id, Arc::clone(app));
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let mut row = store::find_friend(unit.db(), user, other)?.ok_or(Code::NotFound)?;
            row.remark = remark.unwrap_or(row.remark);
            row.folder = folder.unwrap_or(row.folder);
            store::update_friend(unit.db(), user, &row)?;
            let friend = view::friend(unit.db(), &state.delivery, row)?;
            unit.append(Stream::User(user), EventBody::FriendUpdated { friend: friend.clone() })?;
            Ok(friend)
        })
        .await
}

/// Ends a friendship.
///
/// # Errors
/// `not_found`.
pub(super) async fn remove(app: &Arc<App>, caller: &Caller, other: UserId) -> Answer<()> {
    let (user, state) = (caller.user_id, Arc::clone(app));
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            match part(unit, &state, user, other)? {
                true => Ok(()),
                false => Err(Code::NotFound.into()),
            }
        })
        .await
}

/// Ends the friendship of these two and tells both; false if there was none.
pub(super) fn part(unit: &mut Unit<'_>, app: &App, user: UserId, other: UserId) -> Answer<bool> {
    let (Some(own), Some(others)) =
        (store::find_friend(unit.db(), user, other)?, store::find_friend(unit.db(), other, user)?)
    else {
        return Ok(false);
    };
    store::delete_friendship(unit.db(), user, other)?;
    for (reader, row) in [(user, own), (other, others)] {
        let friend = view::friend(unit.db(), &app.delivery, row)?;
        unit.append(Stream::User(reader), EventBody::FriendRemoved { friend })?;
    }
    Ok(true)
}

//! Changing one's own profile and picture. The change is made by `accounts` and `uploads`; it is here because
//! friends are told to fetch the profile again, and so are those who share a conversation.

use std::sync::Arc;

use axum::extract::Request;
use database::{Connection, Error};
use protocol::{EventBody, Me};

use super::store;
use crate::{
    accounts::{self, ProfileChange},
    app::App,
    caller::Caller,
    problem::Answer,
    uploads,
};

/// Changes name, signature, language or quiet hours. What others do not see only one's own devices are told of.
///
/// # Errors
/// `invalid`.
pub(super) async fn change(app: &Arc<App>, caller: &Caller, change: ProfileChange) -> Answer<Me> {
    let is_public = change.is_public();
    let me = accounts::change_profile(app, caller, change).await?;
    if is_public {
        tell(app, caller).await;
    } else {
        let user_id = caller.user_id;
        app.delivery.signal_users(&[user_id], EventBody::UserUpdated { user_id });
    }
    Ok(me)
}

/// Takes the body of `request` as the caller's picture.
///
/// # Errors
/// Those of `uploads::set_avatar`.
pub(super) async fn set_avatar(app: &Arc<App>, caller: &Caller, request: Request) -> Answer<Me> {
    let me = uploads::set_avatar(app, caller, request).await?;
    tell(app, caller).await;
    Ok(me)
}

/// Removes the caller's picture.
pub(super) async fn remove_avatar(app: &Arc<App>, caller: &Caller) -> Answer<Me> {
    let me = uploads::remove_avatar(app, caller).await?;
    tell(app, caller).await;
    Ok(me)
}

/// `user.updated` to whoever may have the old profile on the screen. Best effort: the change stands.
async fn tell(app: &App, caller: &Caller) {
    let user_id = caller.user_id;
    app.delivery.signal_acquaintances(user_id, EventBody::UserUpdated { user_id });
    let read = move |db: &mut Connection| store::friend_ids(db, user_id);
    let friends: Result<_, Error> = app.delivery.read(read).await;
    match friends {
        // Who is told twice fetches the profile twice, which is harmless.
        Ok(friends) => app.delivery.signal_users(&friends, EventBody::UserUpdated { user_id }),
        Err(error) => tracing::warn!(%error, "friends were not told of a new profile"),
    }
}

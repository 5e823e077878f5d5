//! An account goes: all that the slices know of the person besides what was said to others. Their messages stay, as a
//! deleted account's; so do their articles and comments.

use std::sync::Arc;

use delivery::Unit;
use protocol::{EventBody, UserId};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    accounts::{self, Ended},
    app::App,
    audit::{self, Act},
    caller::Caller,
    conversations, friends, groups, messages, notifications,
    problem::Answer,
    uploads,
};

/// What it takes to delete one's own account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Farewell {
    /// One's password.
    password: String,
}

/// Deletes an account in a unit under `accounts::revoking`; which devices that ends.
///
/// # Errors
/// `not_found`, `conflict` for the last admin.
pub(super) fn delete(app: &App, unit: &mut Unit<'_>, user: UserId) -> Answer<Ended> {
    unit.lock()?;
    // First, so that what is told of the rest names nobody any more.
    let ended = accounts::delete_account(unit, user)?;
    uploads::forget_owner(unit, user)?;
    friends::forget(app, unit, user)?;
    groups::forget_member(app, unit, user)?;
    conversations::forget_own(unit.db(), user)?;
    messages::forget_waiting(unit, user)?;
    notifications::forget_reader(unit, user)?;
    Ok(ended)
}

/// Whoever has the old profile on the screen fetches it again. Best effort: the account is gone.
pub(super) fn tell(app: &App, user_id: UserId) {
    app.delivery.signal_acquaintances(user_id, EventBody::UserUpdated { user_id });
}

/// Deletes the caller's own account.
///
/// # Errors
/// `wrong_credentials`, `conflict` for the last admin.
pub(super) async fn delete_own(app: &Arc<App>, caller: &Caller, farewell: Farewell) -> Answer<()> {
    let (user, state) = (caller.user_id, Arc::clone(app));
    accounts::check_password(app, user, farewell.password).await?;
    accounts::revoking(app, move |unit| {
        let ended = delete(&state, unit, user)?;
        let (subject, action) = (format!("user:{user}"), "user.deleted");
        let act = Act { actor: user, action, subject: &subject, details: json!({"by": "self"}) };
        audit::record(unit, &act)?;
        Ok(((), ended))
    })
    .await?;
    tell(app, user);
    Ok(())
}

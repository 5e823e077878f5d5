//! Where somebody is logged in, for those who manage them: looked at, and ended, one or all.

use std::sync::Arc;

use protocol::{Permission, Session, SessionId, UserId};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::users::record;
use crate::{
    accounts,
    app::App,
    audit::{self, Act},
    caller::Caller,
    problem::Answer,
};

/// Somebody's devices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserSessions {
    /// The latest used first; at most 100.
    sessions: Vec<Session>,
}

/// The sessions of somebody who may not do more than the caller: they tell where a person is.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(super) async fn list(app: &App, caller: &Caller, id: UserId) -> Answer<UserSessions> {
    caller.require(Permission::ManageUsers)?;
    let (caller, now) = (*caller, app.clock.now());
    app.delivery
        .read(move |db| {
            accounts::check_below(db, &caller, id)?;
            Ok(UserSessions { sessions: accounts::sessions_of(db, id, now)? })
        })
        .await
}

/// Ends one of them.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(super) async fn end(
    app: &Arc<App>,
    caller: &Caller,
    id: UserId,
    session: SessionId,
) -> Answer<()> {
    caller.require(Permission::ManageUsers)?;
    let caller = *caller;
    accounts::revoking(app, move |unit| {
        unit.lock()?;
        accounts::require_now(unit.db(), &caller, Permission::ManageUsers)?;
        accounts::check_below(unit.db(), &caller, id)?;
        let ended = accounts::end_session(unit, id, session)?;
        let (actor, subject) = (caller.user_id, format!("user:{id}"));
        let details = json!({"session_id": session});
        let act = Act { actor, action: "user.session_ended", subject: &subject, details };
        audit::record(unit, &act)?;
        Ok(((), ended))
    })
    .await
}

/// Ends all of them: they are logged out everywhere.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(super) async fn end_all(app: &Arc<App>, caller: &Caller, id: UserId) -> Answer<()> {
    caller.require(Permission::ManageUsers)?;
    let caller = *caller;
    accounts::revoking(app, move |unit| {
        unit.lock()?;
        accounts::require_now(unit.db(), &caller, Permission::ManageUsers)?;
        accounts::check_below(unit.db(), &caller, id)?;
        let ended = accounts::log_out(unit, id)?;
        record(unit, &caller, "user.logged_out", id)?;
        Ok(((), ended))
    })
    .await
}

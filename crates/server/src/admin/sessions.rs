//! Where somebody is logged in, for those who manage them: looked at, and ended, one or all.

use std::sync::Arc;

use protocol::{Permission, Session, SessionId, UserId};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

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

/// Ends one of them, or all: then they are logged out everywhere.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(super) async fn end(
    app: &Arc<App>,
    caller: &Caller,
    id: UserId,
    session: Option<SessionId>,
) -> Answer<()> {
    caller.require(Permission::ManageUsers)?;
    let caller = *caller;
    accounts::revoking(app, move |unit| {
        unit.lock()?;
        accounts::require_now(unit.db(), &caller, Permission::ManageUsers)?;
        accounts::check_below(unit.db(), &caller, id)?;
        let (ended, action, details) = match session {
            Some(session) => {
                let ended = accounts::end_session(unit, id, session)?;
                (ended, "user.session_ended", json!({"session_id": session}))
            }
            None => (accounts::log_out(unit, id)?, "user.logged_out", json!({})),
        };
        let (actor, subject) = (caller.user_id, format!("user:{id}"));
        audit::record(unit, &Act { actor, action, subject: &subject, details })?;
        Ok(((), ended))
    })
    .await
}

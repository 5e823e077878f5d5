//! Who has which site role.

use std::sync::Arc;

use database::Connection;
use protocol::{Code, Permission, SiteRoleId, User, UserId};
use serde_json::json;

use super::{change::subject, check_within, require_now, store, tell};
use crate::{
    accounts::{
        devices::{Ended, revoking},
        user,
    },
    app::App,
    audit::{self, Act},
    caller::Caller,
    problem::{Answer, Refusal},
};

/// The most people who have one role: all of them are told when it changes.
pub(super) const MAX_MEMBERS: i64 = 1_000;

/// Those who have a role, by account number.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(crate) async fn members(app: &App, caller: &Caller, id: SiteRoleId) -> Answer<Vec<User>> {
    caller.require(Permission::ManageRoles)?;
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db: &mut Connection| {
            store::role(db, id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
            let ids = store::member_ids(db, id)?;
            let mut users = user::public_users(db, &delivery, &ids)?;
            Ok(ids.iter().filter_map(|id| users.remove(id)).collect())
        })
        .await
}

/// Gives somebody a role. Again changes nothing.
///
/// # Errors
/// `forbidden`, `not_found`, `conflict` when [`MAX_MEMBERS`] have it.
pub(crate) async fn give(
    app: &Arc<App>,
    caller: &Caller,
    id: SiteRoleId,
    user: UserId,
) -> Answer<()> {
    set(app, caller, id, user, true).await
}

/// Takes a role from somebody. Again changes nothing.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(crate) async fn take(
    app: &Arc<App>,
    caller: &Caller,
    id: SiteRoleId,
    user: UserId,
) -> Answer<()> {
    set(app, caller, id, user, false).await
}

async fn set(
    app: &Arc<App>,
    caller: &Caller,
    id: SiteRoleId,
    user: UserId,
    has: bool,
) -> Answer<()> {
    caller.require(Permission::ManageRoles)?;
    let caller = *caller;
    let changed = revoking(app, move |unit| {
        unit.lock()?;
        let held = require_now(unit.db(), &caller, Permission::ManageRoles)?;
        let role = store::role(unit.db(), id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
        let target = user::row(unit.db(), user)?;
        if target.deleted {
            return Err(Code::NotFound.into());
        }
        check_within(held, role.permissions.iter().copied().collect())?;
        let changes = match has {
            true if store::member_ids(unit.db(), id)?.len() as i64 >= MAX_MEMBERS => {
                let most = format!("{MAX_MEMBERS} people have this role already");
                return Err(Refusal::new(Code::Conflict).detail(most));
            }
            true => store::add_member(unit.db(), id, user)?,
            false => store::remove_member(unit.db(), id, user)?,
        };
        if !changes {
            return Ok((Vec::new(), Ended::default()));
        }
        let action = if has { "role.given" } else { "role.taken" };
        let details = json!({"role": role.name, "user_id": user});
        let subject = subject(id);
        audit::record(unit, &Act { actor: caller.user_id, action, subject: &subject, details })?;
        Ok((vec![user], Ended { changed: vec![user], ..Ended::default() }))
    })
    .await?;
    tell(app, &changed);
    Ok(())
}

//! Site roles themselves: made, renamed, given other permissions, removed.

use std::sync::Arc;

use database::Connection;
use protocol::{Code, MAX_SITE_ROLES, Permission, Permissions, SiteRole, SiteRoleId};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{check_within, require_now, store, tell};
use crate::{
    accounts::devices::{Ended, revoking},
    app::App,
    audit::{self, Act},
    caller::Caller,
    problem::{Answer, Refusal},
    text,
};

/// What a role is called and allows; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleChange {
    /// 1 to 64 characters, unique.
    #[schema(min_length = 1, max_length = 64)]
    name: Option<String>,
    /// What those who have it may do.
    permissions: Option<Vec<Permission>>,
}

impl RoleChange {
    fn parse(self) -> Answer<(Option<String>, Option<Permissions>)> {
        let name = self.name.map(|name| text::line("name", &name, 1, 64)).transpose()?;
        Ok((name, self.permissions.map(|all| all.into_iter().collect())))
    }
}

/// All site roles, by name.
///
/// # Errors
/// `forbidden`.
pub(crate) async fn list(app: &App, caller: &Caller) -> Answer<Vec<SiteRole>> {
    // Who manages users sees which roles they have.
    caller.require(Permission::ManageRoles).or_else(|_| caller.require(Permission::ManageUsers))?;
    Ok(app.delivery.read(|db: &mut Connection| store::roles(db)).await?)
}

/// Makes a role that nobody has yet.
///
/// # Errors
/// `forbidden`, `invalid`, `conflict` for a name that is taken and when there are [`MAX_SITE_ROLES`].
pub(crate) async fn create(app: &App, caller: &Caller, change: RoleChange) -> Answer<SiteRole> {
    caller.require(Permission::ManageRoles)?;
    let (name, permissions) = change.parse()?;
    let name = name.ok_or_else(|| Refusal::invalid("name", "missing field `name`"))?;
    let permissions = permissions.unwrap_or_default();
    let caller = *caller;
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let held = require_now(unit.db(), &caller, Permission::ManageRoles)?;
            check_within(held, permissions)?;
            check_name(unit.db(), &name, None)?;
            if store::roles(unit.db())?.len() >= MAX_SITE_ROLES {
                let most = format!("There are {MAX_SITE_ROLES} roles already");
                return Err(Refusal::new(Code::Conflict).detail(most));
            }
            let now = unit.now();
            let id = store::insert(unit.db(), &name, &text::key(&name), permissions, now)?;
            let role = SiteRole { id, name, permissions: permissions.iter().collect() };
            let details = json!({"name": &role.name, "permissions": &role.permissions});
            let subject = subject(id);
            let act =
                Act { actor: caller.user_id, action: "role.created", subject: &subject, details };
            audit::record(unit, &act)?;
            Ok(role)
        })
        .await
}

/// Changes a role; those who have it may do what it says now, at once.
///
/// # Errors
/// `forbidden`, `not_found`, `invalid`, `conflict` for a name that is taken.
pub(crate) async fn change(
    app: &Arc<App>,
    caller: &Caller,
    id: SiteRoleId,
    change: RoleChange,
) -> Answer<SiteRole> {
    caller.require(Permission::ManageRoles)?;
    let (name, permissions) = change.parse()?;
    let caller = *caller;
    let (role, members) = revoking(app, move |unit| {
        unit.lock()?;
        let held = require_now(unit.db(), &caller, Permission::ManageRoles)?;
        let old = store::role(unit.db(), id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
        let former: Permissions = old.permissions.iter().copied().collect();
        let permissions = permissions.unwrap_or(former);
        check_within(held, former.union(permissions))?;
        let name = name.unwrap_or_else(|| old.name.clone());
        check_name(unit.db(), &name, Some(id))?;
        store::update(unit.db(), id, &name, &text::key(&name), permissions)?;
        let members = store::member_ids(unit.db(), id)?;
        let role = SiteRole { id, name, permissions: permissions.iter().collect() };
        let details = json!({"before": &old, "after": &role});
        let subject = subject(id);
        let act = Act { actor: caller.user_id, action: "role.changed", subject: &subject, details };
        audit::record(unit, &act)?;
        Ok(((role, members.clone()), Ended { changed: members, ..Ended::default() }))
    })
    .await?;
    tell(app, &members);
    Ok(role)
}

/// Removes a role: nobody has it any more.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(crate) async fn delete(app: &Arc<App>, caller: &Caller, id: SiteRoleId) -> Answer<()> {
    caller.require(Permission::ManageRoles)?;
    let caller = *caller;
    let members = revoking(app, move |unit| {
        unit.lock()?;
        let held = require_now(unit.db(), &caller, Permission::ManageRoles)?;
        let old = store::role(unit.db(), id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
        check_within(held, old.permissions.iter().copied().collect())?;
        let members = store::member_ids(unit.db(), id)?;
        store::delete(unit.db(), id)?;
        let details = json!({"role": &old, "members": &members});
        let subject = subject(id);
        let act = Act { actor: caller.user_id, action: "role.deleted", subject: &subject, details };
        audit::record(unit, &act)?;
        Ok((members.clone(), Ended { changed: members, ..Ended::default() }))
    })
    .await?;
    tell(app, &members);
    Ok(())
}

pub(super) fn subject(id: SiteRoleId) -> String {
    format!("role:{id}")
}

fn check_name(db: &mut Connection, name: &str, own: Option<SiteRoleId>) -> Answer<()> {
    match store::named(db, &text::key(name))? {
        Some(other) if Some(other) != own => {
            Err(Refusal::new(Code::Conflict).detail("There is a role of this name already"))
        }
        _ => Ok(()),
    }
}

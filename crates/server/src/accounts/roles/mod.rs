//! What people may do on the site: the permissions of all their site roles together; all there is for an admin.
//! Who calls is known with them (`caller.rs`), so that no request asks for them again; a unit that acts by one asks
//! once more ([`require_now`]), since it may have been taken away a moment before. A category of the forum has
//! moderators of its own, who need no role; which they are is kept here, since an account's own view tells it.
//!
//! *Invariants*
//! * Whoever changes a role, or who has it, does so in a unit under `devices::revoking` that says so in
//!   `Ended::changed`: what was remembered of those callers is gone right after the commit.
//! * Nobody gives, takes or changes what they do not hold themselves.

mod change;
mod give;
mod store;

use std::collections::BTreeSet;

use database::{Connection, Error};
use protocol::{CategoryId, Code, EventBody, Permission, Permissions, UserId};

pub(crate) use change::{RoleChange, change, create, delete, list};
pub(crate) use give::{give, members, take};
pub(crate) use store::{
    forget_member, is_moderator, moderated_by, moderators, moderators_of, roles_of,
};

use super::store as accounts_store;
use crate::{
    app::App,
    audit::OPERATOR,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// The most who are found to hold a permission.
const MAX_HOLDERS: usize = 1_000;

/// What `user` may do.
pub(crate) fn permissions(
    db: &mut Connection,
    user: UserId,
    is_admin: bool,
) -> Result<Permissions, Error> {
    if is_admin { Ok(Permissions::all()) } else { store::permissions(db, user) }
}

/// What `user` may do now; the operator may do everything, who is nobody nothing.
///
/// # Errors
/// Those of the database.
pub(crate) fn held(db: &mut Connection, user: UserId) -> Result<Permissions, Error> {
    if user == OPERATOR {
        return Ok(Permissions::all());
    }
    match accounts_store::users_by_ids(db, &[user])?.pop() {
        Some(row) => permissions(db, user, row.is_admin),
        None => Ok(Permissions::default()),
    }
}

/// What the caller may do at this point of the log, `permission` among it.
///
/// # Errors
/// `forbidden`.
pub(crate) fn require_now(
    db: &mut Connection,
    caller: &Caller,
    permission: Permission,
) -> Answer<Permissions> {
    let held = held(db, caller.user_id)?;
    if held.contains(permission) { Ok(held) } else { Err(Code::Forbidden.into()) }
}

/// Those who hold a permission, by account number: admins, and whoever has a role with it; at most 1,000.
///
/// # Errors
/// Those of the database.
pub(crate) fn holders(db: &mut Connection, permission: Permission) -> Result<Vec<UserId>, Error> {
    let mut holders: BTreeSet<UserId> =
        store::admins(db, MAX_HOLDERS as i64)?.into_iter().collect();
    for role in store::roles(db)? {
        if role.permissions.contains(&permission) {
            holders.extend(store::member_ids(db, role.id)?);
        }
    }
    Ok(holders.into_iter().take(MAX_HOLDERS).collect())
}

/// Makes these the moderators of a category, and no others. Who is one now and was not, or the other way round: to be
/// told by [`tell`], after the commit.
///
/// # Errors
/// Those of the database.
pub(crate) fn set_moderators(
    db: &mut Connection,
    category: CategoryId,
    users: &[UserId],
) -> Result<Vec<UserId>, Error> {
    let before: BTreeSet<UserId> = moderators_of(db, category)?.into_iter().collect();
    let after: BTreeSet<UserId> = users.iter().copied().collect();
    for user in before.difference(&after) {
        store::remove_moderator(db, category, *user)?;
    }
    for user in after.difference(&before) {
        store::add_moderator(db, category, *user)?;
    }
    Ok(before.symmetric_difference(&after).copied().collect())
}

/// Whether somebody who holds `held` may touch what grants `granted`.
fn check_within(held: Permissions, granted: Permissions) -> Answer<()> {
    if held.contains_all(granted) {
        return Ok(());
    }
    Err(Refusal::new(Code::Forbidden).detail("You cannot give or change what you do not have"))
}

/// The devices of these people fetch anew what they may do. Best effort: what they may do is as it is.
pub(crate) fn tell(app: &App, users: &[UserId]) {
    for &user_id in users {
        app.delivery.signal_users(&[user_id], EventBody::UserUpdated { user_id });
    }
}

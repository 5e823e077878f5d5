//! Somebody whose account goes leaves every group. A group of theirs goes to an admin, or else to whoever has been in
//! it, by account number; where nobody else is, it is dissolved.

use delivery::Unit;
use protocol::{Role, UserId};

use super::{dissolve, leave, rights, store, transfer};
use crate::{app::App, conversations, problem::Answer};

/// Groups that are left in one step, and steps.
const STEP: i64 = 1_000;
const MAX_STEPS: usize = 100;

/// Leaves all groups.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_member(app: &App, unit: &mut Unit<'_>, user: UserId) -> Answer<()> {
    unit.lock()?;
    store::forget_requests(unit.db(), user)?;
    for _ in 0..MAX_STEPS {
        let groups = store::groups_of(unit.db(), user, STEP)?;
        if groups.is_empty() {
            break;
        }
        for group in groups {
            if group.owner_id == user {
                let leaders = conversations::leaders(unit.db(), group.id, 2)?;
                let admin = leaders.into_iter().find(|one| *one != user);
                let heir = match admin {
                    Some(admin) => Some(admin),
                    None => conversations::members(unit.db(), group.id, 0, 2)?
                        .into_iter()
                        .map(|member| member.user_id)
                        .find(|one| *one != user),
                };
                match heir {
                    Some(heir) => transfer::transfer_in(app, unit, user, group.id, heir)?,
                    None => {
                        dissolve::dissolve_by_moderators(app, unit, group.id)?;
                        continue;
                    }
                };
            }
            let (group, member) = rights::member(unit.db(), group.id, user)?;
            debug_assert_ne!(member.role, Role::Owner);
            leave::take_out(app, unit, group, member, None)?;
        }
    }
    Ok(())
}

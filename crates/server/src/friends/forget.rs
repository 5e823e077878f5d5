//! Somebody whose account goes: their friends, what waits between them and others, whom they block.

use delivery::Unit;
use protocol::UserId;

use super::{answer, friendship, store};
use crate::{app::App, problem::Answer};

/// Ends all of it, and tells the others; whoever blocks the one who goes need not any more.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget(app: &App, unit: &mut Unit<'_>, user: UserId) -> Answer<()> {
    unit.lock()?;
    for other in store::friend_ids(unit.db(), user)? {
        friendship::part(unit, app, user, other)?;
    }
    for request in store::requests_of(unit.db(), user)? {
        let other = if request.from == user { request.to } else { request.from };
        answer::drop_between(unit, app, user, other)?;
    }
    Ok(store::delete_blocks_of(unit.db(), user)?)
}

//! How an account stands: muted on the whole site, suspended, banned, deleted. Who decides so is above
//! (`moderation`, `admin`); what it means for logging in is here, what for speaking in `messages` and the forum.
//!
//! *Invariants*
//! * What ends sessions runs under `devices::revoking`: whoever is connected is out with the commit.
//! * There is always an admin who can log in: the last one is not suspended, banned, deleted or demoted.
//! * Nobody acts on those who may do what they may not.

mod store;

use database::{Connection, Error};
use delivery::{Device, DeviceId, Unit};
use protocol::{Code, Timestamp, UserId};

use super::{
    devices::{self, Ended},
    roles,
};
use crate::{
    audit::OPERATOR,
    caller::Caller,
    problem::{Answer, Refusal},
};

pub(super) use store::set_password;
pub(crate) use store::{Standing, set_admin, standing};

/// What is imposed on an account, or lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sanction {
    /// Says nothing anywhere until then; lifted without a time.
    Mute(Option<Timestamp>),
    /// Logs in nowhere until then; lifted without a time.
    Suspend(Option<Timestamp>),
    /// Logs in nowhere, for ever; or may again.
    Ban(bool),
}

/// Imposes or lifts a sanction; what it ends.
///
/// # Errors
/// `not_found` for an account that is not there any more, `conflict` for the last admin.
pub(crate) fn impose(unit: &mut Unit<'_>, user: UserId, sanction: Sanction) -> Answer<Ended> {
    let before = find(unit.db(), user)?;
    let now = unit.now();
    let shuts_out = match sanction {
        Sanction::Mute(until) => {
            store::set_muted(unit.db(), user, until)?;
            false
        }
        Sanction::Suspend(until) => {
            store::set_suspended(unit.db(), user, until)?;
            until.is_some()
        }
        Sanction::Ban(banned) => {
            store::set_banned(unit.db(), user, banned.then_some(now))?;
            banned
        }
    };
    if !shuts_out {
        return Ok(Ended { changed: vec![user], ..Ended::default() });
    }
    if before.is_admin {
        check_an_admin_is_left(unit.db(), now)?;
    }
    log_out(unit, user)
}

/// Ends every session of an account, with all live connections, those of its tokens too. The tokens stay.
///
/// # Errors
/// Those of the database.
pub(crate) fn log_out(unit: &mut Unit<'_>, user: UserId) -> Answer<Ended> {
    let sessions = devices::delete_sessions(unit.db(), user)?.into_iter().map(DeviceId::Session);
    let tokens = devices::token_ids(unit.db(), user)?.into_iter().map(DeviceId::Token);
    let devices = sessions.chain(tokens).map(|id| Device { user, id }).collect();
    Ok(Ended { devices, changed: vec![user] })
}

/// An account that is there.
///
/// # Errors
/// `not_found`, also when it was deleted.
pub(crate) fn find(db: &mut Connection, user: UserId) -> Answer<Standing> {
    match standing(db, user)? {
        Some(found) if !found.deleted => Ok(found),
        _ => Err(Code::NotFound.into()),
    }
}

/// Whether the caller may act on this account: not on themselves, and on nobody who may do more.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(crate) fn check_below(db: &mut Connection, caller: &Caller, user: UserId) -> Answer<()> {
    let target = find(db, user)?;
    if caller.user_id == OPERATOR {
        return Ok(());
    }
    let refused = |why: &str| Err(Refusal::new(Code::Forbidden).detail(why));
    if caller.user_id == user {
        return refused("You cannot do that to yourself");
    }
    let held = roles::held(db, caller.user_id)?;
    let theirs = roles::permissions(db, user, target.is_admin)?;
    let is_admin = standing(db, caller.user_id)?.is_some_and(|own| own.is_admin);
    if !held.contains_all(theirs) || (target.is_admin && !is_admin) {
        return refused("They may do more on this site than you");
    }
    Ok(())
}

/// To be asked after a change to an admin's account, in its unit.
///
/// # Errors
/// `conflict` when no admin is left who can log in.
pub(crate) fn check_an_admin_is_left(db: &mut Connection, now: Timestamp) -> Answer<()> {
    if store::count_admins(db, now)? > 0 {
        return Ok(());
    }
    Err(Refusal::new(Code::Conflict).detail("There has to be another admin first"))
}

/// Whether `user` may say something on the site now.
///
/// # Errors
/// `muted`, which says until when.
pub(crate) fn check_may_speak(db: &mut Connection, user: UserId, now: Timestamp) -> Answer<()> {
    match standing(db, user)? {
        Some(standing) => may_speak(standing.muted_until, now),
        None => Ok(()),
    }
}

/// The same of somebody whose mute is known.
///
/// # Errors
/// `muted`.
pub(crate) fn may_speak(muted_until: Option<Timestamp>, now: Timestamp) -> Answer<()> {
    match muted_until {
        Some(until) if until > now => {
            Err(Refusal::new(Code::Muted)
                .detail(format!("You are muted on this site until {until}")))
        }
        _ => Ok(()),
    }
}

/// Whether `user` may log in now, whose password was right.
///
/// # Errors
/// `suspended`, which says until when.
pub(super) fn check_may_enter(
    db: &mut Connection,
    user: UserId,
    now: Timestamp,
) -> Result<Answer<()>, Error> {
    Ok(match standing(db, user)? {
        Some(Standing { banned: false, suspended_until: Some(until), .. }) if until > now => {
            Err(Refusal::new(Code::Suspended)
                .detail(format!("This account is suspended until {until}")))
        }
        Some(Standing { banned: false, deleted: false, .. }) => Ok(()),
        _ => Err(Code::WrongCredentials.into()),
    })
}

//! People, for those who manage them: found, looked at, acted on.

use std::sync::Arc;

use database::Connection;
use delivery::Delivery;
use protocol::{Code, Permission, SiteRole, Timestamp, User, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    delete_account,
    store::{self, Asked, Sort, UserRow},
};
use crate::{
    accounts::{self, Ended},
    app::App,
    audit::{self, Act, OPERATOR},
    caller::Caller,
    moderation::{self, NewDecision},
    problem::{Answer, Refusal},
};

/// The most people who are acted on at once.
const MAX_BULK: usize = 100;

/// An account, as those see it who manage accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedUser {
    user: User,
    /// When it was made.
    created_at: Timestamp,
    /// Last use by a session, exact to about a minute.
    last_seen_at: Option<Timestamp>,
    is_admin: bool,
    /// By name.
    roles: Vec<SiteRole>,
    /// As it was set; it may lie in the past. So may the next one.
    suspended_until: Option<Timestamp>,
    muted_until: Option<Timestamp>,
    banned: bool,
    deleted: bool,
    sessions: i64,
    tokens: i64,
    /// What its uploads take.
    storage_bytes: i64,
}

/// People.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserPage {
    users: Vec<ManagedUser>,
    /// For the next page, as `before`; null on the last.
    cursor: Option<String>,
}

/// A page of accounts.
///
/// # Errors
/// `forbidden`.
pub(super) async fn page(
    app: &App,
    caller: &Caller,
    asked: Asked,
    limit: usize,
) -> Answer<UserPage> {
    caller.require(Permission::ManageUsers)?;
    let (delivery, now) = (app.delivery.clone(), app.clock.now());
    app.delivery
        .read(move |db| {
            let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
            let mut rows = store::users(db, &asked, now, most)?;
            let has_more = rows.len() > limit;
            rows.truncate(limit);
            let last = rows.last().filter(|_| has_more);
            let cursor = last.map(|row| match asked.sort {
                Sort::Newest => format!("{}:", row.id),
                Sort::Seen => {
                    format!("{}:{}", row.id, row.last_seen_at.map_or(0, Timestamp::millis))
                }
                Sort::Name => format!("{}:{}", row.id, row.name_key),
            });
            Ok(UserPage { users: view(db, &delivery, rows)?, cursor })
        })
        .await
}

/// One account.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(super) async fn show(app: &App, caller: &Caller, id: UserId) -> Answer<ManagedUser> {
    caller.require(Permission::ManageUsers)?;
    let delivery = app.delivery.clone();
    app.delivery.read(move |db| one(db, &delivery, id)).await
}

fn one(db: &mut Connection, delivery: &Delivery, id: UserId) -> Answer<ManagedUser> {
    let row = store::user(db, id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    view(db, delivery, vec![row])?.pop().ok_or_else(|| Code::NotFound.into())
}

fn view(db: &mut Connection, delivery: &Delivery, rows: Vec<UserRow>) -> Answer<Vec<ManagedUser>> {
    let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
    let mut people = accounts::public_users(db, delivery, &ids)?;
    let mut users = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(user) = people.remove(&row.id) else { continue };
        users.push(ManagedUser {
            user,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            is_admin: row.is_admin,
            roles: accounts::roles_of(db, row.id)?,
            suspended_until: row.suspended_until,
            muted_until: row.muted_until,
            banned: row.banned,
            deleted: row.deleted,
            sessions: row.sessions,
            tokens: row.tokens,
            storage_bytes: row.storage_bytes,
        });
    }
    Ok(users)
}

/// Whether the caller is an admin, or the operator.
///
/// # Errors
/// `forbidden`.
pub(super) fn require_admin(db: &mut Connection, caller: &Caller) -> Answer<()> {
    let is_admin = caller.user_id == OPERATOR
        || accounts::standing(db, caller.user_id)?.is_some_and(|standing| standing.is_admin);
    if is_admin {
        return Ok(());
    }
    Err(Refusal::new(Code::Forbidden).detail("Only an admin may do that"))
}

/// Makes somebody an admin, or no longer.
///
/// # Errors
/// `forbidden` for whoever is no admin, `not_found`, `conflict` for the last admin.
pub(super) async fn set_admin(
    app: &Arc<App>,
    caller: &Caller,
    id: UserId,
    is_admin: bool,
) -> Answer<ManagedUser> {
    caller.require(Permission::ManageUsers)?;
    let (caller, state) = (*caller, Arc::clone(app));
    let changed = accounts::revoking(app, move |unit| {
        unit.lock()?;
        require_admin(unit.db(), &caller)?;
        let standing = accounts::standing(unit.db(), id)?.filter(|standing| !standing.deleted);
        let standing = standing.ok_or_else(|| Refusal::new(Code::NotFound))?;
        if standing.is_admin == is_admin {
            return Ok((one(unit.db(), &state.delivery, id)?, Ended::default()));
        }
        accounts::set_admin(unit.db(), id, is_admin)?;
        let now = unit.now();
        accounts::check_an_admin_is_left(unit.db(), now)?;
        let action = if is_admin { "user.admin_given" } else { "user.admin_taken" };
        record(unit, &caller, action, id)?;
        let changed = one(unit.db(), &state.delivery, id)?;
        Ok((changed, Ended { changed: vec![id], ..Ended::default() }))
    })
    .await?;
    app.delivery.signal_users(&[id], protocol::EventBody::UserUpdated { user_id: id });
    Ok(changed)
}

fn record(
    unit: &mut delivery::Unit<'_>,
    caller: &Caller,
    action: &'static str,
    id: UserId,
) -> Answer<()> {
    let subject = format!("user:{id}");
    let act = Act { actor: caller.user_id, action, subject: &subject, details: json!({}) };
    Ok(audit::record(unit, &act)?)
}

/// Deletes somebody's account.
///
/// # Errors
/// `forbidden`, `not_found`, `conflict` for the last admin.
pub(super) async fn delete(app: &Arc<App>, caller: &Caller, id: UserId) -> Answer<()> {
    caller.require(Permission::ManageUsers)?;
    let (caller, state) = (*caller, Arc::clone(app));
    accounts::revoking(app, move |unit| {
        unit.lock()?;
        accounts::require_now(unit.db(), &caller, Permission::ManageUsers)?;
        accounts::check_below(unit.db(), &caller, id)?;
        let ended = delete_account::delete(&state, unit, id)?;
        record(unit, &caller, "user.deleted", id)?;
        Ok(((), ended))
    })
    .await?;
    delete_account::tell(app, id);
    Ok(())
}

/// The same to many.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bulk {
    /// To whom; 1 to 100.
    user_ids: Vec<UserId>,
    /// `warn`, `mute`, `suspend`, `ban`, `unmute`, `unsuspend` or `unban`.
    act: protocol::Act,
    /// Until when a mute or suspension lasts, at most ten years.
    until: Option<Timestamp>,
    /// Why, for those concerned: 1 to 1,000 characters.
    note: Option<String>,
}

/// Acts on all of these people, or, when one of them may not be acted on, on none.
///
/// # Errors
/// As of `POST /moderation/decisions`.
pub(super) async fn bulk(app: &Arc<App>, caller: &Caller, bulk: Bulk) -> Answer<()> {
    caller.require(Permission::ManageUsers)?;
    let Bulk { mut user_ids, act, until, note } = bulk;
    if !(1..=MAX_BULK).contains(&user_ids.len()) {
        return Err(Refusal::invalid("user_ids", format!("must be 1 to {MAX_BULK} people")));
    }
    user_ids.sort_unstable();
    user_ids.dedup();
    let new = NewDecision { act, until, note }.parse(app.clock.now())?;
    let (caller, state) = (*caller, Arc::clone(app));
    accounts::revoking(app, move |unit| {
        let mut all = Ended::default();
        for id in user_ids {
            let (_, ended) = moderation::act_on(&state, unit, &caller, id, &new)?;
            all = all.and(ended);
        }
        Ok(((), all))
    })
    .await
}

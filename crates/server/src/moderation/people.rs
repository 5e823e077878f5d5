//! Acting on a person without a report: it makes a case all the same, so that they can see why and appeal.

use std::sync::Arc;

use database::Connection;
use delivery::Unit;
use protocol::{Case, CaseId, Permission, SubjectKind, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    carry_out::against,
    cases,
    decide::{NewDecision, Parsed, settle},
    subject,
};
use crate::{
    accounts::{self, Ended},
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
    review::{self, NewCase},
};

/// What is decided about whom.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AboutPerson {
    /// Whom.
    user_id: UserId,
    /// `warn`, `mute`, `suspend`, `ban`, `unmute`, `unsuspend` or `unban`.
    act: protocol::Act,
    /// Until when a mute or suspension lasts, at most ten years.
    until: Option<protocol::Timestamp>,
    /// Why, for the person concerned: 1 to 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    note: Option<String>,
}

/// Decides about a person.
///
/// # Errors
/// `forbidden`, `not_found`, `invalid`, `conflict` for the last admin.
pub(super) async fn decide(app: &Arc<App>, caller: &Caller, about: AboutPerson) -> Answer<Case> {
    caller.require(Permission::ManageUsers)?;
    let AboutPerson { user_id, act, until, note } = about;
    let new = NewDecision { act, until, note }.parse(app.clock.now())?;
    let (caller, state) = (*caller, Arc::clone(app));
    accounts::revoking(app, move |unit| {
        let (id, ended) = act_on(&state, unit, &caller, user_id, &new)?;
        let row = cases::find(unit.db(), &caller, id)?;
        Ok((cases::view(unit.db(), &state.delivery, row)?, ended))
    })
    .await
}

/// The same inside a unit under `accounts::revoking`: the person's case, and what ends.
///
/// # Errors
/// As above.
pub(crate) fn act_on(
    app: &App,
    unit: &mut Unit<'_>,
    caller: &Caller,
    user: UserId,
    new: &Parsed,
) -> Answer<(CaseId, Ended)> {
    unit.lock()?;
    accounts::require_now(unit.db(), caller, Permission::ManageUsers)?;
    let ended = against(unit, caller, user, new.act, new)?;
    let subject = subject::bare(SubjectKind::User, user.get());
    let case = NewCase { subject, author: Some(user), category: 0, is_open: false };
    let id = review::open(unit, &case)?;
    let row = review::case(unit.db(), id)?;
    let row = row.ok_or_else(|| Refusal::internal("a case that was just made is not there"))?;
    settle(app, unit, caller, &row, new)?;
    Ok((id, ended))
}

/// How many cases are open, of those that the caller decides.
///
/// # Errors
/// Those of the database.
pub(crate) fn count_open(db: &mut Connection, caller: &Caller) -> Answer<i64> {
    match cases::decided_by(db, caller.user_id) {
        Ok(filter) => Ok(review::count_open(db, &filter)?),
        Err(_) => Ok(0),
    }
}

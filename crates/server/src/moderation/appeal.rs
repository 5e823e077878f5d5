//! A case as the person concerned and those who reported see it, and what the first says against a decision.

use database::Connection;
use protocol::{Act, CaseId, Code, NotificationKind, OwnCase, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    cases,
    store::{self, DecisionRow},
    subject,
};
use crate::{
    app::App,
    audit::OPERATOR,
    caller::Caller,
    notifications::{self, Told},
    problem::{Answer, Refusal},
    rate_limit::Limit,
    review::{self, CaseRow},
    text,
};

/// An appeal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAppeal {
    /// 1 to 2,000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    text: String,
}

/// A case of which the caller may know.
///
/// # Errors
/// `not_found` for everybody whom it does not concern.
pub(super) async fn show(app: &App, caller: &Caller, id: CaseId) -> Answer<OwnCase> {
    let user = caller.user_id;
    app.delivery.read(move |db| view(db, user, id)).await
}

/// Appeals against the newest decision, once: moderators look at the case again.
///
/// # Errors
/// `not_found` for everybody but the person concerned, `conflict` when there is nothing to appeal against any more.
pub(super) async fn appeal(
    app: &App,
    caller: &Caller,
    id: CaseId,
    new: NewAppeal,
) -> Answer<OwnCase> {
    let text = text::block("text", &new.text, 1, 2_000)?;
    app.limits.account(Limit::Reports, caller.user_id)?;
    let (user, delivery) = (caller.user_id, app.delivery.clone());
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let row = review::case(unit.db(), id)?.filter(|row| row.author == Some(user));
            let row = row.ok_or_else(|| Refusal::new(Code::NotFound))?;
            let decisions = store::decisions(unit.db(), id)?;
            let newest = decisions.first().filter(|_| may_appeal(&row, user, &decisions));
            let newest = newest.ok_or_else(|| {
                Refusal::new(Code::Conflict).detail("There is nothing to appeal against any more")
            })?;
            let now = unit.now();
            store::put_appeal(unit.db(), newest.id, &text, now)?;
            review::reopen(unit, id)?;
            if newest.by != OPERATOR {
                let kind = NotificationKind::AppealMade;
                let told = Told { case_id: Some(id), ..Told::of(kind, None) };
                notifications::notify(unit, &delivery, newest.by, &told)?;
            }
            view(unit.db(), user, id)
        })
        .await
}

fn view(db: &mut Connection, user: UserId, id: CaseId) -> Answer<OwnCase> {
    let row = review::case(db, id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let is_concerned = row.author == Some(user);
    let mut decisions = store::decisions(db, id)?;
    if is_concerned {
        // Of a case that was only reported the person concerned knows nothing.
        if decisions.is_empty() && !row.held {
            return Err(Code::NotFound.into());
        }
    } else if !store::has_reported(db, id, user)? {
        return Err(Code::NotFound.into());
    }
    let may_appeal = may_appeal(&row, user, &decisions);
    let appeal = cases::appeal(&decisions).filter(|_| is_concerned);
    let excerpt = if is_concerned { subject::now(db, &row)?.excerpt } else { None };
    if !is_concerned {
        // What became of the thing; what became of somebody is theirs to know, and so is what they were told.
        decisions
            .retain(|one| matches!(one.act, Act::Dismiss | Act::Hide | Act::Remove | Act::Approve));
        for one in &mut decisions {
            one.note.clear();
        }
    }
    Ok(OwnCase {
        id,
        subject: row.subject,
        state: cases::state(row.is_open),
        excerpt,
        decisions: decisions.into_iter().map(cases::decision).collect(),
        appeal,
        may_appeal,
    })
}

fn may_appeal(row: &CaseRow, user: UserId, decisions: &[DecisionRow]) -> bool {
    let against = [Act::Hide, Act::Remove, Act::Warn, Act::Mute, Act::Suspend, Act::Ban];
    row.author == Some(user)
        && !row.is_open
        && decisions.first().is_some_and(|one| one.appeal.is_none() && against.contains(&one.act))
}

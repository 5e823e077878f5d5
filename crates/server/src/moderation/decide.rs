//! Deciding a case: what is decided is done, told and recorded in one unit, and the case is closed.

use std::sync::Arc;

use delivery::Unit;
use protocol::{Act, Case, CaseId, Code, NotificationKind, SubjectKind, Timestamp};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{carry_out, cases, store, subject};
use crate::{
    accounts,
    app::App,
    audit,
    caller::Caller,
    messages,
    notifications::{self, Told},
    problem::{Answer, Refusal},
    review::{self, CaseRow},
    text,
};

/// The longest mute or suspension, in milliseconds: ten years. Longer is a ban.
const LONGEST: i64 = 10 * 366 * 24 * 3_600 * 1_000;

/// What is to be decided.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDecision {
    /// What.
    pub(crate) act: Act,
    /// Until when a mute or suspension lasts, at most ten years.
    pub(crate) until: Option<Timestamp>,
    /// Why, for the person concerned: 1 to 1,000 characters, which `dismiss` and `approve` do not need.
    #[schema(max_length = 1000)]
    pub(crate) note: Option<String>,
}

/// A decision whose fields were looked at.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    pub(super) act: Act,
    pub(super) until: Option<Timestamp>,
    pub(super) note: String,
}

impl NewDecision {
    /// # Errors
    /// `invalid`.
    pub(crate) fn parse(self, now: Timestamp) -> Answer<Parsed> {
        let is_plain = matches!(self.act, Act::Dismiss | Act::Approve);
        let note = self.note.unwrap_or_default();
        let note = text::block("note", &note, usize::from(!is_plain), 1_000)?;
        let lasts = matches!(self.act, Act::Mute | Act::Suspend);
        match self.until {
            Some(until) if lasts && until > now && until <= now.plus_millis(LONGEST) => {}
            None if !lasts => {}
            _ if lasts => {
                return Err(Refusal::invalid("until", "must be a time within the next ten years"));
            }
            _ => return Err(Refusal::invalid("until", "goes with a mute or a suspension only")),
        }
        Ok(Parsed { act: self.act, until: self.until, note })
    }
}

/// Decides a case.
///
/// # Errors
/// `not_found` for a case that the caller does not decide, `conflict` when it was decided meanwhile, `invalid` and
/// `forbidden` where the act is not for it, or not for the caller.
pub(super) async fn decide(
    app: &Arc<App>,
    caller: &Caller,
    id: CaseId,
    new: NewDecision,
) -> Answer<Case> {
    let new = new.parse(app.clock.now())?;
    let (caller, state) = (*caller, Arc::clone(app));
    let row = app.delivery.read(move |db| cases::find(db, &caller, id)).await?;
    let approved = match row.subject.id {
        Some(held) if new.act == Act::Approve && row.subject.kind == SubjectKind::Message => {
            Some(messages::approve(app, held).await.map_err(|refusal| match refusal.code() {
                Code::NotFound => decided(),
                _ => refusal,
            })?)
        }
        _ => None,
    };
    accounts::revoking(app, move |unit| {
        unit.lock()?;
        let row = cases::find(unit.db(), &caller, id)?;
        if !review::close(unit, id)? {
            return Err(decided());
        }
        let ended = carry_out::carry_out(&state, unit, &caller, &row, &new, approved)?;
        settle(&state, unit, &caller, &row, &new)?;
        let row = cases::find(unit.db(), &caller, id)?;
        Ok((cases::view(unit.db(), &state.delivery, row)?, ended))
    })
    .await
}

fn decided() -> Refusal {
    Refusal::new(Code::Conflict).detail("This case has been decided already")
}

/// What follows from every decision: it is kept, recorded, and told.
pub(super) fn settle(
    app: &App,
    unit: &mut Unit<'_>,
    caller: &Caller,
    row: &CaseRow,
    new: &Parsed,
) -> Answer<()> {
    let now = unit.now();
    let was_appealed = cases::appeal(&store::decisions(unit.db(), row.id)?).is_some();
    let decision = (new.act, new.until, &*new.note);
    store::add_decision(unit.db(), row.id, decision, caller.user_id, now)?;
    let of_person = matches!(
        new.act,
        Act::Warn | Act::Mute | Act::Suspend | Act::Ban | Act::Unmute | Act::Unsuspend | Act::Unban
    );
    let subject = match row.author {
        Some(author) if of_person => format!("user:{author}"),
        _ => subject::name(&row.subject),
    };
    let details = json!({"case_id": row.id, "until": new.until, "note": new.note});
    let (actor, action) = (caller.user_id, action(new.act));
    audit::record(unit, &audit::Act { actor, action, subject: &subject, details })?;
    let concerned = row.author.filter(|_| new.act != Act::Dismiss || was_appealed);
    let concerned = concerned.map(|author| (author, NotificationKind::ModerationDecided));
    let reporters = store::take_unanswered(unit.db(), row.id)?;
    let reporters = reporters.into_iter().map(|one| (one, NotificationKind::ReportAnswered));
    for (reader, kind) in concerned.into_iter().chain(reporters) {
        let told = Told { case_id: Some(row.id), ..Told::of(kind, None) };
        notifications::notify(unit, &app.delivery, reader, &told)?;
    }
    Ok(())
}

/// What stands in the audit log.
fn action(act: Act) -> &'static str {
    match act {
        Act::Dismiss => "case.dismissed",
        Act::Hide => "subject.hidden",
        Act::Remove => "subject.removed",
        Act::Approve => "subject.approved",
        Act::Warn => "user.warned",
        Act::Mute => "user.muted",
        Act::Suspend => "user.suspended",
        Act::Ban => "user.banned",
        Act::Unmute => "user.unmuted",
        Act::Unsuspend => "user.unsuspended",
        Act::Unban => "user.unbanned",
    }
}

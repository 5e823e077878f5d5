//! Reporting something to the moderators.

use protocol::{CaseId, Code, Reason, Subject};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    store::{self, ReportRow},
    subject,
};
use crate::{
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
    rate_limit::Limit,
    review::{self, NewCase},
    text,
};

/// What is wrong with what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReport {
    /// With what.
    subject: Subject,
    /// Why.
    reason: Reason,
    /// In one's own words; up to 1,000 characters.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// Reports something; its case, and whether the caller had not reported it before.
///
/// # Errors
/// `invalid`, `not_found` for what the caller cannot see, `rate_limited`.
pub(super) async fn report(
    app: &App,
    caller: &Caller,
    report: NewReport,
) -> Answer<(CaseId, bool)> {
    let note = text::block("note", report.note.as_deref().unwrap_or_default(), 0, 1_000)?;
    app.limits.account(Limit::Reports, caller.user_id)?;
    let caller = *caller;
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let known = subject::seen_by(unit.db(), &caller, report.subject)?;
            if known.author == Some(caller.user_id) {
                return Err(Refusal::new(Code::Forbidden).detail("That is your own"));
            }
            let now = unit.now();
            let new = NewCase {
                subject: known.subject,
                author: known.author,
                category: known.category,
                is_open: true,
            };
            let id = review::open(unit, &new)?;
            let row = ReportRow { reporter: caller.user_id, reason: report.reason, note, at: now };
            let is_new = store::put_report(unit.db(), id, &row)?;
            Ok((id, is_new))
        })
        .await
}

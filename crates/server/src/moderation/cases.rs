//! Cases, as moderators see them.

use std::collections::HashSet;

use database::Connection;
use delivery::Delivery;
use protocol::{
    Appeal, Case, CaseId, CasePage, CaseState, CategoryId, Code, Decision, Report, SubjectKind,
    UserId,
};

use super::{
    store::{self, DecisionRow},
    subject,
};
use crate::{
    accounts,
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
    review::{self, CaseRow, Filter},
};

const KINDS: [SubjectKind; 5] = [
    SubjectKind::Message,
    SubjectKind::Article,
    SubjectKind::Comment,
    SubjectKind::User,
    SubjectKind::Group,
];

/// What of all cases somebody decides: by their permissions, and as moderators of categories.
///
/// # Errors
/// `forbidden` for whoever decides none.
pub(super) fn decided_by(db: &mut Connection, user: UserId) -> Answer<Filter> {
    let held = accounts::held(db, user)?;
    let categories = accounts::moderated_by(db, user)?;
    let kinds: Vec<_> =
        KINDS.into_iter().filter(|kind| held.contains(review::permission(*kind))).collect();
    if kinds.is_empty() && categories.is_empty() {
        return Err(Code::Forbidden.into());
    }
    let posts = vec![SubjectKind::Article, SubjectKind::Comment];
    let categories = categories.into_iter().map(CategoryId::get).collect();
    Ok(Filter { reader: user, is_open: true, kinds, categories, posts })
}

/// A case that the caller decides; of what is their own only what was held, and that only by a permission: of what
/// was reported about themselves they are not to know.
///
/// # Errors
/// `forbidden` for whoever decides none, `not_found`.
pub(super) fn find(db: &mut Connection, caller: &Caller, id: CaseId) -> Answer<CaseRow> {
    let filter = decided_by(db, caller.user_id)?;
    let is_theirs = |row: &CaseRow| {
        let is_post = matches!(row.subject.kind, SubjectKind::Article | SubjectKind::Comment);
        let by_permission = filter.kinds.contains(&row.subject.kind);
        match row.author == Some(caller.user_id) {
            true => by_permission && row.held,
            false => by_permission || (is_post && filter.categories.contains(&row.category)),
        }
    };
    review::case(db, id)?.filter(is_theirs).ok_or_else(|| Refusal::new(Code::NotFound))
}

/// Which page of cases.
pub(super) struct Asked {
    pub(super) state: CaseState,
    pub(super) kind: Option<SubjectKind>,
    pub(super) before: Option<(i64, i64)>,
    pub(super) limit: usize,
}

/// A page of cases.
///
/// # Errors
/// `forbidden`.
pub(super) async fn page(app: &App, caller: &Caller, asked: Asked) -> Answer<CasePage> {
    let (caller, delivery) = (*caller, app.delivery.clone());
    app.delivery
        .read(move |db| {
            let mut filter = decided_by(db, caller.user_id)?;
            let open = review::count_open(db, &filter)?;
            filter.is_open = asked.state == CaseState::Open;
            if let Some(kind) = asked.kind {
                filter.kinds.retain(|one| *one == kind);
                filter.posts.retain(|one| *one == kind);
            }
            if filter.is_nothing() {
                return Ok(CasePage { cases: Vec::new(), cursor: None, open });
            }
            let before = asked.before.unwrap_or((i64::MAX, i64::MAX));
            let most = i64::try_from(asked.limit).unwrap_or(i64::MAX).saturating_add(1);
            let mut rows = review::page(db, &filter, before, most)?;
            let has_more = rows.len() > asked.limit;
            rows.truncate(asked.limit);
            let last = rows.last().filter(|_| has_more);
            let cursor = last.map(|row| format!("{}.{}", row.updated_at.millis(), row.id));
            let cases: Answer<Vec<Case>> =
                rows.into_iter().map(|row| view(db, &delivery, row)).collect();
            Ok(CasePage { cases: cases?, cursor, open })
        })
        .await
}

/// One case.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(super) async fn show(app: &App, caller: &Caller, id: CaseId) -> Answer<Case> {
    let (caller, delivery) = (*caller, app.delivery.clone());
    app.delivery
        .read(move |db| {
            let row = find(db, &caller, id)?;
            view(db, &delivery, row)
        })
        .await
}

/// A case with all that moderators see of it.
pub(super) fn view(db: &mut Connection, delivery: &Delivery, row: CaseRow) -> Answer<Case> {
    let now = subject::now(db, &row)?;
    let reports = store::reports(db, row.id)?;
    let decisions = store::decisions(db, row.id)?;
    let people: HashSet<UserId> = row
        .author
        .into_iter()
        .chain(reports.iter().map(|report| report.reporter))
        .chain(decisions.iter().map(|decision| decision.by))
        .collect();
    let people = people.into_iter().collect::<Vec<_>>();
    let people = accounts::public_users(db, delivery, &people)?;
    let appeal = appeal(&decisions);
    Ok(Case {
        id: row.id,
        subject: row.subject,
        state: state(row.is_open),
        author: row.author.and_then(|author| people.get(&author).cloned()),
        excerpt: now.excerpt,
        context: now.context,
        link: now.link,
        reports: reports
            .into_iter()
            .filter_map(|report| {
                let reporter = people.get(&report.reporter)?.clone();
                let (reason, note, at) = (report.reason, report.note, report.at);
                Some(Report { reporter, reason, note, at })
            })
            .collect(),
        decisions: decisions
            .into_iter()
            .map(|row| Decision { by: people.get(&row.by).cloned(), ..decision(row) })
            .collect(),
        appeal,
        held: row.held,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub(super) fn state(is_open: bool) -> CaseState {
    if is_open { CaseState::Open } else { CaseState::Closed }
}

/// A decision without whose it is.
pub(super) fn decision(row: DecisionRow) -> Decision {
    Decision { id: row.id, act: row.act, until: row.until, note: row.note, at: row.at, by: None }
}

/// What was said against the newest of these decisions.
pub(super) fn appeal(decisions: &[DecisionRow]) -> Option<Appeal> {
    let (text, at) = decisions.first()?.appeal.clone()?;
    Some(Appeal { text, at })
}

//! Changing an article: what its author may change, and what moderators may.

use std::collections::HashSet;

use database::Connection;
use delivery::Unit;
use protocol::{Article, ArticleId, ArticleStatus, CategoryId, SubjectKind, UserId};
use serde_json::{Value, json};

use super::{
    allowed, content, create, edits, images, publish, quotes, read,
    render::{self, Rendered},
    rights::{self, Seen, Viewer},
    store::{self, ArticleRow, Texts},
    welcome,
};
use crate::{
    app::{App, AppState},
    audit::{self, Act},
    caller::Caller,
    problem::{Answer, Refusal},
    rate_limit::Limit,
    review,
};

/// The highest priority.
const MAX_PRIORITY: i64 = 100;

/// What is to change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) category_id: Option<CategoryId>,
    pub(super) title: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) text: Option<String>,
    pub(super) status: Option<ArticleStatus>,
    pub(super) tags: Option<Vec<String>>,
    /// `Some(None)` takes it away.
    pub(super) head_image_id: Option<Option<String>>,
    pub(super) pinned: Option<bool>,
    pub(super) priority: Option<i64>,
    /// What the article was when the change was thought of.
    pub(super) revision: Option<i64>,
}

impl Changes {
    /// # Errors
    /// 422.
    fn parse(self) -> Answer<Self> {
        if self.priority.is_some_and(|priority| !(0..=MAX_PRIORITY).contains(&priority)) {
            return Err(Refusal::invalid("priority", "must be 0 to 100"));
        }
        Ok(Self {
            title: self.title.map(|title| content::title(&title, 1)).transpose()?,
            summary: self.summary.map(|summary| content::summary(&summary)).transpose()?,
            text: self.text.map(|text| content::article_text(&text, 0)).transpose()?,
            tags: self.tags.map(|tags| content::tags(&tags)).transpose()?,
            ..self
        })
    }

    /// Whether it changes what only the author may.
    pub(super) fn is_content(&self) -> bool {
        self.title.is_some()
            || self.summary.is_some()
            || self.text.is_some()
            || self.tags.is_some()
            || self.head_image_id.is_some()
    }

    /// Whether it changes what only moderators may.
    pub(super) fn is_rank(&self) -> bool {
        self.pinned.is_some() || self.priority.is_some()
    }
}

/// Changes an article and answers with it.
///
/// # Errors
/// 404, 410; 403 for what the caller may not change; 409 `conflict` for another revision, `consent_missing`; 422;
/// 429.
pub(super) async fn change(
    app: &AppState,
    caller: Caller,
    id: ArticleId,
    changes: Changes,
) -> Answer<Article> {
    let mut changes = changes.parse()?;
    // The list of words may replace some: that is not its author's wording.
    let wording = Wording { title: changes.title.clone(), text: changes.text.clone() };
    app.limits.account(Limit::Posting, caller.user_id)?;
    let held = judge(app, caller, id, &mut changes).await?;
    let rendered = match &changes.text {
        Some(text) => Some(render::article(app, caller.user_id, id, text).await?),
        None => None,
    };
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let seen = rights::led_or_forbidden(unit.db(), &caller, id)?;
            allowed::check(unit, &caller, &seen, &changes)?;
            let held = held && seen.is_author;
            if seen.is_author && becomes_public(&seen.row, &changes) {
                match seen.row.published_at {
                    None => welcome::count(&state, unit, caller.user_id)?,
                    Some(_) => welcome::check(unit, caller.user_id)?,
                }
            }
            apply(&state, unit, caller, &seen, Worked { changes, wording, rendered, held })?;
            read::read(&state, unit.db(), Viewer::from(caller), id)
        })
        .await
}

/// What its author wants it to say.
struct Wording {
    title: Option<String>,
    text: Option<String>,
}

impl Wording {
    /// Whether that is something else than before.
    fn is_new(&self, row: &ArticleRow, old: &Texts) -> bool {
        self.title.as_ref().is_some_and(|title| *title != row.title)
            || self.text.as_ref().is_some_and(|text| *text != old.text)
    }
}

/// What is to be stored.
struct Worked {
    changes: Changes,
    wording: Wording,
    rendered: Option<Rendered>,
    /// The list of words holds it back.
    held: bool,
}

/// Whether others can read it afterwards.
fn becomes_public(row: &ArticleRow, changes: &Changes) -> bool {
    changes.status.unwrap_or(row.status) == ArticleStatus::Published
}

/// What the list of words says of what its author wants to be public.
async fn judge(
    app: &AppState,
    caller: Caller,
    id: ArticleId,
    changes: &mut Changes,
) -> Answer<bool> {
    let read = move |db: &mut Connection| -> Answer<_> {
        let seen = rights::led_or_forbidden(db, &caller, id)?;
        let texts = store::texts(db, id)?;
        let texts = texts.ok_or_else(|| Refusal::internal("an article without a text"))?;
        Ok((seen.row, texts, seen.is_author))
    };
    let (row, texts, is_author) = app.delivery.read(read).await?;
    if !is_author || !becomes_public(&row, changes) {
        return Ok(false);
    }
    welcome::judge_changes(app, (&row, &texts), changes)
}

fn apply(
    app: &App,
    unit: &mut Unit<'_>,
    caller: Caller,
    seen: &Seen,
    worked: Worked,
) -> Answer<()> {
    let Worked { changes, wording, rendered, held } = worked;
    let before = &seen.row;
    let old = store::texts(unit.db(), before.id)?;
    let old = old.ok_or_else(|| Refusal::internal("an article without a text"))?;
    let mut after = changed(unit, caller.user_id, seen, &changes);
    if wording.is_new(before, &old) {
        quotes::reworded(unit, before, after.is_public())?;
    }
    if held {
        after = welcome::held_back(&after);
        welcome::hold_article(unit, &after)?;
    }
    let texts = match (&changes.text, &rendered) {
        (Some(text), Some(rendered)) => Texts { text: text.clone(), html: rendered.html.clone() },
        _ => old.clone(),
    };
    if (held || after.is_public()) && texts.text.is_empty() {
        return Err(Refusal::invalid("text", "must have 1 to 100000 characters"));
    }
    let says_else = (&before.title, &before.summary) != (&after.title, &after.summary)
        || old.text != texts.text;
    if says_else && before.published_at.is_some() {
        edits::keep(unit, before, &old.text, caller.user_id)?;
        after.edits += 1;
        after.modified_at = Some(unit.now());
    }
    if changes.is_content() {
        store::drop_copy(unit.db(), before.id)?;
        images::settle(unit, &after, &texts.text, None)?;
    }
    if old != texts {
        store::set_texts(unit.db(), before.id, &texts)?;
    }
    publish::store_change(unit, before, &after)?;
    if before.hidden_by == Some(welcome::WORD_LIST) && after.is_public() {
        review::settled(unit, &welcome::subject(SubjectKind::Article, before.id.get()))?;
    }
    if before.category_id != after.category_id {
        review::moved(unit, before.id, before.category_id, after.category_id)?;
    }
    tell(app, unit, before, &after, &old.text, rendered)?;
    if seen.is_author && !changes.is_rank() {
        return Ok(());
    }
    for (action, details) in acts(before, &after) {
        let subject = format!("article:{}", before.id);
        audit::record(unit, &Act { actor: caller.user_id, action, subject: &subject, details })?;
    }
    Ok(())
}

/// The row as it is to be.
fn changed(unit: &mut Unit<'_>, user: UserId, seen: &Seen, changes: &Changes) -> ArticleRow {
    let before = &seen.row;
    let changes = changes.clone();
    let mut after = ArticleRow {
        category_id: changes.category_id.unwrap_or(before.category_id),
        title: changes.title.unwrap_or_else(|| before.title.clone()),
        summary: changes.summary.unwrap_or_else(|| before.summary.clone()),
        tags: changes.tags.unwrap_or_else(|| before.tags.clone()),
        head_image_id: changes.head_image_id.unwrap_or_else(|| before.head_image_id.clone()),
        pinned: changes.pinned.unwrap_or(before.pinned),
        priority: changes.priority.unwrap_or(before.priority),
        revision: before.revision + 1,
        ..before.clone()
    };
    match changes.status {
        Some(ArticleStatus::Published) if !before.is_public() => {
            after = create::published(&after, unit.now());
        }
        Some(ArticleStatus::Draft) => after.status = ArticleStatus::Draft,
        Some(ArticleStatus::Hidden) => {
            after.status = ArticleStatus::Hidden;
            // What a moderator hid stays so, whatever its author does with it; what waits to be looked at waits on.
            if !seen.is_author && before.hidden_by != Some(welcome::WORD_LIST) {
                after.hidden_by = Some(user);
            }
        }
        _ => {}
    }
    after
}

/// Tells those who are mentioned now and were not before, as far as they can read it.
fn tell(
    app: &App,
    unit: &mut Unit<'_>,
    before: &ArticleRow,
    after: &ArticleRow,
    old: &str,
    rendered: Option<Rendered>,
) -> Answer<()> {
    if !after.is_public() {
        return Ok(());
    }
    let is_first = before.published_at.is_none();
    let mentioned = match rendered {
        Some(rendered) => rendered.mentioned,
        None if is_first => render::mentioned(unit.db(), old)?,
        None => return Ok(()),
    };
    let known: HashSet<UserId> = match is_first {
        true => HashSet::new(),
        false => render::mentioned(unit.db(), old)?.into_iter().collect(),
    };
    let new: Vec<UserId> = mentioned.into_iter().filter(|user| !known.contains(user)).collect();
    create::tell_mentioned(app, unit, after, &new)
}

/// What a moderator did, for the audit log.
fn acts(before: &ArticleRow, after: &ArticleRow) -> Vec<(&'static str, Value)> {
    let mut acts = Vec::new();
    if before.status != after.status {
        let action = if after.is_public() { "article.shown" } else { "article.hidden" };
        acts.push((action, json!({})));
    }
    if before.category_id != after.category_id {
        let details = json!({"from": before.category_id, "to": after.category_id});
        acts.push(("article.moved", details));
    }
    if before.rank() != after.rank() {
        let details = json!({"pinned": after.pinned, "priority": after.priority});
        acts.push(("article.ranked", details));
    }
    acts
}

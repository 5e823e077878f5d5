//! Changing a comment: its author says it otherwise, a moderator hides it or shows it again.

use delivery::Unit;
use protocol::{
    Code, Comment, CommentId, CommentStatus, MAX_COMMENT_CHARS, NotificationKind, Subject,
    SubjectKind, UserId,
};
use serde_json::json;

use super::{find, view, write};
use crate::{
    app::{App, AppState},
    audit::{self, Act},
    caller::Caller,
    forum::{
        render::{self, Rendered},
        rights::Viewer,
        store::{self, CommentRow},
        welcome,
    },
    notifications,
    problem::{Answer, Refusal},
    rate_limit::Limit,
    review, text,
};

/// What is to change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub(in crate::forum) struct Changes {
    pub(in crate::forum) text: Option<String>,
    pub(in crate::forum) hidden: Option<bool>,
}

/// Changes a comment and answers with it.
///
/// # Errors
/// 404, 410; 403 for what the caller may not change; 409 `conflict` for one that was deleted; 422; 429.
pub(in crate::forum) async fn change(
    app: &AppState,
    caller: Caller,
    id: CommentId,
    changes: Changes,
) -> Answer<Comment> {
    let text = changes.text.map(|text| text::speech("text", &text, 1, MAX_COMMENT_CHARS));
    let text = text.transpose()?;
    app.limits.account(Limit::Posting, caller.user_id)?;
    let rendered = match text {
        Some(mut text) => {
            // What was said cannot wait for a moderator: it is said already.
            if welcome::judge(app, &mut text, MAX_COMMENT_CHARS)? {
                return Err(Code::WordsRefused.into());
            }
            Some((render::comment(app, &text).await?, text))
        }
        None => None,
    };
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let viewer = Viewer::from(caller);
            let (mut row, seen) = find(unit.db(), viewer, id)?;
            if row.status == CommentStatus::Deleted {
                return Err(Refusal::new(Code::Conflict).detail("The comment was deleted"));
            }
            let is_own = row.author_id == caller.user_id;
            if rendered.is_some() && !(is_own && row.status == CommentStatus::Visible) {
                return Err(Refusal::new(Code::Forbidden).detail("Only its author may change it"));
            }
            if changes.hidden.is_some() && !seen.moderates {
                return Err(Refusal::new(Code::Forbidden).detail("Only moderators may hide it"));
            }
            let subject = welcome::subject(SubjectKind::Comment, id.get());
            if is_own && changes.hidden == Some(false) && row.status == CommentStatus::Hidden {
                check_sanctioned(unit, viewer, &subject)?;
            }
            if let Some((rendered, text)) = rendered
                && text != row.text
            {
                welcome::check(unit, caller.user_id)?;
                rewrite(&state, unit, &row, text, rendered)?;
                (row, _) = find(unit.db(), viewer, id)?;
            }
            match changes.hidden {
                Some(true) => hide(unit, caller.user_id, &row)?,
                Some(false) => {
                    show(unit, caller.user_id, &row)?;
                    if review::settled(unit, &subject)? {
                        write::appears(&state, unit, &row)?;
                    }
                }
                None => {}
            }
            let (row, seen) = find(unit.db(), viewer, id)?;
            view::comment(unit.db(), &state.delivery, viewer, &seen, row)
        })
        .await
}

/// Whether its author may show it again who moderates its category: as of articles (`allowed.rs`).
fn check_sanctioned(unit: &mut Unit<'_>, author: Viewer, subject: &Subject) -> Answer<()> {
    if review::is_held(unit.db(), subject)? {
        return Err(Code::HeldForReview.into());
    }
    if author.moderates_all() {
        return Ok(());
    }
    Err(Refusal::new(Code::Forbidden).detail("A moderator has hidden this comment"))
}

fn rewrite(
    app: &App,
    unit: &mut Unit<'_>,
    before: &CommentRow,
    text: String,
    rendered: Rendered,
) -> Answer<()> {
    let now = unit.now();
    let known = render::mentioned(unit.db(), &before.text)?;
    let Rendered { html, mentioned } = rendered;
    let after = CommentRow { text, html, modified_at: Some(now), ..before.clone() };
    store::update_comment(unit.db(), &after)?;
    store::add_change(unit.db(), "comment", after.id.get())?;
    for reader in mentioned.into_iter().filter(|user| !known.contains(user)) {
        write::tell_of(app, unit, reader, NotificationKind::CommentMentioned, &after)?;
    }
    Ok(())
}

/// Hides a comment from everybody but moderators; its answers stay. One that is hidden stays so.
///
/// # Errors
/// Those of the database.
pub(in crate::forum) fn hide(unit: &mut Unit<'_>, actor: UserId, row: &CommentRow) -> Answer<()> {
    if row.status != CommentStatus::Visible {
        return Ok(());
    }
    store::count_comments(unit.db(), row.article_id, -1)?;
    notifications::forget_comment(unit, row.id)?;
    set_status(unit, actor, row, CommentStatus::Hidden, "comment.hidden")
}

/// Shows a hidden comment again.
///
/// # Errors
/// Those of the database.
pub(in crate::forum) fn show(unit: &mut Unit<'_>, actor: UserId, row: &CommentRow) -> Answer<()> {
    if row.status != CommentStatus::Hidden {
        return Ok(());
    }
    store::count_comments(unit.db(), row.article_id, 1)?;
    set_status(unit, actor, row, CommentStatus::Visible, "comment.shown")
}

fn set_status(
    unit: &mut Unit<'_>,
    actor: UserId,
    row: &CommentRow,
    status: CommentStatus,
    action: &'static str,
) -> Answer<()> {
    store::update_comment(unit.db(), &CommentRow { status, ..row.clone() })?;
    store::add_change(unit.db(), "comment", row.id.get())?;
    let subject = format!("comment:{}", row.id);
    let details = json!({"article_id": row.article_id});
    Ok(audit::record(unit, &Act { actor, action, subject: &subject, details })?)
}

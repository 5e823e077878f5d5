//! Deleting a comment. While it has answers, an empty one keeps their place; when the last answer of such a one
//! goes, it goes too.

use delivery::Unit;
use protocol::{Code, CommentId, CommentStatus, MAX_COMMENT_DEPTH, SubjectKind, UserId};
use serde_json::json;

use super::find;
use crate::{
    app::AppState,
    audit::{self, Act},
    caller::Caller,
    forum::{
        rights::Viewer,
        store::{self, CommentRow},
        welcome,
    },
    notifications,
    problem::{Answer, Refusal},
    review,
};

/// Deletes a comment: its author, or a moderator. What is left of one stays as it is.
///
/// # Errors
/// 404, 410; 403 for everybody else.
pub(in crate::forum) async fn remove(app: &AppState, caller: Caller, id: CommentId) -> Answer<()> {
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let (row, seen) = find(unit.db(), Viewer::from(caller), id)?;
            let is_own = row.author_id == caller.user_id;
            if !is_own && !seen.moderates {
                let detail = "Only its author and moderators may delete a comment";
                return Err(Refusal::new(Code::Forbidden).detail(detail));
            }
            remove_row(unit, &row)?;
            if is_own {
                return Ok(());
            }
            review::settled(unit, &welcome::subject(SubjectKind::Comment, id.get()))?;
            record(unit, caller.user_id, &row)
        })
        .await
}

/// Takes a comment away, or what it says.
///
/// # Errors
/// Those of the database.
pub(in crate::forum) fn remove_row(unit: &mut Unit<'_>, row: &CommentRow) -> Answer<()> {
    if row.status == CommentStatus::Deleted {
        return Ok(());
    }
    if row.status == CommentStatus::Visible {
        store::count_comments(unit.db(), row.article_id, -1)?;
    }
    notifications::forget_comment(unit, row.id)?;
    store::add_change(unit.db(), "comment", row.id.get())?;
    if row.answers > 0 {
        let left = CommentRow {
            status: CommentStatus::Deleted,
            text: String::new(),
            html: String::new(),
            ..row.clone()
        };
        store::update_comment(unit.db(), &left)?;
        return Ok(());
    }
    let mut row = row.clone();
    for _ in 0..=MAX_COMMENT_DEPTH {
        store::delete_comment(unit.db(), &row)?;
        let above = match row.parent_id {
            Some(parent) => store::comment(unit.db(), parent)?,
            None => None,
        };
        match above {
            Some(above) if above.status == CommentStatus::Deleted && above.answers == 0 => {
                row = above;
            }
            _ => break,
        }
    }
    Ok(())
}

/// Puts a moderator's act on record.
///
/// # Errors
/// Those of the database.
pub(in crate::forum) fn record(unit: &mut Unit<'_>, actor: UserId, row: &CommentRow) -> Answer<()> {
    let subject = format!("comment:{}", row.id);
    let details = json!({"article_id": row.article_id});
    Ok(audit::record(unit, &Act { actor, action: "comment.removed", subject: &subject, details })?)
}

//! Removing an article for good. Its pictures are let go of at once; its likes and comments, and what people were told of
//! them, are taken away by a job (`clear.rs`), for they are too many for one unit: nobody sees them without it.

use std::collections::HashSet;

use delivery::Unit;
use protocol::{ArticleId, SubjectKind, UserId};
use serde_json::json;

use super::{
    publish,
    rights::{self, Seen},
    store::{self, ArticleRow},
    welcome,
};
use crate::{
    app::AppState,
    audit::{self, Act},
    caller::Caller,
    notifications,
    problem::Answer,
    review, uploads,
};

/// Removes an article: its author, or a moderator.
///
/// # Errors
/// 404, 410; 403 for everybody else who may read it.
pub(super) async fn remove(app: &AppState, caller: Caller, id: ArticleId) -> Answer<()> {
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let Seen { row, is_author, .. } = rights::led_or_forbidden(unit.db(), &caller, id)?;
            remove_row(unit, &row)?;
            if is_author {
                return Ok(());
            }
            review::settled(unit, &welcome::subject(SubjectKind::Article, id.get()))?;
            record(unit, caller.user_id, id)
        })
        .await
}

/// Takes an article away, and has everything of it follow.
///
/// # Errors
/// Those of the database.
pub(super) fn remove_row(unit: &mut Unit<'_>, row: &ArticleRow) -> Answer<()> {
    let now = unit.now();
    uploads::set_pictures(unit, row.id, &HashSet::new())?;
    if row.is_public() {
        publish::count(unit, row, -1)?;
        publish::vanish(unit, row)?;
    } else {
        notifications::forget_article(unit, row.id)?;
    }
    store::delete(unit.db(), row, now)?;
    Ok(())
}

/// Puts a moderator's act on record.
///
/// # Errors
/// Those of the database.
pub(super) fn record(unit: &mut Unit<'_>, actor: UserId, id: ArticleId) -> Answer<()> {
    let subject = format!("article:{id}");
    let act = Act { actor, action: "article.removed", subject: &subject, details: json!({}) };
    Ok(audit::record(unit, &act)?)
}

//! Whether an article may be changed as somebody wants: its author, or a moderator. What a moderator or the list of words
//! has hidden is not shown again by an author who only moderates its category.

use delivery::Unit;
use protocol::{ArticleStatus, Code};

use super::{
    change::Changes,
    create, quotes,
    rights::{Seen, Viewer},
    store::ArticleRow,
    welcome,
};
use crate::{
    caller::Caller,
    problem::{Answer, Refusal},
};

/// # Errors
/// 403 for what the caller may not change; 409 `conflict` for another revision, `consent_missing`; 422 `category_id`.
pub(super) fn check(
    unit: &mut Unit<'_>,
    caller: &Caller,
    seen: &Seen,
    changes: &Changes,
) -> Answer<()> {
    let Seen { row, is_author, moderates } = seen;
    if changes.is_content() && !is_author {
        return forbidden("Only its author may change what an article says");
    }
    if changes.is_rank() && !moderates {
        return forbidden("Only moderators may pin articles and set their priority");
    }
    if changes.revision.is_some_and(|revision| revision != row.revision) {
        return Err(Refusal::new(Code::Conflict).detail("The article was changed meanwhile"));
    }
    if *is_author {
        check_sanctioned(Viewer::from(*caller), row, changes)?;
    }
    if let Some(category) = changes.category_id {
        create::check_category(unit, category)?;
    }
    match changes.status {
        Some(ArticleStatus::Draft) if !is_author => {
            forbidden("Only its author may take an article back as a draft")
        }
        Some(ArticleStatus::Published) if !row.is_public() => check_publishing(unit, seen),
        _ => Ok(()),
    }
}

/// Whether its author may do that with an article that a moderator or the list of words has hidden. Moving it would put
/// it before other moderators: themselves, it may be. What waits to be looked at stays as it is meanwhile.
fn check_sanctioned(author: Viewer, row: &ArticleRow, changes: &Changes) -> Answer<()> {
    let shows = changes.status == Some(ArticleStatus::Published);
    let moves = changes.category_id.is_some_and(|category| category != row.category_id);
    let takes_back = changes.status == Some(ArticleStatus::Draft);
    match row.hidden_by {
        Some(welcome::WORD_LIST) if shows || moves || takes_back || changes.is_content() => {
            Err(Code::HeldForReview.into())
        }
        Some(_) if (shows || moves) && !author.moderates_all() => {
            forbidden("A moderator has hidden this article")
        }
        _ => Ok(()),
    }
}

/// Whether it may be published by who wants to.
fn check_publishing(unit: &mut Unit<'_>, seen: &Seen) -> Answer<()> {
    let Seen { row, is_author, .. } = seen;
    // Whoever is not its author moderates it.
    if row.hidden_by.is_none() && !is_author {
        return forbidden("Its author has hidden this article");
    }
    quotes::check_consents(unit.db(), row)
}

fn forbidden(detail: &str) -> Answer<()> {
    Err(Refusal::new(Code::Forbidden).detail(detail))
}

//! From rows to comments as a reader sees them.

use database::{Connection, Error};
use delivery::Delivery;
use protocol::{Comment, CommentRights, CommentStatus, UserId};

use crate::{
    forum::{
        rights::{Seen, Viewer},
        store::{self, CommentRow},
        view,
    },
    problem::{Answer, Refusal},
};

/// Comments of one article, in the order of the rows.
///
/// # Errors
/// Those of the database.
pub(in crate::forum) fn comments(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    seen: &Seen,
    rows: Vec<CommentRow>,
) -> Result<Vec<Comment>, Error> {
    let authors: Vec<UserId> = rows.iter().map(|row| row.author_id).collect();
    let people = view::people(db, delivery, viewer, &authors)?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let liked = match viewer.user() {
        Some(user) => store::liked_comments(db, user, &ids)?,
        None => Default::default(),
    };
    let comment = |row: CommentRow| {
        let is_own = viewer.user() == Some(row.author_id);
        let is_visible = row.status == CommentStatus::Visible;
        let is_shown = is_visible || (row.status == CommentStatus::Hidden && seen.moderates);
        Comment {
            id: row.id,
            article_id: row.article_id,
            parent_id: row.parent_id,
            depth: row.depth,
            author: people.get(&row.author_id).filter(|_| is_shown).cloned(),
            text: if is_shown { row.text } else { String::new() },
            html: if is_shown { row.html } else { String::new() },
            created_at: row.created_at,
            modified_at: row.modified_at,
            likes: row.likes,
            liked: liked.contains(&row.id),
            status: row.status,
            may: CommentRights {
                edit: is_own && is_visible,
                delete: (is_own || seen.moderates) && row.status != CommentStatus::Deleted,
                moderate: seen.moderates && row.status != CommentStatus::Deleted,
            },
        }
    };
    Ok(rows.into_iter().map(comment).collect())
}

/// One comment.
///
/// # Errors
/// Those of the database.
pub(in crate::forum) fn comment(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    seen: &Seen,
    row: CommentRow,
) -> Answer<Comment> {
    let mut all = comments(db, delivery, viewer, seen, vec![row])?;
    all.pop().ok_or_else(|| Refusal::internal("a comment that is not shown"))
}

//! Comments: nested below an article, in reading order by one index (`path`). A deleted one with answers leaves its
//! place behind.

pub(super) mod change;
pub(super) mod list;
pub(super) mod path;
pub(super) mod remove;
pub(super) mod view;
pub(super) mod write;

use database::Connection;
use protocol::{Code, CommentId};

use super::{
    rights::{self, Seen, Viewer},
    store::{self, CommentRow},
};
use crate::problem::{Answer, Refusal};

/// A comment of an article that `viewer` may read, and the article.
///
/// # Errors
/// 404 where there is none that they may see; 410 where its article is gone.
pub(super) fn find(
    db: &mut Connection,
    viewer: Viewer,
    id: CommentId,
) -> Answer<(CommentRow, Seen)> {
    let row = store::comment(db, id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let seen = rights::readable(db, viewer, row.article_id)?;
    Ok((row, seen))
}

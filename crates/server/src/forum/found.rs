//! What a search found, as the searcher sees it now.

use std::collections::HashMap;

use database::{Connection, Error};
use delivery::Delivery;
use protocol::{ArticleId, ArticleSummary, Comment, CommentId};

use super::{
    comments,
    rights::{self, Viewer},
    store, view,
};

/// Those of the articles that everybody can read.
///
/// # Errors
/// Those of the database.
pub(crate) fn found_articles(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    ids: &[ArticleId],
) -> Result<HashMap<ArticleId, ArticleSummary>, Error> {
    let rows = store::public_articles(db, ids)?;
    let summaries = view::summaries(db, delivery, viewer, rows)?;
    Ok(summaries.into_iter().map(|article| (article.id, article)).collect())
}

/// Those of the comments that `viewer` may read, each with the title of its article: a few statements each.
///
/// # Errors
/// Those of the database.
pub(crate) fn found_comments(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    ids: &[CommentId],
) -> Result<HashMap<CommentId, (Comment, String)>, Error> {
    let mut found = HashMap::new();
    for id in ids {
        let Some(row) = store::comment(db, *id)? else { continue };
        // What cannot be read any more is not found.
        let Ok(seen) = rights::readable(db, viewer, row.article_id) else { continue };
        let shown = comments::view::comments(db, delivery, viewer, &seen, vec![row])?;
        found.extend(shown.into_iter().map(|one| (one.id, (one, seen.row.title.clone()))));
    }
    Ok(found)
}

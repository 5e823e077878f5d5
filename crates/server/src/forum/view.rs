//! From rows to what a reader sees: people, categories, pictures, and what the reader likes. A fixed number of
//! statements for any number of rows.

use std::collections::HashMap;

use database::{Connection, Error};
use delivery::Delivery;
use protocol::{ArticleSummary, HeadImage, Presence, User, UserId};

use super::{
    rights::Viewer,
    store::{self, ArticleRow},
};
use crate::{
    accounts,
    problem::{Answer, Refusal},
    uploads,
};

/// Articles as lists show them, in the order of the rows.
///
/// # Errors
/// Those of the database.
pub(super) fn summaries(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    rows: Vec<ArticleRow>,
) -> Result<Vec<ArticleSummary>, Error> {
    let authors: Vec<UserId> = rows.iter().map(|row| row.author_id).collect();
    let authors = people(db, delivery, viewer, &authors)?;
    let categories = store::category_names(db)?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let liked = match viewer.user() {
        Some(user) => store::liked_among(db, user, &ids)?,
        None => Default::default(),
    };
    let heads: Vec<&str> = rows.iter().filter_map(|row| row.head_image_id.as_deref()).collect();
    let heads = uploads::pictures(db, &heads)?;
    let summary = |row: ArticleRow| {
        let head_image = row.head_image_id.as_ref().and_then(|id| {
            let picture = heads.get(id)?;
            let url = uploads::picture_url(row.id, id);
            let preview_url = match picture.has_preview {
                true => format!("{url}/preview"),
                false => url.clone(),
            };
            Some(HeadImage { url, preview_url, width: picture.width, height: picture.height })
        });
        Some(ArticleSummary {
            id: row.id,
            category: categories.get(&row.category_id)?.clone(),
            author: authors.get(&row.author_id)?.clone(),
            title: row.title,
            summary: row.summary,
            head_image,
            status: row.status,
            pinned: row.pinned,
            priority: row.priority,
            tags: row.tags,
            created_at: row.created_at,
            published_at: row.published_at,
            modified_at: row.modified_at,
            active_at: row.active_at,
            views: row.views,
            comments: row.comments,
            likes: row.likes,
            liked: liked.contains(&row.id),
        })
    };
    // Accounts and categories of articles are never taken away.
    Ok(rows.into_iter().filter_map(summary).collect())
}

/// One article.
///
/// # Errors
/// Those of the database.
pub(super) fn summary(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    row: ArticleRow,
) -> Answer<ArticleSummary> {
    let mut all = summaries(db, delivery, viewer, vec![row])?;
    all.pop().ok_or_else(|| Refusal::internal("an article without its author or category"))
}

/// People as a reader sees them: who is online is no visitor's business.
///
/// # Errors
/// Those of the database.
pub(super) fn people(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    ids: &[UserId],
) -> Result<HashMap<UserId, User>, Error> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut people = accounts::public_users(db, delivery, &ids)?;
    if viewer.user().is_none() {
        for user in people.values_mut() {
            user.presence = Presence::Offline;
        }
    }
    Ok(people)
}

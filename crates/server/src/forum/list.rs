//! Lists of articles.

use database::Connection;
use delivery::Delivery;
use protocol::{ArticlePage, ArticleSort, ArticleStatus, UserId};

use super::{
    categories, content, cursor,
    rights::Viewer,
    store::{self, Filter, Place, Unpublished},
    view,
};
use crate::{
    app::AppState,
    problem::{Answer, Refusal},
};

/// Articles of a page, at most.
const MAX_PAGE: usize = 100;
/// Articles of a page when nothing is said.
const PAGE: usize = 30;

/// Which articles.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListQuery {
    /// The number or slug of a category.
    pub(crate) category: Option<String>,
    /// Whose.
    pub(crate) author: Option<UserId>,
    /// With this tag.
    pub(crate) tag: Option<String>,
    /// Other than published: only what the reader may see.
    pub(crate) status: Option<ArticleStatus>,
    /// In which order.
    pub(crate) sort: ArticleSort,
    /// The cursor of the page before.
    pub(crate) before: Option<String>,
    /// 1 to 100; 30 when left out.
    pub(crate) limit: Option<usize>,
}

/// A page of articles that `viewer` may read.
///
/// # Errors
/// 404 for a category that does not exist, 422, 400 for a bad cursor.
pub(crate) async fn articles(
    app: &AppState,
    viewer: Viewer,
    query: ListQuery,
) -> Answer<ArticlePage> {
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 100"));
    }
    let tag = query.tag.as_deref().map(|tag| content::tag("tag", tag)).transpose()?;
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let category = query.category.as_deref().map(|name| categories::find(db, name));
            let category = category.transpose()?.map(|category| category.id);
            let filter = Filter { category, author: query.author, tag };
            match query.status {
                None | Some(ArticleStatus::Published) => {
                    published(db, &delivery, viewer, &filter, &query, limit)
                }
                Some(status) => unpublished(db, &delivery, viewer, status, &filter, &query, limit),
            }
        })
        .await
}

fn published(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    filter: &Filter,
    query: &ListQuery,
    limit: usize,
) -> Answer<ArticlePage> {
    let after = match &query.before {
        None => Place::START,
        Some(text) => {
            let [rank, value, id] = cursor::read(text)?;
            Place { rank, value, id }
        }
    };
    let mut rows = store::page(db, filter, query.sort, after, more_than(limit))?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| has_more).map(|row| Place::of(row, query.sort));
    let cursor = last.map(|place| cursor::write(&[place.rank, place.value, place.id]));
    Ok(ArticlePage { articles: view::summaries(db, delivery, viewer, rows)?, cursor })
}

/// What not everybody can read; there is nothing of it for a visitor, and nobody's drafts for anybody else.
fn unpublished(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    status: ArticleStatus,
    filter: &Filter,
    query: &ListQuery,
    limit: usize,
) -> Answer<ArticlePage> {
    let nothing = ArticlePage { articles: Vec::new(), cursor: None };
    let Some(user) = viewer.user() else { return Ok(nothing) };
    let before = match &query.before {
        None => i64::MAX,
        Some(text) => cursor::read::<1>(text)?[0],
    };
    let wanted = Unpublished {
        status,
        user,
        moderates_all: viewer.moderates_all(),
        category: filter.category,
        author: filter.author,
    };
    let mut rows = store::unpublished(db, &wanted, before, more_than(limit))?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let cursor = rows.last().filter(|_| has_more).map(|row| cursor::write(&[row.id.get()]));
    Ok(ArticlePage { articles: view::summaries(db, delivery, viewer, rows)?, cursor })
}

/// One more than a page has, to see whether another follows.
pub(super) fn more_than(limit: usize) -> i64 {
    i64::try_from(limit).map_or(i64::MAX, |limit| limit.saturating_add(1))
}

//! Lists of articles.

use database::Connection;
use delivery::Delivery;
use protocol::{ArticlePage, ArticleSort, ArticleStatus, UserId};

use super::{
    categories, content,
    cursor::{self, Rows, Turn},
    rights::Viewer,
    store::{self, ArticleRow, Filter, Place, Unpublished},
    view,
};
use crate::{
    accounts,
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
    /// Instead of that, the place before which the page ends ([`Leaf::previous`]).
    pub(crate) after: Option<String>,
    /// 1 to 100; 30 when left out.
    pub(crate) limit: Option<usize>,
}

/// A page, where it begins, and the way back.
pub(crate) struct Leaf {
    pub(crate) page: ArticlePage,
    /// `before` of this page; `None` on the first.
    pub(crate) before: Option<String>,
    /// `after` of the page before this one; `None` on the first.
    pub(crate) previous: Option<String>,
}

/// A page of articles that `viewer` may read.
///
/// # Errors
/// As [`leaf`].
pub(crate) async fn articles(
    app: &AppState,
    viewer: Viewer,
    query: ListQuery,
) -> Answer<ArticlePage> {
    Ok(leaf(app, viewer, query).await?.page)
}

/// The same, with the way back for published ones.
///
/// # Errors
/// 404 for a category that does not exist, 422, 400 for a bad cursor.
pub(crate) async fn leaf(app: &AppState, viewer: Viewer, query: ListQuery) -> Answer<Leaf> {
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
                Some(status) => {
                    let page = unpublished(db, &delivery, viewer, status, &filter, &query, limit)?;
                    Ok(Leaf { page, before: None, previous: None })
                }
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
) -> Answer<Leaf> {
    let sort = query.sort;
    let turn = Turn { limit, before: query.before.as_deref(), after: query.after.as_deref() };
    let write = |row: &ArticleRow| {
        let Place { rank, value, id } = Place::of(row, sort);
        cursor::write(&[rank, value, id])
    };
    let read = |text: Option<&str>, way| {
        let from = match text {
            Some(text) => {
                let [rank, value, id] = cursor::read(text)?;
                Place { rank, value, id }
            }
            None => Place::START,
        };
        Ok(store::page(db, filter, sort, (from, way), more_than(limit))?)
    };
    let Rows { rows, before, previous, next } = turn.rows(read, write)?;
    let articles = view::summaries(db, delivery, viewer, rows)?;
    Ok(Leaf { page: ArticlePage { articles, cursor: next }, before, previous })
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
    let moderates_all = viewer.moderates_all();
    // Whoever moderates nothing has only their own, which are found at once.
    let is_own = filter.author.is_none()
        && status == ArticleStatus::Hidden
        && !moderates_all
        && accounts::moderated_by(db, user)?.is_empty();
    let author = if is_own { Some(user) } else { filter.author };
    let wanted = Unpublished { status, user, moderates_all, category: filter.category, author };
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

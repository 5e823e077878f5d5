//! Reading comments, page by page.

use protocol::{ArticleId, Comment, CommentId, CommentPage, CommentSort};

use super::{find, view};
use crate::{
    app::AppState,
    forum::{
        cursor::{self, Rows, Turn},
        list::more_than,
        rights::{self, Viewer},
        store::{self, CommentPlace, CommentRow},
    },
    problem::{Answer, Refusal},
};

/// Comments of a page, at most.
const MAX_PAGE: usize = 1_000;
/// Comments of a page when nothing is said.
const PAGE: usize = 200;

/// Which comments of an article.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommentsQuery {
    /// In which order those stand that answer no other.
    pub(crate) sort: CommentSort,
    /// The cursor of the page before.
    pub(crate) before: Option<String>,
    /// Instead of that, the place before which the page ends ([`CommentLeaf::previous`]).
    pub(crate) after: Option<String>,
    /// 1 to 1,000; 200 when left out.
    pub(crate) limit: Option<usize>,
}

/// A page, where it begins, and the way back.
pub(crate) struct CommentLeaf {
    pub(crate) page: CommentPage,
    /// `before` of this page; `None` on the first.
    pub(crate) before: Option<String>,
    /// `after` of the page before this one; `None` on the first.
    pub(crate) previous: Option<String>,
}

/// A page of comments in reading order.
///
/// # Errors
/// 404, 410 as of the article; 422, 400 for a bad cursor.
pub(crate) async fn comments(
    app: &AppState,
    viewer: Viewer,
    article: ArticleId,
    query: CommentsQuery,
) -> Answer<CommentPage> {
    Ok(comment_leaf(app, viewer, article, query).await?.page)
}

/// The same, with the way back.
///
/// # Errors
/// As [`comments()`].
pub(crate) async fn comment_leaf(
    app: &AppState,
    viewer: Viewer,
    article: ArticleId,
    query: CommentsQuery,
) -> Answer<CommentLeaf> {
    let CommentsQuery { sort, before, after, limit } = query;
    let limit = limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 1000"));
    }
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let seen = rights::readable(db, viewer, article)?;
            let turn = Turn { limit, before: before.as_deref(), after: after.as_deref() };
            let read = |text: Option<&str>, way| {
                let from = text.map(place).transpose()?.unwrap_or(CommentPlace::START);
                Ok(store::comments(db, article, sort, (&from, way), more_than(limit))?)
            };
            let Rows { rows, before, previous, next } = turn.rows(read, write)?;
            let rows = rows.into_iter().map(|(row, _)| row).collect();
            let comments = view::comments(db, &delivery, viewer, &seen, rows)?;
            Ok(CommentLeaf { page: CommentPage { comments, cursor: next }, before, previous })
        })
        .await
}

/// Where a comment stands, as a cursor.
fn write((row, root_likes): &(CommentRow, i64)) -> String {
    format!("{}.{}", cursor::write(&[*root_likes, row.root_id.get()]), row.path)
}

/// The place in a cursor: the likes and number of the first comment of a tree, and the path in it.
fn place(text: &str) -> Answer<CommentPlace> {
    let (numbers, path) = text.rsplit_once('.').ok_or_else(cursor::bad)?;
    let [root_likes, root_id] = cursor::read(numbers)?;
    let is_path = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if path.len() > 400 || !path.bytes().all(is_path) {
        return Err(cursor::bad());
    }
    Ok(CommentPlace { root_likes, root_id, path: path.to_owned() })
}

/// One comment.
///
/// # Errors
/// 404, 410.
pub(crate) async fn comment(app: &AppState, viewer: Viewer, id: CommentId) -> Answer<Comment> {
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let (row, seen) = find(db, viewer, id)?;
            view::comment(db, &delivery, viewer, &seen, row)
        })
        .await
}

//! Reading comments, page by page.

use protocol::{ArticleId, Comment, CommentId, CommentPage, CommentSort};

use super::{find, view};
use crate::{
    app::AppState,
    forum::{
        cursor,
        list::more_than,
        rights::{self, Viewer},
        store::{self, CommentPlace},
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
    /// 1 to 1,000; 200 when left out.
    pub(crate) limit: Option<usize>,
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
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 1000"));
    }
    let after = query.before.as_deref().map(read).transpose()?.unwrap_or(CommentPlace::START);
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let seen = rights::readable(db, viewer, article)?;
            let mut rows = store::comments(db, article, query.sort, &after, more_than(limit))?;
            let has_more = rows.len() > limit;
            rows.truncate(limit);
            let last = rows.last().filter(|_| has_more).map(|(row, root_likes)| {
                let (root, path) = (row.root_id, &row.path);
                format!("{}.{path}", cursor::write(&[*root_likes, root.get()]))
            });
            let rows = rows.into_iter().map(|(row, _)| row).collect();
            let comments = view::comments(db, &delivery, viewer, &seen, rows)?;
            Ok(CommentPage { comments, cursor: last })
        })
        .await
}

/// The place in a cursor: the likes and number of the first comment of a tree, and the path in it.
fn read(text: &str) -> Answer<CommentPlace> {
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

//! Articles and comments of the whole forum, for those who moderate it.

use protocol::{
    ArticleId, ArticleStatus, CategoryId, CommentId, CommentStatus, Permission, Timestamp, User,
    UserId,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Posts};
use crate::{accounts, app::App, caller::Caller, problem::Answer};

/// An article, as lists for moderators show it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedArticle {
    id: ArticleId,
    category_id: CategoryId,
    author: User,
    status: ArticleStatus,
    title: String,
    created_at: Timestamp,
    published_at: Option<Timestamp>,
    views: i64,
    comments: i64,
    likes: i64,
}

/// Articles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedArticles {
    /// The newest first.
    articles: Vec<ManagedArticle>,
    /// For the next page, as `before`; null on the last.
    cursor: Option<String>,
}

/// A comment, as lists for moderators show it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedComment {
    id: CommentId,
    article_id: ArticleId,
    author: User,
    status: CommentStatus,
    /// Its beginning: up to 500 characters.
    text: String,
    likes: i64,
    created_at: Timestamp,
}

/// Comments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedComments {
    /// The newest first.
    comments: Vec<ManagedComment>,
    /// For the next page, as `before`; null on the last.
    cursor: Option<String>,
}

fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// A page of articles.
///
/// # Errors
/// `forbidden`.
pub(super) async fn articles(
    app: &App,
    caller: &Caller,
    posts: Posts,
    limit: usize,
) -> Answer<ManagedArticles> {
    caller.require(Permission::ModerateForum)?;
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let mut rows = store::articles(db, &posts, one_more(limit))?;
            let has_more = rows.len() > limit;
            rows.truncate(limit);
            let cursor = rows.last().filter(|_| has_more).map(|row| row.id.to_string());
            let authors: Vec<UserId> = rows.iter().map(|row| row.author_id).collect();
            let authors = accounts::public_users(db, &delivery, &authors)?;
            let view = |row: store::ArticleRow| {
                Some(ManagedArticle {
                    id: row.id,
                    category_id: row.category_id,
                    author: authors.get(&row.author_id)?.clone(),
                    status: row.status,
                    title: row.title,
                    created_at: row.created_at,
                    published_at: row.published_at,
                    views: row.views,
                    comments: row.comments,
                    likes: row.likes,
                })
            };
            Ok(ManagedArticles { articles: rows.into_iter().filter_map(view).collect(), cursor })
        })
        .await
}

/// A page of comments.
///
/// # Errors
/// `forbidden`.
pub(super) async fn comments(
    app: &App,
    caller: &Caller,
    posts: Posts,
    limit: usize,
) -> Answer<ManagedComments> {
    caller.require(Permission::ModerateForum)?;
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let mut rows = store::comments(db, &posts, one_more(limit))?;
            let has_more = rows.len() > limit;
            rows.truncate(limit);
            let cursor = rows.last().filter(|_| has_more).map(|row| row.id.to_string());
            let authors: Vec<UserId> = rows.iter().map(|row| row.author_id).collect();
            let authors = accounts::public_users(db, &delivery, &authors)?;
            let view = |row: store::CommentRow| {
                Some(ManagedComment {
                    id: row.id,
                    article_id: row.article_id,
                    author: authors.get(&row.author_id)?.clone(),
                    status: row.status,
                    text: row.text,
                    likes: row.likes,
                    created_at: row.created_at,
                })
            };
            Ok(ManagedComments { comments: rows.into_iter().filter_map(view).collect(), cursor })
        })
        .await
}

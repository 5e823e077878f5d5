//! `/admin/articles` and `/admin/comments`.

use axum::extract::State;
use protocol::{Problem, UserId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{cursor, page_size};
use crate::{
    admin::{
        posts::{self, ManagedArticles, ManagedComments},
        store::Posts,
    },
    app::AppState,
    caller::Caller,
    json::{Json, Query},
    problem::Answer,
    text,
};

/// Which page of posts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PostQuery {
    /// A part of the title, or of a comment's text; up to 64 characters.
    q: Option<String>,
    /// Whose.
    author: Option<UserId>,
    /// Only what is hidden.
    #[serde(default)]
    hidden: bool,
    /// The `cursor` of the page before.
    before: Option<String>,
    /// At most so many; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

impl PostQuery {
    fn parse(self) -> Answer<(Posts, usize)> {
        let words = self.q.map(|words| text::line("q", &words, 0, 64)).transpose()?;
        let words = words.filter(|words| !words.is_empty());
        let before = cursor(self.before)?;
        let posts = Posts { words, author: self.author, hidden: self.hidden, before };
        Ok((posts, page_size(self.limit)?))
    }
}

/// All articles but drafts, for those who moderate the forum.
#[utoipa::path(get, path = "/admin/articles", tag = "admin", params(PostQuery),
    responses((status = OK, body = ManagedArticles), (status = "4XX", body = Problem)))]
pub(crate) async fn list_articles(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<PostQuery>,
) -> Answer<Json<ManagedArticles>> {
    let (posts, limit) = query.parse()?;
    posts::articles(&app, &caller, posts, limit).await.map(Json)
}

/// All comments that are there, for those who moderate the forum.
#[utoipa::path(get, path = "/admin/comments", tag = "admin", params(PostQuery),
    responses((status = OK, body = ManagedComments), (status = "4XX", body = Problem)))]
pub(crate) async fn list_comments(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<PostQuery>,
) -> Answer<Json<ManagedComments>> {
    let (posts, limit) = query.parse()?;
    posts::comments(&app, &caller, posts, limit).await.map(Json)
}

//! `/forum/articles` and `/forum/articles/{id}`: reading.

use axum::{extract::State, http::HeaderMap, response::Response};
use protocol::{
    Article, ArticleEditList, ArticleId, ArticlePage, ArticleSort, ArticleStatus, ArticleSummary,
    Problem, UserId,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::AppState,
    caller::Caller,
    client_address::ClientAddress,
    forum::{
        Viewer, edits, images,
        list::{self, ListQuery},
        read,
    },
    json::{Json, Path, Query},
    problem::Answer,
    uploads,
};

/// Which articles.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ArticlesQuery {
    /// The number or slug of a category.
    category: Option<String>,
    /// Whose.
    author: Option<UserId>,
    /// With this tag.
    tag: Option<String>,
    /// `published` when absent. Of others, only what the caller may see: their own, and what is hidden in categories
    /// that they moderate; the newest first.
    status: Option<ArticleStatus>,
    /// `newest` when absent.
    #[param(inline)]
    sort: Option<ArticleSort>,
    /// `cursor` of the page before.
    before: Option<String>,
    /// At most so many; 1 to 100, 30 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Articles, pinned ones first. For everybody.
#[utoipa::path(get, path = "/forum/articles", tag = "forum", params(ArticlesQuery),
    responses((status = OK, body = ArticlePage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_articles(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Query(query): Query<ArticlesQuery>,
) -> Answer<Json<ArticlePage>> {
    let ArticlesQuery { category, author, tag, status, sort, before, limit } = query;
    let sort = sort.unwrap_or_default();
    let query = ListQuery { category, author, tag, status, sort, before, after: None, limit };
    list::articles(&app, Viewer::from(caller), query).await.map(Json)
}

/// An article. For everybody who may read it; 410 once it was removed. Counts a view, once a reader and hour.
#[utoipa::path(get, path = "/forum/articles/{id}", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = OK, body = Article), (status = "4XX", body = Problem)))]
pub(crate) async fn get_article(
    State(app): State<AppState>,
    caller: Option<Caller>,
    address: ClientAddress,
    Path(id): Path<ArticleId>,
) -> Answer<Json<Article>> {
    read::article(&app, Viewer::from(caller), address.0, id).await.map(Json)
}

/// What lists show of an article, as for a card that links to it. For everybody who may read it; counts no view.
#[utoipa::path(get, path = "/forum/articles/{id}/summary", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = OK, body = ArticleSummary), (status = "4XX", body = Problem)))]
pub(crate) async fn get_article_summary(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Path(id): Path<ArticleId>,
) -> Answer<Json<ArticleSummary>> {
    read::summary(&app, Viewer::from(caller), id).await.map(Json)
}

/// What an article said before, for its author and moderators.
#[utoipa::path(get, path = "/forum/articles/{id}/edits", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = OK, body = ArticleEditList), (status = "4XX", body = Problem)))]
pub(crate) async fn list_article_edits(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Answer<Json<ArticleEditList>> {
    edits::list(&app, caller, id).await.map(Json)
}

/// Which picture of which article.
type Place = (ArticleId, String);

/// A picture of an article, for everybody who may read it; part of it with `Range`.
#[utoipa::path(get, path = "/forum/articles/{id}/images/{upload_id}", tag = "forum",
    params(("id" = ArticleId, Path), ("upload_id" = String, Path),
           ("Range" = Option<String>, Header)),
    responses((status = OK, body = Vec<u8>, content_type = "image/*"),
              (status = PARTIAL_CONTENT, body = Vec<u8>, content_type = "image/*"),
              (status = "4XX", body = Problem)))]
pub(crate) async fn get_article_image(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Path((id, upload)): Path<Place>,
    asked: HeaderMap,
) -> Answer<Response> {
    let file = images::find(&app, Viewer::from(caller), id, upload, false).await?;
    uploads::serve(&app, &asked, &file, false).await
}

/// A smaller picture of an image that has one.
#[utoipa::path(get, path = "/forum/articles/{id}/images/{upload_id}/preview", tag = "forum",
    params(("id" = ArticleId, Path), ("upload_id" = String, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "image/jpeg"),
              (status = "4XX", body = Problem)))]
pub(crate) async fn get_article_image_preview(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Path((id, upload)): Path<Place>,
    asked: HeaderMap,
) -> Answer<Response> {
    let file = images::find(&app, Viewer::from(caller), id, upload, true).await?;
    uploads::serve(&app, &asked, &file, false).await
}

//! `/forum/articles/{id}/comments`, `/forum/comments/{id}`, likes, and the preview of what is being written.

use axum::{extract::State, http::StatusCode};
use protocol::{
    ArticleId, Comment, CommentId, CommentPage, CommentSort, MAX_ARTICLE_CHARS, Problem,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::AppState,
    caller::Caller,
    forum::{
        Viewer,
        comments::{
            change::{self, Changes},
            list::{self, CommentsQuery},
            remove,
            write::{self, Written},
        },
        likes, render,
    },
    json::{Document, Json, Path, Query},
    problem::Answer,
    rate_limit::Limit,
    text,
};

/// Which comments.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CommentPageQuery {
    /// In which order those stand that answer no other; `oldest` when absent.
    #[param(inline)]
    sort: Option<CommentSort>,
    /// `cursor` of the page before.
    before: Option<String>,
    /// At most so many; 1 to 1,000, 200 when absent.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// The comments on an article, each answer after what it answers. For everybody who may read the article.
#[utoipa::path(get, path = "/forum/articles/{id}/comments", tag = "forum",
    params(("id" = ArticleId, Path), CommentPageQuery),
    responses((status = OK, body = CommentPage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_comments(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Path(id): Path<ArticleId>,
    Query(query): Query<CommentPageQuery>,
) -> Answer<Json<CommentPage>> {
    let CommentPageQuery { sort, before, limit } = query;
    let sort = sort.unwrap_or_default();
    let query = CommentsQuery { sort, before, after: None, limit };
    list::comments(&app, Viewer::from(caller), id, query).await.map(Json)
}

/// A comment to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateComment {
    /// An idempotency key: 1 to 64 printable ASCII characters. The same again answers with the comment.
    #[schema(min_length = 1, max_length = 64)]
    client_id: Option<String>,
    /// Markdown, 1 to 10,000 characters.
    #[schema(min_length = 1, max_length = 10_000)]
    text: String,
    /// The comment that it answers.
    parent_id: Option<CommentId>,
}

/// Comments on an article that is published; 200 for a retry.
#[utoipa::path(post, path = "/forum/articles/{id}/comments", tag = "forum",
    params(("id" = ArticleId, Path)), request_body = CreateComment,
    responses((status = CREATED, body = Comment), (status = OK, body = Comment),
              (status = "4XX", body = Problem)))]
pub(crate) async fn create_comment(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
    Json(body): Json<CreateComment>,
) -> Answer<(StatusCode, Json<Comment>)> {
    let CreateComment { client_id, text, parent_id } = body;
    let written = Written { text, parent_id, client_id };
    let (comment, fresh) = write::write(&app, caller, id, written).await?;
    let status = if fresh { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(comment)))
}

/// A comment. For everybody who may read its article.
#[utoipa::path(get, path = "/forum/comments/{id}", tag = "forum",
    params(("id" = CommentId, Path)),
    responses((status = OK, body = Comment), (status = "4XX", body = Problem)))]
pub(crate) async fn get_comment(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Path(id): Path<CommentId>,
) -> Answer<Json<Comment>> {
    list::comment(&app, Viewer::from(caller), id).await.map(Json)
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeComment {
    /// 1 to 10,000 characters. For its author.
    #[schema(min_length = 1, max_length = 10_000)]
    text: Option<String>,
    /// For moderators.
    hidden: Option<bool>,
}

/// Changes a comment: its author what it says, moderators whether it is hidden.
#[utoipa::path(patch, path = "/forum/comments/{id}", tag = "forum",
    params(("id" = CommentId, Path)), request_body = ChangeComment,
    responses((status = OK, body = Comment), (status = "4XX", body = Problem)))]
pub(crate) async fn change_comment(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CommentId>,
    Json(body): Json<ChangeComment>,
) -> Answer<Json<Comment>> {
    let ChangeComment { text, hidden } = body;
    change::change(&app, caller, id, Changes { text, hidden }).await.map(Json)
}

/// Deletes a comment: its author, or a moderator. While it has answers, an empty one keeps their place.
#[utoipa::path(delete, path = "/forum/comments/{id}", tag = "forum",
    params(("id" = CommentId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn remove_comment(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CommentId>,
) -> Answer<StatusCode> {
    remove::remove(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Likes an article. Again changes nothing.
#[utoipa::path(put, path = "/forum/articles/{id}/like", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn like_article(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Answer<StatusCode> {
    likes::article(&app, caller, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Likes an article no longer. Again changes nothing.
#[utoipa::path(delete, path = "/forum/articles/{id}/like", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn unlike_article(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Answer<StatusCode> {
    likes::article(&app, caller, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Likes a comment. Again changes nothing.
#[utoipa::path(put, path = "/forum/comments/{id}/like", tag = "forum",
    params(("id" = CommentId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn like_comment(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CommentId>,
) -> Answer<StatusCode> {
    likes::comment(&app, caller, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Likes a comment no longer. Again changes nothing.
#[utoipa::path(delete, path = "/forum/comments/{id}/like", tag = "forum",
    params(("id" = CommentId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn unlike_comment(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CommentId>,
) -> Answer<StatusCode> {
    likes::comment(&app, caller, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is being written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewText {
    /// Markdown, up to 100,000 characters.
    #[schema(max_length = 100_000)]
    text: String,
    /// The article in which it stands, so that its pictures are shown.
    article_id: Option<ArticleId>,
}

/// What it will look like.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preview {
    /// Sanitised.
    html: String,
}

/// Shows what an article will look like. Nothing is kept.
#[utoipa::path(post, path = "/forum/preview", tag = "forum", request_body = PreviewText,
    responses((status = OK, body = Preview), (status = "4XX", body = Problem)))]
pub(crate) async fn preview(
    State(app): State<AppState>,
    caller: Caller,
    Document(body): Document<PreviewText>,
) -> Answer<Json<Preview>> {
    let text = text::speech("text", &body.text, 0, MAX_ARTICLE_CHARS)?;
    app.limits.account(Limit::Posting, caller.user_id)?;
    let id = body.article_id.unwrap_or(ArticleId(0));
    let rendered = render::article(&app, caller.user_id, id, &text).await?;
    Ok(Json(Preview { html: rendered.html }))
}

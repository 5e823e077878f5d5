//! `/forum/articles`: writing, changing, removing; working copies.

use axum::{extract::State, http::StatusCode};
use protocol::{Article, ArticleId, ArticleStatus, CategoryId, Problem, WorkingCopy};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::{
    app::AppState,
    caller::Caller,
    forum::{
        change::{self, Changes},
        create::{self, NewArticle},
        drafts, remove,
    },
    json::{Document, Json, Path},
    problem::{Answer, Refusal},
};

/// An article to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateArticle {
    /// An idempotency key: 1 to 64 printable ASCII characters. The same again answers with the article.
    #[schema(min_length = 1, max_length = 64)]
    client_id: Option<String>,
    /// Where it is to stand.
    category_id: CategoryId,
    /// 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Up to 500 characters.
    #[schema(max_length = 500)]
    summary: Option<String>,
    /// Markdown, up to 100,000 characters; at least one to be published.
    #[schema(max_length = 100_000)]
    text: String,
    /// `draft` when absent, or `published`.
    status: Option<ArticleStatus>,
    /// At most 10, each 1 to 32 characters.
    #[schema(max_items = 10)]
    tags: Option<Vec<String>>,
    /// An upload of one's own: the picture at its head.
    head_image_id: Option<String>,
}

/// Makes an article; 200 for a retry.
#[utoipa::path(post, path = "/forum/articles", tag = "forum", request_body = CreateArticle,
    responses((status = CREATED, body = Article), (status = OK, body = Article),
              (status = "4XX", body = Problem)))]
pub(crate) async fn create_article(
    State(app): State<AppState>,
    caller: Caller,
    Document(body): Document<CreateArticle>,
) -> Answer<(StatusCode, Json<Article>)> {
    if body.status == Some(ArticleStatus::Hidden) {
        return Err(Refusal::invalid("status", "must be draft or published"));
    }
    let new = NewArticle {
        category_id: body.category_id,
        title: body.title,
        summary: body.summary.unwrap_or_default(),
        text: body.text,
        is_published: body.status == Some(ArticleStatus::Published),
        tags: body.tags.unwrap_or_default(),
        head_image_id: body.head_image_id,
        client_id: body.client_id,
    };
    let (article, fresh) = create::create(&app, caller, new).await?;
    let status = if fresh { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(article)))
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeArticle {
    /// Where it is to stand; also for moderators.
    category_id: Option<CategoryId>,
    /// 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    /// Up to 500 characters.
    #[schema(max_length = 500)]
    summary: Option<String>,
    /// Up to 100,000 characters.
    #[schema(max_length = 100_000)]
    text: Option<String>,
    /// Moderators hide, and show again what they hid.
    status: Option<ArticleStatus>,
    /// At most 10, each 1 to 32 characters.
    #[schema(max_items = 10)]
    tags: Option<Vec<String>>,
    /// An upload of one's own; `null` takes the picture away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    head_image_id: Option<Option<String>>,
    /// For moderators.
    pinned: Option<bool>,
    /// 0 to 100. For moderators.
    #[schema(minimum = 0, maximum = 100)]
    priority: Option<i64>,
    /// The `revision` that is to be changed; 409 when the article has another one.
    revision: Option<i64>,
}

/// `null` is something else than nothing.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// Changes an article: its author, and moderators within bounds. What it said once it was published is kept, and the
/// working copy is gone.
#[utoipa::path(patch, path = "/forum/articles/{id}", tag = "forum",
    params(("id" = ArticleId, Path)), request_body = ChangeArticle,
    responses((status = OK, body = Article), (status = "4XX", body = Problem)))]
pub(crate) async fn change_article(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
    Document(body): Document<ChangeArticle>,
) -> Answer<Json<Article>> {
    let ChangeArticle { category_id, title, summary, text, status, tags, .. } = body;
    let ChangeArticle { head_image_id, pinned, priority, revision, .. } = body;
    let changes = Changes {
        category_id,
        title,
        summary,
        text,
        status,
        tags,
        head_image_id,
        pinned,
        priority,
        revision,
    };
    change::change(&app, caller, id, changes).await.map(Json)
}

/// Removes an article for good: its author, or a moderator. Whoever asks for it afterwards gets 410.
#[utoipa::path(delete, path = "/forum/articles/{id}", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn remove_article(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Answer<StatusCode> {
    remove::remove(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Saves what its author is writing, beside what others read.
#[utoipa::path(put, path = "/forum/articles/{id}/draft", tag = "forum",
    params(("id" = ArticleId, Path)), request_body = WorkingCopy,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn save_draft(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
    Document(copy): Document<WorkingCopy>,
) -> Answer<StatusCode> {
    drafts::save(&app, caller, id, copy).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Throws the working copy away.
#[utoipa::path(delete, path = "/forum/articles/{id}/draft", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn discard_draft(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Answer<StatusCode> {
    drafts::discard(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

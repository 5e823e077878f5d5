//! Where forum and chat meet: `…/discussion`, articles made from messages, and the consent of those who are quoted.

use axum::{extract::State, http::StatusCode};
use protocol::{
    Article, ArticleId, CategoryId, ConsentRequest, ConversationId, Problem, Quotes, Seq,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::AppState,
    caller::Caller,
    forum::{
        consents, discuss,
        quotes::{self, Wanted},
    },
    json::{Json, Path},
    problem::Answer,
};

/// Where an article is talked about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Discussed {
    /// The group's conversation.
    conversation_id: ConversationId,
}

/// Puts the caller into the group that talks about an article. It is made for the first one; the article's author is
/// its owner. Leaving is leaving the group.
#[utoipa::path(put, path = "/forum/articles/{id}/discussion", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = OK, body = Discussed), (status = "4XX", body = Problem)))]
pub(crate) async fn discuss_article(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Answer<Json<Discussed>> {
    let conversation_id = discuss::discuss(&app, caller, id).await?;
    Ok(Json(Discussed { conversation_id }))
}

/// What is to be quoted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FromMessages {
    /// An idempotency key: 1 to 64 printable ASCII characters. The same again answers with the draft.
    #[schema(min_length = 1, max_length = 64)]
    client_id: Option<String>,
    /// Where it was said.
    conversation_id: ConversationId,
    /// Places of messages there, 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    seqs: Vec<Seq>,
    /// Where the article is to stand; in the first category when absent.
    category_id: Option<CategoryId>,
    /// 1 to 200 characters; taken from the first message when absent.
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
}

/// Makes a draft that quotes messages of a conversation: who said what, and when; 200 for a retry.
#[utoipa::path(post, path = "/forum/articles/from_messages", tag = "forum",
    request_body = FromMessages,
    responses((status = CREATED, body = Article), (status = OK, body = Article),
              (status = "4XX", body = Problem)))]
pub(crate) async fn article_from_messages(
    State(app): State<AppState>,
    caller: Caller,
    Json(body): Json<FromMessages>,
) -> Answer<(StatusCode, Json<Article>)> {
    let FromMessages { client_id, conversation_id, seqs, category_id, title } = body;
    let wanted = Wanted { conversation_id, seqs, category_id, title, client_id };
    let (article, fresh) = quotes::from_messages(&app, caller, wanted).await?;
    let status = if fresh { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(article)))
}

/// Asks everybody whom the caller's article quotes from a private conversation, and who was not asked yet.
#[utoipa::path(post, path = "/forum/articles/{id}/consents", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = OK, body = Quotes), (status = "4XX", body = Problem)))]
pub(crate) async fn ask_consents(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Answer<Json<Quotes>> {
    consents::ask(&app, caller, id).await.map(Json)
}

/// What the caller is asked to agree to.
#[utoipa::path(get, path = "/forum/articles/{id}/consent", tag = "forum",
    params(("id" = ArticleId, Path)),
    responses((status = OK, body = ConsentRequest), (status = "4XX", body = Problem)))]
pub(crate) async fn get_consent(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Answer<Json<ConsentRequest>> {
    consents::request(&app, caller, id).await.map(Json)
}

/// The answer of somebody who is quoted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerConsent {
    /// Whether they agree.
    given: bool,
}

/// The caller agrees to being quoted, or does not. Consent that is taken back makes the article a draft again.
#[utoipa::path(put, path = "/forum/articles/{id}/consent", tag = "forum",
    params(("id" = ArticleId, Path)), request_body = AnswerConsent,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn answer_consent(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ArticleId>,
    Json(body): Json<AnswerConsent>,
) -> Answer<StatusCode> {
    consents::answer(&app, caller, id, body.given).await?;
    Ok(StatusCode::NO_CONTENT)
}

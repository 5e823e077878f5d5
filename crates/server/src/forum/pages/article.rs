//! The page of an article: what it says, and what people say about it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use protocol::{Article, ArticleId, ArticleStatus, CommentId, CommentPage, CommentSort};
use serde::Deserialize;

use super::comments::{self, At, Box, Shown};
use super::parts::Around;
use super::reader::{Asked, Named, Reader};
use super::shell::{self, Page};
use super::{address, json_ld, parts};
use crate::app::AppState;
use crate::client_address::ClientAddress;
use crate::forum::{self, CommentLeaf, CommentsQuery, read};
use crate::problem::Answer;
use crate::settings::hex;

/// Which comments, and which of them is being answered or edited.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Turn {
    pub(super) sort: Option<CommentSort>,
    pub(super) before: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
    answer: Option<CommentId>,
    edit: Option<CommentId>,
}

impl Turn {
    /// Where a form was sent from.
    pub(super) fn of(sort: Option<CommentSort>, before: Option<String>) -> Self {
        Self { sort, before, ..Self::default() }
    }

    /// The address of this page of them, and what else is asked for.
    pub(super) fn here(&self, id: ArticleId, more: &[(&str, Option<&str>)]) -> String {
        self.at(id, &[&[("before", self.before.as_deref())], more].concat())
    }

    fn around(&self, id: ArticleId, leaf: &CommentLeaf) -> Around {
        let at = |name, cursor: &String| self.at(id, &[(name, Some(cursor))]);
        Around {
            first: leaf.before.as_ref().map(|_| self.at(id, &[])),
            previous: leaf.previous.as_ref().map(|cursor| at("after", cursor)),
            next: leaf.page.cursor.as_ref().map(|cursor| at("before", cursor)),
        }
    }

    /// An address of the article with the same comments, and what else is asked for.
    pub(super) fn at(&self, id: ArticleId, more: &[(&str, Option<&str>)]) -> String {
        let limit = self.limit.map(|limit| limit.to_string());
        let mut parameters = vec![("sort", self.sort.and_then(word)), ("limit", limit.as_deref())];
        parameters.extend(more);
        address::with(&address::article(id), &parameters)
    }
}

/// How an order is called in addresses; the usual one is not.
pub(super) fn word(sort: CommentSort) -> Option<&'static str> {
    match sort {
        CommentSort::Oldest => None,
        CommentSort::Newest => Some("newest"),
        CommentSort::Liked => Some("liked"),
    }
}

/// What was sent from the page and could not be done.
pub(super) struct Attempt {
    pub(super) at: At,
    pub(super) text: String,
    pub(super) complaint: &'static str,
    pub(super) status: StatusCode,
}

/// `/forum/articles/{id}`
pub(super) async fn show(
    State(app): State<AppState>,
    reader: Reader,
    address: ClientAddress,
    name: Named,
    Asked(turn): Asked<Turn>,
) -> Response {
    let page = page(&app, &reader, address, &name, &turn, None).await;
    page.unwrap_or_else(|refusal| reader.refuse(&refusal))
}

/// The page, with what was sent from it, if that could not be done.
///
/// # Errors
/// 404, 410; 400 for a bad cursor.
pub(super) async fn page(
    app: &AppState,
    reader: &Reader,
    address: ClientAddress,
    name: &Named,
    turn: &Turn,
    attempt: Option<Attempt>,
) -> Answer<Response> {
    let id: ArticleId = name.number()?;
    let article = read::article(app, reader.viewer(), address.0, id).await?;
    let sort = turn.sort.unwrap_or_default();
    let (before, after) = (turn.before.clone(), turn.after.clone());
    let query = CommentsQuery { sort, before, after, limit: turn.limit };
    let leaf = forum::comment_leaf(app, reader.viewer(), id, query).await?;
    // From here on the page has one address, from whichever side it was come to.
    let turn = &Turn { before: leaf.before.clone(), after: None, ..turn.clone() };
    let (around, comments) = (turn.around(id, &leaf), leaf.page);
    let status = attempt.as_ref().map_or(StatusCode::OK, |attempt| attempt.status);
    let form = form(app, reader, &article, &comments, turn, attempt);
    let shown = Shown { page: &comments, around: &around, turn, form: form.as_ref() };
    let body = body(reader, &article, &shown);
    let summary = &article.summary;
    let (path, crumbs) = (address::article(id), crumbs(reader, &article));
    let is_public = summary.status == ArticleStatus::Published;
    let mut page = Page {
        description: description(&article),
        around,
        kind: "article",
        image: summary.head_image.as_ref().map(|image| image.url.clone()),
        is_indexed: is_public,
        status,
        ..Page::new(&summary.title, &turn.here(id, &[]), body)
    };
    if is_public {
        let title = format!("{} {}", reader.words.comments_feed, summary.title);
        page.feeds = vec![(title, format!("{path}/feed.atom"))];
        page.json_ld = vec![
            json_ld::article(&reader.origin, summary),
            json_ld::breadcrumbs(&reader.origin, &crumbs),
        ];
    }
    Ok(shell::answer(reader, page))
}

/// The summary, or else how the text begins.
fn description(article: &Article) -> String {
    match article.summary.summary.is_empty() {
        false => article.summary.summary.clone(),
        true => article.text.split_whitespace().take(60).collect::<Vec<_>>().join(" "),
    }
}

/// The one form for a text: below the comment that is being answered, in place of the one that is being edited, or below
/// all of them.
fn form(
    app: &AppState,
    reader: &Reader,
    article: &Article,
    comments: &CommentPage,
    turn: &Turn,
    attempt: Option<Attempt>,
) -> Option<Box> {
    if reader.caller.is_none() && attempt.is_none() {
        return None;
    }
    // Each form that is shown makes one comment, however often it is sent.
    let client_id = hex(&app.random.bytes::<16>());
    if let Some(Attempt { at, text, complaint, .. }) = attempt {
        return Some(Box { at, text, complaint: Some(complaint), client_id });
    }
    let find = |id: Option<CommentId>| comments.comments.iter().find(|one| Some(one.id) == id);
    let edited = find(turn.edit).filter(|comment| comment.may.edit);
    let (at, text) = match (edited, find(turn.answer)) {
        (Some(comment), _) => (At::Edit(comment.id), comment.text.clone()),
        (None, Some(comment)) => (At::Answer(comment.id), String::new()),
        (None, None) => (At::Article, String::new()),
    };
    let is_possible = edited.is_some() || article.may.comment;
    is_possible.then_some(Box { at, text, complaint: None, client_id })
}

fn crumbs(reader: &Reader, article: &Article) -> Vec<(String, String)> {
    let article = &article.summary;
    let category = &article.category;
    vec![
        (reader.words.forum.to_owned(), "/forum".to_owned()),
        (category.name.clone(), address::category(&category.slug)),
        (article.title.clone(), address::article(article.id)),
    ]
}

fn body(reader: &Reader, article: &Article, shown: &Shown<'_>) -> Markup {
    let words = reader.words;
    let summary = &article.summary;
    html! {
        article.doc-article {
            (parts::breadcrumbs(reader, &crumbs(reader, article)))
            h1 { (summary.title) }
            (parts::byline(reader, summary))
            @if !summary.summary.is_empty() { p.doc-lead { (summary.summary) } }
            @if let Some(image) = &summary.head_image { (parts::head_image(image, false)) }
            // Sanitised when it was written.
            div.doc-text { (PreEscaped(&article.html)) }
            (parts::tags(&summary.tags))
            (parts::counts(reader, summary))
            @if reader.caller.is_some() {
                (comments::acts_form(reader, article, shown.turn))
                p.doc-acts {
                    (comments::like(reader, summary.liked, "article", &summary.id.to_string()))
                    @if article.may.edit {
                        a.doc-plain href={ (address::article(summary.id)) "/edit" } { (words.edit) }
                    }
                }
            }
        }
        (comments::section(reader, article, shown))
    }
}

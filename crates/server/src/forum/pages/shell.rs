//! What is around every page: its head, the menu, and how long it may be kept.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::json_ld;
use super::parts::Around;
use super::reader::Reader;
use super::style;
use crate::csrf;
use crate::web_assets::{self, Document};

/// How long anybody may keep a page that visitors see.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=30");
/// The longest description that search engines and previews show something of.
const MAX_DESCRIPTION: usize = 300;

/// A page.
pub(super) struct Page {
    pub(super) title: String,
    /// For those who have not opened it; may be empty.
    pub(super) description: String,
    /// Where it is, as a path with its query.
    pub(super) canonical: String,
    /// Titles and paths.
    pub(super) feeds: Vec<(String, String)>,
    /// The other pages of the list that this one is a page of.
    pub(super) around: Around,
    /// Open Graph's word for it.
    pub(super) kind: &'static str,
    /// A path.
    pub(super) image: Option<String>,
    pub(super) json_ld: Vec<Value>,
    pub(super) is_indexed: bool,
    pub(super) status: StatusCode,
    pub(super) body: Markup,
}

impl Page {
    /// A page with nothing but a title.
    pub(super) fn new(title: &str, canonical: &str, body: Markup) -> Self {
        Self {
            title: title.to_owned(),
            description: String::new(),
            canonical: canonical.to_owned(),
            feeds: Vec::new(),
            around: Around::default(),
            kind: "website",
            image: None,
            json_ld: Vec::new(),
            is_indexed: true,
            status: StatusCode::OK,
            body,
        }
    }
}

/// The answer with a page in it.
pub(super) fn answer(reader: &Reader, page: Page) -> Response {
    let (head, body) = (head(reader, &page), body(reader, &page.body));
    let document = Document {
        lang: reader.words.language.tag(),
        head: &head.into_string(),
        body: &body.into_string(),
    };
    let is_kept = reader.caller.is_none() && page.status.is_success();
    let kept = if is_kept { KEPT } else { HeaderValue::from_static("no-store") };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, kept),
        (header::VARY, HeaderValue::from_static("Accept-Language, Cookie")),
    ];
    (page.status, headers, web_assets::document(&document)).into_response()
}

fn head(reader: &Reader, page: &Page) -> Markup {
    let origin = &reader.origin;
    let title = match page.title == reader.site {
        true => page.title.clone(),
        false => format!("{} · {}", page.title, reader.site),
    };
    let description: String = page.description.chars().take(MAX_DESCRIPTION).collect();
    html! {
        title { (title) }
        link rel="stylesheet" href=(style::path());
        @if !description.is_empty() {
            meta name="description" content=(description);
            meta property="og:description" content=(description);
        }
        @if page.is_indexed {
            link rel="canonical" href={ (origin) (page.canonical) };
            meta property="og:url" content={ (origin) (page.canonical) };
        } @else {
            meta name="robots" content="noindex";
        }
        meta property="og:title" content=(page.title);
        meta property="og:type" content=(page.kind);
        meta property="og:site_name" content=(reader.site);
        meta property="og:locale" content=(reader.words.og_locale);
        @if let Some(image) = &page.image {
            meta property="og:image" content={ (origin) (image) };
        }
        @for (title, path) in &page.feeds {
            link rel="alternate" type="application/atom+xml" title=(title) href=(path);
        }
        @if let Some(first) = &page.around.first { link rel="first" href=(first); }
        @if let Some(previous) = &page.around.previous { link rel="prev" href=(previous); }
        @if let Some(next) = &page.around.next { link rel="next" href=(next); }
        @for data in &page.json_ld {
            // A block of data: browsers neither run it nor ask the content security policy about it.
            script type="application/ld+json" { (PreEscaped(json_ld::text(data))) }
        }
    }
}

fn body(reader: &Reader, inner: &Markup) -> Markup {
    let words = reader.words;
    html! {
        div.doc {
            a.doc-skip href="#content" { (words.skip) }
            header.doc-top {
                a.doc-site href="/forum" { (reader.site) }
                nav aria-label=(words.menu) {
                    a href="/forum" { (words.forum) }
                    @if let Some(caller) = reader.caller {
                        a href="/" { (words.chat) }
                        a href="/forum/drafts" { (words.own_articles) }
                        a href={ "/people/" (caller.user_id) } { (reader.name) }
                        form method="post" action="/logout" {
                            (token(reader))
                            button.doc-plain type="submit" { (words.log_out) }
                        }
                    } @else {
                        a href=(reader.login()) { (words.log_in) }
                        a href="/register" { (words.register) }
                    }
                }
            }
            main.doc-main id="content" { (inner) }
        }
    }
}

/// The hidden field of every form.
pub(super) fn token(reader: &Reader) -> Markup {
    html! { input type="hidden" name=(csrf::FIELD) value=(reader.token); }
}

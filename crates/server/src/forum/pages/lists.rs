//! Lists of articles: all of them, those of a category or a tag, and one's own that others do not see.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use protocol::{ArticleSort, ArticleStatus, Category, Code, Tag};
use serde::Deserialize;

use super::parts::Around;
use super::reader::{Asked, Named, Reader};
use super::shell::{self, Page};
use super::{address, json_ld, parts};
use crate::app::AppState;
use crate::forum::{self, Leaf, ListQuery};
use crate::problem::Answer;

/// Tags beside the list of all articles.
const SHOWN_TAGS: usize = 30;
/// Drafts, and hidden articles, of one page.
const OWN: usize = 100;

/// Which page of a list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Turn {
    sort: Option<ArticleSort>,
    before: Option<String>,
    after: Option<String>,
}

impl Turn {
    /// A page of somebody's articles.
    pub(super) fn query(&self) -> ListQuery {
        let (before, after) = (self.before.clone(), self.after.clone());
        ListQuery { sort: self.sort.unwrap_or_default(), before, after, ..ListQuery::default() }
    }

    /// An address of the same list.
    fn at(&self, path: &str, place: (&str, Option<&str>)) -> String {
        address::with(path, &[("sort", self.sort.and_then(word)), place])
    }

    /// The address of this page of it: one, from whichever side it was come to.
    pub(super) fn here(&self, path: &str, leaf: &Leaf) -> String {
        self.at(path, ("before", leaf.before.as_deref()))
    }

    pub(super) fn around(&self, path: &str, leaf: &Leaf) -> Around {
        let at = |name, cursor: &String| self.at(path, (name, Some(cursor)));
        Around {
            first: leaf.before.as_ref().map(|_| self.at(path, ("before", None))),
            previous: leaf.previous.as_ref().map(|cursor| at("after", cursor)),
            next: leaf.page.cursor.as_ref().map(|cursor| at("before", cursor)),
        }
    }
}

/// How an order is called in addresses; the usual one is not.
fn word(sort: ArticleSort) -> Option<&'static str> {
    match sort {
        ArticleSort::Newest => None,
        ArticleSort::Active => Some("active"),
        ArticleSort::Liked => Some("liked"),
    }
}

/// What is above and beside a list.
struct Frame {
    title: String,
    description: String,
    path: String,
    crumbs: Vec<(String, String)>,
    feeds: Vec<(String, String)>,
    above: Markup,
    below: Markup,
}

/// `/forum`
pub(super) async fn forum(
    State(app): State<AppState>,
    reader: Reader,
    Asked(turn): Asked<Turn>,
) -> Response {
    let page = all(&app, &reader, &turn).await;
    page.unwrap_or_else(|refusal| reader.refuse(&refusal))
}

async fn all(app: &AppState, reader: &Reader, turn: &Turn) -> Answer<Response> {
    let words = reader.words;
    let leaf = forum::leaf(app, reader.viewer(), turn.query()).await?;
    let categories = forum::categories(app, reader.viewer()).await?.categories;
    let tags = forum::tags(app, None).await?.tags;
    let frame = Frame {
        title: words.forum.to_owned(),
        description: words.forum_about.to_owned(),
        path: "/forum".to_owned(),
        crumbs: Vec::new(),
        feeds: vec![(reader.site.clone(), "/forum/feed.atom".to_owned())],
        above: html! { (in_categories(reader, &categories)) },
        below: in_tags(reader, &tags),
    };
    Ok(list(reader, turn, frame, &leaf))
}

fn in_categories(reader: &Reader, categories: &[Category]) -> Markup {
    html! {
        @if !categories.is_empty() {
            section aria-labelledby="categories" {
                h2 id="categories" { (reader.words.categories) }
                ul.doc-categories {
                    @for category in categories {
                        li {
                            a href=(address::category(&category.slug)) { (category.name) }
                            " " span.doc-quiet { (reader.words.article_count.of(category.articles)) }
                            @if !category.description.is_empty() { p { (category.description) } }
                        }
                    }
                }
            }
        }
    }
}

fn in_tags(reader: &Reader, tags: &[Tag]) -> Markup {
    html! {
        @if !tags.is_empty() {
            section aria-labelledby="tags" {
                h2 id="tags" { (reader.words.tags) }
                ul.doc-tags {
                    @for tag in tags.iter().take(SHOWN_TAGS) {
                        li {
                            a href=(address::tag(&tag.name)) {
                                "#" (tag.name) " " span.doc-quiet { (tag.articles) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `/forum/{slug}`
pub(super) async fn category(
    State(app): State<AppState>,
    reader: Reader,
    Named(slug): Named,
    Asked(turn): Asked<Turn>,
) -> Response {
    let page = of_category(&app, &reader, &slug, &turn).await;
    page.unwrap_or_else(|refusal| reader.refuse(&refusal))
}

async fn of_category(app: &AppState, reader: &Reader, slug: &str, turn: &Turn) -> Answer<Response> {
    let all = forum::categories(app, reader.viewer()).await?.categories;
    let category = all.into_iter().find(|category| category.slug == slug);
    let category = category.ok_or(Code::NotFound)?;
    let query = ListQuery { category: Some(category.slug.clone()), ..turn.query() };
    let leaf = forum::leaf(app, reader.viewer(), query).await?;
    let path = address::category(&category.slug);
    let feed = format!("{path}/feed.atom");
    let frame = Frame {
        crumbs: vec![forum_crumb(reader), (category.name.clone(), path.clone())],
        feeds: vec![(format!("{} · {}", category.name, reader.site), feed)],
        above: html! {
            @if !category.description.is_empty() { p.doc-lead { (category.description) } }
            p.doc-quiet { (reader.words.article_count.of(category.articles)) }
        },
        title: category.name,
        description: category.description,
        path,
        below: html! {},
    };
    Ok(list(reader, turn, frame, &leaf))
}

/// `/forum/tags/{tag}`
pub(super) async fn tag(
    State(app): State<AppState>,
    reader: Reader,
    Named(tag): Named,
    Asked(turn): Asked<Turn>,
) -> Response {
    let query = ListQuery { tag: Some(tag.clone()), ..turn.query() };
    match forum::leaf(&app, reader.viewer(), query).await {
        // What cannot be a tag is no page, as is a tag that nothing has.
        Err(refusal) if refusal.code() == Code::Invalid => reader.refuse(&Code::NotFound.into()),
        Err(refusal) => reader.refuse(&refusal),
        Ok(leaf) if leaf.page.articles.is_empty() && turn.before.is_none() => {
            reader.refuse(&Code::NotFound.into())
        }
        Ok(leaf) => {
            let (title, path) = (format!("#{tag}"), address::tag(&tag));
            let frame = Frame {
                crumbs: vec![forum_crumb(&reader), (title.clone(), path.clone())],
                feeds: Vec::new(),
                title,
                description: String::new(),
                path,
                above: html! {},
                below: html! {},
            };
            list(&reader, &turn, frame, &leaf)
        }
    }
}

fn forum_crumb(reader: &Reader) -> (String, String) {
    (reader.words.forum.to_owned(), "/forum".to_owned())
}

fn list(reader: &Reader, turn: &Turn, frame: Frame, leaf: &Leaf) -> Response {
    let words = reader.words;
    let sort = turn.sort.unwrap_or_default();
    let order = |name, other| {
        let path = address::with(&frame.path, &[("sort", word(other))]);
        (name, path, sort == other)
    };
    let orders = [
        order(words.newest, ArticleSort::Newest),
        order(words.active, ArticleSort::Active),
        order(words.liked, ArticleSort::Liked),
    ];
    let around = turn.around(&frame.path, leaf);
    let body = html! {
        @if !frame.crumbs.is_empty() { (parts::breadcrumbs(reader, &frame.crumbs)) }
        div.doc-title {
            h1 { (frame.title) }
            @if reader.caller.is_some() {
                a.doc-button href="/forum/new" { (words.new_article) }
            }
        }
        (frame.above)
        section aria-labelledby="articles" {
            h2 id="articles" { (words.articles) }
            (parts::orders(reader, &orders))
            (parts::articles(reader, &leaf.page))
            (parts::pager(reader, &around, ""))
        }
        (frame.below)
    };
    let json_ld = match frame.crumbs.is_empty() {
        true => Vec::new(),
        false => vec![json_ld::breadcrumbs(&reader.origin, &frame.crumbs)],
    };
    let canonical = turn.here(&frame.path, leaf);
    let page = Page {
        description: frame.description,
        feeds: frame.feeds,
        around,
        json_ld,
        ..Page::new(&frame.title, &canonical, body)
    };
    shell::answer(reader, page)
}

/// `/forum/drafts`: one's own articles that others do not see.
pub(super) async fn drafts(State(app): State<AppState>, reader: Reader) -> Response {
    let Some(caller) = reader.caller else { return Redirect::to(&reader.login()).into_response() };
    let of = |status| ListQuery {
        status: Some(status),
        author: Some(caller.user_id),
        limit: Some(OWN),
        ..ListQuery::default()
    };
    let lists = async {
        let drafts = forum::articles(&app, reader.viewer(), of(ArticleStatus::Draft)).await?;
        let hidden = forum::articles(&app, reader.viewer(), of(ArticleStatus::Hidden)).await?;
        Answer::Ok((drafts, hidden))
    };
    let (drafts, hidden) = match lists.await {
        Ok(lists) => lists,
        Err(refusal) => return reader.refuse(&refusal),
    };
    let words = reader.words;
    let body = html! {
        div.doc-title {
            h1 { (words.own_articles) }
            a.doc-button href="/forum/new" { (words.new_article) }
        }
        section aria-labelledby="drafts" {
            h2 id="drafts" { (words.drafts) }
            (parts::articles(&reader, &drafts))
        }
        @if !hidden.articles.is_empty() {
            section aria-labelledby="hidden" {
                h2 id="hidden" { (words.hidden_articles) }
                (parts::articles(&reader, &hidden))
            }
        }
    };
    let page = Page { is_indexed: false, ..Page::new(words.own_articles, "/forum/drafts", body) };
    shell::answer(&reader, page)
}

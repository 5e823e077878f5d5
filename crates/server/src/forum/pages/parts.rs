//! Parts of pages: where one is, who wrote something and when, an article in a list, the way to the next page.

use maud::{Markup, html};
use protocol::{ArticlePage, ArticleStatus, ArticleSummary, HeadImage, Timestamp, User};

use super::address;
use super::reader::Reader;

/// Names and paths from the forum down; the last is the page itself.
pub(super) fn breadcrumbs(reader: &Reader, crumbs: &[(String, String)]) -> Markup {
    let last = crumbs.len().saturating_sub(1);
    html! {
        nav.doc-crumbs aria-label=(reader.words.you_are_here) {
            ol {
                @for (n, (name, path)) in crumbs.iter().enumerate() {
                    li {
                        @if n == last { span aria-current="page" { (name) } }
                        @else { a href=(path) { (name) } }
                    }
                }
            }
        }
    }
}

pub(super) fn time(reader: &Reader, at: Timestamp) -> Markup {
    html! { time datetime=(at) { (reader.time(at)) } }
}

pub(super) fn person(user: &User) -> Markup {
    html! { a.doc-person href=(address::person(user.id)) { (user.name) } }
}

pub(super) fn tags(tags: &[String]) -> Markup {
    html! {
        @if !tags.is_empty() {
            ul.doc-tags {
                @for tag in tags { li { a href=(address::tag(tag)) { "#" (tag) } } }
            }
        }
    }
}

/// The picture at the head of an article, which says nothing that its title does not.
pub(super) fn head_image(image: &HeadImage, is_small: bool) -> Markup {
    let (url, class) = match is_small {
        true => (&image.preview_url, "doc-thumb"),
        false => (&image.url, "doc-head"),
    };
    html! {
        img class=(class) src=(url) alt="" width=[image.width] height=[image.height]
            loading=[is_small.then_some("lazy")];
    }
}

/// Who wrote an article, when, and where it stands.
pub(super) fn byline(reader: &Reader, article: &ArticleSummary) -> Markup {
    let words = reader.words;
    html! {
        p.doc-byline {
            @if article.pinned { strong.doc-badge { (words.pinned) } " " }
            @match article.status {
                ArticleStatus::Draft => { strong.doc-badge { (words.draft) } " " }
                ArticleStatus::Hidden => { strong.doc-badge { (words.hidden) } " " }
                ArticleStatus::Published => {}
            }
            (person(&article.author)) " · "
            (time(reader, article.published_at.unwrap_or(article.created_at)))
            " · " a href=(address::category(&article.category.slug)) { (article.category.name) }
            @if let Some(at) = article.modified_at {
                " · " (words.edited) " " (time(reader, at))
            }
        }
    }
}

/// How often an article was read, commented on and liked.
pub(super) fn counts(reader: &Reader, article: &ArticleSummary) -> Markup {
    let words = reader.words;
    html! {
        p.doc-counts {
            span { (words.views.of(article.views)) } " "
            span { (words.comments.of(article.comments)) } " "
            span { (words.likes.of(article.likes)) }
        }
    }
}

/// Articles as lists show them.
pub(super) fn articles(reader: &Reader, page: &ArticlePage) -> Markup {
    html! {
        @if page.articles.is_empty() { p.doc-empty { (reader.words.no_articles) } }
        @else {
            ul.doc-list {
                @for article in &page.articles { li { (card(reader, article)) } }
            }
        }
    }
}

fn card(reader: &Reader, article: &ArticleSummary) -> Markup {
    html! {
        article.doc-card {
            @if let Some(image) = &article.head_image { (head_image(image, true)) }
            h3 { a href=(address::article(article.id)) { (article.title) } }
            (byline(reader, article))
            @if !article.summary.is_empty() { p.doc-summary { (article.summary) } }
            (counts(reader, article))
            (tags(&article.tags))
        }
    }
}

/// Pages around one of a list, as paths with their queries.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// The first page, where this is a further one.
    pub(super) first: Option<String>,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
}

/// The way back, to the first page and the one before, and on to the next one; all of them to `part` of the page.
pub(super) fn pager(reader: &Reader, around: &Around, part: &str) -> Markup {
    let words = reader.words;
    let Around { first, previous, next } = around;
    html! {
        @if first.is_some() || next.is_some() {
            nav.doc-pager aria-label=(words.pages) {
                @if let Some(first) = first { a href={ (first) (part) } { (words.first_page) } }
                @if let Some(previous) = previous {
                    a rel="prev" href={ (previous) (part) } { (words.previous_page) }
                }
                @if let Some(next) = next { a rel="next" href={ (next) (part) } { (words.next_page) } }
            }
        }
    }
}

/// A choice among orders: words, the address of each, and which one it is.
pub(super) fn orders(reader: &Reader, orders: &[(&str, String, bool)]) -> Markup {
    html! {
        nav.doc-orders aria-label=(reader.words.order) {
            @for (word, path, is_it) in orders {
                a href=(path) aria-current=[is_it.then_some("true")] { (word) }
            }
        }
    }
}

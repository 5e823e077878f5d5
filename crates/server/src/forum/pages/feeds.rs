//! Feeds: what is new in the forum, in a category, of somebody, and below an article. They show what visitors may see,
//! whoever asks, in no language but that of those who write.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use protocol::{ArticleSummary, Timestamp};

use super::atom::{self, Entry, Feed};
use super::reader::{Named, Reader};
use super::{address, kept, person};
use crate::app::AppState;
use crate::forum::store::{Latest, LatestComment};
use crate::forum::{Viewer, categories, rights, store, view};
use crate::problem::{Answer, Refusal};

/// Articles, or comments, of a feed.
const ENTRIES: i64 = 30;
/// A feed holds no more bytes of texts than this; older articles are then there by their summary alone.
const MAX_TEXTS: usize = 512 * 1024;

/// `/forum/feed.atom`
pub(super) async fn forum(
    State(app): State<AppState>,
    reader: Reader,
    headers: HeaderMap,
) -> Response {
    let title = reader.site.clone();
    let feed = articles(&app, &reader, title, "/forum", Latest::All).await;
    answer(&reader, &headers, feed)
}

/// `/forum/{slug}/feed.atom`
pub(super) async fn category(
    State(app): State<AppState>,
    reader: Reader,
    Named(slug): Named,
    headers: HeaderMap,
) -> Response {
    let feed = async {
        let category = app.delivery.read(move |db| categories::find(db, &slug)).await?;
        let title = format!("{} · {}", category.name, reader.site);
        let path = address::category(&category.slug);
        articles(&app, &reader, title, &path, Latest::Category(category.id)).await
    };
    answer(&reader, &headers, feed.await)
}

/// `/people/{id}/feed.atom`
pub(super) async fn person(
    State(app): State<AppState>,
    reader: Reader,
    name: Named,
    headers: HeaderMap,
) -> Response {
    let feed = async {
        let user = person::find(&app, Viewer::from(None), name.number()?).await?;
        let title = format!("{} · {}", user.name, reader.site);
        let path = address::person(user.id);
        articles(&app, &reader, title, &path, Latest::Author(user.id)).await
    };
    answer(&reader, &headers, feed.await)
}

/// `/forum/articles/{id}/feed.atom`: the comments.
pub(super) async fn article(
    State(app): State<AppState>,
    reader: Reader,
    name: Named,
    headers: HeaderMap,
) -> Response {
    let feed = comments(&app, &reader, &name).await;
    answer(&reader, &headers, feed)
}

fn answer(reader: &Reader, headers: &HeaderMap, feed: Answer<Feed>) -> Response {
    let written = feed.and_then(|feed| {
        let xml = atom::write(&feed).map_err(Refusal::internal)?;
        Ok((feed.updated, xml))
    });
    match written {
        Ok((updated, xml)) => {
            kept::answer(headers, "application/atom+xml; charset=utf-8", Some(updated), xml)
        }
        Err(refusal) => reader.refuse(&refusal),
    }
}

async fn articles(
    app: &AppState,
    reader: &Reader,
    title: String,
    path: &str,
    which: Latest,
) -> Answer<Feed> {
    let delivery = app.delivery.clone();
    let (articles, mut texts) = app
        .delivery
        .read(move |db| {
            let rows = store::latest(db, which, ENTRIES)?;
            let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
            let texts = store::html_of(db, &ids)?;
            Answer::Ok((view::summaries(db, &delivery, Viewer::from(None), rows)?, texts))
        })
        .await?;
    let mut room = MAX_TEXTS;
    let entry = |article: ArticleSummary| {
        let html = texts.remove(&article.id).filter(|html| html.len() <= room);
        room -= html.as_ref().map_or(0, String::len);
        entry(&reader.origin, article, html)
    };
    let entries = articles.into_iter().map(entry).collect();
    Ok(feed(&reader.origin, title, path, entries))
}

fn entry(origin: &str, article: ArticleSummary, html: Option<String>) -> Entry {
    let published = article.published_at.unwrap_or(article.created_at);
    Entry {
        address: format!("{origin}{}", address::article(article.id)),
        title: article.title,
        author: (article.author.name, format!("{origin}{}", address::person(article.author.id))),
        published,
        updated: article.modified_at.unwrap_or(published),
        tags: article.tags,
        summary: article.summary,
        html,
    }
}

fn feed(origin: &str, title: String, path: &str, entries: Vec<Entry>) -> Feed {
    Feed {
        title,
        address: format!("{origin}{path}/feed.atom"),
        page: format!("{origin}{path}"),
        base: format!("{origin}/"),
        // Nothing yet is as old as can be.
        updated: entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp(0)),
        entries,
    }
}

async fn comments(app: &AppState, reader: &Reader, name: &Named) -> Answer<Feed> {
    let id = name.number()?;
    let delivery = app.delivery.clone();
    let (article, comments, people) = app
        .delivery
        .read(move |db| {
            let visitor = Viewer::from(None);
            let row = rights::readable(db, visitor, id)?.row;
            let comments = store::latest_comments(db, id, ENTRIES)?;
            let authors: Vec<_> = comments.iter().map(|comment| comment.author_id).collect();
            Answer::Ok((row, comments, view::people(db, &delivery, visitor, &authors)?))
        })
        .await?;
    let (origin, path) = (&reader.origin, address::article(id));
    let entry = |comment: LatestComment| {
        let author = people.get(&comment.author_id)?;
        Some(Entry {
            address: format!("{origin}{path}#comment-{}", comment.id),
            title: format!("{}: {}", author.name, article.title),
            author: (author.name.clone(), format!("{origin}{}", address::person(author.id))),
            published: comment.created_at,
            updated: comment.modified_at.unwrap_or(comment.created_at),
            tags: Vec::new(),
            summary: String::new(),
            html: Some(comment.html),
        })
    };
    let entries = comments.into_iter().filter_map(entry).collect();
    let title = format!("{} · {}", article.title, reader.site);
    Ok(feed(origin, title, &path, entries))
}

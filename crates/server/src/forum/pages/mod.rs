//! The forum as pages that stand without script: complete HTML in the reader's language, put where the client puts
//! itself, so that it takes over where there is script; plain forms for everything that writers need; feeds and a
//! sitemap. What is shown comes from the slice's reading verbs, and what forms send goes to its writing verbs: there is
//! no rule and no right of its own here.
//!
//! *Invariants*
//! * maud and quick-xml escape everything; what goes out as it is are the sanitised texts of articles and comments.
//! * What a visitor gets may be kept for a short time, by itself for each language; what somebody gets who is logged in
//!   is never kept. Feeds and sitemap show what visitors may see, whoever asks.
//! * After a form that did what it was to do comes a redirect. One that did not is shown again with what was typed.

mod acts;
mod address;
mod article;
mod atom;
mod comments;
mod editing;
mod editor;
mod feeds;
mod json_ld;
mod kept;
mod lists;
mod parts;
mod person;
mod reader;
mod robots;
mod shell;
mod sitemap;
mod style;

mod words;
mod words_zh;

use axum::Router;
use axum::routing::get;

use crate::app::AppState;

/// All pages, feeds and what points to them.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/forum", get(lists::forum))
        .route("/forum/new", get(editing::show_new).post(editing::create))
        .route("/forum/drafts", get(lists::drafts))
        .route("/forum/tags/{tag}", get(lists::tag))
        .route("/forum/articles/{id}", get(article::show).post(acts::act))
        .route("/forum/articles/{id}/edit", get(editing::show_edit).post(editing::change))
        .route("/forum/articles/{id}/feed.atom", get(feeds::article))
        .route("/forum/feed.atom", get(feeds::forum))
        .route("/forum/{slug}", get(lists::category))
        .route("/forum/{slug}/feed.atom", get(feeds::category))
        .route("/forum/{slug}/{unknown}", get(reader::nothing))
        .route("/people/{id}", get(person::show))
        .route("/people/{id}/feed.atom", get(feeds::person))
        .route("/robots.txt", get(robots::serve))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{name}", get(sitemap::part))
        .route(style::path(), get(style::serve))
}

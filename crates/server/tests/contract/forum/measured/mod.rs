//! How long the server takes for pages out of a large forum. In the usual run the forum is small, and only what is shown
//! is looked at; `ROOKERY_MEASURE=100000 cargo nextest run --release -p rookery --no-capture measured` measures.

mod store;

use std::time::Instant;

use reqwest::Method;

use super::{category, id, operator, published};
use crate::support::{Client, TestApp, both_engines};

/// Requests of each kind that are measured.
const REQUESTS: usize = 200;

/// How many articles; and whether it is about time.
fn wanted() -> (i64, bool) {
    let given = std::env::var("ROOKERY_MEASURE").ok().and_then(|n| n.parse().ok());
    (given.unwrap_or(300), given.is_some())
}

#[expect(clippy::disallowed_methods, reason = "measures the server from outside")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "it is what one runs it for")]
fn tell(text: &str) {
    println!("{text}");
}

/// Asks for a page again and again; the text of the last.
async fn measure(who: &Client, what: &str, path: &str, bound_ms: Option<f64>) -> String {
    let (mut times, mut text) = (Vec::with_capacity(REQUESTS), String::new());
    let requests = if bound_ms.is_some() { REQUESTS } else { 1 };
    for _ in 0..requests {
        let started = now();
        let answer = who.send(who.raw(Method::GET, path)).await;
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        text = answer.body.as_str().map_or_else(|| answer.body.to_string(), str::to_owned);
    }
    times.sort_by(f64::total_cmp);
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    tell(&format!("{what}: median {median:.1} ms, p99 {p99:.1} ms, {} bytes", text.len()));
    if let Some(bound) = bound_ms {
        assert!(p99 <= bound, "{what}: p99 {p99:.1} ms");
    }
    text
}

both_engines! {
    async fn pages_of_a_large_forum_are_quick(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let first = id(&published(&ann, news, "talked about").await);
        let (articles, is_measured) = wanted();
        store::seed(app, articles, ann.id(), news, first).await;
        let bound = is_measured.then_some(20.0);
        let visitor = app.visitor();
        let list = measure(&visitor, "list as a page", "//forum", bound).await;
        assert_eq!(list.matches("<article").count(), 30);
        measure(&visitor, "category by activity", "//forum/news?sort=active", bound).await;
        measure(&ann, "list as JSON", "/forum/articles?limit=100", bound).await;
        let path = format!("//forum/articles/{first}?limit=1000");
        let page = measure(&visitor, "1,000 comments as a page", &path, bound).await;
        assert_eq!(page.matches("<article").count(), 1_001);
        measure(&ann, "1,000 comments as a page, logged in", &path, bound).await;
        let path = format!("/forum/articles/{first}/comments?limit=1000");
        measure(&ann, "1,000 comments as JSON", &path, bound).await;
        measure(&visitor, "feed", "//forum/feed.atom", bound).await;
        measure(&visitor, "feed of somebody", &format!("//people/{}/feed.atom", ann.id()), bound).await;
        measure(&visitor, "sitemap", "//sitemap.xml", None).await;
        measure(&visitor, "part of the sitemap", "//sitemaps/articles-0.xml", None).await;
    }
}

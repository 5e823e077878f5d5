//! Feeds and the sitemap, read by programs that did not write them.

use feed_rs::model::Feed;
use reqwest::Method;
use serde_json::json;

use super::{category, id, operator, published};
use crate::support::{Client, Response, TestApp, both_engines};

const EVIL: &str = r#"]]></title><script>alert(1)</script><!--"'&"#;

fn xml(answer: &Response) -> &str {
    answer.body.as_str().unwrap_or_else(|| panic!("no XML: {}", answer.body))
}

async fn feed(who: &Client, path: &str) -> Feed {
    let answer = who.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    feed_rs::parser::parse(xml(&answer).as_bytes()).unwrap()
}

both_engines! {
    async fn feeds_tell_what_is_new_and_who_has_it_is_told_so(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let visitor = app.visitor();
        assert!(feed(&visitor, "//forum/feed.atom").await.entries.is_empty());
        let old = id(&published(&ann, news, "old").await);
        assert_eq!(admin.patch(&format!("/forum/articles/{old}"), json!({"pinned": true})).await.status, 200);
        app.advance(60);
        let body = json!({"category_id": news, "title": EVIL, "summary": EVIL, "text": EVIL, "status": "published", "tags": ["<a>"]});
        let new = id(&ann.post("/forum/articles", body).await.body);
        let said = ann.post(&format!("/forum/articles/{new}/comments"), json!({"text": "**so** it is"})).await;
        for path in ["//forum/feed.atom", "//forum/news/feed.atom", &format!("//people/{}/feed.atom", ann.id())] {
            let feed = feed(&visitor, path).await;
            assert_eq!(feed.id, format!("{}{}", app.origin(), &path[1..]));
            assert!(feed.links.iter().any(|link| link.rel.as_deref() == Some("self") && link.href == feed.id));
            let [first, second] = feed.entries.try_into().unwrap();
            assert_eq!(first.id, format!("{}/forum/articles/{new}", app.origin()), "pinned is not newest");
            assert_eq!((&first.title.unwrap().content, &first.summary.unwrap().content), (&EVIL.to_owned(), &EVIL.to_owned()));
            assert_eq!((first.authors[0].name.as_deref(), &*first.categories[0].term), (Some("ann"), "<a>"));
            assert_eq!(feed.updated, first.updated);
            assert!(first.content.unwrap().body.unwrap().contains("&lt;script&gt;"));
            assert!(second.content.unwrap().body.unwrap().contains("<strong>old</strong>"));
        }
        let comments = feed(&visitor, &format!("//forum/articles/{new}/feed.atom")).await;
        assert_eq!(comments.entries[0].id, format!("{}/forum/articles/{new}#comment-{}", app.origin(), id(&said.body)));
        assert!(comments.entries[0].content.as_ref().unwrap().body.as_ref().unwrap().contains("<strong>so</strong>"));

        let answer = visitor.get("//forum/feed.atom").await;
        for (asked, said) in [("if-none-match", "etag"), ("if-modified-since", "last-modified")] {
            let request = visitor.raw(Method::GET, "//forum/feed.atom").header(asked, answer.header(said));
            let same = visitor.send(request).await;
            assert_eq!((same.status, same.header("etag")), (304, answer.header("etag")), "{asked}");
        }
        app.advance(60);
        published(&ann, news, "newer").await;
        let request = visitor.raw(Method::GET, "//forum/feed.atom").header("if-none-match", answer.header("etag"));
        assert_eq!(visitor.send(request).await.status, 200);
        let own = ann.get("//forum/feed.atom").await;
        assert_eq!(own.body, visitor.get("//forum/feed.atom").await.body, "the same for everybody");
    }

    async fn the_sitemap_names_what_everybody_can_read(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "first").await);
        let visitor = app.visitor();
        let map = visitor.get("//sitemap.xml").await;
        for path in ["/forum", "/forum/news", &format!("/forum/articles/{article}")] {
            assert!(xml(&map).contains(&format!("<loc>{}{path}</loc>", app.origin())), "{}", xml(&map));
        }
        let part = visitor.get("//sitemaps/articles-0.xml").await;
        assert!(xml(&part).contains("<lastmod>") && !xml(&part).contains("/forum/news"));
        for nothing in ["articles-x.xml", "articles--1.xml", "articles-99999999999.xml", "forum"] {
            assert_eq!(visitor.get(&format!("//sitemaps/{nothing}")).await.status, 404, "{nothing}");
        }
        let robots = visitor.get("//robots.txt").await;
        assert!(xml(&robots).contains(&format!("Sitemap: {}/sitemap.xml", app.origin())));
        let other = visitor.raw(Method::GET, "//forum").header("host", "evil.example/\"><script>");
        let page = visitor.send(other).await;
        assert!(page.status == 400 || !xml(&page).contains("evil.example"), "{}", page.body);
    }
}

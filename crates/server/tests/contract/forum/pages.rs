//! The forum's pages without script: who sees what on them, in which language, and that nothing typed is more than text.

use reqwest::Method;
use serde_json::{Value, json};

use super::{category, id, operator, published};
use crate::support::{Client, Response, TestApp, both_engines};

/// What is dangerous in a document, an attribute, a `<script>` or XML.
const EVIL: &str = r#"</script><script>alert(1)</script><!--"'&]]><img src=x onerror=alert(2)>"#;

fn html(page: &Response) -> &str {
    page.body.as_str().unwrap_or_else(|| panic!("no page: {}", page.body))
}

async fn read_in(who: &Client, path: &str, language: &str) -> Response {
    who.send(who.raw(Method::GET, path).header("accept-language", language)).await
}

/// The blocks of data in a page, each of which has to be JSON.
fn data(page: &Response) -> Vec<Value> {
    let blocks = html(page).split(r#"<script type="application/ld+json">"#).skip(1);
    blocks
        .map(|rest| serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap())
        .collect()
}

async fn comment(who: &Client, article: i64, text: &str) -> i64 {
    let answer =
        who.post(&format!("/forum/articles/{article}/comments"), json!({"text": text})).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    id(&answer.body)
}

/// The page, but for the address to which logging in leads back.
fn without_login(page: &Response) -> String {
    let mut parts = html(page).split("/login?next=");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, rest| text + rest.split_once('"').unwrap().1)
}

/// Where a link in the head leads.
fn link(page: &Response, rel: &str) -> String {
    let (_, rest) = html(page).split_once(&format!(r#"<link rel="{rel}" href=""#)).unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

both_engines! {
    async fn everybody_reads_what_is_published_in_their_language(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "晨曦").await);
        comment(&ann, article, "**first** words").await;
        let visitor = app.visitor();
        let path = format!("//forum/articles/{article}");
        for (page, shows) in [
            ("//forum", "晨曦"), ("//forum/news", "about 晨曦"), ("//forum/tags/rookery", "晨曦"),
            (&path, "What <strong>晨曦</strong> is."), (&path, "<strong>first</strong> words"),
            (&format!("//people/{}", ann.id()), "晨曦"),
        ] {
            let english = read_in(&visitor, page, "en").await;
            assert_eq!(english.status, 200, "{page}");
            assert!(html(&english).contains(shows), "{page}: {shows}: {}", html(&english));
            assert!(html(&english).starts_with(r#"<!doctype html><html lang="en">"#));
            assert!(html(&english).contains(r#"<link rel="canonical" href="http://127.0.0.1:"#));
            assert!(html(&english).contains(r#"property="og:title""#));
            assert_eq!(english.header("cache-control"), "public, max-age=30");
            assert!(english.header("vary").contains("Accept-Language, Cookie"));
            assert_eq!(english.header("set-cookie"), "", "what is kept for all is nobody's");
            assert!(!html(&english).contains("csrfmiddlewaretoken"));
            let chinese = read_in(&visitor, page, "zh-CN,en;q=0.5").await;
            assert!(html(&chinese).contains(r#"<html lang="zh-CN">"#) && html(&chinese).contains("论坛"));
        }
        let page = visitor.get(&path).await;
        let [posting, crumbs] = data(&page).try_into().unwrap();
        assert_eq!(posting["@type"], json!(["Article", "DiscussionForumPosting"]));
        assert_eq!((&posting["headline"], &posting["commentCount"]), (&json!("晨曦"), &json!(1)));
        assert_eq!(crumbs["itemListElement"].as_array().unwrap().len(), 3);
        let feed = format!(r#"type="application/atom+xml" title="Comments on 晨曦" href="/forum/articles/{article}/feed.atom""#);
        assert!(html(&page).contains(&feed), "{}", html(&page));

        ann.patch("/me", json!({"locale": "zh"})).await;
        let own = read_in(&ann, &path, "en").await;
        assert!(html(&own).contains("退出登录"), "what somebody has chosen holds everywhere");
        assert_eq!(own.header("cache-control"), "no-store");
    }

    async fn drafts_and_hidden_articles_are_on_no_page_of_others(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let hidden = format!("/forum/articles/{}", id(&published(&ann, news, "hush-hidden").await));
        assert_eq!(admin.patch(&hidden, json!({"status": "hidden"})).await.status, 200);
        let body = json!({"category_id": news, "title": "hush-draft", "text": "x", "tags": ["hush-tag"]});
        let draft = format!("/forum/articles/{}", id(&ann.post("/forum/articles", body).await.body));
        let removed = format!("/forum/articles/{}", id(&published(&ann, news, "hush-gone").await));
        assert_eq!(ann.delete(&removed).await.status, 204);
        let person = format!("//people/{}", ann.id());
        let feed = format!("{person}/feed.atom");
        for who in [&ben, &app.visitor()] {
            for path in [&hidden, &draft] {
                for rest in ["", "/feed.atom"] {
                    let page = who.get(&format!("/{path}{rest}")).await;
                    assert_eq!(page.status, 404);
                    assert!(page.header("content-type").starts_with("text/html"));
                    assert!(!html(&page).contains("hush"), "{}", html(&page));
                }
            }
            let edit = who.get(&format!("/{draft}/edit")).await;
            assert_eq!(edit.status, if who.csrf_token().is_empty() { 303 } else { 404 });
            for path in ["", "/feed.atom"] {
                let gone = who.get(&format!("/{removed}{path}")).await;
                assert_eq!(gone.status, 410);
                assert!(!html(&gone).contains("hush") && html(&gone).contains("noindex"));
            }
            for list in ["//forum", "//forum?sort=active", "//forum/news", "//forum/feed.atom",
                         "//forum/news/feed.atom", "//sitemap.xml", &person, &feed] {
                let page = who.get(list).await;
                let text = html(&page);
                assert!(!text.contains("hush") && !text.contains(&hidden) && !text.contains(&draft), "{list}: {text}");
            }
        }
        assert_eq!(ben.get("//forum/tags/hush-tag").await.status, 404);
        assert_eq!(app.visitor().get(&person).await.status, 404, "who has said nothing is not shown to all");
        assert_eq!(ben.get(&person).await.status, 200);
        let own = ann.get("//forum/drafts").await;
        assert!(html(&own).contains("hush-draft") && html(&own).contains("hush-hidden"));
        let page = ann.get(&format!("/{draft}")).await;
        assert!(page.status == 200 && html(&page).contains("noindex") && data(&page).is_empty());
        assert_eq!(app.visitor().get("//forum/drafts").await.header("location"), "/login?next=/forum/drafts");
    }

    async fn what_was_typed_is_text_in_every_place(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let body = json!({"slug": "news", "name": &EVIL[..50], "description": EVIL});
        let news = id(&admin.post("/forum/categories", body).await.body);
        let name = ann.patch("/me", json!({"name": &EVIL[..60], "signature": EVIL})).await;
        assert_eq!(name.status, 200, "{}", name.body);
        let body = json!({
            "category_id": news, "title": EVIL, "summary": EVIL, "text": EVIL, "status": "published",
            "tags": ["<script>alert(1)<", "\"'&]]>"],
        });
        let made = ann.post("/forum/articles", body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let article = id(&made.body);
        comment(&ann, article, EVIL).await;
        let path = format!("//forum/articles/{article}");
        let person = format!("//people/{}", ann.id());
        for who in [&ann, &app.visitor()] {
            for place in ["//forum", "//forum/news", "//forum/tags/%22'&]]%3E", &path, &person,
                          &format!("{path}/edit")] {
                let page = who.get(place).await;
                if page.status == 303 { continue }
                assert_eq!(page.status, 200, "{place}");
                let text = html(&page);
                for bad in ["<script>alert", "<img src=x", "<!--", "<script>alert(1)<"] {
                    assert!(!text.contains(bad), "{place}: {bad}: {text}");
                }
                let own = text.matches("<script").count();
                let blocks = data(&page).len();
                assert_eq!(own - blocks, 2, "the client's own two scripts, and data: {place}");
            }
        }
        let page = app.visitor().get(&path).await;
        assert_eq!(data(&page)[0]["headline"], EVIL, "what it says is the same");
        let lost = app.visitor().get("//forum/articles/7?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
        assert!(lost.status == 404 && !html(&lost).contains("<script>alert"));
    }

    async fn further_pages_and_orders_have_their_own_addresses(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        for n in 0..31 {
            app.advance(1);
            published(&ann, news, &format!("number {n:02}")).await;
        }
        let visitor = app.visitor();
        for list in ["//forum", "//forum/news", "//forum/tags/rookery?sort=active", &format!("//people/{}", ann.id())] {
            let first = visitor.get(list).await;
            let next = link(&first, "next");
            assert!(!html(&first).contains("number 00") && html(&first).contains("number 30"));
            let second = visitor.get(&format!("/{next}")).await;
            assert!(html(&second).contains("number 00") && !html(&second).contains("number 30"), "{next}");
            assert!(html(&second).contains(r#"rel="first""#) && !html(&second).contains(r#"rel="next""#));
            // And back, in the head and in the page: there the first page is, which has one address.
            let previous = link(&second, "prev");
            assert!(html(&second).contains(&format!(r#"<a rel="prev" href="{}">Previous page"#, previous.replace('&', "&amp;"))));
            let back = visitor.get(&format!("/{previous}")).await;
            assert_eq!(without_login(&back), without_login(&first), "{previous}");
            assert!(!html(&first).contains(r#"rel="prev""#) && !html(&first).contains(r#"rel="first""#));
            let canonical = format!(r#"<link rel="canonical" href="{}{}""#, app.origin(), next.replace('&', "&amp;"));
            assert!(html(&second).contains(&canonical), "{canonical}");
        }
        let article = id(&published(&ann, news, "talked about").await);
        for n in 0..5 {
            comment(&ann, article, &format!("word {n}")).await;
        }
        let page = visitor.get(&format!("//forum/articles/{article}?limit=2")).await;
        assert!(html(&page).contains("word 1") && !html(&page).contains("word 2"));
        let next = link(&page, "next");
        assert!(html(&visitor.get(&format!("/{next}")).await).contains("word 2"));
        // On to the end, and back to the beginning: the same pages.
        for sort in ["oldest", "newest", "liked"] {
            let mut path = format!("/forum/articles/{article}?sort={sort}&limit=2");
            let mut pages = Vec::new();
            loop {
                let page = visitor.get(&format!("/{path}")).await;
                let has_next = html(&page).contains(r#"rel="next""#);
                pages.push(without_login(&page));
                if !has_next {
                    break;
                }
                path = link(&page, "next");
            }
            assert_eq!(pages.len(), 3, "{sort}");
            let mut page = visitor.get(&format!("/{path}")).await;
            for before in pages.iter().rev().skip(1) {
                page = visitor.get(&format!("/{}", link(&page, "prev"))).await;
                assert_eq!(&without_login(&page), before, "{sort}");
            }
            assert!(!html(&page).contains(r#"rel="prev""#), "{sort}");
        }
        assert_eq!(visitor.get("//forum?before=nonsense").await.status, 400);
        for nothing in ["//forum/nothing", "//forum/articles/x", "//forum/news/what", "//people/x", "//people/7",
                        "//forum/tags/nothing", "//forum/nothing/feed.atom", "//forum/tags/a%FFb"] {
            let page = visitor.get(nothing).await;
            assert_eq!(page.status, 404, "{nothing}");
            assert!(html(&page).contains("<h1>Not found</h1>"), "{nothing}");
        }
    }
}

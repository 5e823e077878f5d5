//! Articles: drafts, publishing, lists, and who sees what.

use serde_json::{Value, json};

use super::{category, id, operator, published, titles};
use crate::support::{TestApp, both_engines};

both_engines! {
    async fn a_draft_is_its_authors_until_it_is_published(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let body = json!({"category_id": news, "title": "秘密计划", "text": "# 一\n\n**二**", "tags": ["Plan"]});
        let draft = ann.post("/forum/articles", body).await;
        assert_eq!((draft.status, &draft.body["status"]), (201, &json!("draft")), "{}", draft.body);
        assert_eq!(draft.body["html"], "<h2>一</h2><p><strong>二</strong></p>");
        assert_eq!(draft.body["may"], json!({"edit": true, "moderate": false, "comment": false}));
        let path = format!("/forum/articles/{}", id(&draft.body));
        for who in [&ben, &admin, &app.visitor()] {
            assert_eq!(who.get(&path).await.status, 404);
            assert!(titles(who, "").await.is_empty());
            assert!(titles(who, "?status=draft").await.is_empty());
            assert!(titles(who, &format!("?author={}", ann.id())).await.is_empty());
            assert_eq!(who.get("/forum/tags").await.body["tags"], json!([]));
            let categories = who.get("/forum/categories").await;
            assert_eq!(categories.body["categories"][0]["articles"], 0);
        }
        assert_eq!(titles(&ann, "?status=draft").await, ["秘密计划"]);
        let public = ann.patch(&path, json!({"status": "published", "summary": "说明"})).await;
        assert_eq!((public.status, &public.body["summary"]), (200, &json!("说明")), "{}", public.body);
        assert_eq!(public.body["modified_at"], Value::Null, "nobody had read it before");
        for who in [&ben, &app.visitor()] {
            let read = who.get(&path).await;
            assert_eq!((read.status, &read.body["author"]["id"]), (200, &json!(ann.id())));
            assert_eq!(read.body.get("draft"), None);
            for query in ["", "?category=news", "?tag=PLAN", "?sort=active", "?sort=liked&tag=plan"] {
                assert_eq!(titles(who, query).await, ["秘密计划"], "{query}");
            }
            let tags = who.get("/forum/tags?category=news").await;
            assert_eq!(tags.body["tags"], json!([{"name": "plan", "articles": 1}]));
        }
    }

    async fn what_is_hidden_by_a_moderator_its_author_cannot_publish(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let moderator = app.person("moderator").await;
        let news = category(&admin, "news", &[moderator.id()]).await;
        let path = format!("/forum/articles/{}", id(&published(&ann, news, "first").await));
        assert_eq!(ben.patch(&path, json!({"status": "hidden"})).await.status, 403);
        let hidden = moderator.patch(&path, json!({"status": "hidden"})).await;
        assert_eq!((hidden.status, &hidden.body["status"]), (200, &json!("hidden")), "{}", hidden.body);
        assert_eq!(ben.get(&path).await.status, 404);
        assert!(titles(&ben, "").await.is_empty());
        assert!(titles(&ben, "?status=hidden").await.is_empty());
        for who in [&ann, &moderator, &admin] {
            assert_eq!(who.get(&path).await.status, 200);
            assert_eq!(titles(who, "?status=hidden&category=news").await, ["first"]);
        }
        for status in ["published", "draft"] {
            let answer = ann.patch(&path, json!({"status": status})).await;
            assert_eq!(answer.status, if status == "draft" { 200 } else { 403 }, "{}", answer.body);
        }
        assert_eq!(ann.patch(&path, json!({"status": "published"})).await.status, 403);
        assert_eq!(ann.patch(&path, json!({"status": "hidden"})).await.status, 200);
        assert_eq!(moderator.patch(&path, json!({"status": "published"})).await.status, 200);
        assert_eq!(titles(&ben, "").await, ["first"]);
        assert_eq!(moderator.patch(&path, json!({"title": "mine"})).await.status, 403);
    }

    async fn pinned_ones_come_first_and_pages_go_on(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        for n in 0..5 {
            app.advance(1);
            published(&ann, news, &format!("a{n}")).await;
        }
        let a1 = admin.get("/forum/articles").await.body["articles"][3].clone();
        let path = format!("/forum/articles/{}", id(&a1));
        assert_eq!(ann.patch(&path, json!({"pinned": true})).await.status, 403);
        assert_eq!(admin.patch(&path, json!({"pinned": true, "priority": 5})).await.status, 200);
        let all = ["a1", "a4", "a3", "a2", "a0"];
        let author = format!("?author={}", ann.id());
        for filter in ["?sort=newest", "?category=news", "?tag=rookery", &author, "?tag=rookery&category=news"] {
            assert_eq!(titles(&ann, filter).await, all, "{filter}");
            let (mut seen, mut before) = (Vec::new(), String::new());
            loop {
                let query = format!("{filter}&limit=2{before}");
                let page = ann.get(&format!("/forum/articles{query}")).await.body;
                let found = page["articles"].as_array().unwrap().iter();
                seen.extend(found.map(|article| article["title"].as_str().unwrap().to_owned()));
                let Some(cursor) = page["cursor"].as_str() else { break };
                before = format!("&before={cursor}");
            }
            assert_eq!(seen, all, "{filter}");
        }
        let bad = ann.get("/forum/articles?before=x").await;
        assert_eq!((bad.status, bad.code()), (400, "malformed"));
        assert_eq!(ann.get("/forum/articles?limit=101").await.status, 422);
        assert_eq!(ann.get("/forum/articles?category=nothing").await.status, 404);
    }

    async fn what_is_removed_is_gone_for_everybody(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let path = format!("/forum/articles/{}", id(&published(&ann, news, "first").await));
        assert_eq!(ben.delete(&path).await.status, 403);
        assert_eq!(admin.delete(&path).await.status, 204);
        for who in [&ann, &ben, &app.visitor()] {
            let gone = who.get(&path).await;
            assert_eq!((gone.status, gone.code()), (410, "gone"));
        }
        assert!(titles(&ben, "?tag=rookery").await.is_empty());
        let body = json!({"category_id": news, "title": "never seen", "text": ""});
        let draft = format!("/forum/articles/{}", id(&ann.post("/forum/articles", body).await.body));
        assert_eq!(ann.delete(&draft).await.status, 204);
        assert_eq!(ann.get(&draft).await.status, 404, "nobody learns that there was one");
    }

    async fn a_retry_makes_no_second_one_and_two_editors_do_not_overwrite_each_other(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let body = json!({"category_id": news, "title": "once", "text": "x", "client_id": "k-1"});
        let first = ann.post("/forum/articles", body.clone()).await;
        let again = ann.post("/forum/articles", body).await;
        assert_eq!((first.status, again.status), (201, 200));
        assert_eq!(first.body["id"], again.body["id"]);
        let other = json!({"category_id": news, "title": "other", "text": "x", "client_id": "k-1"});
        assert_eq!(ann.post("/forum/articles", other).await.code(), "client_id_reused");
        let path = format!("/forum/articles/{}", id(&first.body));
        let revision = first.body["revision"].clone();
        let change = |title: &str| json!({"title": title, "revision": revision});
        assert_eq!(ann.patch(&path, change("one tab")).await.status, 200);
        let late = ann.patch(&path, change("another tab")).await;
        assert_eq!((late.status, late.code()), (409, "conflict"));
    }

    async fn bounds_are_said_by_field(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let good = json!({"category_id": news, "title": "x", "text": "x", "status": "published"});
        for (field, bad) in [
            ("title", json!("")),
            ("title", json!("x".repeat(201))),
            ("title", json!("a\u{202e}b")),
            ("summary", json!("x".repeat(501))),
            ("text", json!("")),
            ("text", json!("字".repeat(100_001))),
            ("text", json!("nul\u{0}")),
            ("category_id", json!(news + 1)),
            ("tags", json!(vec!["x"; 11])),
            ("tags.0", json!(["a/b"])),
            ("status", json!("hidden")),
            ("head_image_id", json!("nothing")),
            ("client_id", json!("")),
            ("views", json!(1)),
        ] {
            let mut body = good.clone();
            body[field.split('.').next().unwrap()] = bad;
            let answer = ann.post("/forum/articles", body).await;
            assert_eq!(answer.status, 422, "{field}: {}", answer.body);
            assert!(answer.body["errors"].get(field).is_some(), "{field}: {}", answer.body);
        }
        let mut whole = good;
        whole["text"] = json!("字".repeat(100_000));
        let made = ann.post("/forum/articles", whole).await;
        assert_eq!(made.status, 201, "{}", made.code());
        assert_eq!(made.body["text"].as_str().unwrap().chars().count(), 100_000);
    }
}

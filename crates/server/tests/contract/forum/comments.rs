//! Comments: nested, in reading order, deleted and hidden without losing what hangs below.

use serde_json::{Value, json};

use super::{category, id, operator, published};
use crate::support::{Client, TestApp, both_engines};

async fn comment(who: &Client, article: i64, text: &str, parent: Option<i64>) -> i64 {
    let body = json!({"text": text, "parent_id": parent});
    let made = who.post(&format!("/forum/articles/{article}/comments"), body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    id(&made.body)
}

/// Depth and text of all comments, in order, over all pages of so many.
async fn read(who: &Client, article: i64, sort: &str, limit: usize) -> Vec<(i64, String)> {
    let (mut all, mut before) = (Vec::new(), String::new());
    loop {
        let query = format!("sort={sort}&limit={limit}{before}");
        let page = who.get(&format!("/forum/articles/{article}/comments?{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.body);
        for one in page.body["comments"].as_array().unwrap() {
            all.push((one["depth"].as_i64().unwrap(), one["text"].as_str().unwrap().to_owned()));
        }
        let Some(cursor) = page.body["cursor"].as_str() else { return all };
        before = format!("&before={cursor}");
    }
}

async fn everybody(app: &TestApp) -> (Client, Client, Client, i64) {
    let admin = operator(app).await;
    let (ann, ben) = (app.person("ann").await, app.person("ben").await);
    let news = category(&admin, "news", &[]).await;
    let article = id(&published(&ann, news, "first").await);
    (admin, ann, ben, article)
}

both_engines! {
    async fn they_stand_below_what_they_answer(app: TestApp) {
        let (_, ann, ben, article) = everybody(app).await;
        let a = comment(&ann, article, "a", None).await;
        let b = comment(&ben, article, "b", None).await;
        let a1 = comment(&ben, article, "a1", Some(a)).await;
        comment(&ann, article, "b1", Some(b)).await;
        comment(&ann, article, "a2", Some(a)).await;
        comment(&ann, article, "a1x", Some(a1)).await;
        let c = comment(&ann, article, "c", None).await;
        for who in [&ann, &app.visitor()] {
            for limit in [1, 2, 3, 100] {
                let order = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
                let texts = async |sort| {
                    let all = read(who, article, sort, limit).await;
                    all.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
                };
                assert_eq!(texts("oldest").await, order("a a1 a1x a2 b b1 c"), "{limit}");
                assert_eq!(texts("newest").await, order("c b b1 a a1 a1x a2"), "{limit}");
            }
        }
        for who in [&ann, &ben] {
            assert_eq!(who.put(&format!("/forum/comments/{b}/like"), json!({})).await.status, 204);
        }
        assert_eq!(ann.put(&format!("/forum/comments/{c}/like"), json!({})).await.status, 204);
        for limit in [1, 2, 100] {
            let liked = read(&ann, article, "liked", limit).await;
            let texts: Vec<&str> = liked.iter().map(|(_, text)| text.as_str()).collect();
            assert_eq!(texts, ["b", "b1", "c", "a", "a1", "a1x", "a2"], "{limit}");
        }
        let list = ann.get(&format!("/forum/articles/{article}")).await;
        assert_eq!(list.body["comments"], 7);
        let path = format!("/forum/articles/{article}/comments");
        assert_eq!(ann.get(&format!("{path}?before=x")).await.code(), "malformed");
        assert_eq!(ann.get(&format!("{path}?limit=1001")).await.status, 422);
        let elsewhere = json!({"text": "x", "parent_id": 9_000_000});
        assert_eq!(ann.post(&path, elsewhere).await.status, 422);
        assert_eq!(ann.post(&path, json!({"text": " "})).await.status, 422);
    }

    async fn the_deepest_is_answered_beside_it(app: TestApp) {
        let (_, ann, _, article) = everybody(app).await;
        let mut parent = None;
        for n in 0..15 {
            parent = Some(comment(&ann, article, &n.to_string(), parent).await);
        }
        let depths: Vec<i64> = read(&ann, article, "oldest", 100).await.iter().map(|c| c.0).collect();
        assert_eq!(depths, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 12]);
    }

    async fn a_deleted_one_keeps_the_place_of_its_answers(app: TestApp) {
        let (admin, ann, ben, article) = everybody(app).await;
        let root = comment(&ann, article, "root", None).await;
        let answer = comment(&ben, article, "answer", Some(root)).await;
        let path = |id: i64| format!("/forum/comments/{id}");
        assert_eq!(ben.delete(&path(root)).await.status, 403);
        assert_eq!(ann.delete(&path(root)).await.status, 204);
        assert_eq!(ann.delete(&path(root)).await.status, 204);
        let left = ben.get(&path(root)).await.body;
        assert_eq!((&left["status"], &left["author"], &left["text"]), (&json!("deleted"), &Value::Null, &json!("")));
        assert_eq!(ann.patch(&path(root), json!({"text": "again"})).await.code(), "conflict");
        let body = json!({"text": "late", "parent_id": root});
        assert_eq!(ben.post(&format!("/forum/articles/{article}/comments"), body).await.status, 422);
        assert_eq!(ben.get(&format!("/forum/articles/{article}")).await.body["comments"], 1);
        // A moderator takes the last answer away: nothing is left.
        assert_eq!(admin.delete(&path(answer)).await.status, 204);
        assert!(read(&ben, article, "oldest", 100).await.is_empty());
        assert_eq!(ben.get(&path(root)).await.status, 404);
    }

    async fn a_hidden_one_is_read_by_moderators_alone(app: TestApp) {
        let (admin, ann, ben, article) = everybody(app).await;
        let said = comment(&ben, article, "something rude", None).await;
        let path = format!("/forum/comments/{said}");
        assert_eq!(ann.patch(&path, json!({"hidden": true})).await.status, 403);
        let hidden = admin.patch(&path, json!({"hidden": true})).await;
        assert_eq!((hidden.status, &hidden.body["text"]), (200, &json!("something rude")));
        for who in [&ann, &ben, &app.visitor()] {
            let seen = who.get(&path).await.body;
            assert_eq!((&seen["status"], &seen["text"], &seen["html"]), (&json!("hidden"), &json!(""), &json!("")));
            assert_eq!(seen["author"], Value::Null);
        }
        assert_eq!(ben.patch(&path, json!({"text": "x"})).await.status, 403);
        assert_eq!(ann.put(&format!("{path}/like"), json!({})).await.status, 403);
        assert_eq!(ann.get(&format!("/forum/articles/{article}")).await.body["comments"], 0);
        assert_eq!(admin.patch(&path, json!({"hidden": false})).await.status, 200);
        assert_eq!(ann.get(&path).await.body["text"], "something rude");
    }

    async fn an_edit_and_a_retry_change_what_they_should(app: TestApp) {
        let (_, ann, ben, article) = everybody(app).await;
        let path = format!("/forum/articles/{article}/comments");
        let body = json!({"text": "**one**", "client_id": "c-1"});
        let (first, again) = (ann.post(&path, body.clone()).await, ann.post(&path, body).await);
        assert_eq!((first.status, again.status, id(&first.body)), (201, 200, id(&again.body)));
        assert_eq!(first.body["html"], "<p><strong>one</strong></p>");
        let other = json!({"text": "two", "client_id": "c-1"});
        assert_eq!(ann.post(&path, other).await.code(), "client_id_reused");
        let one = format!("/forum/comments/{}", id(&first.body));
        assert_eq!(ben.patch(&one, json!({"text": "x"})).await.status, 403);
        let edited = ann.patch(&one, json!({"text": "two"})).await;
        assert_eq!((edited.status, &edited.body["text"]), (200, &json!("two")));
        assert!(edited.body["modified_at"].is_string());
    }

    async fn with_its_article_all_of_them_are_gone(app: TestApp) {
        let (_, ann, ben, article) = everybody(app).await;
        let said = comment(&ben, article, "x", None).await;
        let path = format!("/forum/articles/{article}");
        assert_eq!(ann.patch(&path, json!({"status": "draft"})).await.status, 200);
        assert_eq!(ben.get(&format!("/forum/comments/{said}")).await.status, 404);
        assert_eq!(ben.post(&format!("{path}/comments"), json!({"text": "x"})).await.status, 404);
        assert_eq!(ann.post(&format!("{path}/comments"), json!({"text": "x"})).await.status, 403);
        assert_eq!(ann.patch(&path, json!({"status": "published"})).await.status, 200);
        assert_eq!(ann.delete(&path).await.status, 204);
        assert_eq!(ben.get(&format!("/forum/comments/{said}")).await.status, 410);
        assert_eq!(ben.post(&format!("{path}/comments"), json!({"text": "x"})).await.status, 410);
        rookery::forum::tidy_up(&app.state).await.unwrap();
        assert_eq!(ben.get(&format!("/forum/comments/{said}")).await.status, 404);
    }
}

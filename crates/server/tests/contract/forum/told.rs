//! Who is told what: events for everybody, notifications, counts of likes and views, former versions.

use serde_json::{Value, json};

use super::{category, id, operator, published};
use crate::support::{
    Client, TestApp, both_engines,
    talk::{cursor, events_since},
};

async fn kinds(who: &Client) -> Vec<String> {
    let list = who.get("/notifications").await.body;
    let all = list["notifications"].as_array().unwrap().iter();
    all.map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

/// The types of logged events after a cursor, and where the log stands now.
async fn events(who: &Client, from: &str) -> (Vec<String>, String) {
    let all = events_since(who, from).await;
    let logged = all.iter().filter(|event| !event["id"].is_null());
    let types = logged.map(|event| event["type"].as_str().unwrap().to_owned()).collect();
    (types, cursor(who).await)
}

both_engines! {
    async fn everybody_hears_of_what_they_can_read(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let start = cursor(&ben).await;
        let news = category(&admin, "news", &[]).await;
        let (heard, at) = events(&ben, &start).await;
        assert_eq!(heard, ["categories.updated"]);
        let body = json!({"category_id": news, "title": "t", "text": "x"});
        let path = format!("/forum/articles/{}", id(&ann.post("/forum/articles", body).await.body));
        assert_eq!(ann.patch(&path, json!({"text": "y"})).await.status, 200);
        let (heard, at) = events(&ben, &at).await;
        assert!(heard.is_empty(), "nothing of a draft: {heard:?}");
        for change in [json!({"status": "published"}), json!({"title": "u"}), json!({"status": "hidden"}), json!({"title": "v"})] {
            assert_eq!(ann.patch(&path, change).await.status, 200);
        }
        let (heard, at) = events(&ben, &at).await;
        assert_eq!(heard, ["article.published", "article.updated", "article.removed"]);
        assert_eq!(ann.delete(&path).await.status, 204);
        assert!(events(&ben, &at).await.0.is_empty(), "it could be read by nobody any more");
    }

    async fn people_are_told_of_answers_likes_and_mentions(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let body = json!({"category_id": news, "title": "t", "text": "@ben 看这里, 写信给 a@ben"});
        let draft = ann.post("/forum/articles", body).await.body;
        let path = format!("/forum/articles/{}", id(&draft));
        let link = format!("<a class=\"mention\" href=\"/people/{}\"", ben.id());
        assert!(draft["html"].as_str().unwrap().contains(&link), "{}", draft["html"]);
        assert!(kinds(&ben).await.is_empty(), "nothing of a draft");
        assert_eq!(ann.patch(&path, json!({"status": "published"})).await.status, 200);
        assert_eq!(ann.patch(&path, json!({"text": "@ben 再看"})).await.status, 200);
        assert_eq!(kinds(&ben).await, ["article_mentioned"], "once");
        for _ in 0..2 {
            assert_eq!(ben.put(&format!("{path}/like"), json!({})).await.status, 204);
        }
        assert_eq!(ann.put(&format!("{path}/like"), json!({})).await.status, 204);
        let comments = format!("{path}/comments");
        let first = ben.post(&comments, json!({"text": "first @ann"})).await.body;
        let answer = json!({"text": "answer", "parent_id": id(&first)});
        assert_eq!(admin.post(&comments, answer).await.status, 201);
        assert_eq!(ann.put(&format!("/forum/comments/{}/like", id(&first)), json!({})).await.status, 204);
        assert_eq!(kinds(&ann).await, ["article_commented", "article_commented", "article_liked"]);
        assert_eq!(kinds(&ben).await, ["comment_liked", "comment_answered", "article_mentioned"]);
        let read = ben.get(&path).await.body;
        assert_eq!((&read["likes"], &read["liked"]), (&json!(2), &json!(true)));
        assert_eq!(ben.delete(&format!("{path}/like")).await.status, 204);
        assert_eq!(ben.delete(&format!("{path}/like")).await.status, 204);
        assert_eq!(ben.get(&path).await.body["likes"], 1);
        // Once nobody can read it, nobody is reminded of it.
        assert_eq!(ann.patch(&path, json!({"status": "hidden"})).await.status, 200);
        assert!(kinds(&ben).await.is_empty() && kinds(&ann).await.is_empty());
    }

    async fn a_like_counts_once_however_many_come_at_a_time(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let path = format!("/forum/articles/{}", id(&published(&ann, news, "t").await));
        let like = async || {
            let answer = ann.put(&format!("{path}/like"), json!({})).await;
            assert_eq!(answer.status, 204);
        };
        tokio::join!(like(), like(), like(), like());
        let publish = async || ann.patch(&path, json!({"status": "published"})).await.status;
        assert_eq!(tokio::join!(publish(), publish()), (200, 200));
        assert_eq!(ann.get(&path).await.body["likes"], 1);
        let categories = ann.get("/forum/categories").await.body;
        assert_eq!(categories["categories"][0]["articles"], 1);
    }

    async fn a_reader_counts_once_an_hour(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let path = format!("/forum/articles/{}", id(&published(&ann, news, "t").await));
        for who in [&ben, &ann, &app.visitor(), &ben, &app.visitor()] {
            assert_eq!(who.get(&path).await.status, 200);
        }
        // A card in a chat or the bell is not reading it.
        let carl = app.person("carl").await;
        let card = carl.get(&format!("{path}/summary")).await;
        assert_eq!((card.status, &card.body["title"], card.body.get("text")), (200, &json!("t"), None));
        rookery::forum::tidy_up(&app.state).await.unwrap();
        assert_eq!(ann.get(&path).await.body["views"], 2);
        let card = carl.get(&format!("{path}/summary")).await.body;
        assert_eq!(card, carl.get("/forum/articles").await.body["articles"][0], "as lists show it");
        assert_eq!(carl.get(&path).await.status, 200);
        rookery::forum::tidy_up(&app.state).await.unwrap();
        assert_eq!(carl.get(&format!("{path}/summary")).await.body["views"], 3);
        assert_eq!(ann.delete(&path).await.status, 204);
        assert_eq!(carl.get(&format!("{path}/summary")).await.status, 410);
    }

    async fn what_it_said_is_kept_for_author_and_moderators(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let path = format!("/forum/articles/{}", id(&published(&ann, news, "first").await));
        let edited = ann.patch(&path, json!({"title": "second", "text": "other"})).await.body;
        assert_eq!(edited["edits"], 1);
        assert!(edited["modified_at"].is_string());
        assert_eq!(ann.patch(&path, json!({"tags": ["x"]})).await.body["edits"], 1);
        assert_eq!(ben.get(&format!("{path}/edits")).await.status, 403);
        for who in [&ann, &admin] {
            let edits = who.get(&format!("{path}/edits")).await.body;
            let edit = &edits["edits"][0];
            assert_eq!((&edit["n"], &edit["title"]), (&json!(1), &json!("first")));
            assert_eq!((&edit["text"], &edit["editor"]["id"]), (&json!("What **first** is."), &json!(ann.id())));
        }
        // A working copy is nobody else's business, and gone once it is applied.
        let copy = json!({"title": "", "text": "half a thou", "category_id": null, "head_image_id": null});
        assert_eq!(ben.put(&format!("{path}/draft"), copy.clone()).await.status, 403);
        assert_eq!(ann.put(&format!("{path}/draft"), copy).await.status, 204);
        assert_eq!(ann.get(&path).await.body["draft"]["text"], "half a thou");
        assert_eq!(ben.get(&path).await.body.get("draft"), None);
        assert_eq!(ann.patch(&path, json!({"text": "a whole thought"})).await.status, 200);
        assert_eq!(ann.get(&path).await.body.get("draft"), None);
        assert_eq!(ann.get(&path).await.body["published_at"], ben.get(&path).await.body["published_at"]);
        assert_eq!(ann.delete(&format!("{path}/draft")).await.status, 204);
        let list: Value = ben.get("/forum/articles").await.body;
        assert_eq!(list["articles"][0].get("text"), None);
    }
}

//! Moderation of the forum: reports, decisions, the list of words, and who may post.

use serde_json::{Value, json};

use super::{holder, in_seconds, told};
use crate::support::{Client, TestApp, both_engines};

pub(super) async fn category(admin: &Client, slug: &str, moderators: &[i64]) -> i64 {
    let body = json!({"slug": slug, "name": slug, "moderator_ids": moderators});
    let made = admin.post("/forum/categories", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["id"].as_i64().unwrap()
}

fn article(category: i64, title: &str, text: &str) -> Value {
    json!({"category_id": category, "title": title, "text": text, "status": "published"})
}

pub(super) async fn publish(who: &Client, category: i64, title: &str, text: &str) -> i64 {
    let made = who.post("/forum/articles", article(category, title, text)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["id"].as_i64().unwrap()
}

pub(super) async fn comment(who: &Client, article: i64, text: &str) -> Value {
    let path = format!("/forum/articles/{article}/comments");
    let made = who.post(&path, json!({"text": text})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

pub(super) async fn report(who: &Client, kind: &str, id: &Value) -> i64 {
    let body = json!({"subject": {"kind": kind, "id": id}, "reason": "spam"});
    let answer = who.post("/reports", body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["id"].as_i64().unwrap()
}

pub(super) async fn decide(who: &Client, case: i64, body: Value) -> (u16, Value) {
    let answer = who.post(&format!("/moderation/cases/{case}/decisions"), body).await;
    (answer.status, answer.body)
}

both_engines! {
    async fn moderators_of_a_category_decide_what_is_theirs(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let (theirs, forum) = (app.person("theirs").await, holder(app, &admin, "forum", &["moderate_forum"]).await);
        let own = category(&admin, "own", &[theirs.id()]).await;
        let other = category(&admin, "other", &[]).await;
        let (here, there) = (publish(&ann, own, "Here", "buy this").await, publish(&ann, other, "There", "x").await);
        let said = comment(&ann, here, "and this").await;
        let about_here = report(&ben, "article", &json!(here)).await;
        let about_there = report(&ben, "article", &json!(there)).await;
        let about_said = report(&ben, "comment", &said["id"]).await;
        let seen = async |who: &Client| {
            let page = who.get("/moderation/cases").await.body;
            let cases = page["cases"].as_array().unwrap().clone();
            let mut ids: Vec<i64> = cases.iter().map(|one| one["id"].as_i64().unwrap()).collect();
            ids.sort_unstable();
            (ids, page["open"].as_i64().unwrap())
        };
        assert_eq!(seen(&theirs).await, (vec![about_here, about_said], 2));
        assert_eq!(seen(&forum).await, (vec![about_here, about_there, about_said], 3));
        assert_eq!(theirs.get("/moderation/cases?kind=comment").await.body["cases"].as_array().unwrap().len(), 1);
        assert_eq!(theirs.get("/moderation/cases?kind=message").await.body["cases"], json!([]));
        assert_eq!(theirs.get(&format!("/moderation/cases/{about_there}")).await.status, 404);
        let shown = theirs.get(&format!("/moderation/cases/{about_said}")).await.body;
        assert_eq!((&shown["excerpt"], &shown["author"]["id"]), (&json!("and this"), &json!(ann.id())));
        assert_eq!(shown["link"], format!("/forum/articles/{here}#comment-{}", said["id"]));

        let note = json!({"act": "hide", "note": "no ads"});
        assert_eq!(decide(&theirs, about_there, note.clone()).await.0, 404);
        let mute = json!({"act": "mute", "until": in_seconds(app, 60), "note": "x"});
        assert_eq!(decide(&theirs, about_said, mute).await.0, 403, "not site-wide");
        let (status, case) = decide(&theirs, about_said, json!({"act": "remove", "note": "no ads"})).await;
        assert_eq!((status, &case["excerpt"]), (201, &Value::Null), "{case}");
        assert_eq!(decide(&theirs, about_here, note).await.0, 201);
        let path = format!("/forum/articles/{here}");
        assert_eq!((ben.get(&path).await.status, ann.get(&path).await.status), (404, 200));
        assert_eq!(told(&ann).await[0], ("moderation_decided".into(), json!(about_here)));
        let appeal = ann.post(&format!("/cases/{about_here}/appeal"), json!({"text": "no ad"})).await;
        assert_eq!(appeal.status, 201, "{}", appeal.body);
        assert_eq!(decide(&forum, about_here, json!({"act": "approve"})).await.0, 201);
        assert_eq!(ben.get(&path).await.status, 200, "it is shown again");
        assert_eq!(decide(&forum, about_there, json!({"act": "remove", "note": "x"})).await.0, 201);
        assert_eq!(ben.get(&format!("/forum/articles/{there}")).await.status, 410);
        assert_eq!(ben.get("/moderation/cases").await.status, 403);
        let listed = forum.get("/admin/articles?q=ere").await.body;
        assert_eq!(listed["articles"].as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(forum.get("/admin/comments").await.body["comments"], json!([]));
    }

    async fn the_list_of_words_holds_for_the_forum(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let place = category(&admin, "place", &[]).await;
        let words = json!({"words": [
            {"pattern": "offer", "action": "hold"},
            {"pattern": "darn", "action": "replace"},
            {"pattern": "casino", "action": "refuse"},
        ]});
        assert_eq!(admin.put("/moderation/words", words).await.status, 200);
        let refused = ann.post("/forum/articles", article(place, "Casino", "x")).await;
        assert_eq!((refused.status, refused.code()), (403, "words_refused"));
        let shown = publish(&ann, place, "Darn", "a darn good text").await;
        let shown = ben.get(&format!("/forum/articles/{shown}")).await.body;
        assert_eq!((&shown["title"], &shown["text"]), (&json!("****"), &json!("a **** good text")));
        assert!(shown["html"].as_str().unwrap().contains("****"), "{shown}");

        let held = ann.post("/forum/articles", article(place, "An offer", "x")).await;
        assert_eq!((held.status, &held.body["status"]), (201, &json!("hidden")), "{}", held.body);
        let path = format!("/forum/articles/{}", held.body["id"]);
        assert_eq!(ben.get(&path).await.status, 404);
        let again = ann.patch(&path, json!({"status": "published"})).await;
        assert_eq!(again.status, 403, "she cannot publish it herself: {}", again.body);
        let said = comment(&ann, shown["id"].as_i64().unwrap(), "my offer").await;
        assert_eq!(ben.get(&format!("/forum/comments/{}", said["id"])).await.body["text"], "");
        let page = admin.get("/moderation/cases").await.body;
        assert_eq!(page["cases"].as_array().unwrap().len(), 2, "{page}");
        for case in page["cases"].as_array().unwrap() {
            assert_eq!(case["held"], true);
            let (status, body) = decide(&admin, case["id"].as_i64().unwrap(), json!({"act": "approve"})).await;
            assert_eq!(status, 201, "{body}");
        }
        assert_eq!(ben.get(&path).await.status, 200);
        assert_eq!(ben.get(&format!("/forum/comments/{}", said["id"])).await.body["text"], "my offer");
    }

    async fn who_moderates_a_category_does_not_decide_of_their_own(app: TestApp) {
        let (admin, theirs) = (app.admin("root").await, app.person("theirs").await);
        let own = category(&admin, "own", &[theirs.id()]).await;
        let other = category(&admin, "other", &[]).await;
        let words = json!({"words": [{"pattern": "offer", "action": "hold"}]});
        assert_eq!(admin.put("/moderation/words", words).await.status, 200);
        let (here, there) = (publish(&theirs, own, "Here", "x").await, publish(&theirs, other, "There", "x").await);
        let held = publish(&theirs, own, "An offer", "x").await;
        for id in [here, there] {
            let hidden = admin.patch(&format!("/forum/articles/{id}"), json!({"status": "hidden"})).await;
            assert_eq!(hidden.status, 200, "{}", hidden.body);
        }
        for (id, change, code) in [
            (here, json!({"status": "published"}), "forbidden"),
            (there, json!({"status": "published"}), "forbidden"),
            (there, json!({"category_id": own}), "forbidden"),
            (held, json!({"status": "published"}), "held_for_review"),
            (held, json!({"category_id": other}), "held_for_review"),
            (held, json!({"status": "draft"}), "held_for_review"),
            (held, json!({"text": "y"}), "held_for_review"),
        ] {
            let refused = theirs.patch(&format!("/forum/articles/{id}"), change.clone()).await;
            assert_eq!((refused.status, refused.code()), (403, code), "{change}");
        }
        let path = format!("/forum/articles/{here}");
        assert_eq!(theirs.patch(&path, json!({"category_id": own, "title": "Better"})).await.status, 200);
        assert_eq!(admin.patch(&path, json!({"status": "published"})).await.status, 200);
    }

    async fn what_its_author_deletes_need_not_be_decided(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let place = category(&admin, "place", &[]).await;
        let words = json!({"words": [{"pattern": "offer", "action": "hold"}]});
        assert_eq!(admin.put("/moderation/words", words).await.status, 200);
        let shown = publish(&ann, place, "Shown", "x").await;
        let said = comment(&ann, shown, "my offer").await;
        let held = publish(&ann, place, "An offer", "x").await;
        let page = admin.get("/moderation/cases").await.body;
        let cases: Vec<i64> =
            page["cases"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
        assert_eq!(cases.len(), 2, "{page}");
        for case in &cases {
            assert_eq!(decide(&admin, *case, json!({"act": "dismiss"})).await.0, 422, "it waits");
        }
        for path in [format!("/forum/articles/{held}"), format!("/forum/comments/{}", said["id"])] {
            assert_eq!(ann.delete(&path).await.status, 204);
        }
        for case in cases {
            let (status, case) = decide(&admin, case, json!({"act": "dismiss"})).await;
            assert_eq!((status, &case["state"], &case["held"]), (201, &json!("closed"), &json!(false)), "{case}");
        }
        assert_eq!(admin.get("/moderation/cases").await.body["open"], 0);
    }

    async fn what_is_a_draft_again_is_not_for_moderators_to_see_or_publish(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let place = category(&admin, "place", &[]).await;
        let article = publish(&ann, place, "Loud", "loud words").await;
        let path = format!("/forum/articles/{article}");
        let case = report(&ben, "article", &json!(article)).await;
        let change = json!({"status": "draft", "text": "my private thoughts"});
        assert_eq!(ann.patch(&path, change).await.status, 200);
        let shown = admin.get(&format!("/moderation/cases/{case}")).await.body;
        assert_eq!((&shown["excerpt"], &shown["link"]), (&Value::Null, &Value::Null), "{shown}");
        assert_eq!(decide(&admin, case, json!({"act": "hide", "note": "x"})).await.0, 201);
        assert_eq!(ann.get(&path).await.body["status"], "draft");
        let refused = ann.patch(&path, json!({"status": "published"})).await;
        assert_eq!((refused.status, refused.code()), (403, "forbidden"));
        let appeal = ann.post(&format!("/cases/{case}/appeal"), json!({"text": "it is a draft"})).await;
        assert_eq!(appeal.status, 201, "{}", appeal.body);
        assert_eq!(decide(&admin, case, json!({"act": "approve"})).await.0, 201);
        assert_eq!((ben.get(&path).await.status, ann.get(&path).await.status), (404, 200));
        assert_eq!(ann.patch(&path, json!({"status": "published"})).await.status, 200);
    }

    async fn a_draft_is_looked_at_when_it_is_published(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let place = category(&admin, "place", &[]).await;
        let words = json!({"words": [{"pattern": "casino", "action": "refuse"},
                                     {"pattern": "darn", "action": "replace"}]});
        assert_eq!(admin.put("/moderation/words", words).await.status, 200);
        let draft = |text: &str| json!({"category_id": place, "title": "T", "text": text});
        let bad = ann.post("/forum/articles", draft("casino")).await;
        assert_eq!(bad.status, 201, "a draft is nobody else's business: {}", bad.body);
        let path = format!("/forum/articles/{}", bad.body["id"]);
        let refused = ann.patch(&path, json!({"status": "published"})).await;
        assert_eq!((refused.status, refused.code()), (403, "words_refused"));
        let mild = ann.post("/forum/articles", draft("darn it")).await;
        let path = format!("/forum/articles/{}", mild.body["id"]);
        let shown = ann.patch(&path, json!({"status": "published"})).await;
        assert_eq!((shown.status, &shown.body["text"]), (200, &json!("**** it")), "{}", shown.body);
        let edit = ann.patch(&path, json!({"text": "the casino"})).await;
        assert_eq!(edit.code(), "words_refused");
    }

    async fn whoever_is_muted_posts_nothing(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let place = category(&admin, "place", &[]).await;
        let shown = publish(&ann, place, "Before", "x").await;
        let said = comment(&ann, shown, "before").await;
        let body = json!({"user_id": ann.id(), "act": "mute", "until": in_seconds(app, 60), "note": "x"});
        assert_eq!(admin.post("/moderation/decisions", body).await.status, 201);
        let article = ann.post("/forum/articles", article(place, "After", "x")).await;
        let edit = ann.patch(&format!("/forum/articles/{shown}"), json!({"text": "after"})).await;
        let answer = ann.post(&format!("/forum/articles/{shown}/comments"), json!({"text": "after"})).await;
        let change = ann.patch(&format!("/forum/comments/{}", said["id"]), json!({"text": "after"})).await;
        for refused in [article, edit, answer, change] {
            assert_eq!((refused.status, refused.code()), (403, "muted"), "{}", refused.body);
        }
    }
}

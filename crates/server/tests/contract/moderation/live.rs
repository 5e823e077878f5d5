//! What moderators hear of as it happens: what they moderate, cases that wait for them and those that do no longer; and
//! whom what was held concerns, once it is let through.

use serde_json::{Value, json};

use super::{
    forum::{category, comment, decide, publish, report},
    holder, told,
};
use crate::support::{
    Client, Socket, TestApp, both_engines,
    talk::{cursor, events_since, fresh_key, group, say},
};

/// What somebody has heard of cases since, as types and numbers.
async fn heard(who: &Client, from: &str) -> Vec<(String, i64)> {
    let events = events_since(who, from).await;
    let of_cases = events.iter().filter_map(|event| {
        let kind = event["type"].as_str().unwrap().strip_prefix("case.")?;
        Some((kind.to_owned(), event["case_id"].as_i64().unwrap()))
    });
    of_cases.collect()
}

fn opened(case: i64) -> Vec<(String, i64)> {
    vec![("opened".to_owned(), case)]
}

fn closed(case: i64) -> Vec<(String, i64)> {
    vec![("closed".to_owned(), case)]
}

/// Waits until a device is told to fetch what its person may do.
async fn hear_of_rights(socket: &mut Socket, who: &Client) {
    loop {
        let batch = socket.hear_type("events").await;
        let about_them =
            |event: &Value| event["type"] == "user.updated" && event["user_id"] == who.id();
        if batch["events"].as_array().unwrap().iter().any(about_them) {
            return;
        }
    }
}

async fn moderates(who: &Client) -> Value {
    who.get("/me").await.body["moderated_category_ids"].clone()
}

async fn hold(admin: &Client) {
    let words = json!({"words": [{"pattern": "offer", "action": "hold"}]});
    assert_eq!(admin.put("/moderation/words", words).await.status, 200);
}

async fn only_case(admin: &Client) -> i64 {
    let page = admin.get("/moderation/cases").await.body;
    assert_eq!(page["open"], 1, "{page}");
    page["cases"][0]["id"].as_i64().unwrap()
}

both_engines! {
    async fn whoever_moderates_a_category_is_told_so_at_once(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        assert_eq!(moderates(&ann).await, json!([]));
        let mut socket = Socket::open(&ann, "/events/socket").await.unwrap();
        socket.hear_type("hello").await;
        let one = category(&admin, "one", &[ann.id()]).await;
        hear_of_rights(&mut socket, &ann).await;
        assert_eq!(moderates(&ann).await, json!([one]));
        let two = category(&admin, "two", &[]).await;
        let change = json!({"moderator_ids": [ben.id(), ann.id(), ann.id()]});
        assert_eq!(admin.patch(&format!("/forum/categories/{two}"), change).await.status, 200);
        hear_of_rights(&mut socket, &ann).await;
        assert_eq!((moderates(&ann).await, moderates(&ben).await), (json!([one, two]), json!([two])));
        let change = json!({"moderator_ids": [ben.id()]});
        assert_eq!(admin.patch(&format!("/forum/categories/{one}"), change).await.status, 200);
        hear_of_rights(&mut socket, &ann).await;
        assert_eq!(moderates(&ann).await, json!([two]));
        assert_eq!(admin.delete(&format!("/forum/categories/{two}")).await.status, 204);
        hear_of_rights(&mut socket, &ann).await;
        assert_eq!((moderates(&ann).await, moderates(&ben).await), (json!([]), json!([one])));
        assert_eq!(admin.delete(&format!("/admin/users/{}", ben.id())).await.status, 204);
        let left = admin.get("/forum/categories").await.body;
        assert_eq!(left["categories"][0]["moderators"], json!([]), "nothing is left of who is gone");
    }

    async fn those_who_decide_a_case_hear_of_it_and_nobody_else(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let chat = holder(app, &admin, "chat", &["moderate_chat"]).await;
        let forum = holder(app, &admin, "forum", &["moderate_forum"]).await;
        let (theirs, others) = (app.person("theirs").await, app.person("others").await);
        let own = category(&admin, "own", &[theirs.id()]).await;
        category(&admin, "other", &[others.id()]).await;
        let everybody = [&admin, &chat, &forum, &theirs, &others, &ann, &ben];
        let from = cursor(&admin).await;
        let who_heard = async |of: &[(String, i64)], from: &str| {
            let mut those = Vec::new();
            for one in everybody {
                let all = heard(one, from).await;
                assert!(all == of || all.is_empty(), "{all:?}");
                those.push(!all.is_empty());
            }
            those
        };

        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ann, club, "you fool").await;
        let case = crate::moderation::report(&ben, club, &said["seq"]).await;
        let by_chat = [true, true, false, false, false, false, false];
        assert_eq!(who_heard(&opened(case), &from).await, by_chat);
        let again = json!({"kind": "message", "conversation_id": club, "seq": said["seq"]});
        let again = ben.post("/reports", json!({"subject": again, "reason": "spam"})).await;
        assert_eq!(again.status, 200);
        assert_eq!(who_heard(&opened(case), &from).await, by_chat, "it is open already");
        let from = cursor(&admin).await;
        assert_eq!(decide(&chat, case, json!({"act": "remove", "note": "no"})).await.0, 201);
        assert_eq!(who_heard(&closed(case), &from).await, by_chat);
        let from = cursor(&admin).await;
        let appeal = ann.post(&format!("/cases/{case}/appeal"), json!({"text": "why?"})).await;
        assert_eq!(appeal.status, 201);
        assert_eq!(who_heard(&opened(case), &from).await, by_chat);

        let article = publish(&ann, own, "Here", "buy this").await;
        let from = cursor(&admin).await;
        let case = report(&ben, "article", &json!(article)).await;
        let by_forum = [true, false, true, true, false, false, false];
        assert_eq!(who_heard(&opened(case), &from).await, by_forum);

        // What is their own they hear nothing of, unless it is held and they have the permission.
        let (mine, hers) = (publish(&forum, own, "Mine", "x").await, publish(&theirs, own, "Hers", "x").await);
        let from = cursor(&admin).await;
        let case = report(&ben, "article", &json!(mine)).await;
        assert_eq!(who_heard(&opened(case), &from).await, [true, false, false, true, false, false, false]);
        let from = cursor(&admin).await;
        let case = report(&ben, "article", &json!(hers)).await;
        assert_eq!(who_heard(&opened(case), &from).await, [true, false, true, false, false, false, false]);
        hold(&admin).await;
        let from = cursor(&admin).await;
        publish(&forum, own, "My offer", "x").await;
        let page = admin.get("/moderation/cases?limit=1").await.body;
        let case = page["cases"][0]["id"].as_i64().unwrap();
        assert_eq!(who_heard(&opened(case), &from).await, by_forum);
    }

    async fn a_case_goes_where_its_article_goes(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let (one, two) = (app.person("one").await, app.person("two").await);
        let from_place = category(&admin, "from", &[one.id()]).await;
        let to_place = category(&admin, "to", &[two.id()]).await;
        let article = publish(&ann, from_place, "Here", "x").await;
        let stays = publish(&ann, from_place, "Stays", "x").await;
        let said = comment(&ann, article, "and this").await;
        let decided = report(&ben, "comment", &said["id"]).await;
        assert_eq!(decide(&one, decided, json!({"act": "hide", "note": "no"})).await.0, 201);
        let about_article = report(&ben, "article", &json!(article)).await;
        let about_other = report(&ben, "article", &json!(stays)).await;
        let from = cursor(&admin).await;
        let path = format!("/forum/articles/{article}");
        assert_eq!(admin.patch(&path, json!({"category_id": to_place})).await.status, 200);
        assert_eq!(heard(&one, &from).await, closed(about_article));
        assert_eq!(heard(&two, &from).await, opened(about_article));
        assert_eq!(heard(&admin, &from).await, [], "it is theirs as before");
        let see = async |who: &Client, id: i64| who.get(&format!("/moderation/cases/{id}")).await.status;
        assert_eq!((see(&one, about_article).await, see(&two, about_article).await), (404, 200));
        assert_eq!((see(&one, about_other).await, see(&two, about_other).await), (200, 404));
        let appeal = ann.post(&format!("/cases/{decided}/appeal"), json!({"text": "why?"})).await;
        assert_eq!(appeal.status, 201, "{}", appeal.body);
        assert_eq!((see(&one, decided).await, see(&two, decided).await), (404, 200));
    }

    async fn who_is_mentioned_in_what_was_held_is_told_once_it_is_approved(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let eve = app.person("eve").await;
        let place = category(&admin, "place", &[]).await;
        let article = publish(&ben, place, "Here", "x").await;
        let first = comment(&eve, article, "first").await;
        hold(&admin).await;
        let kinds = async |who: &Client| {
            told(who).await.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
        };
        let quiet = kinds(&ben).await;
        let body = json!({"text": "an offer, @admin @root @ben", "parent_id": first["id"]});
        let held = ann.post(&format!("/forum/articles/{article}/comments"), body).await;
        assert_eq!(held.status, 201, "{}", held.body);
        assert_eq!((kinds(&ben).await, kinds(&eve).await), (quiet.clone(), vec![]), "it waits");
        let case = only_case(&admin).await;
        assert_eq!(decide(&admin, case, json!({"act": "approve"})).await.0, 201);
        assert_eq!(kinds(&ben).await, [vec!["article_commented".to_owned()], quiet].concat());
        assert_eq!(kinds(&eve).await, ["comment_answered"]);
        assert_eq!(kinds(&admin).await, ["comment_mentioned"]);
        let counted = ann.get(&format!("/forum/articles/{article}")).await.body;
        assert_eq!(counted["comments"], 2);

        publish(&ann, place, "An offer", "for @eve").await;
        assert_eq!(kinds(&eve).await, ["comment_answered"]);
        let case = only_case(&admin).await;
        assert_eq!(decide(&admin, case, json!({"act": "approve"})).await.0, 201);
        assert_eq!(kinds(&eve).await, ["article_mentioned", "comment_answered"]);
        // Hidden and shown again it is no news.
        let hide = json!({"act": "hide", "note": "no"});
        let case = report(&ben, "comment", &held.body["id"]).await;
        assert_eq!(decide(&admin, case, hide).await.0, 201);
        let appeal = ann.post(&format!("/cases/{case}/appeal"), json!({"text": "why?"})).await;
        assert_eq!(appeal.status, 201, "{}", appeal.body);
        assert_eq!(decide(&admin, case, json!({"act": "approve"})).await.0, 201);
        assert!(!kinds(&eve).await.contains(&"comment_answered".to_owned()));

        let club = group(&ann, "club", &[&ben]).await;
        let name = json!({"user_id": ben.id(), "name": "ben"});
        let body = json!({"client_id": fresh_key(), "text": "an offer, @ben", "mentions": [name]});
        let sent = ann.post(&format!("/conversations/{club}/messages"), body).await;
        assert_eq!(sent.code(), "held_for_review");
        let mention = async || {
            let one = ben.get(&format!("/conversations/{club}")).await.body;
            one["mentions"].as_array().unwrap().len()
        };
        assert_eq!(mention().await, 0);
        let case = only_case(&admin).await;
        assert_eq!(decide(&admin, case, json!({"act": "approve"})).await.0, 201);
        assert_eq!(mention().await, 1);
    }

    async fn what_a_moderator_does_in_the_forum_settles_what_waits(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let theirs = app.person("theirs").await;
        let place = category(&admin, "place", &[theirs.id()]).await;
        let article = publish(&ben, place, "Here", "x").await;
        hold(&admin).await;
        let open = async || theirs.get("/moderation/cases").await.body["open"].clone();
        let (shown, removed) = (comment(&ann, article, "an offer").await, comment(&ann, article, "another offer").await);
        let (first, second) = (publish(&ann, place, "My offer", "for @ben").await, publish(&ann, place, "offer", "x").await);
        let reported = comment(&ann, article, "my offer").await;
        let case = report(&theirs, "comment", &reported["id"]).await;
        assert_eq!(open().await, 5);

        // Hiding what is hidden decides nothing: it waits on, and its author can do nothing with it.
        let path = format!("/forum/articles/{first}");
        assert_eq!(theirs.patch(&path, json!({"status": "hidden"})).await.status, 200);
        assert_eq!(theirs.patch(&format!("/forum/comments/{}", shown["id"]), json!({"hidden": true})).await.status, 200);
        assert_eq!(open().await, 5);
        assert_eq!(ann.patch(&path, json!({"text": "y"})).await.code(), "held_for_review");

        assert_eq!(theirs.patch(&path, json!({"status": "published"})).await.status, 200);
        assert_eq!(theirs.delete(&format!("/forum/articles/{second}")).await.status, 204);
        assert_eq!(theirs.patch(&format!("/forum/comments/{}", shown["id"]), json!({"hidden": false})).await.status, 200);
        assert_eq!(theirs.delete(&format!("/forum/comments/{}", removed["id"])).await.status, 204);
        assert_eq!(open().await, 1);
        let kinds: Vec<String> = told(&ben).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["article_commented", "article_mentioned"], "as if it were said now");

        // What was reported is still to be decided, though it waits no longer.
        let path = format!("/forum/comments/{}", reported["id"]);
        assert_eq!(theirs.patch(&path, json!({"hidden": false})).await.status, 200);
        let left = admin.get(&format!("/moderation/cases/{case}")).await.body;
        assert_eq!((&left["state"], &left["held"]), (&json!("open"), &json!(false)), "{left}");

        // Nobody lets through what is their own.
        let own = comment(&theirs, article, "their offer").await;
        let path = format!("/forum/comments/{}", own["id"]);
        let refused = theirs.patch(&path, json!({"hidden": false})).await;
        assert_eq!((refused.status, refused.code()), (403, "held_for_review"), "{}", refused.body);
        assert_eq!(admin.patch(&path, json!({"hidden": false})).await.status, 200);
        assert_eq!(admin.patch(&path, json!({"hidden": true})).await.status, 200);
        let refused = theirs.patch(&path, json!({"hidden": false})).await;
        assert_eq!((refused.status, refused.code()), (403, "forbidden"), "{}", refused.body);
    }
}

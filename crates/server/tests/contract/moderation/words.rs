//! The list of words: replaced, held back, refused; in messages, edits and names.

use serde_json::{Value, json};

use super::{holder, told};
use crate::support::{
    Client, TestApp, both_engines,
    talk::{cursor, events_since, fresh_key, group, say, texts},
};

async fn keep(who: &Client, words: Value) {
    let stored = who.put("/moderation/words", json!({"words": words})).await;
    assert_eq!(stored.status, 200, "{}", stored.body);
}

async fn send(who: &Client, id: i64, key: &str, text: &str) -> (u16, String) {
    let body = json!({"client_id": key, "text": text});
    let sent = who.post(&format!("/conversations/{id}/messages"), body).await;
    (sent.status, sent.code().to_owned())
}

/// What somebody was told will never be said: where, and under which key.
async fn rejected(who: &Client, from: &str) -> Vec<(Value, Value)> {
    let events = events_since(who, from).await;
    let all = events.iter().filter(|event| event["type"] == "message.rejected");
    all.map(|event| (event["conversation_id"].clone(), event["client_id"].clone())).collect()
}

both_engines! {
    async fn words_are_replaced_and_refused_in_any_spelling(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let keeper = holder(app, &admin, "keeper", &["moderate_chat"]).await;
        let club = group(&ann, "club", &[&ben]).await;
        keep(&keeper, json!([
            {"pattern": "笨蛋", "action": "replace", "replacement": "聪明人"},
            {"pattern": "darn", "action": "replace"},
            {"pattern": "casino", "action": "refuse"},
        ])).await;
        let said = say(&ann, club, "你這個笨蛋，ＤＡＲＮ it").await;
        assert_eq!(said["text"], "你這個聪明人，**** it");
        assert_eq!(send(&ann, club, &fresh_key(), "best Cásino").await, (403, "words_refused".into()));
        let path = format!("/conversations/{club}/messages/{}", said["seq"]);
        let edit = ann.patch(&path, json!({"text": "casino"})).await;
        assert_eq!((edit.status, edit.code()), (403, "words_refused"));
        let edit = ann.patch(&path, json!({"text": "oh darn"})).await;
        assert_eq!(edit.body["text"], "oh ****", "{}", edit.body);
        let name = ann.patch("/me", json!({"name": "Casino"})).await;
        assert_eq!((name.status, name.code()), (403, "words_refused"));
        let body = json!({"username": "casino", "password": "a long password"});
        assert_eq!(app.visitor().post("/accounts", body).await.code(), "words_refused");
        assert_eq!(texts(&ben, club, "?after_seq=1").await, ["oh ****"]);
        keep(&keeper, json!([])).await;
        assert_eq!(send(&ann, club, &fresh_key(), "casino").await.0, 201);
        assert_eq!(ann.get("/moderation/words").await.status, 403);
    }

    async fn what_is_held_is_said_once_it_is_approved(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        keep(&admin, json!([{"pattern": "offer", "action": "hold"}])).await;
        let key = fresh_key();
        for _ in 0..2 {
            let sent = send(&ann, club, &key, "an offer for you").await;
            assert_eq!(sent, (403, "held_for_review".into()));
        }
        assert_eq!(send(&ann, club, &key, "another offer").await, (409, "client_id_reused".into()));
        assert_eq!(texts(&ben, club, "").await, ["ben joined"]);
        let page = admin.get("/moderation/cases?kind=message").await.body;
        assert_eq!(page["cases"].as_array().unwrap().len(), 1, "{page}");
        let case = &page["cases"][0];
        assert_eq!((&case["held"], &case["excerpt"]), (&json!(true), &json!("an offer for you")));
        let path = format!("/moderation/cases/{}/decisions", case["id"]);
        assert_eq!(admin.post(&path, json!({"act": "dismiss"})).await.status, 422);
        let approved = admin.post(&path, json!({"act": "approve"})).await;
        assert_eq!((approved.status, &approved.body["held"]), (201, &json!(false)), "{}", approved.body);
        assert_eq!(texts(&ben, club, "").await, ["ben joined", "an offer for you"]);
        let history = ben.get(&format!("/conversations/{club}/messages")).await.body;
        assert_eq!((&history["messages"][1]["sender_id"], &history["messages"][1]["client_id"]),
                   (&json!(ann.id()), &json!(key)));
        assert_eq!(send(&ann, club, &key, "an offer for you").await.0, 200, "it is the same message");
        assert_eq!(told(&ann).await[0].0, "moderation_decided");
    }

    async fn what_is_rejected_is_never_said(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let club = group(&ann, "club", &[]).await;
        keep(&admin, json!([{"pattern": "offer", "action": "hold"}])).await;
        let key = fresh_key();
        assert_eq!(send(&ann, club, &key, "an offer").await.1, "held_for_review");
        let case = admin.get("/moderation/cases").await.body["cases"][0]["id"].clone();
        let path = format!("/moderation/cases/{case}/decisions");
        let from = cursor(&ann).await;
        assert_eq!(admin.post(&path, json!({"act": "remove", "note": "no ads"})).await.status, 201);
        assert_eq!(send(&ann, club, &key, "an offer").await.1, "words_refused");
        assert_eq!(rejected(&ann, &from).await, [(json!(club), json!(key))]);
        assert!(rejected(&admin, &from).await.is_empty(), "it is nobody else's business");
        // Also once the word is welcome again: it was this message that was rejected.
        keep(&admin, json!([])).await;
        assert_eq!(send(&ann, club, &key, "an offer").await.1, "words_refused");
        keep(&admin, json!([{"pattern": "offer", "action": "hold"}])).await;
        // Whatever else is decided of what waits and its sender: it is not said.
        for (act, key) in [("hide", fresh_key()), ("warn", fresh_key())] {
            assert_eq!(send(&ann, club, &key, "an offer").await.1, "held_for_review");
            let case = admin.get("/moderation/cases").await.body["cases"][0]["id"].clone();
            let (path, from) = (format!("/moderation/cases/{case}/decisions"), cursor(&ann).await);
            let decided = admin.post(&path, json!({"act": act, "note": "no ads"})).await;
            assert_eq!((decided.status, &decided.body["held"]), (201, &json!(false)), "{}", decided.body);
            assert_eq!(rejected(&ann, &from).await, [(json!(club), json!(key))], "{act}");
        }
        assert_eq!(texts(&ann, club, "").await, Vec::<String>::new());
        // Who has left cannot be spoken for.
        let ben = app.person("ben").await;
        assert_eq!(ben.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        assert_eq!(send(&ben, club, &key, "my offer").await.1, "held_for_review");
        assert_eq!(ben.post(&format!("/groups/{club}/leave"), json!({})).await.status, 204);
        let case = admin.get("/moderation/cases").await.body["cases"][0]["id"].clone();
        let path = format!("/moderation/cases/{case}/decisions");
        let gone = admin.post(&path, json!({"act": "approve"})).await;
        assert_eq!((gone.status, gone.code()), (409, "conflict"), "{}", gone.body);
        assert_eq!(admin.get("/moderation/cases").await.body["open"], 1, "it is still to be decided");
    }

    async fn a_list_that_does_not_fit_changes_nothing(app: TestApp) {
        let admin = app.admin("root").await;
        keep(&admin, json!([{"pattern": "one", "action": "refuse"}])).await;
        for words in [
            json!([{"pattern": "", "action": "refuse"}]),
            json!([{"pattern": "x".repeat(65), "action": "refuse"}]),
            json!([{"pattern": "two", "action": "refuse"}, {"pattern": "ＴＷＯ", "action": "hold"}]),
            json!([{"pattern": "two", "action": "fly"}]),
            json!([{"pattern": "two", "action": "hold", "replacement": "x"}]),
            json!(vec![json!({"pattern": "x", "action": "refuse"}); 2_001]),
        ] {
            let answer = admin.put("/moderation/words", json!({"words": words})).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{}", answer.body);
        }
        let list = admin.get("/moderation/words").await.body;
        assert_eq!(list["words"], json!([{"pattern": "one", "action": "refuse"}]));
        let many: Vec<Value> =
            (0..2_000).map(|n| json!({"pattern": format!("{n}{}", "词".repeat(60)), "action": "hold"})).collect();
        keep(&admin, json!(many)).await;
    }

    async fn a_list_is_tried_out_before_it_is_kept(app: TestApp) {
        let admin = app.admin("root").await;
        let words = json!([
            {"pattern": "笨蛋", "action": "replace", "replacement": "聪明人"},
            {"pattern": "offer", "action": "hold"},
            {"pattern": "casino", "action": "refuse"},
        ]);
        for (text, action, becomes) in [
            ("hello", Value::Null, "hello"),
            ("你這個笨蛋", json!("replace"), "你這個聪明人"),
            ("an ＯＦＦＥＲ", json!("hold"), "an ＯＦＦＥＲ"),
            ("casino offer", json!("refuse"), "casino offer"),
        ] {
            let body = json!({"text": text, "words": words});
            let tried = admin.post("/moderation/words/test", body).await;
            assert_eq!(tried.status, 200, "{}", tried.body);
            assert_eq!(tried.body, json!({"action": action, "text": becomes}));
        }
        let long = admin.post("/moderation/words/test", json!({"text": "x".repeat(4_001), "words": []})).await;
        assert_eq!((long.status, long.code()), (422, "invalid"));
        assert_eq!(admin.get("/moderation/words").await.body["words"], json!([]), "nothing is kept");
    }
}

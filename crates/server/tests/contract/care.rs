//! The care of conversations: put away, marked unread, drafts, saved messages.

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, both_engines,
    talk::{befriend, cursor, direct, events_since, group, look, say, types},
};

/// Changes own settings, which is taken; the settings that come of it.
async fn set(who: &Client, id: i64, change: Value) -> Value {
    let answer = who.patch(&format!("/conversations/{id}"), change).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn type_in(who: &Client, id: i64, text: &str) {
    let kept = who.put(&format!("/conversations/{id}/draft"), json!({"text": text})).await;
    assert_eq!(kept.status, 204, "{}", kept.body);
}

both_engines! {
    async fn what_is_put_away_comes_back_when_somebody_speaks(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        say(&ben, id, "one").await;
        let before = cursor(&ann).await;
        assert_eq!(set(&ann, id, json!({"archived": true})).await["archived"], true);
        let events = events_since(&ann, &before).await;
        assert_eq!(types(&events), ["conversation.updated"]);
        assert_eq!(events[0]["conversation"]["archived"], true);
        assert_eq!(look(&ann, id).await["archived"], true);
        assert_eq!(look(&ben, id).await["archived"], false, "everybody has their own list");
        set(&ann, id, json!({"pinned": true})).await;
        assert_eq!(look(&ann, id).await["archived"], true, "other settings leave it there");

        say(&ben, id, "two").await;
        assert_eq!(look(&ann, id).await["archived"], false);
        assert_eq!(set(&ann, id, json!({"muted": true})).await["archived"], false, "muting puts nothing away");

        set(&ann, id, json!({"archived": true})).await;
        say(&ben, id, "three").await;
        assert_eq!(look(&ann, id).await["archived"], true, "what is muted stays");
        assert_eq!(set(&ann, id, json!({"muted": false})).await["archived"], true, "until somebody speaks");
        assert_eq!(look(&ann, id).await["archived"], true);
        say(&ann, id, "four").await;
        assert_eq!(look(&ann, id).await["archived"], false);
        set(&ann, id, json!({"archived": true})).await;
        assert_eq!(set(&ann, id, json!({"archived": false})).await["archived"], false);
    }

    async fn notices_bring_nothing_back(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let id = group(&ann, "club", &[]).await;
        set(&ann, id, json!({"archived": true})).await;
        assert_eq!(ben.post(&format!("/groups/{id}/join"), json!({})).await.status, 200);
        assert_eq!(look(&ann, id).await["archived"], true);
        say(&ben, id, "hello").await;
        assert_eq!(look(&ann, id).await["archived"], false);
    }

    async fn marked_unread_until_it_is_read(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let said = say(&ben, id, "one").await;
        let read = async || {
            let answer = ann.put(&format!("/conversations/{id}/read"), json!({"seq": said["seq"]})).await;
            assert_eq!(answer.status, 204);
        };
        read().await;
        assert_eq!(set(&ann, id, json!({"marked_unread": true})).await["marked_unread"], true);
        let seen = look(&ann, id).await;
        assert_eq!((&seen["marked_unread"], &seen["unread"]), (&json!(true), &json!(0)));
        let (before, of_ben) = (cursor(&ann).await, cursor(&ben).await);
        read().await;
        let events = events_since(&ann, &before).await;
        assert_eq!(types(&events), ["conversation.updated"], "the mark itself is where it was");
        assert_eq!(events[0]["conversation"]["marked_unread"], false);
        assert!(events_since(&ben, &of_ben).await.is_empty());
        assert_eq!(look(&ann, id).await["marked_unread"], false);
        read().await;
        assert_eq!(events_since(&ann, &before).await.len(), 1, "the same again is no event");
    }

    async fn a_draft_is_on_all_devices_and_in_the_log_once(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let (before, of_ben) = (cursor(&ann).await, cursor(&ben).await);
        assert_eq!(look(&ann, id).await.get("draft"), None);
        type_in(&ann, id, "what nobody shall read").await;
        let told = events_since(&ann, &before).await;
        assert_eq!(types(&told), ["draft.updated"]);
        assert_eq!(told[0]["draft"]["text"], "what nobody shall read");
        assert_eq!(look(&ann, id).await["draft"], told[0]["draft"]);
        let listed = ann.get("/conversations").await.body;
        assert_eq!(listed["conversations"][0]["draft"], told[0]["draft"]);

        type_in(&ann, id, "what nobody shall read").await;
        assert_eq!(events_since(&ann, &before).await.len(), 1, "the same again is no event");
        type_in(&ann, id, "dear Ben,\n").await;
        let told = events_since(&ann, &before).await;
        assert_eq!(types(&told), ["draft.updated", "draft.updated"]);
        assert_eq!(told[0].get("draft"), None, "the log forgets what was typed before");
        assert_eq!(told[1]["draft"]["text"], "dear Ben,");
        type_in(&ann, id, " ").await;
        let told = events_since(&ann, &before).await;
        assert!(told.iter().all(|event| event.get("draft").is_none()), "{told:?}");
        assert_eq!(look(&ann, id).await.get("draft"), None);
        assert!(events_since(&ben, &of_ben).await.is_empty(), "nobody else is told");
        assert_eq!(look(&ben, id).await.get("draft"), None);
    }

    async fn drafts_have_bounds_and_end_with_membership(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let id = group(&ann, "club", &[&ben]).await;
        let path = format!("/conversations/{id}/draft");
        type_in(&ben, id, &"字".repeat(10_000)).await;
        for bad in [json!({"text": "x".repeat(10_001)}), json!({"text": "a\u{0}"}), json!({}),
                    json!({"text": "x", "user_id": ann.id()}), json!({"text": null})] {
            let answer = ben.put(&path, bad).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"));
        }
        type_in(&ben, id, "until later").await;
        assert_eq!(ben.post(&format!("/groups/{id}/leave"), json!({})).await.status, 204);
        assert_eq!(ben.put(&path, json!({"text": "x"})).await.status, 404);
        assert_eq!(ben.post(&format!("/groups/{id}/join"), json!({})).await.status, 200);
        assert_eq!(look(&ben, id).await.get("draft"), None);
    }

    async fn saved_messages_are_one_conversation_with_oneself(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let before = cursor(&ann).await;
        let saved = json!({"saved": true});
        let opened = futures_util::future::join_all(
            (0..8).map(|_| ann.post("/conversations", saved.clone()))).await;
        let id = opened[0].body["id"].as_i64().unwrap();
        assert!(opened.iter().all(|one| one.status == 200 && one.body["id"] == id));
        assert_eq!(types(&events_since(&ann, &before).await), ["conversation.created"]);
        let seen = look(&ann, id).await;
        assert_eq!((&seen["kind"], seen.get("peer"), seen.get("group")), (&json!("saved"), None, None));

        let note = say(&ann, id, "buy tea").await;
        let listed = ann.get("/conversations").await.body;
        assert_eq!(listed["conversations"][0]["last_message"]["text"], "buy tea");
        assert_eq!((&listed["conversations"][0]["unread"], &listed["conversations"][0]["kind"]),
                   (&json!(0), &json!("saved")));
        assert_eq!(ann.post(&format!("/conversations/{id}/typing"), json!({})).await.status, 204);
        assert_eq!(ann.put(&format!("/conversations/{id}/read"), json!({"seq": 1})).await.status, 204);
        app.advance(100_000);
        let recalled = ann.post(&format!("/conversations/{id}/messages/{}/recall", note["seq"]), json!({})).await;
        assert_eq!((recalled.status, &recalled.body["text"]), (200, &json!("")), "at any time");

        let of_ben = ben.post("/conversations", saved.clone()).await.body["id"].as_i64().unwrap();
        assert_ne!(of_ben, id);
        for path in ["", "/messages"] {
            assert_eq!(ben.get(&format!("/conversations/{id}{path}")).await.status, 404);
        }
        for bad in [json!({}), json!({"saved": false}), json!({"saved": true, "user_id": ben.id()}),
                    json!({"saved": true, "via_group_id": 1})] {
            let answer = ann.post("/conversations", bad).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"));
        }
    }
}

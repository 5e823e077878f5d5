//! Reactions and pins: who may, that again changes nothing, and their bounds.

use serde_json::{Value, json};

use crate::support::{
    TestApp, both_engines,
    talk::{befriend, cursor, direct, events_since, group, next_batch, say, types},
};

const THUMB: &str = "%F0%9F%91%8D";

fn path(message: &Value) -> String {
    format!("/conversations/{}/messages/{}", message["conversation_id"], message["seq"])
}

both_engines! {
    async fn reactions_come_and_go(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ann, club, "tea?").await;
        let from = cursor(&ann).await;
        let heart = format!("{}/reactions/%E2%9D%A4", path(&said));
        let thumb = format!("{}/reactions/{THUMB}", path(&said));
        for (who, path) in [(&ben, &heart), (&ann, &thumb), (&ben, &thumb), (&ben, &thumb)] {
            assert_eq!(who.put(path, json!({})).await.status, 204);
        }
        let now = ben.get(&path(&said)).await.body;
        let both = [json!({"emoji": "❤️", "user_ids": [ben.id()]}),
                    json!({"emoji": "👍", "user_ids": [ann.id(), ben.id()]})];
        assert_eq!(now["reactions"], json!(both), "sorted, and a heart is a heart");
        assert_eq!(now["text"], "tea?");
        for _ in 0..2 {
            assert_eq!(ben.delete(&thumb).await.status, 204);
            assert_eq!(ben.delete(&format!("{}/reactions/%E2%9D%A4%EF%B8%8F", path(&said))).await.status, 204);
        }
        let now = ben.get(&path(&said)).await.body;
        assert_eq!(now["reactions"], json!([{"emoji": "👍", "user_ids": [ann.id()]}]));
        let told = events_since(&ann, &from).await;
        let added = ["reaction.added"; 3].into_iter().chain(["reaction.removed"; 2]);
        assert_eq!(types(&told), added.collect::<Vec<_>>(), "again is no event");
        let first = json!({"emoji": "❤️", "user_id": ben.id()});
        assert_eq!((&told[0]["seq"], &told[0]["reaction"]), (&said["seq"], &first));
        assert_eq!(ann.delete(&thumb).await.status, 204);
        assert_eq!(ben.get(&path(&said)).await.body, said, "as if nothing had been");
    }

    async fn what_is_no_reaction(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let said = say(&ann, id, "tea?").await;
        for bad in ["a", "%F0%9F%91%8D%F0%9F%91%8D", "%3Cb%3E", "%00", "no%20emoji", ":none:"] {
            let path = format!("{}/reactions/{bad}", path(&said));
            assert_eq!(ben.put(&path, json!({})).await.status, 422, "{bad}");
        }
        let thumb = format!("{}/reactions/{THUMB}", path(&said));
        assert_eq!(ann.put(&format!("/blocks/{}", ben.id()), json!({})).await.status, 204);
        assert_eq!(ben.put(&thumb, json!({})).await.code(), "blocked");
        assert_eq!(ann.delete(&format!("/blocks/{}", ben.id())).await.status, 204);
        befriend(&ann, &ben).await;
        assert_eq!(ben.put(&thumb, json!({})).await.status, 204);
        assert_eq!(ann.post(&format!("{}/recall", path(&said)), json!({})).await.status, 200);
        assert_eq!(ann.get(&path(&said)).await.body.get("reactions"), None);
        assert_eq!(ben.put(&thumb, json!({})).await.code(), "recalled");
    }

    async fn pins_are_kept_at_hand(app: TestApp) {
        let [ann, ben, late] = [app.person("ann").await, app.person("ben").await, app.person("late").await];
        let club = group(&ann, "club", &[&ben]).await;
        let (one, two) = (say(&ben, club, "one").await, say(&ann, club, "two").await);
        let from = cursor(&ben).await;
        for said in [&one, &two, &two] {
            app.advance(1);
            assert_eq!(ann.put(&format!("{}/pin", path(said)), json!({})).await.status, 204);
        }
        assert_eq!(ben.put(&format!("{}/pin", path(&one)), json!({})).await.status, 403, "a plain member");
        let pins = format!("/conversations/{club}/pins");
        let list = ben.get(&pins).await.body["pins"].clone();
        let texts: Vec<_> = list.as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
        assert_eq!(texts, ["two", "one"], "the newest pin first");
        assert_eq!(list[0]["pinned"]["user_id"], json!(ann.id()));
        let told = next_batch(&ben, &from, 0).await.events;
        let pinned = ["message.pinned", "message.created"];
        assert_eq!(types(&told), [pinned, pinned].concat(), "each with a notice");
        assert_eq!(told[1]["message"]["notice"]["code"], "pinned");
        assert_eq!(told[1]["message"]["notice"]["seq"], one["seq"]);
        assert_eq!(told[1]["message"]["notice"]["actor_id"], json!(ann.id()));
        assert_eq!(late.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        assert_eq!(late.get(&pins).await.body, json!({"pins": []}), "what was said before they came");

        let from = cursor(&ben).await;
        for _ in 0..2 {
            assert_eq!(ann.delete(&format!("{}/pin", path(&two))).await.status, 204);
        }
        assert_eq!(types(&events_since(&ben, &from).await), ["message.unpinned"]);
        assert_eq!(ben.post(&format!("{}/recall", path(&one)), json!({})).await.status, 200);
        assert_eq!(ann.get(&pins).await.body, json!({"pins": []}), "a recalled one is pinned no longer");
    }

    async fn two_people_pin_for_each_other(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        for n in 0..100 {
            let said = say(&ann, id, &format!("{n}")).await;
            assert_eq!(ben.put(&format!("{}/pin", path(&said)), json!({})).await.status, 204);
        }
        let said = say(&ann, id, "one more").await;
        assert_eq!(ben.put(&format!("{}/pin", path(&said)), json!({})).await.code(), "conflict");
        assert_eq!(ben.put(&format!("/blocks/{}", ann.id()), json!({})).await.status, 204);
        assert_eq!(ann.delete(&format!("/conversations/{id}/messages/1/pin")).await.code(), "blocked");
    }
}

//! Taking messages back: who may, for how long, and that nothing of them is left anywhere.

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, both_engines,
    talk::{cursor, group, next_batch},
};

const SECRET: &str = "what nobody was to read";
const KEY: &str = "said once by each";

async fn say(who: &Client, conversation: i64, text: &str) -> String {
    let path = format!("/conversations/{conversation}/messages");
    let said = who.post(&path, json!({"client_id": KEY, "text": text})).await;
    assert_eq!(said.status, 201, "{}", said.body);
    format!("{path}/{}", said.body["seq"])
}

async fn recall(who: &Client, path: &str) -> (u16, Value) {
    let answer = who.post(&format!("{path}/recall"), json!({})).await;
    (answer.status, answer.body["code"].clone())
}

both_engines! {
    async fn nothing_is_left_of_it(app: TestApp) {
        let (ann, ben, late) = (app.person("ann").await, app.person("ben").await, app.person("late").await);
        let club = group(&ann, "club", &[&ben]).await;
        let open = json!({"history_for_new_members": true});
        assert_eq!(ann.patch(&format!("/groups/{club}"), open).await.status, 200);
        let before = cursor(&ben).await;
        let (late_before, path) = (cursor(&late).await, say(&ben, club, SECRET).await);
        // Whoever joins now is told of the last message in an event of their own.
        assert_eq!(late.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        let recalled = ben.post(&format!("{path}/recall"), json!({})).await;
        assert_eq!((recalled.status, &recalled.body["text"]), (200, &json!("")));
        assert_eq!(recalled.body["recalled"]["user_id"], json!(ben.id()));
        assert_eq!(recalled.body, ben.post(&format!("{path}/recall"), json!({})).await.body);

        for (who, from) in [(&ben, &before), (&late, &late_before), (&ann, &before)] {
            let events = next_batch(who, from, 0).await.events;
            assert!(events.iter().any(|event| event["type"] == "message.recalled"), "{events:?}");
            assert!(!format!("{events:?}").contains(SECRET), "{events:?}");
            for path in [format!("/conversations/{club}/messages"), "/conversations".to_owned(), path.clone()] {
                let body = who.get(&path).await.body;
                assert!(!body.to_string().contains(SECRET), "{path}: {body}");
            }
        }
        let retry = json!({"client_id": KEY, "text": SECRET});
        let retry = ben.post(&format!("/conversations/{club}/messages"), retry).await;
        assert_eq!((retry.status, retry.body), (200, recalled.body), "a retry gets what is left");
    }

    async fn who_may_and_until_when(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        let club = group(&ann, "club", &[&ben, &cat]).await;
        let path = say(&ben, club, "one").await;
        assert_eq!(recall(&cat, &path).await, (403, json!("forbidden")));
        assert_eq!(recall(&ben, &format!("/conversations/{club}/messages/1")).await.0, 403, "a notice");
        assert_eq!(recall(&ben, &format!("/conversations/{club}/messages/99")).await.0, 404);
        app.advance(121);
        assert_eq!(recall(&ben, &path).await, (403, json!("recall_window_over")));
        assert_eq!(recall(&ann, &path).await.0, 200, "the owner may at any time");
        let own = say(&ann, club, "two").await;
        let admin = json!({"role": "admin"});
        assert_eq!(ann.patch(&format!("/groups/{club}/members/{}", ben.id()), admin).await.status, 200);
        assert_eq!(recall(&ben, &own).await, (403, json!("forbidden")), "an admin is below the owner");
        let others = say(&cat, club, "three").await;
        app.advance(3_600);
        assert_eq!(recall(&ben, &others).await.0, 200);
    }
}

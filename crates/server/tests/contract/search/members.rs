//! Members of one conversation, as the picker of mentions asks for them.

use serde_json::{Value, json};

use super::{path, search};
use crate::support::{
    Client, TestApp, both_engines,
    talk::{befriend, direct, group},
};

/// What the members found are called there, in order.
async fn members(who: &Client, conversation: i64, query: &str) -> Vec<String> {
    let found = search(who, query, &format!("kind=members&conversation_id={conversation}")).await;
    let name = |found: &Value| {
        let (nickname, name) = (&found["member"]["nickname"], &found["member"]["user"]["name"]);
        let nickname = nickname.as_str().filter(|nickname| !nickname.is_empty());
        nickname.or(name.as_str()).unwrap().to_owned()
    };
    found["members"].as_array().unwrap().iter().map(name).collect()
}

async fn rename(who: &Client, name: &str) {
    assert_eq!(who.patch("/me", json!({"name": name})).await.status, 200);
}

both_engines! {
    async fn they_are_found_by_what_they_sound_like(app: TestApp) {
        let [ann, li, wang, out] =
            [app.person("ann").await, app.person("lili").await, app.person("wang").await, app.person("out").await];
        rename(&li, "李明华").await;
        rename(&wang, "王小明").await;
        rename(&out, "李明花").await;
        let club = group(&ann, "club", &[&li, &wang]).await;
        for query in ["lmh", "LMH", "liminghua", "limh", "李m", "明华", "明華"] {
            assert_eq!(members(&ann, club, query).await, ["李明华"], "{query}");
        }
        assert_eq!(members(&ann, club, "ming").await, ["李明华", "王小明"], "by where it stands");
        assert_eq!(members(&ann, club, "an").await, ["ann", "王小明"], "a username, too");
        assert!(members(&ann, club, "nobody").await.is_empty());
        assert!(members(&ann, club, "'").await.is_empty());

        let nickname = json!({"nickname": "队长"});
        assert_eq!(wang.patch(&format!("/groups/{club}/members/{}", wang.id()), nickname).await.status, 200);
        befriend(&ann, &li).await;
        let remark = json!({"remark": "华仔"});
        assert_eq!(ann.patch(&format!("/friends/{}", li.id()), remark).await.status, 200);
        assert_eq!(members(&li, club, "dz").await, ["队长"]);
        assert_eq!(members(&ann, club, "hz").await, ["李明华"], "by one's own remark");
        assert!(members(&wang, club, "hz").await.is_empty(), "which is nobody else's");
        let one = search(&ann, "hz", &format!("kind=members&conversation_id={club}")).await["members"][0].clone();
        assert_eq!((&one["by"], &one["ranges"], &one["remark"]), (&json!("remark"), &json!([[0, 2]]), &json!("华仔")));
        assert_eq!(one["member"]["role"], "member");

        let two = direct(&ann, &li).await;
        assert_eq!(members(&ann, two, "lm").await, ["李明华"]);
        assert_eq!(li.post(&format!("/groups/{club}/leave"), json!({})).await.status, 204);
        assert!(members(&ann, club, "lmh").await.is_empty(), "who left is no member");
    }

    async fn they_are_for_members_and_a_few_at_a_time(app: TestApp) {
        let (ann, ben, out) = (app.person("ann").await, app.person("ben").await, app.person("out").await);
        let club = group(&ann, "club", &[&ben]).await;
        let of = |id: i64| path("n", &format!("kind=members&conversation_id={id}"));
        let (closed, nothing) = (out.get(&of(club)).await, out.get(&of(9_007_199_254_740_991)).await);
        assert_eq!((closed.status, &closed.body), (404, &nothing.body));
        assert_eq!(ann.delete(&format!("/groups/{club}/members/{}", ben.id())).await.status, 204);
        assert_eq!(ben.get(&of(club)).await.status, 404);
        assert_eq!(ann.get(&path("n", "kind=members")).await.status, 422);
        for limit in [0, 51] {
            let path = format!("{}&limit={limit}", of(club));
            assert_eq!(ann.get(&path).await.status, 422);
        }
        assert_eq!(ben.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        let few = ann.get(&format!("{}&limit=1", of(club))).await;
        assert_eq!(few.body["members"].as_array().unwrap().len(), 1);
        assert_eq!(few.body.get("people"), None);
        assert_eq!(search(&ann, "n", "").await.get("members"), None, "only when asked for");
    }
}

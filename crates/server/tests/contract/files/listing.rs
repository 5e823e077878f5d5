//! The files of a conversation, for those who may read the messages that they came with.

use image::ImageFormat;
use serde_json::{Value, json};

use super::{picture, uploaded};
use crate::support::{
    Client, TestApp, both_engines,
    talk::{fresh_key, group, say},
};

/// Sends files as one message; its place.
async fn send(who: &Client, id: i64, names: &[&str]) -> i64 {
    let mut attachments = Vec::new();
    for name in names {
        let bytes = match name.ends_with(".png") {
            true => picture(8, 8, ImageFormat::Png),
            false => format!("what is in {name}").into_bytes(),
        };
        let upload = uploaded(who, name, &bytes).await;
        attachments.push(json!({"upload_id": upload["id"]}));
    }
    let body = json!({"client_id": fresh_key(), "attachments": attachments});
    let sent = who.post(&format!("/conversations/{id}/messages"), body).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    sent.body["seq"].as_i64().unwrap()
}

async fn list(who: &Client, id: i64, query: &str) -> (Vec<String>, Value) {
    let page = who.get(&format!("/conversations/{id}/files{query}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let files = page.body["files"].as_array().unwrap();
    let name = |file: &Value| file["attachment"]["name"].as_str().unwrap().to_owned();
    (files.iter().map(name).collect(), page.body)
}

both_engines! {
    async fn files_are_listed_newest_first_by_kind_and_page(app: TestApp) {
        let ann = app.person("ann").await;
        let id = group(&ann, "club", &[]).await;
        assert_eq!(list(&ann, id, "").await.0, [""; 0]);
        let first = send(&ann, id, &["a.txt", "b.png"]).await;
        say(&ann, id, "nothing attached").await;
        let last = send(&ann, id, &["c.txt"]).await;
        let (names, page) = list(&ann, id, "").await;
        assert_eq!(names, ["c.txt", "b.png", "a.txt"]);
        assert_eq!((&page["files"][0]["seq"], &page["files"][0]["n"]), (&json!(last), &json!(0)));
        assert_eq!((&page["files"][1]["seq"], &page["files"][1]["n"]), (&json!(first), &json!(1)));
        assert_eq!(page["files"][1]["sender_id"], ann.id());
        assert_eq!(page.get("before"), None);
        assert_eq!(list(&ann, id, "?kind=image,video").await.0, ["b.png"]);
        assert_eq!(list(&ann, id, "?kind=file").await.0, ["c.txt", "a.txt"]);
        assert_eq!(list(&ann, id, "?kind=image,file,image").await.0, ["c.txt", "b.png", "a.txt"]);
        let (names, page) = list(&ann, id, "?kind=image,file&limit=2").await;
        assert_eq!(names, ["c.txt", "b.png"]);
        let next = format!("?kind=image,file&limit=2&before={}", page["before"].as_str().unwrap());
        assert_eq!(list(&ann, id, &next).await.0, ["a.txt"]);

        let (names, page) = list(&ann, id, "?limit=2").await;
        assert_eq!(names, ["c.txt", "b.png"]);
        let before = page["before"].as_str().unwrap();
        assert_eq!(list(&ann, id, &format!("?limit=2&before={before}")).await.0, ["a.txt"]);
        for (query, status) in [("?kind=pictures", 422), ("?limit=0", 422), ("?limit=101", 422),
                                ("?before=x", 400), ("?q=a", 422)] {
            let answer = ann.get(&format!("/conversations/{id}/files{query}")).await;
            assert_eq!(answer.status, status, "{query}");
        }
    }

    async fn only_what_one_may_read_and_nothing_recalled(app: TestApp) {
        let (ann, ben, eve) = (app.person("ann").await, app.person("ben").await, app.person("eve").await);
        let id = group(&ann, "club", &[]).await;
        send(&ann, id, &["before.txt"]).await;
        assert_eq!(ben.post(&format!("/groups/{id}/join"), json!({})).await.status, 200);
        let there = send(&ann, id, &["there.txt"]).await;
        assert_eq!(list(&ben, id, "").await.0, ["there.txt"]);
        assert_eq!(ben.post(&format!("/groups/{id}/leave"), json!({})).await.status, 204);
        send(&ann, id, &["away.txt"]).await;
        assert_eq!(ben.get(&format!("/conversations/{id}/files")).await.status, 404);
        assert_eq!(ben.post(&format!("/groups/{id}/join"), json!({})).await.status, 200);
        assert_eq!(list(&ben, id, "").await.0, ["there.txt"]);
        let opening = json!({"history_for_new_members": true});
        assert_eq!(ann.patch(&format!("/groups/{id}"), opening).await.status, 200);
        assert_eq!(list(&ben, id, "").await.0, ["away.txt", "there.txt", "before.txt"]);
        let recalled = ann.post(&format!("/conversations/{id}/messages/{there}/recall"), json!({})).await;
        assert_eq!(recalled.status, 200);
        for who in [&ann, &ben] {
            assert_eq!(list(who, id, "").await.0, ["away.txt", "before.txt"]);
        }
        assert_eq!(eve.get(&format!("/conversations/{id}/files")).await.status, 404);
    }
}

//! What a group's announcements were.

use serde_json::json;

use super::patch;
use crate::support::{TestApp, both_engines, talk::group};

both_engines! {
    async fn members_read_what_was_announced(app: TestApp) {
        let (ann, ben, eve) = (app.person("ann").await, app.person("ben").await, app.person("eve").await);
        let id = group(&ann, "club", &[&ben]).await;
        let path = format!("/groups/{id}");
        let history = format!("{path}/announcements");
        assert_eq!(ben.get(&history).await.body, json!({"announcements": []}));
        for text in ["one", "two", "two", ""] {
            assert_eq!(patch(&ann, &path, json!({"announcement": text})).await.0, 200);
        }
        assert_eq!(patch(&ann, &path, json!({"description": "quiet"})).await.0, 200);
        let told = ben.get(&history).await;
        let told = told.body["announcements"].as_array().unwrap().clone();
        let texts: Vec<_> = told.iter().map(|one| (one["n"].as_i64().unwrap(), one["text"].as_str().unwrap())).collect();
        assert_eq!(texts, [(3, ""), (2, "two"), (1, "one")]);
        assert_eq!(told[0]["author"]["id"], ann.id());
        assert!(told[0]["at"].is_string());
        assert_eq!(eve.get(&history).await.status, 404);
    }

    async fn the_newest_hundred_are_remembered(app: TestApp) {
        let ann = app.person("ann").await;
        let id = group(&ann, "club", &[]).await;
        for n in 1..=103 {
            let body = json!({"announcement": format!("news {n}")});
            assert_eq!(patch(&ann, &format!("/groups/{id}"), body).await.0, 200);
        }
        let told = ann.get(&format!("/groups/{id}/announcements")).await.body;
        let told = told["announcements"].as_array().unwrap();
        assert_eq!(told.len(), 100);
        assert_eq!((&told[0]["text"], &told[99]["text"]), (&json!("news 103"), &json!("news 4")));
    }
}

//! Taking along what is one's own, and going.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, both_engines,
    talk::{befriend, direct, say},
};

async fn go(who: &Client, password: &str) -> u16 {
    let request = who.request(Method::DELETE, "/me").json(&json!({"password": password}));
    who.send(request).await.status
}

both_engines! {
    async fn an_export_has_all_that_is_ones_own_and_nothing_else(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let talk = direct(&ann, &ben).await;
        say(&ben, talk, "not hers").await;
        // More than a page of them.
        for n in 0..16 {
            let texts: Vec<String> = (0..32).map(|m| format!("hers {n} {m}")).collect();
            join_all(texts.iter().map(|text| say(&ann, talk, text))).await;
        }
        ann.post("/tokens", json!({"name": "bot"})).await;
        let export = ann.get("/me/export").await;
        assert_eq!(export.status, 200);
        assert!(export.header("content-disposition").contains("attachment"));
        let Value::Object(found) = &export.body else { panic!("no JSON: {}", export.body) };
        assert_eq!(found["messages"].as_array().unwrap().len(), 512);
        assert_eq!(found["profile"]["username"], "ann");
        assert_eq!(found["friends"][0]["user"]["username"], "ben");
        assert_eq!(found["tokens"][0]["name"], "bot");
        assert!(!export.body.to_string().contains("not hers"));
        let nothing = app.person("carol").await.get("/me/export").await.body;
        for list in ["messages", "articles", "comments"] {
            assert_eq!(nothing[list], json!([]), "{list}");
        }
    }

    async fn one_goes_by_ones_password(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let own = ann.post("/conversations", json!({"saved": true})).await;
        assert_eq!(own.status, 200, "{}", own.body);
        say(&ann, own.body["id"].as_i64().unwrap(), "a note to myself").await;
        assert_eq!(go(&ann, "not her password").await, 401);
        assert_eq!(ann.get("/me").await.status, 200);
        assert_eq!(go(&ann, "ann's long password").await, 204);
        assert_eq!(ann.get("/me").await.status, 401);
        let body = json!({"username": "ann", "password": "ann's long password"});
        assert_eq!(app.visitor().post("/session", body).await.code(), "wrong_credentials");
        assert_eq!(ben.get("/friends").await.body["friends"], json!([]));
    }
}

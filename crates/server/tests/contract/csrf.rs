//! Requests that other sites' pages make a browser send.

use reqwest::Method;
use serde_json::json;

use crate::support::{Client, Response, TestApp, both_engines};

async fn put_profile(client: &Client, headers: &[(&'static str, &str)]) -> Response {
    let mut request = client.raw(Method::POST, "/tokens").json(&json!({"name": "bot"}));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.send(request).await
}

both_engines! {
    async fn a_write_by_cookie_needs_the_token(app: TestApp) {
        let ann = app.person("ann").await;
        let answer = put_profile(&ann, &[]).await;
        assert_eq!((answer.status, answer.code()), (403, "csrf_failed"));
        let answer = put_profile(&ann, &[("x-csrftoken", "nonsense")]).await;
        assert_eq!((answer.status, answer.code()), (403, "csrf_failed"));
        let ben = app.person("ben").await;
        let answer = put_profile(&ann, &[("x-csrftoken", ben.csrf_token())]).await;
        assert_eq!((answer.status, answer.code()), (403, "csrf_failed"));
        let answer = put_profile(&ann, &[("x-csrftoken", ann.csrf_token())]).await;
        assert_eq!(answer.status, 201);
    }

    async fn a_write_from_another_site_is_refused_before_anything_else(app: TestApp) {
        let ann = app.person("ann").await;
        let own = app.origin();
        let token = ann.csrf_token();
        for foreign in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = put_profile(&ann, &[("x-csrftoken", token), foreign]).await;
            assert_eq!((answer.status, answer.code()), (403, "cross_origin"), "{foreign:?}");
        }
        let native = [("x-csrftoken", token), ("origin", &own), ("sec-fetch-site", "same-origin")];
        assert_eq!(put_profile(&ann, &native).await.status, 201);

        let login = json!({"username": "ann", "password": "ann's long password"});
        let request = app.visitor().raw(Method::POST, "/session").json(&login);
        let answer = ann.send(request.header("origin", "https://evil.example")).await;
        assert_eq!((answer.status, answer.code()), (403, "cross_origin"), "login, too");
    }

    async fn a_program_needs_no_token_and_its_bearer_wins_over_a_cookie(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let token = ben.post("/tokens", json!({"name": "bot"})).await.body["token"].clone();
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        let answer = put_profile(&ann, &[("authorization", &bearer)]).await;
        assert_eq!(answer.status, 201);
        let me = ann.raw(Method::GET, "/me").header("authorization", &bearer);
        assert_eq!(ann.send(me).await.body["id"], ben.id());
        let bad = ann.raw(Method::GET, "/me").header("authorization", "Bearer nonsense");
        assert_eq!(ann.send(bad).await.status, 401, "the cookie does not step in");
    }
}

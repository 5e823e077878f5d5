//! Registering, logging in and out, finding people; the rest of accounts in the files beside.

mod devices;
mod registration;

use serde_json::{Value, json};

use crate::support::{Client, Response, TestApp, both_engines, talk::befriend};

/// What [`TestApp::person`] registers with.
fn password_of(username: &str) -> String {
    format!("{username}'s long password")
}

async fn try_login(app: &TestApp, username: &str, password: &str) -> (Client, Response) {
    let mut client = app.visitor();
    let answer = client.post("/session", json!({"username": username, "password": password})).await;
    if answer.status == 200 {
        client.logged_in(&answer.body);
    }
    (client, answer)
}

/// Another browser of somebody who is registered.
async fn login(app: &TestApp, username: &str) -> Client {
    let (client, answer) = try_login(app, username, &password_of(username)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    client
}

async fn register(app: &TestApp, body: Value) -> Response {
    app.visitor().post("/accounts", body).await
}

both_engines! {
    async fn ann_registers_and_is_logged_in(app: TestApp) {
        let mut ann = app.visitor();
        let nobody = ann.get("/session").await;
        assert_eq!((nobody.status, &nobody.body["user"]), (200, &Value::Null));
        assert_eq!(ann.get("/me").await.code(), "unauthenticated");

        let body = json!({"username": "Ann_安", "password": "correct horse", "name": " 安 \u{3000}"});
        let answer = ann.post("/accounts", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        let cookies: Vec<&str> =
            answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
        let session = cookies.iter().find(|c| c.starts_with("rookery_session=")).unwrap();
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"), "{session}");
        ann.logged_in(&answer.body);
        let user = &answer.body["user"];
        assert!(user["id"].as_i64().unwrap() >= 10_001);
        assert_eq!((&user["username"], &user["name"]), (&json!("Ann_安"), &json!("安")));
        assert_eq!((&user["is_admin"], &user["locale"]), (&json!(false), &Value::Null));

        let me = ann.get("/me").await;
        assert_eq!((me.status, &me.body), (200, user));
        let session = ann.get("/session").await;
        assert_eq!(session.body["user"], *user);
        assert_eq!(session.body["csrf_token"], answer.body["csrf_token"]);
    }

    async fn what_does_not_fit_is_named_and_makes_nothing(app: TestApp) {
        let long = "x".repeat(257);
        for (body, field) in [
            (json!({"username": "ab", "password": "12345678"}), "username"),
            (json!({"username": "a b c", "password": "12345678"}), "username"),
            (json!({"username": "12345", "password": "12345678"}), "username"),
            (json!({"username": "evil\u{202e}", "password": "12345678"}), "username"),
            (json!({"username": "ann\u{0}", "password": "12345678"}), "username"),
            (json!({"username": "ann", "password": "1234567"}), "password"),
            (json!({"username": "ann", "password": long}), "password"),
            (json!({"username": "ann", "password": "12345678", "name": "a\nb"}), "name"),
            (json!({"username": "ann", "password": "12345678", "is_admin": true}), "is_admin"),
            (json!({"username": "ann"}), "password"),
            (json!({"username": "ann", "password": "12345678", "setup_token": "x"}), "setup_token"),
        ] {
            let answer = register(app, body.clone()).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{body}");
            assert!(answer.body["errors"].get(field).is_some(), "{body}: {}", answer.body);
        }
        let malformed = app.visitor();
        let request = malformed.request(reqwest::Method::POST, "/accounts");
        let request = request.header("content-type", "application/json").body("{");
        assert_eq!(malformed.send(request).await.status, 400);
        assert_eq!(try_login(app, "ann", "12345678").await.1.status, 401);
    }

    async fn a_name_that_looks_taken_is_taken(app: TestApp) {
        app.person("paypal").await;
        for taken in ["paypal", "PAYPAL", "ｐａｙｐａｌ", "paypaI", "paypa1", "раураӏ"] {
            let answer = register(app, json!({"username": taken, "password": "12345678"})).await;
            assert_eq!((answer.status, answer.code()), (409, "username_taken"), "{taken}");
        }
        app.person("paypa2").await;
    }

    async fn many_register_one_name_at_once_and_one_gets_it(app: TestApp) {
        let body = json!({"username": "dave", "password": "12345678"});
        let tries = (0..6).map(|_| register(app, body.clone()));
        let mut statuses: Vec<u16> =
            futures_util::future::join_all(tries).await.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    }

    async fn logging_in_and_out(app: TestApp) {
        app.person("ann").await;
        let wrong = try_login(app, "ann", "not her password").await.1;
        let unknown = try_login(app, "nobody", "not her password").await.1;
        let silly = try_login(app, "", &"x".repeat(300)).await.1;
        assert_eq!((wrong.status, wrong.code()), (401, "wrong_credentials"));
        assert_eq!((unknown.status, &unknown.body), (401, &wrong.body));
        assert_eq!((silly.status, &silly.body), (401, &wrong.body));

        let (ann, answer) = try_login(app, "ANN", &password_of("ann")).await;
        assert_eq!(answer.status, 200);
        let again = try_login(app, "ann", &password_of("ann")).await.1;
        assert_ne!(answer.body["csrf_token"], again.body["csrf_token"], "a session of its own");
        assert_eq!(ann.delete("/session").await.status, 204);
        assert_eq!(ann.get("/me").await.status, 401);
        assert_eq!(ann.get("/session").await.body["user"], Value::Null);
    }

    async fn a_write_by_cookie_needs_the_token(app: TestApp) {
        let ann = app.person("ann").await;
        let mut forged = ann.clone();
        forged.logged_in(&json!({"csrf_token": "made-up", "user": {}}));
        let answer = forged.delete("/session").await;
        assert_eq!((answer.status, answer.code()), (403, "csrf_failed"));
        let elsewhere = ann.request(reqwest::Method::DELETE, "/session");
        let answer = ann.send(elsewhere.header("origin", "https://evil.example")).await;
        assert_eq!((answer.status, answer.code()), (403, "cross_origin"));
        assert_eq!(ann.get("/me").await.status, 200);
    }

    async fn people_are_found(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben_10").await);
        let mut zhang = app.visitor();
        let body = json!({"username": "zhang3", "password": "12345678", "name": "张三丰 100%"});
        zhang.logged_in(&zhang.post("/accounts", body).await.body);
        let find = async |q: &str| {
            let encoded: String = q.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let answer = ann.get(&format!("/users?q={encoded}")).await;
            let users = answer.body["users"].as_array().cloned().unwrap_or_default();
            users.iter().map(|user| user["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(find(&ben.id().to_string()).await, [ben.id()]);
        assert_eq!(find("BEN").await, [ben.id()]);
        assert_eq!(find("en_10").await, [ben.id()], "the username is the name until there is one");
        assert_eq!(find("三丰").await, [zhang.id()]);
        assert_eq!(find("0%").await, [zhang.id()]);
        assert!(find("%").await == [zhang.id()] && find("_").await == [ben.id()]);
        assert!(find("nobody at all").await.is_empty());
        for bad in ["/users", "/users?q=", "/users?q=%20", "/users?q=a&role=admin", "/users?q=%00"] {
            assert_eq!(ann.get(bad).await.status, 422, "{bad}");
        }
        assert_eq!(app.visitor().get("/users?q=ann").await.status, 401);

        let shown = ann.get(&format!("/users/{}", zhang.id())).await;
        assert_eq!(shown.status, 200);
        assert_eq!(shown.body["name"], "张三丰 100%");
        assert_eq!(shown.body.get("locale"), None, "only its owner sees that");
        assert_eq!(ann.get("/users/99999").await.code(), "not_found");
        assert_eq!(ann.get("/users/x").await.status, 404);
    }

    async fn quiet_hours_are_ones_own_and_reach_ones_other_devices(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        assert_eq!(ann.get("/me").await.body["quiet_hours"], Value::Null);
        let night = json!({"from": "22:30", "until": "07:05"});
        let changed = ann.patch("/me", json!({"quiet_hours": night})).await;
        assert_eq!((changed.status, &changed.body["quiet_hours"]), (200, &night));
        assert_eq!(ann.get("/me").await.body["quiet_hours"], night);
        let other = ann.patch("/me", json!({"signature": "asleep"})).await;
        assert_eq!(other.body["quiet_hours"], night, "what is left out stays");
        assert_eq!(ben.get(&format!("/users/{}", ann.id())).await.body.get("quiet_hours"), None);
        for bad in [
            json!({"from": "22:30", "until": "22:30"}),
            json!({"from": "22:30"}),
            json!({"from": "24:00", "until": "07:00"}),
            json!({"from": "9:00", "until": "07:00"}),
            json!({"from": 1, "until": 2}),
            json!({"from": "22:30", "until": "07:00", "zone": "UTC"}),
            json!("22:30-07:00"),
        ] {
            let answer = ann.patch("/me", json!({"quiet_hours": bad})).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{bad}");
        }
        assert_eq!(ann.get("/me").await.body["quiet_hours"], night);
        let ended = ann.patch("/me", json!({"quiet_hours": null})).await;
        assert_eq!((ended.status, &ended.body["quiet_hours"]), (200, &Value::Null));
    }

    async fn only_admins_invite(app: TestApp) {
        let ann = app.person("ann").await;
        assert_eq!(ann.post("/invitations", json!({})).await.code(), "forbidden");
        assert_eq!(ann.get("/invitations").await.status, 403);
        assert_eq!(ann.delete("/invitations/1").await.status, 403);
    }
}

//! Devices: sessions and tokens, listed and revoked, and the live connections that end with them.

use std::time::Duration;

use delivery::{Device, DeviceId, End, Next, Transport};
use protocol::{SessionId, TokenId, UserId};
use serde_json::json;

use super::{login, password_of, try_login};
use crate::support::{Client, Response, TestApp, both_engines};

/// A live connection of this browser: what every transport holds.
async fn connect(app: &TestApp, who: &Client) -> delivery::Session {
    let sessions = who.get("/sessions").await.body["sessions"].clone();
    let current = sessions.as_array().unwrap().iter().find(|s| s["current"] == true).unwrap();
    let id = DeviceId::Session(SessionId(current["id"].as_i64().unwrap()));
    let device = Device { user: UserId(who.id()), id };
    app.state.delivery.connect(device, Transport::WebSocket, None)
}

/// Waits until the connection says something other than "nothing new".
async fn ends(connection: &mut delivery::Session) -> End {
    loop {
        if let Next::Ended(end) = connection.next_batch(None).await {
            return end;
        }
    }
}

/// A program with this token: no cookie, no CSRF token.
async fn as_program(app: &TestApp, token: &str, path: &str) -> Response {
    let client = app.visitor();
    client.send(client.request(reqwest::Method::GET, path).bearer_auth(token)).await
}

both_engines! {
    async fn a_device_is_listed_and_revoked(app: TestApp) {
        let desk = app.person("ann").await;
        let phone = login(app, "ann").await;
        let ben = app.person("ben").await;
        let listed = desk.get("/sessions").await.body["sessions"].clone();
        let listed = listed.as_array().unwrap();
        assert_eq!(listed.len(), 2);
        let other = listed.iter().find(|s| s["current"] == false).unwrap();
        assert_eq!(other["address"], "127.0.0.1");
        let path = format!("/sessions/{}", other["id"]);
        assert_eq!(phone.get("/me").await.status, 200);

        assert_eq!(ben.delete(&path).await.code(), "not_found");
        assert_eq!(desk.delete(&path).await.status, 204);
        assert_eq!(phone.get("/me").await.code(), "unauthenticated");
        assert_eq!(desk.delete(&path).await.status, 404);
        assert_eq!(desk.delete("/sessions/999999").await.status, 404);
        assert_eq!(desk.delete("/sessions/x").await.status, 404);
        assert_eq!(desk.get("/me").await.status, 200);
    }

    async fn logging_in_again_ends_the_session_before(app: TestApp) {
        let desk = app.person("ann").await;
        let old = desk.cookie();
        let mut live = connect(app, &desk).await;
        let credentials = json!({"username": "ann", "password": password_of("ann")});
        assert_eq!(desk.post("/session", credentials).await.status, 200);
        assert_ne!(desk.cookie(), old);
        assert_eq!(desk.get("/sessions").await.body["sessions"].as_array().unwrap().len(), 1);
        let stolen = app.visitor();
        let request = stolen.request(reqwest::Method::GET, "/me").header("cookie", old);
        assert_eq!(stolen.send(request).await.code(), "unauthenticated");
        assert!(matches!(ends(&mut live).await, End::LoggedOut));
    }

    async fn live_connections_end_with_their_device(app: TestApp) {
        let desk = app.person("ann").await;
        let (phone, tablet, tv) =
            (login(app, "ann").await, login(app, "ann").await, login(app, "ann").await);
        let mut at_desk = connect(app, &desk).await;
        let (mut on_phone, mut on_tablet, mut on_tv) = (
            connect(app, &phone).await, connect(app, &tablet).await, connect(app, &tv).await,
        );
        let listed = phone.get("/sessions").await.body["sessions"].clone();
        let own = listed.as_array().unwrap().iter().find(|s| s["current"] == true).unwrap();

        let path = format!("/sessions/{}", own["id"]);
        let revoked = desk.delete(&path);
        let (end, answer) = futures_util::future::join(ends(&mut on_phone), revoked).await;
        assert!(matches!(end, End::LoggedOut) && answer.status == 204);
        let (end, answer) =
            futures_util::future::join(ends(&mut on_tablet), tablet.delete("/session")).await;
        assert!(matches!(end, End::LoggedOut) && answer.status == 204);
        let body = json!({"old": password_of("ann"), "new": "a new password"});
        let (end, answer) =
            futures_util::future::join(ends(&mut on_tv), desk.put("/me/password", body)).await;
        assert!(matches!(end, End::LoggedOut) && answer.status == 200);

        let next = at_desk.next_batch(Some(Duration::ZERO)).await;
        assert!(matches!(next, Next::Batch(_)), "the one that changed the password stays");
    }

    async fn a_token_ends_with_its_connections(app: TestApp) {
        let ann = app.person("ann").await;
        let made = ann.post("/tokens", json!({"name": "bot"})).await.body;
        let id = DeviceId::Token(TokenId(made["id"].as_i64().unwrap()));
        let device = Device { user: UserId(ann.id()), id };
        let mut bot = app.state.delivery.connect(device, Transport::Sse, None);
        let path = format!("/tokens/{}", made["id"]);
        let (end, answer) = futures_util::future::join(ends(&mut bot), ann.delete(&path)).await;
        assert!(matches!(end, End::LoggedOut) && answer.status == 204);
        assert!(rookery::accounts::has_ended(&app.state, id));
    }

    async fn a_program_has_a_token(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let made = ann.post("/tokens", json!({"name": "my bot"})).await;
        assert_eq!(made.status, 201);
        let token = made.body["token"].as_str().unwrap();
        let me = as_program(app, token, "/me").await;
        assert_eq!((me.status, me.body["id"].as_i64()), (200, Some(ann.id())));

        let listed = ann.get("/tokens").await.body["tokens"].clone();
        assert_eq!((&listed[0]["name"], listed[0].get("token")), (&json!("my bot"), None));
        let path = format!("/tokens/{}", made.body["id"]);
        assert_eq!(ben.get("/tokens").await.body["tokens"], json!([]));
        assert_eq!(ben.delete(&path).await.status, 404);
        assert_eq!(ann.delete(&path).await.status, 204);
        assert_eq!(as_program(app, token, "/me").await.status, 401);
        assert_eq!(as_program(app, "rookery_made-up", "/me").await.status, 401);
        assert_eq!(ann.post("/tokens", json!({"name": ""})).await.status, 422);
        assert_eq!(ann.post("/tokens", json!({"name": "x", "scope": 1})).await.status, 422);
    }

    async fn a_bearer_token_wins_over_a_cookie(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let token = ben.post("/tokens", json!({"name": "bot"})).await.body["token"].clone();
        let request = ann.request(reqwest::Method::GET, "/me").bearer_auth(token.as_str().unwrap());
        assert_eq!(ann.send(request).await.body["id"].as_i64(), Some(ben.id()));
        let request = ann.request(reqwest::Method::GET, "/me").bearer_auth("nonsense");
        assert_eq!(ann.send(request).await.status, 401);
    }

    async fn a_new_password_puts_the_others_out(app: TestApp) {
        let desk = app.person("ann").await;
        let phone = login(app, "ann").await;
        let body = json!({"old": "wrong password", "new": "a new password"});
        assert_eq!(desk.put("/me/password", body).await.code(), "wrong_credentials");
        let short = json!({"old": password_of("ann"), "new": "short"});
        assert_eq!(desk.put("/me/password", short).await.status, 422);
        assert_eq!(phone.get("/me").await.status, 200);

        let before = desk.get("/session").await.body["csrf_token"].clone();
        let body = json!({"old": password_of("ann"), "new": "a new password"});
        let answer = desk.put("/me/password", body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_ne!(answer.body["csrf_token"], before, "the session's secret is a new one");
        assert_eq!(phone.get("/me").await.status, 401);
        assert_eq!(desk.get("/me").await.status, 200);
        assert_eq!(try_login(app, "ann", &password_of("ann")).await.1.status, 401);
        assert_eq!(try_login(app, "ann", "a new password").await.1.status, 200);
    }

    async fn a_person_has_at_most_a_hundred_tokens(app: TestApp) {
        let ann = app.person("ann").await;
        for n in 1..=101 {
            let made = ann.post("/tokens", json!({"name": format!("bot {n}")})).await;
            assert_eq!(made.status, if n <= 100 { 201 } else { 409 }, "{n}: {}", made.body);
        }
        let listed = ann.get("/tokens").await.body["tokens"].clone();
        assert_eq!((listed.as_array().unwrap().len(), &listed[0]["name"]), (100, &json!("bot 100")));
    }
}

//! Registering, logging in and out, devices, tokens, passwords, profiles, finding people, invitations.

use std::time::Duration;

use database::Engine;
use delivery::{Device, DeviceId, End, Next, Transport};
use protocol::{SessionId, TokenId, UserId};
use serde_json::{Value, json};

use crate::support::{Client, Response, TestApp, both_engines};

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

    async fn only_admins_invite(app: TestApp) {
        let ann = app.person("ann").await;
        assert_eq!(ann.post("/invitations", json!({})).await.code(), "forbidden");
        assert_eq!(ann.get("/invitations").await.status, 403);
        assert_eq!(ann.delete("/invitations/1").await.status, 403);
    }
}

/// Settings other than the usual need a server of their own.
macro_rules! on_both {
    ($name:ident, $settings:expr, $story:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn sqlite() {
                TestApp::run_with(Engine::Sqlite, $settings, $story);
            }

            #[test]
            fn postgres() {
                TestApp::run_with(Engine::Postgres, $settings, $story);
            }
        }
    };
}

/// Registers `username` with the token that a start of the server prints.
async fn first_admin(app: &TestApp, username: &str) -> Client {
    let token = rookery::accounts::issue_setup_token(&app.state).await.unwrap().unwrap();
    let mut admin = app.visitor();
    let password = password_of(username);
    let body = json!({"username": username, "password": password, "setup_token": token});
    let answer = admin.post("/accounts", body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["user"]["is_admin"], true);
    admin.logged_in(&answer.body);
    admin
}

async fn nobody_gets_in(app: &TestApp) {
    let stranger = json!({"username": "stranger", "password": "12345678"});
    let answer = register(app, stranger).await;
    assert_eq!((answer.status, answer.code()), (403, "registration_closed"));
    first_admin(app, "boss").await;
}
on_both!(a_closed_site_lets_in_only_the_first_admin, &[("registration", "closed")], nobody_gets_in);

async fn by_invitation(app: &TestApp) {
    let with = |username: &str, code: &Value| json!({"username": username, "password": "12345678", "invitation": code});
    let boss = first_admin(app, "boss").await;
    let refused = register(app, with("stranger", &json!("guess"))).await;
    assert_eq!(refused.code(), "registration_closed");
    let without = json!({"username": "stranger", "password": "12345678"});
    assert_eq!(register(app, without).await.code(), "registration_closed");

    let made = boss.post("/invitations", json!({"max_uses": 2, "expires_in_days": 1})).await;
    assert_eq!((made.status, &made.body["uses"]), (201, &json!(0)));
    let code = &made.body["code"];
    // A refused registration uses nothing up.
    assert_eq!(register(app, with("boss", code)).await.code(), "username_taken");
    let comers = ["ann", "ben", "cat", "dan"].map(|name| register(app, with(name, code)));
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(comers).await.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 403, 403], "two uses are two people");

    let other = boss.post("/invitations", json!({})).await.body;
    let listed = boss.get("/invitations").await.body["invitations"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["id"]), (1, &other["id"]));
    assert_eq!(listed[0].get("code"), None);
    assert_eq!(boss.delete(&format!("/invitations/{}", other["id"])).await.status, 204);
    assert_eq!(register(app, with("eve", &other["code"])).await.status, 403);
    assert_eq!(boss.post("/invitations", json!({"max_uses": 0})).await.status, 422);
    assert_eq!(boss.post("/invitations", json!({"expires_in_days": 366})).await.status, 422);
}
on_both!(
    an_invitation_lets_in_as_many_as_it_says,
    &[("registration", "invitation")],
    by_invitation
);

async fn setup_link(app: &TestApp) {
    let old = rookery::accounts::issue_setup_token(&app.state).await.unwrap().unwrap();
    let token = rookery::accounts::issue_setup_token(&app.state).await.unwrap().unwrap();
    let (ann, ben) = (app.person("ann").await, app.person("ben").await);
    let setup =
        async |who: &Client, token: &str| who.post("/setup", json!({"setup_token": token})).await;
    assert_eq!(setup(&ben, &old).await.status, 422, "a new start makes the old link worthless");
    let answer = setup(&ann, &token).await;
    assert_eq!((answer.status, &answer.body["is_admin"]), (200, &json!(true)), "{}", answer.body);
    assert_eq!(ann.post("/invitations", json!({})).await.status, 201, "at once");
    assert_eq!(setup(&ben, &token).await.status, 422, "once");
    let none = rookery::accounts::issue_setup_token(&app.state).await.unwrap();
    assert_eq!(none, None, "there is an admin now");
}
on_both!(the_setup_link_promotes_once, &[], setup_link);

async fn guesses(app: &TestApp) {
    app.person("ann").await;
    let mut refused = None;
    for _ in 0..30 {
        let answer = try_login(app, "ann", "a guess").await.1;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("thirty guesses are too many");
    assert_eq!(refused.code(), "rate_limited");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
}
on_both!(guessing_is_slowed_down, &[("rate_limit", "on")], guesses);

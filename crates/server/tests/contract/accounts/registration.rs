//! Who gets in: closed sites, invitations, the link for the first admin, and guessing.

use database::Engine;
use serde_json::{Value, json};

use super::{password_of, register, try_login};
use crate::support::{Client, TestApp};

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

async fn class(app: &TestApp) {
    for n in 0..60 {
        app.person(&format!("pupil-{n}")).await;
    }
}
on_both!(a_school_class_registers_from_one_address, &[("rate_limit", "on")], class);

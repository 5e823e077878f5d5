//! Settings that change at run time, and the logo.

use reqwest::Method;
use serde_json::{Value, json};

use crate::files::picture;
use crate::moderation::holder;
use crate::support::{
    Client, TestApp, both_engines,
    talk::{cursor, events_since, group, say, try_to_say, types},
};

fn value<'a>(answer: &'a Value, key: &str) -> &'a Value {
    let all = answer["settings"].as_array().unwrap();
    all.iter().find(|one| one["key"] == key).unwrap()
}

async fn register(app: &TestApp, name: &str) -> (u16, String) {
    let body = json!({"username": name, "password": "a long password"});
    let answer = app.visitor().post("/accounts", body).await;
    (answer.status, answer.code().to_owned())
}

both_engines! {
    async fn a_setting_holds_at_once_and_everybody_is_told(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let keeper = holder(app, &admin, "keeper", &["manage_settings"]).await;
        let from = cursor(&ann).await;
        let changes = json!({"name": "鸦巢", "registration": "closed", "recall_window_seconds": 0});
        let changed = keeper.patch("/admin/settings", changes).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        let name = value(&changed.body, "name");
        assert_eq!((&name["value"], &name["changed"]), (&json!("鸦巢"), &json!(true)));
        assert_eq!(types(&events_since(&ann, &from).await), ["site.updated"]);
        assert_eq!(app.visitor().get("/site").await.body["name"], "鸦巢");
        assert_eq!(register(app, "late").await, (403, "registration_closed".into()));
        let club = group(&ann, "club", &[]).await;
        let said = say(&ann, club, "x").await;
        app.advance(1);
        assert_eq!(ann.post(&format!("/conversations/{club}/messages/{}/recall", said["seq"]), json!({})).await.status, 200,
                   "its owner may at any time");

        let back = keeper.patch("/admin/settings", json!({"registration": null})).await;
        let registration = value(&back.body, "registration");
        assert_eq!((&registration["value"], &registration["changed"]), (&json!("open"), &json!(false)));
        assert_eq!(value(&back.body, "name")["value"], "鸦巢", "the others stay");
        assert_eq!(register(app, "late").await.0, 201);
        let log = admin.get("/admin/audit?subject=site").await.body;
        assert_eq!(log["entries"][0]["action"], "settings.changed");
        assert_eq!(log["entries"][0]["actor"]["id"], keeper.id());
        assert_eq!(log["entries"][1]["details"]["changes"]["registration"], "closed");
    }

    async fn what_does_not_fit_changes_nothing(app: TestApp) {
        let admin = app.admin("root").await;
        let before = admin.get("/admin/settings").await.body;
        for (key, bad) in [
            ("name", json!("")),
            ("name", json!(5)),
            ("registration", json!("maybe")),
            ("recall_window_seconds", json!(-1)),
            ("recall_window_seconds", json!("2")),
            ("max_file_size", json!(0)),
            ("upload_quota", json!(1_i64 << 60)),
            ("logo_id", json!("x")),
            ("secret", json!("x")),
        ] {
            let changes = json!({"new_account_hours": 7, key: bad});
            let answer = admin.patch("/admin/settings", changes).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{key}: {}", answer.body);
            assert!(answer.body["errors"].get(key).is_some(), "{}", answer.body);
        }
        assert_eq!(admin.get("/admin/settings").await.body, before);
    }

    async fn the_site_has_a_logo_of_its_own(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        assert_eq!(ann.get("/site").await.body["logo_url"], Value::Null);
        let put = async |who: &Client, bytes: Vec<u8>| {
            let request = who.request(Method::PUT, "/admin/logo").body(bytes);
            who.send(request).await
        };
        let png = picture(900, 300, image::ImageFormat::Png);
        assert_eq!(put(&ann, png.clone()).await.status, 403);
        assert_eq!(put(&admin, b"no picture".to_vec()).await.status, 415);
        assert_eq!(put(&admin, png).await.status, 204);
        let url = ann.get("/site").await.body["logo_url"].as_str().unwrap().to_owned();
        let shown = app.visitor().get(&format!("/{url}")).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "image/jpeg"), "it is encoded anew");
        assert_eq!(admin.delete("/admin/logo").await.status, 204);
        assert_eq!(admin.delete("/admin/logo").await.status, 204);
        assert_eq!(ann.get("/site").await.body["logo_url"], Value::Null);
        assert_eq!(app.visitor().get(&format!("/{url}")).await.status, 404);
    }
}

/// New accounts are bounded as the settings say, where rate limits are on.
fn new_accounts(engine: database::Engine) {
    TestApp::run_with(engine, &[("rate_limit", "on")], async |app| {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let few = json!({"new_account_messages_an_hour": 3});
        assert_eq!(admin.patch("/admin/settings", few).await.status, 200);
        let club = group(&ann, "club", &[]).await;
        for _ in 0..3 {
            assert_eq!(try_to_say(&ann, club).await.0, 201);
        }
        assert_eq!(try_to_say(&ann, club).await, (429, "rate_limited".into()));
        app.advance(3_600);
        assert_eq!(try_to_say(&ann, club).await.0, 201);
        app.advance(24 * 3_600);
        for _ in 0..5 {
            assert_eq!(try_to_say(&ann, club).await.0, 201);
        }
    });
}

#[test]
fn new_accounts_have_their_share_sqlite() {
    new_accounts(database::Engine::Sqlite);
}

#[test]
fn new_accounts_have_their_share_postgres() {
    new_accounts(database::Engine::Postgres);
}

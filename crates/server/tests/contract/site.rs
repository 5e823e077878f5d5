//! What everybody meets first: the site itself, and the shapes of refusals.

use database::Engine;
use serde_json::{Value, json};

use crate::support::{
    TestApp, both_engines,
    talk::{group, say},
};

both_engines! {
    async fn anyone_may_ask_what_this_site_is(app: TestApp) {
        let site = app.visitor().get("/site").await;
        assert_eq!(site.status, 200);
        assert_eq!(site.body["name"], "Rookery");
        assert_eq!(site.body["registration"], "open");
        let usual = json!({"recall_window_seconds": 120, "max_file_size": 104_857_600});
        assert_eq!(site.body["limits"], usual);
        assert_eq!(app.visitor().get("//healthz").await.status, 200);
        assert_eq!(app.visitor().get("//readyz").await.status, 200);
    }
}

fn the_limits_are_those_of_the_operator(engine: Engine) {
    let settings = [("recall_window_seconds", "5"), ("max_file_size", "2 KiB")];
    TestApp::run_with(engine, &settings, async |app| {
        let limits = app.visitor().get("/site").await.body["limits"].clone();
        assert_eq!(limits, json!({"recall_window_seconds": 5, "max_file_size": 2_048}));
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        assert_eq!(ben.get("/uploads/usage").await.body["max_file_size"], 2_048);
        let club = group(&ann, "club", &[&ben]).await;
        let (early, late) = (say(&ben, club, "one").await, say(&ben, club, "two").await);
        let recall = async |said: &Value| {
            let path = format!("/conversations/{club}/messages/{}/recall", said["seq"]);
            ben.post(&path, json!({})).await.status
        };
        app.advance(4);
        assert_eq!(recall(&early).await, 200);
        app.advance(2);
        assert_eq!(recall(&late).await, 403);
    });
}

#[test]
fn the_limits_are_those_of_the_operator_on_sqlite() {
    the_limits_are_those_of_the_operator(Engine::Sqlite);
}

#[test]
fn the_limits_are_those_of_the_operator_on_postgres() {
    the_limits_are_those_of_the_operator(Engine::Postgres);
}

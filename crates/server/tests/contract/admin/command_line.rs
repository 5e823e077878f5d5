//! Whatever is done in the admin area, the operator does at the command line, with and without a running server.

use database::Engine;
use serde_json::{Value, json};

use crate::support::{Operator, Server};

fn with_and_without_a_server(engine: Engine) {
    let operator = Operator::new(engine);
    let prints = |words: &[&str]| operator.prints(words, "");
    let json = |words: &[&str]| serde_json::from_str::<Value>(&prints(words)).unwrap();
    operator
        .prints(&["user", "create", "root", "--admin", "--password-stdin"], "a long password\n");
    prints(&["user", "create", "ann"]);
    assert_eq!(json(&["user", "list", "--sort", "name"])["users"].as_array().unwrap().len(), 2);
    prints(&["settings", "set", "name", "42"]);
    let server = operator.serve(&[]);
    assert!(prints(&["settings", "list"]).contains("name = \"42\"  (changed)"));
    assert!(
        prints(&["settings", "set", "recall_window_seconds", "60"])
            .contains("recall_window_seconds = 60")
    );
    assert!(!prints(&["settings", "reset", "name"]).contains("\"42\""));
    assert!(
        operator.complains(&["settings", "set", "registration", "maybe"]).contains("registration")
    );

    prints(&["user", "suspend", "ANN", "7d", "too loud"]);
    assert!(json(&["user", "show", "ann"])["suspended_until"].is_string());
    prints(&["user", "unsuspend", "ann", "calm again"]);
    prints(&["user", "ban", "10002", "enough"]);
    assert_eq!(json(&["user", "show", "ann"])["banned"], true);
    prints(&["user", "unban", "ann", "sorry"]);
    prints(&["user", "mute", "ann", "1h", "shh"]);
    prints(&["user", "unmute", "ann", "fine"]);
    let password = prints(&["user", "reset-password", "ann"]);
    assert_eq!(password.len(), 20);
    sessions_end(&server, &password, &prints);
    assert!(operator.complains(&["user", "admin", "root", "off"]).contains("another admin"));
    prints(&["user", "admin", "ann", "on"]);
    prints(&["user", "admin", "ann", "off"]);

    let role =
        json(&["role", "create", "Keepers", "moderate_chat", "manage_users"])["id"].to_string();
    prints(&["role", "give", &role, "ann"]);
    assert_eq!(json(&["role", "members", &role])["users"][0]["username"], "ann");
    prints(&["role", "change", &role, "moderate_forum"]);
    prints(&["role", "take", &role, "ann"]);
    prints(&["role", "delete", &role]);
    assert_eq!(json(&["role", "list"])["site_roles"], Value::Array(Vec::new()));

    let words = r#"{"words":[{"pattern":"spam","action":"refuse"}]}"#;
    prints(&["call", "PUT", "/moderation/words", words]);
    assert_eq!(json(&["call", "get", "/moderation/words"])["words"][0]["pattern"], "spam");
    assert!(
        operator.complains(&["call", "POST", "/groups", r#"{"name":"x"}"#]).contains("no account")
    );
    assert!(operator.complains(&["call", "GET", "/admin/users/99999"]).contains("404"));
    assert!(operator.complains(&["call", "GET", "nowhere"]).contains("begins with"));
    assert!(operator.complains(&["call", "GET", "/events/stream"]).contains("no account"));
    assert!(operator.complains(&["user", "delete", "ann"]).contains("--yes"));
    prints(&["user", "delete", "ann", "--yes"]);

    let log = json(&["audit", "list", "--actor", "0"]);
    assert_eq!(log["entries"][0]["action"], "user.deleted");
    assert_eq!(log["entries"][0]["actor"], Value::Null);
    assert!(prints(&["audit", "verify"]).starts_with("whole: "));
    assert!(server.stop().0.success());
    assert!(prints(&["audit", "verify"]).starts_with("whole: "));
}

/// Somebody logs in twice: they are logged out in one place, then everywhere.
fn sessions_end(server: &Server, password: &str, prints: &dyn Fn(&[&str]) -> String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let log_in = json!({"username": "ann", "password": password});
    for _ in 0..2 {
        let entered =
            runtime.block_on(async { server.visitor().post("/session", log_in.clone()).await });
        assert_eq!(entered.status, 200, "{}", entered.body);
    }
    let list = || -> Value {
        let text = prints(&["user", "sessions", "ann"]);
        serde_json::from_str::<Value>(&text).unwrap()["sessions"].clone()
    };
    let (first, second) = (list()[0]["id"].to_string(), list()[1]["id"].clone());
    prints(&["user", "logout", "ann", "--session", &first]);
    assert_eq!((list().as_array().unwrap().len(), &list()[0]["id"]), (1, &second));
    prints(&["user", "logout", "ann"]);
    assert_eq!(list(), json!([]));
}

#[test]
fn the_operator_does_it_all_sqlite() {
    with_and_without_a_server(Engine::Sqlite);
}

#[test]
fn the_operator_does_it_all_postgres() {
    with_and_without_a_server(Engine::Postgres);
}

#[test]
fn a_broken_audit_log_is_found_at_the_command_line() {
    let operator = Operator::new(Engine::Sqlite);
    for name in ["ann", "ben", "carol"] {
        operator.prints(&["user", "create", name], "");
    }
    assert!(operator.prints(&["audit", "verify"], "").starts_with("whole: 3 entries"));
    super::store::tamper_with_file(&operator.path("rookery.db"));
    assert!(operator.complains(&["audit", "verify"]).contains("broken at entry 2"));
}

//! Roles, how accounts stand, reports and cases, appeals, and the list of words.

mod cases;
mod forum;
mod live;
mod roles;
mod standing;
mod words;

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// Somebody with these permissions, by a role of their own.
pub(crate) async fn holder(
    app: &TestApp,
    admin: &Client,
    name: &str,
    permissions: &[&str],
) -> Client {
    let person = app.person(name).await;
    grant(admin, &person, name, permissions).await;
    person
}

/// Gives somebody a new role with these permissions; its number.
pub(crate) async fn grant(
    admin: &Client,
    person: &Client,
    role: &str,
    permissions: &[&str],
) -> i64 {
    let made = admin.post("/site_roles", json!({"name": role, "permissions": permissions})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["id"].as_i64().unwrap();
    let given = admin.put(&format!("/site_roles/{id}/members/{}", person.id()), json!({})).await;
    assert_eq!(given.status, 204, "{}", given.body);
    id
}

/// Reports a message; its case.
pub(crate) async fn report(who: &Client, conversation: i64, seq: &Value) -> i64 {
    let subject = json!({"kind": "message", "conversation_id": conversation, "seq": seq});
    let body = json!({"subject": subject, "reason": "abuse", "note": "look at this"});
    let answer = who.post("/reports", body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["id"].as_i64().unwrap()
}

/// What somebody was told, the newest first: kind and case.
pub(crate) async fn told(who: &Client) -> Vec<(String, Value)> {
    let page = who.get("/notifications").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let all = page.body["notifications"].as_array().unwrap();
    all.iter()
        .map(|one| (one["kind"].as_str().unwrap().to_owned(), one["case_id"].clone()))
        .collect()
}

/// A time on the server's clock, in so many seconds.
pub(crate) fn in_seconds(app: &TestApp, seconds: i64) -> String {
    app.state.clock.now().plus_millis(seconds * 1_000).to_string()
}

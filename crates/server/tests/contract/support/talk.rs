//! What stories about talking begin with: friends, groups, a word said, and what happened since.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::Client;

/// Makes two people friends.
pub(crate) async fn befriend(ann: &Client, ben: &Client) {
    let asked = ann.post("/friend_requests", json!({"user_id": ben.id()})).await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    let both = ben.post("/friend_requests", json!({"user_id": ann.id()})).await;
    assert_eq!(both.status, 200, "{}", both.body);
}

/// The direct conversation of two friends.
pub(crate) async fn direct(ann: &Client, ben: &Client) -> i64 {
    let answer = ann.post("/conversations", json!({"user_id": ben.id()})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["id"].as_i64().unwrap()
}

/// An open group of `owner`, which the others join.
pub(crate) async fn group(owner: &Client, name: &str, others: &[&Client]) -> i64 {
    let made = owner.post("/groups", json!({"name": name})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["id"].as_i64().unwrap();
    for other in others {
        let joined = other.post(&format!("/groups/{id}/join"), json!({})).await;
        assert_eq!((joined.status, &joined.body["status"]), (200, &json!("joined")));
    }
    id
}

/// A key that no other send of this test run has.
pub(crate) fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("key-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Says something, which is taken.
pub(crate) async fn say(who: &Client, conversation: i64, text: &str) -> Value {
    let body = json!({"client_id": fresh_key(), "text": text});
    let sent = who.post(&format!("/conversations/{conversation}/messages"), body).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    sent.body
}

/// Tries to say something: the status, and the code of a refusal.
pub(crate) async fn try_to_say(who: &Client, conversation: i64) -> (u16, String) {
    let body = json!({"client_id": fresh_key(), "text": "may I?"});
    let sent = who.post(&format!("/conversations/{conversation}/messages"), body).await;
    (sent.status, sent.code().to_owned())
}

/// One conversation as somebody sees it.
pub(crate) async fn look(who: &Client, conversation: i64) -> Value {
    let answer = who.get(&format!("/conversations/{conversation}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

/// The texts of a page of history, asked for with `query` (`?limit=2`).
pub(crate) async fn texts(who: &Client, conversation: i64, query: &str) -> Vec<String> {
    let page = who.get(&format!("/conversations/{conversation}/messages{query}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let messages = page.body["messages"].as_array().unwrap();
    messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

/// Where the log stands.
pub(crate) async fn cursor(who: &Client) -> String {
    let batch = who.get("/events").await;
    assert_eq!(batch.status, 200, "{}", batch.body);
    batch.body["cursor"].as_str().unwrap().to_owned()
}

/// Logged events, and where they end.
pub(crate) struct Batch {
    pub(crate) events: Vec<Value>,
    pub(crate) cursor: String,
}

/// What one poll finds after a cursor, waiting for at most `wait` seconds; ephemeral signals are left out.
pub(crate) async fn next_batch(who: &Client, cursor: &str, wait: u64) -> Batch {
    let answer = who.get(&format!("/events?cursor={cursor}&wait={wait}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body.get("reset"), None);
    let all = answer.body["events"].as_array().unwrap();
    Batch {
        events: all.iter().filter(|event| !event["id"].is_null()).cloned().collect(),
        cursor: answer.body["cursor"].as_str().unwrap().to_owned(),
    }
}

/// Everything logged that somebody may see after a cursor, by short polls.
pub(crate) async fn events_since(who: &Client, cursor: &str) -> Vec<Value> {
    let mut batch = next_batch(who, cursor, 0).await;
    let mut events = Vec::new();
    while !batch.events.is_empty() {
        events.append(&mut batch.events);
        batch = next_batch(who, &batch.cursor, 0).await;
    }
    events
}

/// The types of some events, in order.
pub(crate) fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

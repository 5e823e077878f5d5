//! Somebody who says things and then edits, recalls or reacts to them, through every kill: what was acknowledged is
//! so for ever, and what was taken back is nowhere.

use std::time::Duration;

use protocol::Message;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::support::{Person, pause};

/// Between two tries while the server is down.
const BACK_OFF: Duration = Duration::from_millis(25);

/// What was done to a message after it was said, and acknowledged.
#[derive(Clone, Copy)]
enum Deed {
    Edited,
    Recalled,
    Reacted,
}

/// A message, as it was said.
pub(super) struct Act {
    seq: i64,
    text: String,
    deed: Deed,
}

/// Goes on until it is stopped; every deed is tried again until it is acknowledged.
pub(super) async fn act(person: Person, stopped: watch::Receiver<bool>) -> Vec<Act> {
    let mut acts = Vec::new();
    let path = format!("/conversations/{}/messages", person.direct);
    for number in 0.. {
        if *stopped.borrow() {
            break;
        }
        let text = format!("secret-{number}-words");
        let body = json!({"client_id": format!("act-{number}"), "text": text});
        let said = done(&person, Method::POST, &path, &body).await;
        let seq = said["seq"].as_i64().unwrap();
        let (method, verb, body, deed) = match number % 3 {
            0 => (Method::PATCH, "", json!({"text": format!("edited {number}")}), Deed::Edited),
            1 => (Method::POST, "/recall", json!({}), Deed::Recalled),
            _ => (Method::PUT, "/reactions/%F0%9F%91%8D", json!({}), Deed::Reacted),
        };
        done(&person, method, &format!("{path}/{seq}{verb}"), &body).await;
        acts.push(Act { seq, text, deed });
    }
    acts
}

async fn done(person: &Person, method: Method, path: &str, body: &Value) -> Value {
    loop {
        match person.try_to(method.clone(), path, body).await {
            Ok((200 | 201 | 204, body)) => return body,
            Ok((503, _)) | Err(_) => pause(BACK_OFF).await,
            Ok((status, body)) => panic!("{path} got {status}: {body}"),
        }
    }
}

/// Compares with the history, and with everything that a device reads that was away since `cursor`.
pub(super) async fn check(person: &Person, cursor: String, acts: &[Act]) {
    assert!(acts.len() >= 3, "something was done");
    let history = person.history(person.direct, 0).await;
    let log = log_since(person, cursor).await;
    for act in acts {
        let mut there = history.iter().filter(|message| message.seq.get() == act.seq);
        let message: &Message = there.next().expect("acknowledged and not there");
        let is_logged = log.contains(&act.text);
        match act.deed {
            Deed::Edited => {
                assert!(message.text.starts_with("edited") && !is_logged, "{message:?}");
                let path = format!("/conversations/{}/messages/{}/edits", person.direct, act.seq);
                let (_, edits) = person.get(&path).await.unwrap();
                assert_eq!(edits["edits"].as_array().map(Vec::len), Some(1), "once: {edits}");
                assert_eq!(edits["edits"][0]["text"], json!(act.text));
            }
            Deed::Recalled => {
                assert!(message.text.is_empty() && !is_logged, "{message:?}");
                assert!(message.details.recalled.is_some(), "{message:?}");
            }
            Deed::Reacted => {
                assert!(message.text == act.text && is_logged, "{message:?}");
                assert_eq!(message.details.reactions.len(), 1, "{message:?}");
            }
        }
    }
}

/// All logged events since a cursor, as one text.
async fn log_since(person: &Person, mut cursor: String) -> String {
    let mut log = String::new();
    loop {
        let (status, batch) = person.get(&format!("/events?cursor={cursor}")).await.unwrap();
        assert_eq!(status, 200, "{batch}");
        let events = batch["events"].as_array().unwrap();
        if events.iter().all(|event| event["id"].is_null()) {
            return log;
        }
        log.push_str(&batch["events"].to_string());
        batch["cursor"].as_str().unwrap().clone_into(&mut cursor);
    }
}

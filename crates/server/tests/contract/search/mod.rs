//! What search finds, and what it does not show to whom.

mod messages;
mod names;
mod posts;
mod recall;

use serde_json::Value;

use crate::support::Client;

/// An answer to `GET /search` with these parameters (`kind=messages`), for a query of any characters.
async fn search(who: &Client, query: &str, parameters: &str) -> Value {
    let answer = who.get(&path(query, parameters)).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

fn path(query: &str, parameters: &str) -> String {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/search?q={encoded}&{parameters}")
}

/// The texts of all messages that somebody finds, the newest first, page by page.
async fn texts(who: &Client, query: &str, parameters: &str) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), String::new());
    loop {
        let page =
            search(who, query, &format!("kind=messages&{parameters}{before}")).await["messages"]
                .clone();
        for hit in page["hits"].as_array().unwrap() {
            found.push(hit["message"]["text"].as_str().unwrap().to_owned());
        }
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => return found,
        }
    }
}

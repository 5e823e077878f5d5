//! Whoever is removed hears of their own going and of nothing after it, whatever connection was open.

use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::member;
use crate::support::{
    Client, Socket, TestApp, both_engines,
    talk::{befriend, cursor, direct, events_since, group, next_batch, say},
};

/// The last thing that happens in the story, of which the removed one is told.
const MARK: &str = "friend.updated";

/// The types of what is told, up to and with the mark, from something that gives batches.
async fn until_mark(mut next: impl AsyncFnMut() -> Value) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    while types.last().is_none_or(|kind| kind != MARK) {
        let batch = next().await;
        for event in batch["events"].as_array().unwrap() {
            assert!(!event.to_string().contains("secret"), "{event}");
            types.push(event["type"].as_str().unwrap().to_owned());
        }
    }
    // Who is there and who is typing has nothing to do with it.
    types.retain(|kind| kind != "presence" && kind != "typing");
    types
}

async fn over_socket(socket: &mut Socket) -> Vec<String> {
    until_mark(async || socket.hear_type("events").await).await
}

async fn over_stream(response: reqwest::Response) -> Vec<String> {
    let mut stream = response.bytes_stream();
    let mut text = String::new();
    until_mark(async || {
        loop {
            if let Some((message, rest)) = text.split_once("\n\n") {
                let data = message.lines().find_map(|line| line.strip_prefix("data: "));
                let batch: Option<Value> = data.map(|data| serde_json::from_str(data).unwrap());
                text = rest.to_owned();
                match batch {
                    Some(batch) if batch.get("events").is_some() => return batch,
                    _ => continue,
                }
            }
            let chunk = stream.next().await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    })
    .await
}

async fn over_long_polls(who: &Client, cursor: &str) -> Vec<String> {
    let mut cursor = cursor.to_owned();
    until_mark(async || {
        let batch = next_batch(who, &cursor, 20).await;
        cursor = batch.cursor;
        json!({ "events": batch.events })
    })
    .await
}

both_engines! {
    async fn an_open_connection_of_any_kind_hears_nothing_after_the_removal(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let (club, private) = (group(&ann, "club", &[&ben]).await, direct(&ann, &ben).await);
        let before = cursor(&ben).await;
        let mut socket = Socket::open(&ben, "/events/socket").await.unwrap();
        socket.hear_type("hello").await;
        let stream = ben.request(Method::GET, &format!("/events/stream?cursor={before}"));
        let stream = stream.send().await.unwrap();

        let story = async {
            say(&ann, club, "you will hear this").await;
            assert_eq!(ann.delete(&member(club, &ben)).await.status, 204);
            say(&ann, club, "secret").await;
            let change = json!({"name": "secret club", "announcement": "secret"});
            assert_eq!(ann.patch(&format!("/groups/{club}"), change).await.status, 200);
            say(&ann, private, "sorry").await;
            let friend = format!("/friends/{}", ann.id());
            assert_eq!(ben.patch(&friend, json!({"remark": "the boss"})).await.status, 200);
        };
        let (by_polls, ()) = tokio::join!(over_long_polls(&ben, &before), story);
        let expected =
            ["message.created", "message.created", "member.left", "message.created", MARK];
        assert_eq!(by_polls, expected);
        assert_eq!(over_socket(&mut socket).await, expected);
        assert_eq!(over_stream(stream).await, expected);
        let late = events_since(&ben, &before).await;
        assert_eq!(late.len(), expected.len(), "who asks late hears the same");
        assert!(late.iter().all(|event| !event.to_string().contains("secret")));

        // Not by saying something over the open socket either.
        socket.say(json!({"type": "send", "client_id": "k", "conversation_id": club, "text": "hm"})).await;
        assert_eq!(socket.hear_type("error").await["problem"]["code"], "not_found");
    }
}

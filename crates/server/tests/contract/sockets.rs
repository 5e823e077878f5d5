//! WebSocket: what it says by itself, how it refuses, and how it closes.

use serde_json::json;

use crate::polls::make_something_happen;
use crate::support::{
    Socket, TestApp, both_engines,
    talk::{group, texts},
};

const PATH: &str = "/events/socket";

/// A short frame as a client sends it, masked with zeroes; the first byte says what it is.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).ok().filter(|length| *length < 126).unwrap();
    [&[first, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

both_engines! {
    async fn frames_that_come_in_parts_are_heard_whatever_is_said_meanwhile(app: TestApp) {
        let ann = app.person("ann").await;
        let mut socket = Socket::open(&ann, PATH).await.unwrap();
        socket.hear_type("hello").await;
        let (first, second) = (br#"{"type": "typing", "#, br#""conversation_id": 7}"#);
        let whole = frame(0x81, &[&first[..], second].concat());
        // Cut anywhere: in its head, in its mask, in what it says.
        for at in 1..whole.len() {
            socket.say_bytes(&whole[..at]).await;
            make_something_happen(app, &ann).await;
            socket.hear_type("events").await;
            socket.say_bytes(&whole[at..]).await;
            assert_eq!(socket.hear_type("error").await["problem"]["code"], "not_found", "{at}");
        }
        // Two and a half at once.
        socket.say_bytes(&[&whole[..], &whole, &whole[..9]].concat()).await;
        for _ in 0..2 {
            socket.hear_type("error").await;
        }
        make_something_happen(app, &ann).await;
        socket.hear_type("events").await;
        socket.say_bytes(&whole[9..]).await;
        socket.hear_type("error").await;
        // One message in two frames, with something else between them; and a ping at any time.
        socket.say_bytes(&frame(0x01, first)).await;
        make_something_happen(app, &ann).await;
        socket.hear_type("events").await;
        socket.say_bytes(&frame(0x89, b"there?")).await;
        assert_eq!(socket.hear_pong().await, b"there?");
        socket.say_bytes(&frame(0x80, second)).await;
        socket.hear_type("error").await;
        socket.say_bytes(&frame(0x89, b"still?")).await;
        assert_eq!(socket.hear_pong().await, b"still?");
        socket.say_bytes(&whole).await;
        socket.hear_type("error").await;
        // Whoever says that it is over is answered (RFC 6455, 5.5.1).
        socket.say_bytes(&frame(0x88, &1000_u16.to_be_bytes())).await;
        assert_eq!(socket.hear_close().await.0, 1000);
    }

    async fn a_socket_says_hello_and_who_is_nobody_gets_none(app: TestApp) {
        let ann = app.person("ann").await;
        let mut socket = Socket::open(&ann, PATH).await.unwrap();
        let hello = socket.hear().await;
        assert_eq!(hello["type"], "hello");
        assert_eq!(hello["cursor"], ann.get("/events").await.body["cursor"]);
        assert!(hello["retry_in"].as_u64().unwrap() > 0);
        assert_eq!(Socket::open(&app.visitor(), PATH).await.err(), Some(401));
        assert_eq!(Socket::open(&ann, "/events/socket?cursor=x").await.err(), Some(400));
        let foreign = [("origin", "https://evil.example")];
        assert_eq!(Socket::open_with(&ann, PATH, &foreign).await.err(), Some(403));
        let own = [("origin", &*app.origin())];
        assert!(Socket::open_with(&ann, PATH, &own).await.is_ok());
        assert_eq!(ann.get(PATH).await.status, 400, "no upgrade");
    }

    async fn what_is_not_understood_is_answered_and_the_socket_goes_on(app: TestApp) {
        let ann = app.person("ann").await;
        let mut socket = Socket::open(&ann, PATH).await.unwrap();
        socket.hear_type("hello").await;
        for (text, code) in [
            ("{", "malformed"),
            (r#"{"type": "dance"}"#, "invalid"),
            (r#"{"type": "typing", "conversation_id": 0}"#, "invalid"),
            (r#"{"type": "typing", "conversation_id": 7, "x": 1}"#, "invalid"),
            (r#"{"type": "typing", "conversation_id": 7}"#, "not_found"),
            (r#"{"type": "read", "conversation_id": 7, "seq": 1}"#, "not_found"),
        ] {
            socket.say_text(text.to_owned()).await;
            let error = socket.hear_type("error").await;
            assert_eq!(error["problem"]["code"], code, "{text}: {error}");
        }
        socket.say(json!({"type": "send", "client_id": "a", "conversation_id": 7, "text": "x"})).await;
        let error = socket.hear_type("error").await;
        assert_eq!((&error["client_id"], &error["problem"]["code"]), (&json!("a"), &json!("not_found")));
        socket.say(json!({"type": "send", "client_id": "b", "text": "x"})).await;
        assert_eq!(socket.hear_type("error").await["client_id"], "b");
    }

    async fn two_people_talk_over_sockets(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        ann.post("/friend_requests", json!({"user_id": ben.id()})).await;
        ben.post("/friend_requests", json!({"user_id": ann.id()})).await;
        let conversation = ann.post("/conversations", json!({"user_id": ben.id()})).await.body;
        let conversation_id = conversation["id"].clone();
        let mut anns = Socket::open(&ann, PATH).await.unwrap();
        let mut bens = Socket::open(&ben, PATH).await.unwrap();
        bens.hear_type("hello").await;
        for seq in 1..=40 {
            let client_id = format!("c{seq}");
            anns.say(json!({
                "type": "send", "client_id": client_id, "conversation_id": conversation_id,
                "text": format!("message {seq}"),
            }))
            .await;
        }
        for seq in 1..=40 {
            let sent = anns.hear_type("sent").await;
            assert_eq!(sent["message"]["seq"], seq, "in the order in which they were said");
            assert_eq!(sent["client_id"], format!("c{seq}"));
        }
        let mut heard = Vec::new();
        while heard.len() < 40 {
            let batch = bens.hear_type("events").await;
            for event in batch["events"].as_array().unwrap() {
                if event["type"] == "message.created" {
                    heard.push(event["message"]["text"].clone());
                }
            }
        }
        let said: Vec<_> = (1..=40).map(|seq| json!(format!("message {seq}"))).collect();
        assert_eq!(heard, said);

        bens.say(json!({"type": "typing", "conversation_id": conversation_id})).await;
        loop {
            let batch = anns.hear_type("events").await;
            let events = batch["events"].as_array().unwrap();
            if events.iter().any(|event| event["type"] == "typing") {
                break;
            }
        }
        bens.say(json!({"type": "read", "conversation_id": conversation_id, "seq": 40})).await;
        loop {
            let batch = bens.hear_type("events").await;
            let events = batch["events"].as_array().unwrap();
            if events.iter().any(|event| event["type"] == "conversation.read" && event["seq"] == 40) {
                break;
            }
        }
    }

    async fn a_frame_that_is_too_large_closes_with_1009(app: TestApp) {
        let ann = app.person("ann").await;
        for bytes in [128 * 1024 + 1, 200 * 1024, 300 * 1024, 4 * 1024 * 1024] {
            let mut socket = Socket::open(&ann, PATH).await.unwrap();
            socket.say_text(" ".repeat(bytes)).await;
            assert_eq!(socket.hear_close().await.0, 1009, "{bytes}");
        }
        let mut socket = Socket::open(&ann, PATH).await.unwrap();
        socket.say_text(" ".repeat(128 * 1024)).await;
        assert_eq!(socket.hear_type("error").await["problem"]["code"], "malformed");
    }

    async fn who_logs_out_is_closed_with_4401(app: TestApp) {
        let ann = app.person("ann").await;
        let mut socket = Socket::open(&ann, PATH).await.unwrap();
        socket.hear_type("hello").await;
        assert_eq!(ann.delete("/session").await.status, 204);
        assert_eq!(socket.hear_close().await.0, 4401);
    }

    async fn who_was_logged_out_says_nothing_more(app: TestApp) {
        let ann = app.person("ann").await;
        let id = group(&ann, "club", &[]).await;
        let token = ann.post("/tokens", json!({"name": "bot"})).await.body;
        let bearer = format!("Bearer {}", token["token"].as_str().unwrap());
        let mut sockets = Vec::new();
        for _ in 0..20 {
            let as_program = [("authorization", &*bearer)];
            let mut socket = Socket::open_with(&ann, PATH, &as_program).await.unwrap();
            socket.hear_type("hello").await;
            sockets.push(socket);
        }
        assert_eq!(ann.delete(&format!("/tokens/{}", token["id"])).await.status, 204);
        for (n, socket) in sockets.iter_mut().enumerate() {
            let frame = json!({
                "type": "send", "client_id": format!("late{n}"), "conversation_id": id, "text": "x",
            });
            socket.say(frame).await;
            assert_eq!(socket.hear_close().await.0, 4401);
        }
        assert_eq!(texts(&ann, id, "").await, [""; 0]);
    }

    async fn a_server_that_stops_closes_with_1012_and_when_to_come_back(app: TestApp) {
        let ann = app.person("ann").await;
        let mut socket = Socket::open(&ann, PATH).await.unwrap();
        socket.hear_type("hello").await;
        let (closed, stopped) = tokio::join!(
            socket.hear_close(),
            tokio::time::timeout(std::time::Duration::from_secs(5), app.stop()),
        );
        stopped.unwrap();
        assert_eq!(closed.0, 1012);
        assert!(closed.1.parse::<u64>().unwrap() > 0, "{closed:?}");
    }
}

/// Limits are the server's own memory, the same on both engines.
#[test]
fn frames_count_like_requests() {
    TestApp::run_with(database::Engine::Sqlite, &[("rate_limit", "on")], async |app| {
        let ann = app.person("ann").await;
        let mut socket = Socket::open(&ann, PATH).await.unwrap();
        let mut codes = std::collections::BTreeMap::new();
        for _ in 0..800 {
            socket.say(json!({"type": "read", "conversation_id": 7, "seq": 1})).await;
            let error = socket.hear_type("error").await;
            *codes.entry(error["problem"]["code"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        }
        let (let_in, refused) = (codes["not_found"], codes["rate_limited"]);
        assert_eq!(let_in + refused, 800, "{codes:?}");
    });
}

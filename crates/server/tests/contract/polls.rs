//! Short poll, long poll and Server-Sent Events. What is told is in the slices' own stories.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::Method;
use tokio::time::timeout;

use crate::support::{Client, TestApp, both_engines};

/// What a test does to be told of something: Ann's remark for herself needs nobody else.
pub(crate) async fn make_something_happen(app: &TestApp, who: &Client) {
    let id = protocol::UserId(who.id());
    let body = protocol::EventBody::BlockAdded {
        block: serde_json::from_value(serde_json::json!({
            "user": {"id": 1, "username": "x", "name": "x", "signature": "", "avatar_url": null,
                     "presence": "offline"},
            "created_at": "2026-01-01T00:00:00.000Z"
        }))
        .unwrap(),
    };
    app.state
        .delivery
        .write(move |unit| {
            unit.lock()?;
            unit.append(delivery::Stream::User(id), body)
        })
        .await
        .map_err(|error: database::Error| error)
        .unwrap();
}

async fn head(client: &Client) -> String {
    client.get("/events").await.body["cursor"].as_str().unwrap().to_owned()
}

/// Reads from an event stream until `enough` is in it.
async fn read_until(
    stream: &mut (impl futures_util::Stream<Item = reqwest::Result<bytes::Bytes>> + Unpin),
    enough: &str,
) -> String {
    let mut text = String::new();
    while !text.contains(enough) {
        let chunk = timeout(Duration::from_secs(10), stream.next()).await.unwrap();
        text.push_str(std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap());
    }
    text
}

both_engines! {
    async fn a_short_poll_answers_at_once(app: TestApp) {
        let ann = app.person("ann").await;
        let first = ann.get("/events").await;
        assert_eq!((first.status, &first.body["events"]), (200, &serde_json::json!([])));
        assert_eq!(first.header("cache-control"), "no-store");
        make_something_happen(app, &ann).await;
        let cursor = first.body["cursor"].as_str().unwrap();
        let second = ann.get(&format!("/events?cursor={cursor}")).await;
        assert_eq!(second.body["events"][0]["type"], "block.added");
        let again = ann.get(&format!("/events?cursor={cursor}")).await;
        assert_eq!(again.body, second.body, "the same cursor is told the same");
    }

    async fn what_is_no_cursor_is_refused_and_a_strange_one_is_reset(app: TestApp) {
        let ann = app.person("ann").await;
        for bad in ["x", "x.y", "..", "k3f9.-1", ""] {
            let answer = ann.get(&format!("/events?cursor={bad}")).await;
            assert_eq!((answer.status, answer.code()), (400, "malformed"), "{bad}");
        }
        let answer = ann.get("/events?cursor=another.5").await;
        assert_eq!((answer.status, &answer.body["reset"]), (200, &serde_json::json!(true)));
        assert_eq!(answer.body["cursor"], head(&ann).await);
        assert_eq!(ann.get("/events?wait=61").await.code(), "invalid");
        assert_eq!(app.visitor().get("/events").await.status, 401);
        // Who is sent away before they could be told comes back with the same cursor.
        app.state.delivery.end_sessions();
        let answer = ann.get("/events?cursor=another.5").await;
        assert_eq!((answer.status, answer.body["cursor"].as_str()), (200, Some("another.5")));
        assert!(answer.body["reset"].is_null() && answer.body["retry_in"].is_u64(), "{}", answer.body);
    }

    async fn a_parked_poll_is_woken(app: TestApp) {
        let ann = app.person("ann").await;
        let path = format!("/events?wait=60&cursor={}", head(&ann).await);
        let poll = tokio::spawn({
            let ann = ann.clone();
            async move { ann.get(&path).await }
        });
        while app.state.delivery.stats().polls == 0 {
            tokio::task::yield_now().await;
        }
        make_something_happen(app, &ann).await;
        let answer = poll.await.unwrap();
        assert_eq!(answer.body["events"][0]["type"], "block.added");
    }

    async fn a_parked_poll_ends_after_its_wait(app: TestApp) {
        let ann = app.person("ann").await;
        let cursor = head(&ann).await;
        let answer = ann.get(&format!("/events?wait=1&cursor={cursor}")).await;
        assert_eq!(answer.body, serde_json::json!({"events": [], "cursor": cursor}));
    }

    async fn who_hangs_up_is_no_longer_connected(app: TestApp) {
        let ann = app.person("ann").await;
        let path = format!("/events?wait=60&cursor={}", head(&ann).await);
        let poll = tokio::spawn(async move { ann.get(&path).await });
        while app.state.delivery.stats().polls == 0 {
            tokio::task::yield_now().await;
        }
        poll.abort();
        while app.state.delivery.stats().polls > 0 {
            tokio::task::yield_now().await;
        }
    }

    async fn a_stream_says_hello_and_then_what_happens(app: TestApp) {
        let ann = app.person("ann").await;
        let cursor = head(&ann).await;
        let response = ann.request(Method::GET, "/events/stream").send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        assert_eq!(response.headers()["cache-control"], "no-store, no-transform");
        assert!(!response.headers().contains_key("content-encoding"));
        let mut stream = response.bytes_stream();
        let hello = read_until(&mut stream, "\n\n").await;
        assert!(hello.contains("event: hello\n"), "{hello}");
        assert!(hello.contains(&format!("\"cursor\":\"{cursor}\"")), "{hello}");
        make_something_happen(app, &ann).await;
        let message = read_until(&mut stream, "\n\n").await;
        let id = message.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
        let data = message.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        let batch: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(batch["cursor"], id);
        assert_eq!(batch["events"][0]["type"], "block.added");
    }

    async fn last_event_id_wins_over_the_cursor(app: TestApp) {
        let ann = app.person("ann").await;
        let before = head(&ann).await;
        make_something_happen(app, &ann).await;
        let after = head(&ann).await;
        let path = format!("/events/stream?cursor={after}");
        let request = ann.request(Method::GET, &path).header("last-event-id", before);
        let mut stream = request.send().await.unwrap().bytes_stream();
        let text = read_until(&mut stream, "block.added").await;
        assert!(text.contains(&format!("id: {after}\n")), "{text}");
        let bad = ann.request(Method::GET, &path).header("last-event-id", "nonsense");
        assert_eq!(ann.send(bad).await.status, 400);
    }

    async fn logging_out_ends_what_is_open(app: TestApp) {
        let ann = app.person("ann").await;
        let path = format!("/events?wait=60&cursor={}", head(&ann).await);
        let poll = tokio::spawn({
            let ann = ann.clone();
            async move { ann.get(&path).await }
        });
        let mut stream =
            ann.request(Method::GET, "/events/stream").send().await.unwrap().bytes_stream();
        read_until(&mut stream, "hello").await;
        while app.state.delivery.stats().polls == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(ann.delete("/session").await.status, 204);
        assert_eq!(poll.await.unwrap().code(), "unauthenticated");
        let end = timeout(Duration::from_secs(10), stream.next()).await.unwrap();
        assert!(end.is_none(), "the stream has ended");
    }

    async fn a_server_that_stops_says_when_to_come_back(app: TestApp) {
        let ann = app.person("ann").await;
        let path = format!("/events?wait=60&cursor={}", head(&ann).await);
        let poll = tokio::spawn({
            let ann = ann.clone();
            async move { ann.get(&path).await }
        });
        let mut stream =
            ann.request(Method::GET, "/events/stream").send().await.unwrap().bytes_stream();
        read_until(&mut stream, "hello").await;
        while app.state.delivery.stats().polls == 0 {
            tokio::task::yield_now().await;
        }
        timeout(Duration::from_secs(5), app.stop()).await.unwrap();
        let answer = poll.await.unwrap();
        assert!(answer.body["retry_in"].as_u64().unwrap() > 0, "{}", answer.body);
        read_until(&mut stream, "retry_in").await;
    }
}

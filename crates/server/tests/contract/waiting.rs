//! Connections whose answer waits are served outside of hyper: over one socket, byte by byte, it must not show.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::polls::make_something_happen;
use crate::support::{Client, TestApp, both_engines};

/// Nothing here takes longer.
const DEADLINE: Duration = Duration::from_secs(10);

/// One connection.
struct Line {
    stream: TcpStream,
    heard: String,
}

impl Line {
    async fn open(app: &TestApp) -> Self {
        let address = app.origin().replacen("http://", "", 1);
        Self { stream: TcpStream::connect(address).await.unwrap(), heard: String::new() }
    }

    async fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// Takes what is heard up to and with `end`.
    async fn hear(&mut self, end: &str) -> String {
        loop {
            if let Some(at) = self.heard.find(end) {
                let rest = self.heard.split_off(at + end.len());
                return std::mem::replace(&mut self.heard, rest);
            }
            let mut bytes = [0; 4096];
            let read = timeout(DEADLINE, self.stream.read(&mut bytes)).await.unwrap().unwrap();
            assert!(read > 0, "closed before {end:?}: {}", self.heard);
            self.heard.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        }
    }

    /// The next answer: head and body, by the length that its head says.
    async fn answer(&mut self) -> (String, String) {
        let head = self.hear("\r\n\r\n").await;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.unwrap_or_else(|| panic!("no length: {head}")).parse().unwrap();
        while self.heard.len() < length {
            let mut bytes = [0; 4096];
            let read = timeout(DEADLINE, self.stream.read(&mut bytes)).await.unwrap().unwrap();
            assert!(read > 0, "closed in the middle of a body");
            self.heard.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        }
        let rest = self.heard.split_off(length);
        (head, std::mem::replace(&mut self.heard, rest))
    }

    /// Everything until the server closes the connection.
    async fn rest(&mut self) -> String {
        timeout(DEADLINE, self.stream.read_to_string(&mut self.heard)).await.unwrap().unwrap();
        std::mem::take(&mut self.heard)
    }
}

/// A request without a body; `more` are further lines of its head.
fn request(client: &Client, line: &str, more: &str) -> String {
    format!("{line}\r\nHost: a\r\nCookie: {}\r\n{more}\r\n", client.cookie())
}

/// The line of a poll from the head on.
async fn poll(client: &Client, wait: u32) -> String {
    let cursor = client.get("/events").await.body["cursor"].as_str().unwrap().to_owned();
    format!("/api/v1/events?wait={wait}&cursor={cursor}")
}

async fn until_polls(app: &TestApp, polls: usize) {
    let parked = async {
        while app.state.delivery.stats().polls != polls {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, parked).await.unwrap();
}

both_engines! {
    async fn requests_on_one_connection_are_answered_in_their_order(app: TestApp) {
        let ann = app.person("ann").await;
        let poll = poll(&ann, 60).await;
        let site = "GET /api/v1/site HTTP/1.1";
        let mut line = Line::open(app).await;
        // All at once: the third lies in what was read with the second, which waits.
        line.say(&[
            request(&ann, site, ""),
            request(&ann, &format!("GET {poll} HTTP/1.1"), ""),
            request(&ann, site, "Connection: close\r\n"),
        ].concat()).await;
        until_polls(app, 1).await;
        assert!(line.answer().await.0.starts_with("HTTP/1.1 200 OK\r\n"));
        assert_eq!(line.heard, "", "the second is not there yet, and so not the third");
        make_something_happen(app, &ann).await;
        let (head, body) = line.answer().await;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        for header in ["date: ", "x-content-type-options: nosniff", "cache-control: no-store",
            "content-type: application/json"]
        {
            assert!(head.contains(&format!("\r\n{header}")), "{header}: {head}");
        }
        let batch: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(!batch["events"].as_array().unwrap().is_empty(), "{batch}");
        let (head, body) = line.answer().await;
        assert!(head.contains("connection: close"), "{head}");
        assert!(body.starts_with('{'), "{body}");
        assert_eq!(line.rest().await, "");
    }

    async fn many_polls_at_once_are_all_answered(app: TestApp) {
        let ann = app.person("ann").await;
        // More than one buffer holds, so that some is put back while some of an earlier time is still there. Each
        // stands where the next event is not yet, and so waits for one of its own.
        let poll = request(&ann, &format!("GET {} HTTP/1.1", poll(&ann, 1).await), "");
        let polls = 40_000 / poll.len();
        let mut line = Line::open(app).await;
        line.say(&request(&ann, "GET /healthz HTTP/1.1", "")).await;
        line.say(&poll.repeat(polls)).await;
        assert_eq!(line.answer().await.1, "live\n");
        until_polls(app, 1).await;
        // From now on none has to wait any more, but the first does already.
        make_something_happen(app, &ann).await;
        for which in 0..polls {
            let (head, body) = line.answer().await;
            assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{which}: {head}");
            assert!(body.contains("\"events\":[{"), "{which}: {body}");
        }
    }

    async fn a_connection_that_waited_is_good_for_more(app: TestApp) {
        let ann = app.person("ann").await;
        let mut line = Line::open(app).await;
        for _ in 0..3 {
            let poll = poll(&ann, 60).await;
            line.say(&request(&ann, &format!("GET {poll} HTTP/1.1"), "")).await;
            until_polls(app, 1).await;
            make_something_happen(app, &ann).await;
            assert!(line.answer().await.1.contains("\"events\":[{"));
            until_polls(app, 0).await;
        }
        // Said before the answer that it has to wait for.
        let poll = poll(&ann, 60).await;
        line.say(&request(&ann, &format!("GET {poll} HTTP/1.1"), "")).await;
        until_polls(app, 1).await;
        line.say(&request(&ann, "GET /api/v1/site HTTP/1.1", "")).await;
        make_something_happen(app, &ann).await;
        assert!(line.answer().await.1.contains("\"events\":[{"));
        assert!(line.answer().await.1.contains("\"name\""));
    }

    async fn who_wants_the_connection_closed_gets_the_answer_and_the_end(app: TestApp) {
        let ann = app.person("ann").await;
        let poll = poll(&ann, 1).await;
        for (first, more) in [
            (format!("GET {poll} HTTP/1.1"), "Connection: keep-alive, Close\r\n"),
            (format!("GET {poll} HTTP/1.0"), ""),
        ] {
            let mut line = Line::open(app).await;
            line.say(&request(&ann, &first, more)).await;
            let all = line.rest().await;
            assert!(all.contains(" 200 OK\r\n") && all.contains("\"cursor\""), "{first}: {all}");
        }
        let mut line = Line::open(app).await;
        line.say(&request(&ann, &format!("HEAD {poll} HTTP/1.1"), "Connection: close\r\n")).await;
        let all = line.rest().await;
        assert!(all.starts_with("HTTP/1.1 200 OK\r\n") && all.ends_with("\r\n\r\n"), "{all}");
        let mut line = Line::open(app).await;
        line.say(&request(&ann, "GET /api/v1/events/stream HTTP/1.0", "")).await;
        line.hear("event: hello\n").await;
        let upgrade = "Connection: upgrade, close\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let mut line = Line::open(app).await;
        line.say(&request(&ann, "GET /api/v1/events/socket HTTP/1.1", upgrade)).await;
        let all = line.rest().await;
        assert!(all.starts_with("HTTP/1.1 400 "), "it cannot be both: {all}");
    }

    async fn a_stream_comes_in_chunks_and_who_hangs_up_is_gone(app: TestApp) {
        let ann = app.person("ann").await;
        let mut line = Line::open(app).await;
        line.say(&request(&ann, "GET /api/v1/events/stream HTTP/1.1", "")).await;
        let head = line.hear("\r\n\r\n").await;
        assert!(head.contains("transfer-encoding: chunked"), "{head}");
        assert!(!head.contains("content-length"), "it would contradict: {head}");
        let size = line.hear("\r\n").await;
        let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
        let chunk = line.hear("\n\n\r\n").await;
        assert_eq!(chunk.len(), size + 2, "{chunk}");
        assert_eq!(app.state.delivery.stats().sse, 1);
        drop(line);
        let gone = async {
            while app.state.delivery.stats().sse > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(DEADLINE, gone).await.unwrap();
    }
}

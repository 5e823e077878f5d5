//! The shapes of refusals, and the headers that every answer carries.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{
    TestApp, both_engines,
    talk::{fresh_key, group, say},
};

/// Says something over a connection of its own; all that is answered until the server closes it.
async fn talk_raw(app: &TestApp, said: &str) -> String {
    let address = app.origin().replacen("http://", "", 1);
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    heard
}

both_engines! {
    async fn what_does_not_exist_is_a_problem_document(app: TestApp) {
        let visitor = app.visitor();
        for path in ["/nothing", "//api/nothing", "//nothing", "//assets/nothing.js", "//index.html"] {
            let answer = visitor.get(path).await;
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{path}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        }
        let answer = visitor.delete("/site").await;
        assert_eq!((answer.status, answer.code()), (405, "method_not_allowed"));
        assert_eq!(answer.header("allow"), "GET,HEAD");
    }

    async fn bodies_are_json_within_bounds(app: TestApp) {
        let visitor = app.visitor();
        let post = |kind: &'static str, body: Vec<u8>| {
            let request = visitor.request(Method::POST, "/session");
            visitor.send(request.header("content-type", kind).body(body))
        };
        let json = "application/json";
        let answer = post("text/plain", b"{}".to_vec()).await;
        assert_eq!((answer.status, answer.code()), (415, "unsupported_media_type"));
        let answer = post(json, b"{".to_vec()).await;
        assert_eq!((answer.status, answer.code()), (400, "malformed"));
        let answer = post(json, vec![b' '; 129 * 1024]).await;
        assert_eq!((answer.status, answer.code()), (413, "too_large"));
        let answer = post(json, b"{}".to_vec()).await;
        assert_eq!((answer.status, answer.code()), (422, "invalid"));
        assert_eq!(answer.body["errors"]["username"], "missing field `username`");
        let answer =
            visitor.post("/session", json!({"username": "a", "password": "b", "role": "owner"}));
        let answer = answer.await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.body["errors"]["role"], "unknown field `role`");
    }

    async fn a_body_without_a_length_is_cut_off_at_the_limit(app: TestApp) {
        let visitor = app.visitor();
        let chunks = (0..140).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024]));
        let body = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
        let request = visitor.request(Method::POST, "/session");
        let request = request.header("content-type", "application/json").body(body);
        let answer = visitor.send(request).await;
        assert_eq!((answer.status, answer.code()), (413, "too_large"));
    }

    async fn what_is_wrong_is_said_and_where(app: TestApp) {
        let visitor = app.visitor();
        let answer = visitor.get("/me").await;
        assert!(!answer.body["detail"].as_str().unwrap().is_empty(), "{}", answer.body);
        let answer = visitor.post("/session", json!({"username": 5, "password": "b"})).await;
        assert_eq!((answer.status, answer.code()), (422, "invalid"));
        assert!(answer.body["errors"]["username"].is_string(), "{}", answer.body);
        // JSON at its beginning, and nothing that could be taken as the body.
        let request = visitor.raw(Method::POST, "/session");
        let request = request.header("content-type", "application/json").body("[[[[");
        assert_eq!(visitor.send(request).await.code(), "malformed");
    }

    async fn a_body_that_comes_after_its_head_leaves_the_connection_good(app: TestApp) {
        let address = app.origin().replace("http://", "");
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let head = "POST /api/v1/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        // Time in which the answer, which does not depend on the body, could have overtaken it.
        assert_eq!(app.visitor().get("/site").await.status, 200);
        let rest = "{}GET /api/v1/site HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(rest.as_bytes()).await.unwrap();
        let mut answers = String::new();
        stream.read_to_string(&mut answers).await.unwrap();
        assert!(answers.starts_with("HTTP/1.1 401 "), "{answers}");
        assert!(answers.contains("HTTP/1.1 200 "), "{answers}");
    }

    async fn every_answer_tells_browsers_what_pages_may_do(app: TestApp) {
        let ann = app.person("ann").await;
        for path in ["/me", "/nothing", "//login", "//", "//healthz"] {
            let answer = ann.get(path).await;
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        }
        assert_eq!(ann.get("/me").await.header("cache-control"), "no-store");
    }

    async fn a_nul_is_refused_like_any_other_nonsense(app: TestApp) {
        let visitor = app.visitor();
        let login = json!({"username": "an\u{0}n", "password": "ann's long password"});
        let answer = visitor.post("/session", login).await;
        assert_eq!((answer.status, answer.code()), (401, "wrong_credentials"));
        let answer = visitor.get("//avatars/a%00b").await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"));
        let ann = app.person("ann").await;
        for path in ["/users?q=a%00b", "/groups?q=a%00b"] {
            assert_eq!(ann.get(path).await.status, 422, "{path}");
        }
        assert_eq!(ann.patch("/me", json!({"signature": "a\u{0}b"})).await.status, 422);
        assert_eq!(ann.get("//emoji/a%00b").await.status, 404);
        assert_eq!(ann.delete("/emoji/a%00b").await.status, 404);
        assert_eq!(ann.get("/invite_links/a%00b").await.status, 404);
        assert_eq!(ann.post("/invite_links/a%00b/join", json!({})).await.status, 404);
        for method in [Method::GET, Method::HEAD, Method::PATCH, Method::DELETE] {
            let request = ann.request(method.clone(), "/uploads/a%00b").header("tus-resumable", "1.0.0");
            let request = request.header("upload-offset", "0");
            let request = request.header("content-type", "application/offset+octet-stream");
            assert_eq!(ann.send(request).await.status, 404, "{method}");
        }
    }

    async fn a_nul_in_a_message_is_refused(app: TestApp) {
        let ann = app.person("ann").await;
        let club = group(&ann, "club", &[]).await;
        let messages = format!("/conversations/{club}/messages");
        for (field, value) in [
            ("attachments.0.upload_id", json!({"attachments": [{"upload_id": "a\u{0}b"}]})),
            ("attachments.0.upload_id", json!({"attachments": [{"upload_id": "\u{0}".repeat(26)}]})),
            ("sticker_id", json!({"sticker_id": "a\u{0}b"})),
        ] {
            let mut body = value;
            body["client_id"] = json!(fresh_key());
            body["text"] = json!("");
            let answer = ann.post(&messages, body).await;
            assert_eq!(answer.status, 422, "{}", answer.body);
            assert!(answer.body["errors"][field].is_string(), "{field}: {}", answer.body);
        }
        let said = say(&ann, club, "hello").await;
        for emoji in ["%00", ":a%00b:", "%F0%9F%91%8D%00"] {
            let path = format!("{messages}/{}/reactions/{emoji}", said["seq"]);
            assert_eq!(ann.put(&path, json!({})).await.status, 422, "{emoji}");
            assert_eq!(ann.delete(&path).await.status, 422, "{emoji}");
        }
    }

    async fn one_request_is_for_one_host(app: TestApp) {
        let head = "GET /healthz HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\nConnection: close\r\n\r\n";
        let answer = talk_raw(app, head).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }

    async fn who_connects_and_says_nothing_whole_is_cut_off(app: TestApp) {
        for said in ["", "GET /healthz HTT"] {
            let closed = tokio::time::timeout(Duration::from_secs(8), talk_raw(app, said)).await;
            assert_eq!(closed.as_deref(), Ok(""), "after {said:?}");
        }
    }

    async fn the_api_describes_itself(app: TestApp) {
        let description = app.visitor().get("//api/openapi.json").await;
        assert_eq!(description.status, 200);
        assert!(description.body["openapi"].as_str().unwrap().starts_with("3.1"));
        assert!(description.body["paths"]["/api/v1/events"]["get"].is_object());
        assert!(description.body["paths"]["/api/v1/me"]["get"].is_object());
    }
}

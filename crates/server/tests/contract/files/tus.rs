//! The protocol: begin, send, break off, go on, cancel; and everything that is refused.

use reqwest::Method;
use serde_json::json;

use super::{begin, begun, offset, part, tus, uploaded};
use crate::support::{TestApp, both_engines};

both_engines! {
    async fn a_file_comes_in_parts(app: TestApp) {
        let ann = app.person("ann").await;
        let answer = begin(&ann, "报告.txt", 10).await;
        assert_eq!((answer.status, answer.header("tus-resumable")), (201, "1.0.0"));
        assert!(answer.header("upload-expires").ends_with(" GMT"));
        let id = answer.header("location").strip_prefix("/api/v1/uploads/").unwrap().to_owned();
        let path = format!("/uploads/{id}");

        let first = part(&ann, &id, 0, "hello").await;
        assert_eq!((first.status, first.header("upload-offset")), (204, "5"));
        assert_eq!(first.header("tus-resumable"), "1.0.0");
        let head = ann.send(tus(&ann, Method::HEAD, &path)).await;
        assert_eq!((head.status, head.header("upload-offset")), (200, "5"));
        assert_eq!((head.header("upload-length"), head.header("cache-control")), ("10", "no-store"));
        assert_eq!(head.header("upload-metadata"), "filename 5oql5ZGKLnR4dA==");
        let half = ann.get(&path).await.body;
        assert_eq!((&half["offset"], &half["complete"]), (&json!(5), &json!(false)));

        let last = part(&ann, &id, 5, "world").await;
        assert_eq!((last.status, last.header("upload-offset")), (204, "10"));
        let whole = ann.get(&path).await.body;
        assert_eq!((&whole["offset"], &whole["complete"]), (&json!(10), &json!(true)));
        assert_eq!((&whole["name"], &whole["kind"]), (&json!("报告.txt"), &json!("file")));
        assert_eq!((&whole["size"], &whole["content_type"]), (&json!(10), &json!("text/plain")));
        assert_eq!(offset(&ann, &id).await, "10", "and still is, once it is in the storage");
    }

    async fn one_of_nothing_is_complete_at_once(app: TestApp) {
        let ann = app.person("ann").await;
        let empty = uploaded(&ann, "empty", b"").await;
        assert_eq!((&empty["size"], &empty["kind"]), (&json!(0), &json!("file")));
    }

    async fn what_tus_is_spoken_is_said(app: TestApp) {
        let answer = app.visitor().send(app.visitor().raw(Method::OPTIONS, "/uploads")).await;
        assert_eq!((answer.status, answer.header("tus-version")), (204, "1.0.0"));
        assert_eq!(answer.header("tus-extension"), "creation,expiration,termination");
        assert_eq!(answer.header("tus-max-size"), "104857600");

        let ann = app.person("ann").await;
        let id = begun(&ann, "a", 5).await;
        for method in [Method::POST, Method::HEAD, Method::PATCH, Method::DELETE] {
            let path = if method == Method::POST { "/uploads" } else { &format!("/uploads/{id}") };
            let other = ann.request(method.clone(), path).header("Tus-Resumable", "0.2.2");
            for request in [other, ann.request(method.clone(), path)] {
                let answer = ann.send(request.header("Upload-Length", 5)).await;
                assert_eq!(answer.status, 412, "{method}");
                assert_eq!(answer.header("tus-version"), "1.0.0", "{method}");
            }
        }
    }

    async fn odd_requests_are_refused(app: TestApp) {
        let ann = app.person("ann").await;
        let no_length = ann.send(tus(&ann, Method::POST, "/uploads")).await;
        assert_eq!((no_length.status, no_length.code()), (422, "invalid"));
        for length in ["-1", "x", "+5", "9999999999999999999999", ""] {
            let request = tus(&ann, Method::POST, "/uploads").header("Upload-Length", length);
            assert_eq!(ann.send(request).await.status, 422, "{length:?}");
        }
        let metadata = tus(&ann, Method::POST, "/uploads")
            .header("Upload-Length", 5)
            .header("Upload-Metadata", "filename ***");
        assert_eq!(ann.send(metadata).await.status, 422);

        let id = begun(&ann, "a", 5).await;
        let path = format!("/uploads/{id}");
        let json_body = tus(&ann, Method::PATCH, &path).header("Upload-Offset", 0).json(&json!({}));
        assert_eq!(ann.send(json_body).await.status, 415);
        let offset_type = "application/offset+octet-stream";
        let no_offset = tus(&ann, Method::PATCH, &path).header("Content-Type", offset_type).body("hello");
        assert_eq!(ann.send(no_offset).await.status, 422);
        let ahead = part(&ann, &id, 3, "lo").await;
        assert_eq!((ahead.status, ahead.code()), (409, "wrong_offset"));
        let too_much = part(&ann, &id, 0, "hello, world").await;
        assert_eq!((too_much.status, too_much.code()), (413, "too_large"));
        assert_eq!(offset(&ann, &id).await, "0", "nothing of it was taken");
        assert_eq!(part(&ann, &id, 0, "hello").await.status, 204);
        assert_eq!(part(&ann, &id, 0, "hello").await.code(), "wrong_offset");
        assert_eq!(part(&ann, &id, 5, "").await.status, 204, "again changes nothing");
    }

    async fn writes_need_the_token_as_everywhere(app: TestApp) {
        let ann = app.person("ann").await;
        let id = begun(&ann, "a", 5).await;
        for (method, path) in [
            (Method::POST, "/uploads".to_owned()),
            (Method::PATCH, format!("/uploads/{id}")),
            (Method::DELETE, format!("/uploads/{id}")),
        ] {
            let request = ann.raw(method.clone(), &path).header("Tus-Resumable", "1.0.0");
            let answer = ann.send(request.header("Upload-Length", 5)).await;
            assert_eq!((answer.status, answer.code()), (403, "csrf_failed"), "{method}");
            let foreign = tus(&ann, method.clone(), &path).header("Origin", "https://evil.example");
            let answer = ann.send(foreign.header("Upload-Length", 5)).await;
            assert_eq!((answer.status, answer.code()), (403, "cross_origin"), "{method}");
        }
    }

    async fn uploads_are_their_owners_alone(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let id = begun(&ann, "a", 5).await;
        let path = format!("/uploads/{id}");
        for method in [Method::HEAD, Method::DELETE] {
            assert_eq!(ben.send(tus(&ben, method, &path)).await.status, 404);
        }
        assert_eq!(ben.get(&path).await.body, ben.get("/uploads/nothing").await.body);
        assert_eq!(part(&ben, &id, 0, "hello").await.code(), "not_found");
        assert_eq!(ben.get("/uploads/..%2f..%2fetc%2fpasswd").await.status, 404);
        assert_eq!(offset(&ann, &id).await, "0");
    }

    async fn cancelling_gives_the_room_back(app: TestApp) {
        let ann = app.person("ann").await;
        let usage = json!({"used": 0, "quota": 2_147_483_648_i64, "max_file_size": 104_857_600});
        assert_eq!(ann.get("/uploads/usage").await.body, usage);
        let half = begun(&ann, "half", 1_000).await;
        assert_eq!(part(&ann, &half, 0, vec![7; 400]).await.status, 204);
        let whole = uploaded(&ann, "whole", &[7; 500]).await;
        assert_eq!(ann.get("/uploads/usage").await.body["used"], 1_500);
        for id in [&*half, whole["id"].as_str().unwrap()] {
            let path = format!("/uploads/{id}");
            let answer = ann.send(tus(&ann, Method::DELETE, &path)).await;
            assert_eq!((answer.status, answer.header("tus-resumable")), (204, "1.0.0"));
            assert_eq!(ann.get(&path).await.status, 404);
            assert_eq!(ann.send(tus(&ann, Method::DELETE, &path)).await.status, 404);
        }
        assert_eq!(ann.get("/uploads/usage").await.body, usage);
        assert_eq!(crate::files::waiting::stored(app), 0, "nothing is left of the bytes either");
    }
}

/// Two small limits.
const SMALL: &[(&str, &str)] = &[("max_file_size", "1000"), ("upload_quota", "2 KiB")];

async fn limits(app: &TestApp) {
    let ann = app.person("ann").await;
    let large = begin(&ann, "large", 1_001).await;
    assert_eq!((large.status, large.code()), (413, "too_large"));
    let (first, _second) = (begun(&ann, "a", 1_000).await, begun(&ann, "b", 1_000).await);
    let third = begin(&ann, "c", 49).await;
    assert_eq!((third.status, third.code()), (507, "quota_exceeded"));
    assert_eq!(begin(&ann, "c", 48).await.status, 201, "to the last byte");
    let cancelled = ann.send(tus(&ann, Method::DELETE, &format!("/uploads/{first}"))).await;
    assert_eq!(cancelled.status, 204);
    assert_eq!(begin(&ann, "d", 1_000).await.status, 201);
    assert_eq!(begin(&app.person("ben").await, "e", 1_000).await.status, 201);
}

#[test]
fn sizes_are_limited_by_sqlite() {
    TestApp::run_with(database::Engine::Sqlite, SMALL, async |app| limits(app).await);
}

#[test]
fn sizes_are_limited_by_postgres() {
    TestApp::run_with(database::Engine::Postgres, SMALL, async |app| limits(app).await);
}

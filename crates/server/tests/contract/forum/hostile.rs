//! Payloads in every field, which are inert in the HTML and stay as they were typed in the rest; and pictures, which
//! are shown to nobody who may not read the article.

use image::ImageFormat;
use serde_json::json;

use super::{category, id, operator};
use crate::files::{picture, uploaded};
use crate::support::{TestApp, both_engines};

const PAYLOADS: [&str; 6] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](upload:\" onerror=\"alert(1))",
    "| <svg onload=alert(1)> | b |\n|---|---|\n| \"><script> | 2 |",
    "# </h2><iframe src=//a.example>",
];

both_engines! {
    async fn nothing_of_it_runs(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        for payload in PAYLOADS {
            let line = payload.replace('\n', " ");
            let body = json!({"category_id": news, "title": line, "summary": payload, "text": payload,
                              "status": "published", "tags": ["<b>x"]});
            let made = ann.post("/forum/articles", body).await;
            assert_eq!(made.status, 201, "{payload}: {}", made.body);
            assert_eq!((&made.body["title"], &made.body["text"]), (&json!(line), &json!(payload)));
            let path = format!("/forum/articles/{}/comments", id(&made.body));
            let comment = ann.post(&path, json!({"text": payload})).await;
            let preview = ann.post("/forum/preview", json!({"text": payload})).await;
            for html in [&made.body["html"], &comment.body["html"], &preview.body["html"]] {
                let html = html.as_str().unwrap();
                for bad in ["<script", "<img", "<svg", "<iframe", "href=\"javascript"] {
                    assert!(!html.contains(bad), "{payload}: {html}");
                }
            }
        }
    }

    async fn pictures_are_shown_with_their_article_and_to_nobody_else(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let head = uploaded(&ann, "head.png", &picture(40, 30, ImageFormat::Png)).await;
        let inside = uploaded(&ann, "in.png", &picture(20, 10, ImageFormat::Png)).await;
        let bens = uploaded(&ben, "ben.png", &picture(20, 10, ImageFormat::Png)).await;
        let upload = |one: &serde_json::Value| one["id"].as_str().unwrap().to_owned();
        let text = format!("![图](upload:{}) ![x](upload:{})", upload(&inside), upload(&bens));
        let body = json!({"category_id": news, "title": "t", "text": text, "head_image_id": upload(&head)});
        let made = ann.post("/forum/articles", body.clone()).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let path = format!("/forum/articles/{}", id(&made.body));
        let url = format!("{path}/images/{}", upload(&inside));
        let html = made.body["html"].as_str().unwrap();
        assert!(html.contains(&format!("<img src=\"/api/v1{url}\" alt=\"图\" width=\"20\" height=\"10\"")), "{html}");
        assert_eq!(html.matches("<img").count(), 1, "another's picture is none: {html}");
        assert_eq!((&made.body["head_image"]["width"], &made.body["head_image"]["height"]), (&json!(40), &json!(30)));
        let bens_there = format!("{path}/images/{}", upload(&bens));
        for who in [&ben, &app.visitor()] {
            assert_eq!(who.get(&url).await.status, 404, "not while it is a draft");
        }
        assert_eq!(ann.get(&url).await.status, 200);
        assert_eq!(ann.get(&bens_there).await.status, 404);
        let stolen = ben.post("/forum/articles", body).await;
        assert_eq!((stolen.status, stolen.body["errors"].get("head_image_id").is_some()), (422, true));
        assert_eq!(ann.patch(&path, json!({"status": "published"})).await.status, 200);
        for who in [&ben, &app.visitor()] {
            let shown = who.get(&url).await;
            assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));
            let part = who.request(reqwest::Method::GET, &url).header("Range", "bytes=0-3");
            assert_eq!(who.send(part).await.status, 206);
        }
        // What a working copy shows is kept as well; what nothing shows any more is thrown away.
        let copy = json!({"title": "t", "text": text, "category_id": news, "head_image_id": null});
        assert_eq!(ann.patch(&path, json!({"text": "none", "head_image_id": null})).await.status, 200);
        assert_eq!(ann.put(&format!("{path}/draft"), copy).await.status, 204);
        rookery::uploads::collect_expired(&app.state).await.unwrap();
        assert_eq!(ann.get(&url).await.status, 200);
        assert_eq!(ann.get(&format!("{path}/images/{}", upload(&head))).await.status, 404);
        assert_eq!(ann.get(&format!("/uploads/{}", upload(&head))).await.status, 404);
        assert_eq!(ann.delete(&path).await.status, 204);
        app.advance(1);
        rookery::uploads::collect_expired(&app.state).await.unwrap();
        assert_eq!(ann.get(&url).await.status, 410);
        let used = ann.get("/uploads/usage").await.body;
        assert_eq!(used["used"], 0, "{used}");
    }
}

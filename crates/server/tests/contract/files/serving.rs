//! Having a file: who may, in which parts, and what a browser is told about it.

use image::{GenericImageView as _, ImageFormat};
use reqwest::Method;
use serde_json::json;

use super::{
    picture,
    sending::{friends, send, upload},
    with_exif,
};
use crate::support::{Client, Response, TestApp, both_engines, talk::group};

/// Asks for an address with a header.
async fn with(who: &Client, address: &str, name: &str, value: &str) -> Response {
    who.send(who.request(Method::GET, address).header(name, value)).await
}

/// The bytes behind an address.
async fn bytes(who: &Client, address: &str) -> Vec<u8> {
    let answer = who.request(Method::GET, address).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{address}");
    answer.bytes().await.unwrap().to_vec()
}

both_engines! {
    async fn a_picture_is_shown_without_where_it_was_taken(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let original = with_exif(&picture(1_600, 1_200, ImageFormat::Jpeg));
        let photo = upload(&ann, "a.jpg", &original).await;
        let sent = send(&ann, talk, "", &[&photo]).await.body;
        let address = format!("/conversations/{talk}/messages/{}/attachments/0", sent["seq"]);
        let shown = bytes(&ben, &address).await;
        assert!(!shown.windows(3).any(|window| window == b"GPS"));
        assert_eq!(sent["attachments"][0]["size"], shown.len());
        let (before, after) = (image::load_from_memory(&original), image::load_from_memory(&shown));
        assert_eq!(before.unwrap(), after.unwrap(), "no pixel is another");
        assert!(shown.windows(6).any(|window| window == b"Exif\0\0"), "how it was held stays");

        let small = ben.request(Method::GET, &format!("{address}/preview")).send().await.unwrap();
        assert_eq!((small.status().as_u16(), &small.headers()["content-type"]), (200, &"image/jpeg".parse().unwrap()));
        let small = image::load_from_memory(&small.bytes().await.unwrap()).unwrap();
        assert_eq!(small.dimensions(), (480, 640), "turned, and at most 640");
        assert!(small.get_pixel(470, 320).0[0] > 200, "what was above is on the right");
        assert_eq!((&sent["attachments"][0]["width"], &sent["attachments"][0]["height"]), (&json!(1_200), &json!(1_600)));
    }

    async fn what_moves_keeps_moving(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let one = picture(40, 30, ImageFormat::Gif);
        // The same frame twice: what is between the first descriptor and the trailer, again.
        let table = 13 + if one[10] & 0x80 == 0 { 0 } else { 3 << ((one[10] & 7) + 1) };
        let moving = [&one[..one.len() - 1], &one[table..]].concat();
        let id = upload(&ann, "a.gif", &moving).await;
        let sent = send(&ann, talk, "", &[&id]).await.body;
        let address = format!("/conversations/{talk}/messages/{}/attachments/0", sent["seq"]);
        assert_eq!(bytes(&ben, &address).await, moving);
        let still = bytes(&ben, &format!("{address}/preview")).await;
        assert_eq!(image::load_from_memory(&still).unwrap().dimensions(), (40, 30));
    }

    async fn a_file_comes_in_ranges(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let id = upload(&ann, "digits.txt", b"0123456789").await;
        let sent = send(&ann, talk, "", &[&id]).await.body;
        let address = format!("/conversations/{talk}/messages/{}/attachments/0", sent["seq"]);
        let whole = ben.get(&address).await;
        assert_eq!((whole.status, whole.header("accept-ranges")), (200, "bytes"));
        assert_eq!((whole.header("content-length"), whole.header("cache-control")), ("10", "no-store"));
        let head = ben.send(ben.request(Method::HEAD, &address)).await;
        assert_eq!((head.status, head.header("content-length")), (200, "10"));
        for (range, status, said, body) in [
            ("bytes=0-3", 206, "bytes 0-3/10", json!("0123").as_str().unwrap().to_owned()),
            ("bytes=8-", 206, "bytes 8-9/10", "89".into()),
            ("bytes=-1", 206, "bytes 9-9/10", "9".into()),
            ("bytes=0-1,4-5", 200, "", "0123456789".into()),
        ] {
            let answer = ben.send(ben.request(Method::GET, &address).header("Range", range)).await;
            assert_eq!((answer.status, answer.header("content-range")), (status, said), "{range}");
            assert_eq!(answer.body.to_string().trim_matches('"'), body, "{range}");
        }
        let beyond = with(&ben, &address, "Range", "bytes=10-").await;
        assert_eq!((beyond.status, beyond.code()), (416, "range_not_satisfiable"));
        assert_eq!(beyond.header("content-range"), "bytes */10");

        let etag = whole.header("etag");
        assert_eq!(with(&ben, &address, "If-None-Match", etag).await.status, 304);
        assert_eq!(with(&ben, &address, "If-None-Match", "\"other\"").await.status, 200);
        for (of, status) in [(etag, 206), ("\"other\"", 200)] {
            let request = ben.request(Method::GET, &address).header("Range", "bytes=0-3");
            assert_eq!(ben.send(request.header("If-Range", of)).await.status, status);
        }
    }

    async fn nothing_in_a_file_runs(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let page = b"<!doctype html><script>alert(1)</script>";
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let png = picture(40, 30, ImageFormat::Png);
        for (name, content, way) in [
            ("报告 \"x\".html", &page[..], "attachment"),
            ("a.svg", svg, "attachment"),
            ("a.png", &png, "inline"),
        ] {
            let id = upload(&ann, name, content).await;
            let sent = send(&ann, talk, "", &[&id]).await.body;
            let address = format!("/conversations/{talk}/messages/{}/attachments/0", sent["seq"]);
            let answer = ben.request(Method::GET, &address).send().await.unwrap();
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            assert!(header("content-disposition").starts_with(&format!("{way}; filename=\"")), "{name}");
            assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert!(!header("content-type").contains("html") && !header("content-type").contains("svg"));
            let saved = ben.request(Method::GET, &format!("{address}?download")).send().await.unwrap();
            let saved = saved.headers()["content-disposition"].to_str().unwrap().to_owned();
            assert!(saved.starts_with("attachment; "), "{saved}");
            if name.contains("报告") {
                assert!(saved.ends_with("filename*=UTF-8''%E6%8A%A5%E5%91%8A%20%22x%22.html"), "{saved}");
            }
        }
    }

    async fn who_may_not_read_the_message_finds_nothing(app: TestApp) {
        let [ann, ben, former] = [app.person("ann").await, app.person("ben").await, app.person("former").await];
        let stranger = app.person("stranger").await;
        let club = group(&ann, "club", &[&ben, &former]).await;
        let photo = upload(&ann, "a.png", &picture(80, 60, ImageFormat::Png)).await;
        let sent = send(&ann, club, "", &[&photo]).await.body;
        let address = format!("/conversations/{club}/messages/{}/attachments/0", sent["seq"]);
        let addresses = [address.clone(), format!("{address}/preview"), format!("{address}?download")];
        let nothing = stranger.get(&format!("/conversations/{club}/messages/9999/attachments/0")).await;
        for address in &addresses {
            assert_eq!(former.get(address).await.status, 200);
            assert_eq!(app.visitor().get(address).await.status, 401);
            let answer = stranger.get(address).await;
            assert_eq!((answer.status, &answer.body), (404, &nothing.body));
        }
        let removed = ann.delete(&format!("/groups/{club}/members/{}", former.id())).await;
        assert_eq!(removed.status, 204);
        // Whoever comes later does not see what was said before.
        let late = app.person("late").await;
        assert_eq!(late.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        for address in &addresses {
            for who in [&former, &late] {
                let answer = who.get(address).await;
                assert_eq!((answer.status, &answer.body), (404, &nothing.body));
            }
            assert_eq!(ben.get(address).await.status, 200);
        }
        for odd in ["1", "20", "-1", "x", "4294967296", "0/previews"] {
            let path = format!("/conversations/{club}/messages/{}/attachments/{odd}", sent["seq"]);
            assert_eq!(ben.get(&path).await.status, 404, "{odd}");
        }
        assert_eq!(ben.get(&format!("{address}?x=1")).await.status, 422);
    }
}

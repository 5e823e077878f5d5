//! Profiles and their pictures: what is taken, what is stored of it, who is told.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Response, TestApp, both_engines};

async fn put_avatar(who: &Client, bytes: Vec<u8>) -> Response {
    let request = who.request(Method::PUT, "/me/avatar");
    who.send(request.header("content-type", "image/png").body(bytes)).await
}

/// The bytes of a picture, and the headers it came with.
async fn fetch(app: &TestApp, url: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let answer = reqwest::get(format!("{}{url}", app.origin())).await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    (answer.headers().clone(), answer.bytes().await.unwrap().to_vec())
}

/// Upper half red, lower half blue.
fn halves(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |_, y| {
        if y < height / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with EXIF: held upside down (orientation 3), and a comment where the position would be.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0\0\0\0\0GPS 39.9N 116.4E";
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", tiff, &jpeg[2..]].concat()
}

both_engines! {
    async fn ann_changes_her_profile(app: TestApp) {
        let ann = app.person("ann").await;
        let answer = ann.patch("/me", json!({"name": "安", "signature": "在线", "locale": "zh"})).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body["name"], "安");
        let answer = ann.patch("/me", json!({"signature": ""})).await;
        assert_eq!(
            (&answer.body["name"], &answer.body["signature"], &answer.body["locale"]),
            (&json!("安"), &json!(""), &json!("zh"))
        );
        assert_eq!(ann.get("/me").await.body, answer.body);
        for bad in [
            json!({"name": ""}), json!({"name": "x".repeat(65)}), json!({"name": "a\u{202e}b"}),
            json!({"signature": "x".repeat(256)}), json!({"locale": "fr"}),
            json!({"is_admin": true}), json!({"username": "other"}),
        ] {
            assert_eq!(ann.patch("/me", bad.clone()).await.status, 422, "{bad}");
        }
    }

    async fn a_picture_is_encoded_anew(app: TestApp) {
        let ann = app.person("ann").await;
        let original = with_exif(&halves(800, 600, ImageFormat::Jpeg));
        let answer = put_avatar(&ann, original).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let url = answer.body["avatar_url"].as_str().unwrap().to_owned();
        let (headers, bytes) = fetch(app, &url).await;
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
        assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(!holds(b"Exif") && !holds(b"GPS"), "where it was taken is nobody's business");
        let shown = image::load_from_memory(&bytes).unwrap().into_rgb8();
        assert_eq!(shown.dimensions(), (256, 256));
        assert!(shown.get_pixel(128, 20).0[2] > 200, "turned as the camera was held");

        let ben = app.person("ben").await;
        let seen = ben.get(&format!("/users/{}", ann.id())).await;
        assert_eq!(seen.body["avatar_url"], url.as_str());
    }

    async fn a_new_picture_has_a_new_address(app: TestApp) {
        let ann = app.person("ann").await;
        let first = put_avatar(&ann, halves(64, 64, ImageFormat::Png)).await.body["avatar_url"].clone();
        let second = put_avatar(&ann, halves(64, 64, ImageFormat::Gif)).await.body["avatar_url"].clone();
        assert_ne!(first, second);
        let gone = format!("/{}", first.as_str().unwrap());
        assert_eq!(ann.get(&gone).await.code(), "not_found");
        let removed = ann.delete("/me/avatar").await;
        assert_eq!((removed.status, &removed.body["avatar_url"]), (200, &Value::Null));
        assert_eq!(ann.get(&format!("/{}", second.as_str().unwrap())).await.status, 404);
        assert_eq!(ann.get("//avatars/..%2f..%2fetc%2fpasswd").await.status, 404);
    }

    async fn what_is_no_picture_is_refused(app: TestApp) {
        let ann = app.person("ann").await;
        let png = halves(300, 300, ImageFormat::Png);
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>".to_vec();
        let html = b"<html><script>alert(1)</script></html>".to_vec();
        for bytes in [svg, html, Vec::new()] {
            let answer = put_avatar(&ann, bytes).await;
            assert_eq!((answer.status, answer.code()), (415, "unsupported_media_type"));
        }
        let broken = put_avatar(&ann, png[..png.len() / 2].to_vec()).await;
        assert_eq!((broken.status, broken.code()), (422, "invalid"));
        let heavy = [&png[..], &vec![0; 5 * 1024 * 1024][..]].concat();
        assert_eq!(put_avatar(&ann, heavy).await.code(), "too_large");
        assert_eq!(put_avatar(&app.visitor(), png).await.status, 401);
        assert_eq!(ann.get("/me").await.body["avatar_url"], Value::Null);
    }

    async fn a_bomb_is_refused_by_its_header(app: TestApp) {
        let ann = app.person("ann").await;
        // A GIF whose header promises 65,535 by 65,535 pixels, and holds none.
        let bomb = [b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff".as_slice(), b"\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x00\x3b"].concat();
        let answer = put_avatar(&ann, bomb).await;
        assert_eq!((answer.status, answer.code()), (413, "too_large"));
    }
}

//! What a file is, by its bytes; what is taken out of pictures; what is refused.

use image::ImageFormat;
use reqwest::Method;
use serde_json::json;

use super::{begun, boxed, part, picture, uploaded, with_exif};
use crate::support::{TestApp, both_engines, talk::group};

const SECRET: &[u8] = b"+39.9042+116.4074/ is where she lives";

/// A TIFF of one directory, which leads to one about the place.
fn tiff() -> Vec<u8> {
    let directory = |tag: u16, kind: u8, count: u8, value: u8| {
        let [low, high] = tag.to_le_bytes();
        vec![1, 0, low, high, kind, 0, count, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0]
    };
    let length = SECRET.len() as u8;
    [&b"II*\0\x08\0\0\0"[..], &directory(0x8825, 4, 1, 26), &directory(29, 2, length, 44), SECRET]
        .concat()
}

/// A HEIC of nothing but Exif, of which it is said where it stands, or not.
fn heic(is_said: bool) -> Vec<u8> {
    let exif = boxed(b"infe", b"\x02\0\0\0\0\x01\0\0Exif\0");
    let items = boxed(b"iinf", &[&b"\0\0\0\0\0\x01"[..], &exif].concat());
    let length = SECRET.len() as u8;
    let places = [&b"\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01\0\0\0\x1c\0\0\0"[..], &[length]].concat();
    let places = boxed(if is_said { b"iloc" } else { b"free" }, &places);
    let meta = boxed(b"meta", &[&b"\0\0\0\0"[..], &items, &places].concat());
    [boxed(b"ftyp", b"heic\0\0\0\0mif1"), boxed(b"mdat", SECRET), meta].concat()
}

both_engines! {
    async fn types_are_what_the_bytes_say(app: TestApp) {
        let ann = app.person("ann").await;
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
        let html = b"<!doctype html><script>alert(1)</script>".to_vec();
        for (name, bytes, kind, content_type) in [
            ("a.exe", picture(40, 30, ImageFormat::Png), "image", "image/png"),
            ("a.txt", picture(40, 30, ImageFormat::Jpeg), "image", "image/jpeg"),
            ("a", picture(40, 30, ImageFormat::Gif), "image", "image/gif"),
            ("a.html", picture(40, 30, ImageFormat::WebP), "image", "image/webp"),
            ("a.png", svg, "file", "text/plain"),
            ("a.jpg", html, "file", "text/plain"),
            ("a.mp3", b"%PDF-1.7\n".to_vec(), "file", "application/pdf"),
            ("a.pdf", b"PK\x03\x04\0\0".to_vec(), "file", "application/zip"),
            ("a.png", b"MZ\x90\0\x03".to_vec(), "file", "application/octet-stream"),
            ("a.png", b"ID3\x04\0\0\0\0".to_vec(), "audio", "audio/mpeg"),
            ("a.png", b"fLaC\0\0\0\x22".to_vec(), "audio", "audio/flac"),
            ("a.png", b"OggS\0\x02\0\0OpusHead".to_vec(), "audio", "audio/ogg"),
            ("a.png", boxed(b"ftyp", b"M4A \0\0\0\0"), "audio", "audio/mp4"),
            ("a.png", boxed(b"ftyp", b"isom\0\0\0\0"), "video", "video/mp4"),
            ("a.png", boxed(b"ftyp", b"heic\0\0\0\0"), "file", "image/heic"),
            ("a.png", b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm".to_vec(), "video", "video/webm"),
        ] {
            let found = uploaded(&ann, name, &bytes).await;
            assert_eq!((&found["kind"], &found["content_type"]), (&json!(kind), &json!(content_type)));
            assert_eq!(found["name"], name, "what it is called stays");
        }
    }

    async fn other_types_lose_the_place_too(app: TestApp) {
        let ann = app.person("ann").await;
        let talk = group(&ann, "club", &[]).await;
        for (name, bytes, content_type) in [
            ("a.tif", tiff(), "image/tiff"),
            ("a.heic", heic(true), "image/heic"),
            ("a.3gp", [boxed(b"ftyp", b"3gp5\0\0\0\0"), boxed(b"moov", &boxed(b"udta", SECRET))].concat(), "video/3gpp"),
            ("a.mov", boxed(b"moov", &boxed(b"meta", SECRET)), "video/quicktime"),
            ("a.jxl", [boxed(b"JXL ", b"\r\n\x87\n"), boxed(b"Exif", SECRET)].concat(), "image/jxl"),
        ] {
            let upload = uploaded(&ann, name, &bytes).await;
            assert_eq!((&upload["kind"], &upload["content_type"]), (&json!("file"), &json!(content_type)));
            let message = json!({"client_id": name, "attachments": [{"upload_id": upload["id"]}]});
            let sent = ann.post(&format!("/conversations/{talk}/messages"), message).await;
            assert_eq!(sent.status, 201, "{}", sent.body);
            let address = format!("/conversations/{talk}/messages/{}/attachments/0", sent.body["seq"]);
            let served = ann.request(Method::GET, &address).send().await.unwrap().bytes().await.unwrap();
            assert_eq!(served.len(), bytes.len(), "{name}");
            let rest = SECRET.windows(8).find(|piece| served.windows(8).any(|window| window == *piece));
            assert_eq!(rest, None, "{name}");
        }
        let lost = heic(false);
        let id = begun(&ann, "a.heic", lost.len()).await;
        let refused = part(&ann, &id, 0, lost).await;
        assert_eq!((refused.status, refused.code()), (422, "invalid"), "nobody knows where its Exif is");
        assert_eq!(ann.get(&format!("/uploads/{id}")).await.status, 404);
    }

    async fn a_picture_has_the_size_that_is_shown(app: TestApp) {
        let ann = app.person("ann").await;
        let turned = uploaded(&ann, "a.jpg", &with_exif(&picture(80, 60, ImageFormat::Jpeg))).await;
        assert_eq!((&turned["width"], &turned["height"]), (&json!(60), &json!(80)));
        let plain = uploaded(&ann, "a.png", &picture(80, 60, ImageFormat::Png)).await;
        assert_eq!((&plain["width"], &plain["height"]), (&json!(80), &json!(60)));
    }

    async fn what_would_hurt_is_refused_and_takes_no_room(app: TestApp) {
        let ann = app.person("ann").await;
        let png = picture(300, 300, ImageFormat::Png);
        // A GIF whose header promises 65,535 by 65,535 pixels, and holds none.
        let bomb = [
            b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff".as_slice(),
            b"\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x00\x3b",
        ];
        for (bytes, status, code) in [
            (bomb.concat(), 413, "too_large"),
            (png[..png.len() / 2].to_vec(), 422, "invalid"),
            (png[..20].to_vec(), 422, "invalid"),
            (b"\xff\xd8\xff\xe0".to_vec(), 422, "invalid"),
        ] {
            let id = begun(&ann, "a.png", bytes.len()).await;
            let answer = part(&ann, &id, 0, bytes).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.body);
            assert_eq!(ann.get(&format!("/uploads/{id}")).await.status, 404);
        }
        assert_eq!(ann.get("/uploads/usage").await.body["used"], 0);
        assert_eq!(crate::files::waiting::stored(app), 0);
    }

    async fn hostile_names_are_made_safe(app: TestApp) {
        let ann = app.person("ann").await;
        for (name, shown) in [
            ("../../../etc/passwd", "passwd"),
            ("C:\\Windows\\a.txt", "a.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("a\r\nSet-Cookie: x=1", "aSet-Cookie: x=1"),
            ("\u{200b}\u{2028}", "file"),
            ("", "file"),
            ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ] {
            assert_eq!(uploaded(&ann, name, b"x").await["name"], shown, "{name:?}");
        }
        let long = uploaded(&ann, &format!("{}.txt", "长".repeat(300)), b"x").await;
        let long = long["name"].as_str().unwrap();
        assert!(long.chars().count() == 255 && long.ends_with(".txt"), "{long}");
    }
}

//! Uploading by tus, what becomes of a file, and who may have it.

mod listing;
mod media;
mod pictures;
mod sending;
mod serving;
mod tus;
mod waiting;

use std::io::Cursor;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use serde_json::Value;

use crate::support::{Client, Response};

/// A request by tus, without a body.
fn tus(who: &Client, method: Method, path: &str) -> reqwest::RequestBuilder {
    who.request(method, path).header("Tus-Resumable", "1.0.0")
}

/// Begins an upload: what the server says.
async fn begin(who: &Client, name: &str, size: usize) -> Response {
    let request = tus(who, Method::POST, "/uploads")
        .header("Upload-Length", size)
        .header("Upload-Metadata", format!("filename {}", STANDARD.encode(name)));
    who.send(request).await
}

/// Begins an upload, which is taken: its id.
async fn begun(who: &Client, name: &str, size: usize) -> String {
    let answer = begin(who, name, size).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.header("location").strip_prefix("/api/v1/uploads/").unwrap().to_owned()
}

/// Sends part of an upload.
async fn part(who: &Client, id: &str, offset: usize, body: impl Into<reqwest::Body>) -> Response {
    let request = tus(who, Method::PATCH, &format!("/uploads/{id}"))
        .header("Content-Type", "application/offset+octet-stream")
        .header("Upload-Offset", offset)
        .body(body);
    who.send(request).await
}

/// How far an upload is.
async fn offset(who: &Client, id: &str) -> String {
    let answer = who.send(tus(who, Method::HEAD, &format!("/uploads/{id}"))).await;
    assert_eq!(answer.status, 200);
    answer.header("upload-offset").to_owned()
}

/// Uploads a whole file: what the server made of it.
pub(crate) async fn uploaded(who: &Client, name: &str, bytes: &[u8]) -> Value {
    let id = begun(who, name, bytes.len()).await;
    if !bytes.is_empty() {
        let sent = part(who, &id, 0, bytes.to_vec()).await;
        assert_eq!(sent.status, 204, "{name}: {}", sent.body);
    }
    let found = who.get(&format!("/uploads/{id}")).await;
    assert_eq!((found.status, &found.body["complete"]), (200, &Value::Bool(true)), "{name}");
    found.body
}

/// The upper half red, the lower half blue.
pub(crate) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |_, y| {
        if y < height / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with EXIF: held turned by a quarter (orientation 6), and a position.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS 39.9N 116.4E";
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", tiff, &jpeg[2..]].concat()
}

/// A box of MP4.
fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
    [&length[..], name, body].concat()
}

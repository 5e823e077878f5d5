//! A server whose uploads are in a bucket: sent, shown, read in part, recalled, also after a restart, and in a server
//! that was restored from a backup. That backup holds no files: the bucket is its own matter.

use std::io::Cursor;

use database::Engine;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use serde_json::json;

use crate::support::{Bucket, DEADLINE, Person, Place, Seeds, Server, tell, until};
use crate::uploads::{part, tus, whole};

/// Bytes of a file that goes to the bucket in several parts.
const LARGE: usize = 20_000_000;

#[test]
fn uploads_live_in_a_bucket() {
    tell(story());
}

async fn story() {
    let bucket = Bucket::open().await;
    let mut place = Place::new(Engine::Sqlite);
    place.settings.extend(bucket.settings());
    place.run_well(&["doctor"]);
    assert_eq!(bucket.objects().len(), 0, "a check leaves nothing");
    let mut server = Server::start(place).await;
    let seeds = Seeds::sow(&server, 2, 0).await;
    let (ann, ben) = (seeds.people[0].clone(), seeds.people[1].clone());

    let large: Vec<u8> = (0..=250).cycle().take(LARGE).collect();
    let file = send(&ann, large.clone()).await;
    let picture = send(&ann, photo()).await;
    assert_eq!(bucket.objects().len(), 3, "the picture has a preview");
    assert!(!server.place.data.join("uploads").exists(), "nothing is kept beside it");
    assert_eq!(std::fs::read_dir(server.place.data.join("uploading")).unwrap().count(), 0);

    assert!(server.kill());
    server.spawn();
    server.ready().await;
    check(&ben, &file, &large, &picture).await;

    let backup = server.place.scratch().join("backup");
    let backup = backup.to_str().unwrap();
    tokio::task::block_in_place(|| server.place.run_well(&["backup", backup]));
    assert!(
        std::fs::metadata(backup).unwrap().len() < LARGE as u64,
        "without what is in the bucket"
    );
    let mut elsewhere = Place::new(Engine::Sqlite);
    elsewhere.settings.extend(bucket.settings());
    elsewhere.run_well(&["restore", backup]);
    {
        let restored = Server::start(elsewhere).await;
        let ben = Person::new(restored.place.origin(), &ben.token, ben.id, ben.direct);
        check(&ben, &file, &large, &picture).await;
    }

    let (message, _) = picture.split_once("/attachments").unwrap();
    ann.post(&format!("{message}/recall"), json!({})).await;
    for address in [picture.clone(), format!("{picture}/preview")] {
        assert_eq!(ben.get(&address).await.unwrap().0, 404, "at once");
    }
    // Collecting comes around once a minute, and when the server starts.
    assert!(server.kill());
    server.spawn();
    server.ready().await;
    until("its bytes are gone", DEADLINE, async || (bucket.objects().len() == 1).then_some(()))
        .await;
    assert!(whole(&ben, &file).await == large, "the other file stays");
}

/// Uploads a file and sends it; its address.
async fn send(who: &Person, bytes: Vec<u8>) -> String {
    let begun =
        tus(who, Method::POST, "/uploads").header("Upload-Length", bytes.len()).send().await;
    let begun = begun.unwrap();
    let path = begun.headers()["location"].to_str().unwrap().strip_prefix("/api/v1").unwrap();
    let done = part(who, path, 0, bytes).await.unwrap();
    assert_eq!(done.status(), 204, "{:?}", done.text().await);
    let id = path.strip_prefix("/uploads/").unwrap();
    let message = json!({"client_id": id, "attachments": [{"upload_id": id}]});
    let sent = who.post(&format!("/conversations/{}/messages", who.direct), message).await;
    format!("/conversations/{}/messages/{}/attachments/0", who.direct, sent["seq"])
}

/// Both files are served: whole, in part, and as a preview.
async fn check(who: &Person, file: &str, bytes: &[u8], picture: &str) {
    assert!(whole(who, file).await == bytes);
    let range = who.request(Method::GET, file).header("Range", "bytes=9000000-9000099");
    let range = range.send().await.unwrap();
    assert_eq!(range.status(), 206);
    assert_eq!(range.bytes().await.unwrap(), bytes[9_000_000..9_000_100]);
    let preview = whole(who, &format!("{picture}/preview")).await;
    let preview = image::load_from_memory(&preview).unwrap();
    assert_eq!((preview.width(), preview.height()), (640, 320));
}

fn photo() -> Vec<u8> {
    let image = RgbImage::from_fn(1_000, 500, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

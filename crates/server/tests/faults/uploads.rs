//! A server that is killed while a file arrives: what was acknowledged is there, the rest is sent again, and the
//! file is what it was. Then it is backed up and restored elsewhere.

use bytes::Bytes;
use database::Engine;
use futures_util::{StreamExt as _, stream};
use reqwest::{Body, Method, Response};
use serde_json::json;

use crate::support::{DEADLINE, Person, Place, Seeds, Server, tell, until};

/// Bytes of the file, of its acknowledged first part, and of what comes before the server is killed.
const SIZE: usize = 300_000;
const FIRST: usize = 120_000;
const MORE: usize = 50_000;

#[test]
fn an_upload_goes_on_after_the_server_was_killed() {
    tell(story());
}

async fn story() {
    let mut server = Server::start(Place::new(Engine::Sqlite)).await;
    let seeds = Seeds::sow(&server, 2, 0).await;
    let (ann, ben) = (seeds.people[0].clone(), seeds.people[1].clone());
    let file: Vec<u8> = (0..=250).cycle().take(SIZE).collect();
    let begun = tus(&ann, Method::POST, "/uploads").header("Upload-Length", SIZE).send().await;
    let begun = begun.unwrap();
    assert_eq!(begun.status(), 201);
    let path = begun.headers()["location"].to_str().unwrap();
    let path = path.strip_prefix("/api/v1").unwrap().to_owned();
    let id = path.strip_prefix("/uploads/").unwrap();

    let first = part(&ann, &path, 0, file[..FIRST].to_vec()).await.unwrap();
    assert_eq!(first.status(), 204);
    let stuck = Bytes::copy_from_slice(&file[FIRST..FIRST + MORE]);
    let stuck =
        stream::once(async move { Ok::<_, std::io::Error>(stuck) }).chain(stream::pending());
    let (bringer, to) = (ann.clone(), path.clone());
    let bringing =
        tokio::spawn(async move { part(&bringer, &to, FIRST, Body::wrap_stream(stuck)).await });
    until("some of it has come", DEADLINE, async || {
        let (_, upload) = ann.get(&path).await.unwrap();
        (upload["offset"].as_u64().unwrap() > FIRST as u64).then_some(())
    })
    .await;
    assert!(server.kill());
    bringing.await.unwrap().unwrap_err();

    server.spawn();
    server.ready().await;
    let head = tus(&ann, Method::HEAD, &path).send().await.unwrap();
    let offset: usize = head.headers()["upload-offset"].to_str().unwrap().parse().unwrap();
    assert!((FIRST..=FIRST + MORE).contains(&offset), "{offset}");
    let rest = part(&ann, &path, offset, file[offset..].to_vec()).await.unwrap();
    assert_eq!(rest.status(), 204, "{:?}", rest.text().await);
    let message = json!({"client_id": "a file", "attachments": [{"upload_id": id}]});
    let sent = ann.post(&format!("/conversations/{}/messages", ann.direct), message).await;
    let address = format!("/conversations/{}/messages/{}/attachments/0", ann.direct, sent["seq"]);
    assert!(whole(&ben, &address).await == file);

    let backup = server.place.scratch().join("backup");
    let backup = backup.to_str().unwrap();
    tokio::task::block_in_place(|| server.place.run_well(&["backup", backup]));
    let elsewhere = Place::new(Engine::Sqlite);
    elsewhere.run_well(&["restore", backup]);
    let restored = Server::start(elsewhere).await;
    let ben = Person::new(restored.place.origin(), &ben.token, ben.id, ben.direct);
    assert!(whole(&ben, &address).await == file, "and so it is in a backup");
}

/// A request by tus, without a body.
pub(crate) fn tus(who: &Person, method: Method, path: &str) -> reqwest::RequestBuilder {
    who.request(method, path).header("Tus-Resumable", "1.0.0")
}

/// Sends part of an upload.
pub(crate) async fn part(
    who: &Person,
    path: &str,
    offset: usize,
    body: impl Into<Body>,
) -> reqwest::Result<Response> {
    tus(who, Method::PATCH, path)
        .header("Content-Type", "application/offset+octet-stream")
        .header("Upload-Offset", offset)
        .body(body)
        .send()
        .await
}

pub(crate) async fn whole(who: &Person, address: &str) -> Bytes {
    let answer = who.request(Method::GET, address).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap()
}

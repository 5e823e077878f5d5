//! A server that is killed in the middle of recalls of messages with pictures (G8): what was acknowledged as recalled
//! is served on no path after the restart, neither its text nor its file nor the preview; what was not acknowledged is
//! there as a whole or gone as a whole, and can be recalled again.

use std::io::Cursor;
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use database::Engine;
use image::{ImageFormat, RgbImage};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    support::{Dice, Person, Place, Seeds, Server, pause, tell},
    uploads::{part, tus},
};

/// Messages that are recalled one after the other while the server is killed.
const AT_ONCE: usize = 8;
/// So many of them are acknowledged before that, at most.
const MOST_BEFORE: usize = 4;
/// At most so long after the last of those; in the first round at once.
const MOST_DELAY_MICROS: u64 = 10_000;

#[test]
fn what_was_recalled_stays_away_on_sqlite() {
    tell(story(Engine::Sqlite, 8));
}

#[test]
fn what_was_recalled_stays_away_on_postgres() {
    tell(story(Engine::Postgres, 3));
}

/// A message that is to be recalled.
struct Said {
    /// `/conversations/{id}/messages/{seq}`
    path: String,
    /// What it was sent as.
    send: Value,
    /// In its text, in what it said before it was edited, and in the name of its picture.
    secret: String,
    upload: String,
}

async fn story(engine: Engine, rounds: usize) {
    let dice = Dice::new();
    let mut server = Server::start(Place::new(engine)).await;
    let seeds = Seeds::sow(&server, 2, 0).await;
    let (ann, ben) = (&seeds.people[0], &seeds.people[1]);
    let mut acknowledged = 0;
    for round in 0..rounds {
        let before = ben.head().await;
        let mut said = Vec::new();
        for n in 0..AT_ONCE {
            said.push(say(ann, ben, &format!("secret{round}x{n}x")).await);
        }
        let paths: Vec<String> = said.iter().map(|one| format!("{}/recall", one.path)).collect();
        let recaller = ann.clone();
        let (told, mut heard) = watch::channel(0);
        let recalling = tokio::spawn(async move {
            for path in paths {
                match recaller.try_to(Method::POST, &path, &json!({})).await {
                    Ok((200, _)) => told.send_modify(|done| *done += 1),
                    _ => break,
                }
            }
            *told.borrow()
        });
        // In the first round one, so that there are some.
        let before_kill = (round + 1) % (MOST_BEFORE + 1);
        heard.wait_for(|done| *done >= before_kill).await.expect("the server recalls");
        if round > 0 {
            pause(Duration::from_micros(1 + dice.below(MOST_DELAY_MICROS))).await;
        }
        assert!(server.kill(), "round {round}: the server had ended by itself");
        let done = recalling.await.unwrap();
        acknowledged += done;
        server.spawn();
        server.ready().await;

        for (n, one) in said.iter().enumerate() {
            if n < done || is_gone(ann, one).await {
                check_gone(ann, ben, one, &before).await;
            } else {
                check_whole(ben, one).await;
                ann.post(&format!("{}/recall", one.path), json!({})).await;
                check_gone(ann, ben, one, &before).await;
            }
        }
    }
    let all = rounds * AT_ONCE;
    println!("{acknowledged} of {all} recalls were acknowledged before a kill");
    assert!(0 < acknowledged && acknowledged < all, "kills came before or after everything");
}

/// Says something with a picture, edits it, pins it and has it answered: a copy of it is wherever one can be.
async fn say(ann: &Person, ben: &Person, secret: &str) -> Said {
    let name = format!("{secret}.png");
    let upload = picture(ann, &name).await;
    let messages = format!("/conversations/{}/messages", ann.direct);
    // The key stays for ever.
    let key = secret.replace("secret", "key");
    let send = json!({
        "client_id": key, "text": format!("{secret} at first"),
        "attachments": [{"upload_id": upload}],
    });
    let seq = ann.post(&messages, send.clone()).await["seq"].clone();
    let path = format!("{messages}/{seq}");
    let edited = json!({"text": format!("**{secret}** edited")});
    for (method, path, body) in
        [(Method::PATCH, path.clone(), edited), (Method::PUT, format!("{path}/pin"), json!({}))]
    {
        let (status, answer) = ann.try_to(method, &path, &body).await.unwrap();
        assert!(status < 300, "{path} got {status}: {answer}");
    }
    let reply = json!({"client_id": format!("re {key}"), "text": "I see", "reply_to": seq});
    ben.post(&messages, reply).await;
    Said { path, send, secret: secret.to_owned(), upload }
}

/// Uploads a picture that is large enough to have a preview.
async fn picture(who: &Person, name: &str) -> String {
    let mut png = Cursor::new(Vec::new());
    RgbImage::new(900, 300).write_to(&mut png, ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let request = tus(who, Method::POST, "/uploads")
        .header("Upload-Length", png.len())
        .header("Upload-Metadata", format!("filename {}", STANDARD.encode(name)));
    let begun = request.send().await.unwrap();
    assert_eq!(begun.status(), 201);
    let path = begun.headers()["location"].to_str().unwrap();
    let path = path.strip_prefix("/api/v1").unwrap().to_owned();
    let sent = part(who, &path, 0, png).await.unwrap();
    assert_eq!(sent.status(), 204, "{:?}", sent.text().await);
    path.strip_prefix("/uploads/").unwrap().to_owned()
}

async fn is_gone(who: &Person, said: &Said) -> bool {
    let (status, message) = who.get(&said.path).await.unwrap();
    assert_eq!(status, 200, "{message}");
    message.get("recalled").is_some()
}

/// Nothing of it is served on any path, to either of them.
async fn check_gone(ann: &Person, ben: &Person, said: &Said, before: &str) {
    let Said { path, send, secret, upload } = said;
    assert!(is_gone(ann, said).await, "{secret}: acknowledged, and not recalled");
    let conversation = format!("/conversations/{}", ann.direct);
    for who in [ann, ben] {
        for path in [
            path.clone(),
            format!("{path}/edits"),
            conversation.clone(),
            "/conversations".to_owned(),
            format!("{conversation}/messages?limit=200"),
            format!("{conversation}/pins"),
            format!("{conversation}/files"),
            format!("/search?q={secret}"),
            format!("/events?cursor={before}"),
        ] {
            let (status, body) = who.get(&path).await.unwrap();
            assert!(status == 200 || status == 403, "{path} got {status}: {body}");
            assert!(!body.to_string().contains(secret), "{path}: {body}");
        }
        for address in ["attachments/0", "attachments/0/preview"] {
            let (status, _) = who.get(&format!("{path}/{address}")).await.unwrap();
            assert_eq!(status, 404, "{secret}: {address}");
        }
        let (status, _) = who.get(&format!("/uploads/{upload}")).await.unwrap();
        assert_eq!(status, 404, "{secret}: the upload");
    }
    let messages = format!("{conversation}/messages");
    let (status, again) = ann.try_to(Method::POST, &messages, send).await.unwrap();
    assert_eq!(status, 200, "a retry gets what is left: {again}");
    assert!(!again.to_string().contains(secret), "{again}");
}

/// All of it is there.
async fn check_whole(who: &Person, said: &Said) {
    let (_, message) = who.get(&said.path).await.unwrap();
    assert_eq!(message["text"], json!(format!("**{}** edited", said.secret)));
    assert!(message["pinned"].is_object(), "{message}");
    for address in ["attachments/0", "attachments/0/preview"] {
        let request = who.request(Method::GET, &format!("{}/{address}", said.path));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}: {address}", said.secret);
        assert!(!answer.bytes().await.unwrap().is_empty());
    }
}

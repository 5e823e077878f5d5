//! Files that go with messages: taken along once, by their owner, when they are complete.

use image::ImageFormat;
use serde_json::{Value, json};

use super::{begun, boxed, picture, uploaded, waiting::stored};
use crate::support::{
    Client, Response, TestApp, both_engines,
    talk::{befriend, cursor, direct, events_since, fresh_key, group},
};

/// Sends uploads, with a text.
pub(super) async fn send(
    who: &Client,
    conversation: i64,
    text: &str,
    uploads: &[&str],
) -> Response {
    let attachments: Vec<_> = uploads.iter().map(|id| json!({"upload_id": id})).collect();
    let body = json!({"client_id": fresh_key(), "text": text, "attachments": attachments});
    who.post(&format!("/conversations/{conversation}/messages"), body).await
}

/// Two friends, and their conversation.
pub(super) async fn friends(app: &TestApp) -> (Client, Client, i64) {
    let (ann, ben) = (app.person("ann").await, app.person("ben").await);
    befriend(&ann, &ben).await;
    let conversation = direct(&ann, &ben).await;
    (ann, ben, conversation)
}

/// Uploads a file: its id.
pub(super) async fn upload(who: &Client, name: &str, bytes: &[u8]) -> String {
    uploaded(who, name, bytes).await["id"].as_str().unwrap().to_owned()
}

/// Some sound, as browsers record it.
fn sound() -> Vec<u8> {
    boxed(b"ftyp", b"M4A \0\0\0\0")
}

both_engines! {
    async fn files_go_with_a_message(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let before = cursor(&ben).await;
        let photo = upload(&ann, "海.png", &picture(80, 60, ImageFormat::Png)).await;
        let notes = upload(&ann, "notes.txt", b"some words").await;
        let sent = send(&ann, talk, "", &[&photo, &notes]).await;
        assert_eq!(sent.status, 201, "without a text: {}", sent.body);
        let attachments = &sent.body["attachments"];
        assert_eq!(attachments[0]["kind"], "image");
        assert_eq!((&attachments[0]["width"], &attachments[0]["height"]), (&json!(80), &json!(60)));
        assert_eq!((&attachments[0]["name"], &attachments[0]["preview"]), (&json!("海.png"), &json!(true)));
        assert_eq!(
            attachments[1],
            json!({"kind": "file", "name": "notes.txt", "size": 10, "content_type": "text/plain", "preview": false})
        );
        let events = events_since(&ben, &before).await;
        assert_eq!(&events[0]["message"]["attachments"], attachments);
        let page = ben.get(&format!("/conversations/{talk}/messages")).await;
        assert_eq!(&page.body["messages"][0]["attachments"], attachments);
        let kept = ann.get(&format!("/uploads/{photo}")).await.body;
        assert_eq!(kept["expires_at"], Value::Null, "it is kept from now on");
    }

    async fn each_upload_is_sent_once_by_its_owner(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let (one, other) = (upload(&ann, "a", b"1").await, upload(&ann, "b", b"2").await);
        let half = begun(&ann, "half", 10).await;
        let refused = async |who: &Client, uploads: &[&str]| {
            let answer = send(who, talk, "hi", uploads).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{}", answer.body);
            assert!(answer.body["errors"]["attachments"].is_string(), "{}", answer.body);
        };
        refused(&ann, &["00000000000000000000000000"]).await;
        refused(&ann, &[&half]).await;
        refused(&ben, &[&one]).await;
        refused(&ann, &[&one, &one]).await;
        refused(&ann, &[&one, &half]).await;
        refused(&ann, &vec![&*one; 21]).await;
        assert_eq!(send(&ann, talk, "", &[]).await.status, 422, "nothing at all");
        assert_eq!(send(&ann, talk, "", &[&one]).await.status, 201);
        refused(&ann, &[&one]).await;
        refused(&ann, &[&other, &one]).await;

        let path = format!("/conversations/{talk}/messages");
        let body = json!({"client_id": fresh_key(), "attachments": [{"upload_id": other}]});
        let first = ann.post(&path, body.clone()).await;
        let again = ann.post(&path, body.clone()).await;
        assert_eq!((first.status, again.status, &again.body), (201, 200, &first.body));
        let changed = json!({"client_id": body["client_id"], "attachments": [{"upload_id": one}]});
        assert_eq!(ann.post(&path, changed).await.code(), "client_id_reused");
        let sent = crate::files::tus(&ann, reqwest::Method::DELETE, &format!("/uploads/{one}"));
        assert_eq!(ann.send(sent).await.status, 409, "what was sent is recalled, not cancelled");
    }

    async fn a_voice_message_has_a_waveform(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let path = format!("/conversations/{talk}/messages");
        let say = async |id: &str, voice: Value| {
            let body = json!({"client_id": fresh_key(), "attachments": [{"upload_id": id, "voice": voice}]});
            ann.post(&path, body).await
        };
        let recorded = upload(&ann, "voice.m4a", &sound()).await;
        let words = upload(&ann, "a.txt", b"no sound").await;
        for bad in [
            json!({"duration_ms": 0, "waveform": [1]}),
            json!({"duration_ms": 600_001, "waveform": [1]}),
            json!({"duration_ms": 5, "waveform": []}),
            json!({"duration_ms": 5, "waveform": vec![1; 65]}),
            json!({"duration_ms": 5, "waveform": [256]}),
            json!({"duration_ms": 5, "waveform": [1], "kind": "voice"}),
        ] {
            assert_eq!(say(&recorded, bad.clone()).await.status, 422, "{bad}");
        }
        let good = json!({"duration_ms": 1_500, "waveform": [0, 128, 255]});
        assert_eq!(say(&words, good.clone()).await.status, 422);
        let sent = say(&recorded, good).await;
        assert_eq!(sent.status, 201, "{}", sent.body);
        let attachment = &sent.body["attachments"][0];
        assert_eq!((&attachment["kind"], &attachment["duration_ms"]), (&json!("voice"), &json!(1_500)));
        assert_eq!(attachment["waveform"], json!([0, 128, 255]));
        let heard = ben.get(&format!("{path}/{}/attachments/0", sent.body["seq"])).await;
        assert_eq!((heard.status, heard.header("content-type")), (200, "audio/mp4"));
        assert!(heard.header("content-disposition").starts_with("inline;"));
    }

    async fn what_is_recalled_is_gone(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let photo = upload(&ann, "a.png", &picture(80, 60, ImageFormat::Png)).await;
        let sent = send(&ann, talk, "look", &[&photo]).await.body;
        let path = format!("/conversations/{talk}/messages/{}", sent["seq"]);
        let addresses = [format!("{path}/attachments/0"), format!("{path}/attachments/0/preview")];
        for address in &addresses {
            assert_eq!(ben.get(address).await.status, 200);
        }
        let used = ann.get("/uploads/usage").await.body["used"].clone();
        assert!(used.as_i64().unwrap() > 0);
        assert_eq!(ann.post(&format!("{path}/recall"), json!({})).await.status, 200);
        for who in [&ann, &ben] {
            for address in &addresses {
                let answer = who.get(address).await;
                assert_eq!((answer.status, answer.code()), (404, "not_found"));
            }
            assert_eq!(who.get(&path).await.body.get("attachments"), None);
        }
        assert_eq!(ann.get("/uploads/usage").await.body["used"], 0);
        assert_eq!(ann.get(&format!("/uploads/{photo}")).await.status, 404);
        assert_eq!(send(&ann, talk, "again", &[&photo]).await.status, 422);
        while stored(app) > 0 {
            rookery::uploads::collect_expired(&app.state).await.unwrap();
        }
    }

    async fn what_is_passed_on_has_its_own_addresses(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let cat = app.person("cat").await;
        let club = group(&ben, "club", &[&cat]).await;
        let path = format!("/conversations/{talk}/messages");
        let (one, two) = (upload(&ann, "1.txt", b"one").await, upload(&ann, "2.txt", b"two").await);
        let first = send(&ann, talk, "", &[&one, &two]).await.body["seq"].clone();
        let photo = upload(&ann, "a.png", &picture(80, 60, ImageFormat::Png)).await;
        let second = send(&ann, talk, "look", &[&photo]).await.body["seq"].clone();

        let own = upload(&ben, "own.txt", b"own").await;
        let record = json!({
            "client_id": fresh_key(), "attachments": [{"upload_id": own}],
            "forward": {"conversation_id": talk, "seqs": [second, first]},
        });
        let record = ben.post(&format!("/conversations/{club}/messages"), record).await;
        assert_eq!(record.status, 201, "{}", record.body);
        assert_eq!(record.body["forwarded"][0]["attachments"][1]["name"], "2.txt");
        let address = format!("/conversations/{club}/messages/{}/attachments", record.body["seq"]);
        for (n, text) in [(0, "own"), (1, "one"), (2, "two")] {
            assert_eq!(cat.get(&format!("{address}/{n}")).await.body, text);
        }
        assert_eq!(cat.get(&format!("{address}/3/preview")).await.status, 200);
        assert_eq!(cat.get(&format!("{address}/4")).await.status, 404);
        assert_eq!(cat.get(&format!("{path}/{first}/attachments/0")).await.status, 404);

        // The record itself, passed on: what it holds, without what was sent along with it.
        let notes = cat.post("/conversations", json!({"saved": true})).await.body["id"].clone();
        let again = json!({
            "client_id": fresh_key(),
            "forward": {"conversation_id": club, "seqs": [record.body["seq"]]},
        });
        let again = cat.post(&format!("/conversations/{notes}/messages"), again).await;
        assert_eq!(again.status, 201, "{}", again.body);
        let kept = format!("/conversations/{notes}/messages/{}/attachments", again.body["seq"]);
        assert_eq!(cat.get(&format!("{kept}/1")).await.body, "two");

        let (first, record) = (format!("{path}/{first}"), address.replace("/attachments", ""));
        assert_eq!(ann.post(&format!("{first}/recall"), json!({})).await.status, 200);
        assert_eq!(ben.get(&format!("{first}/attachments/0")).await.status, 404);
        rookery::uploads::collect_expired(&app.state).await.unwrap();
        assert_eq!(cat.get(&format!("{address}/1")).await.body, "one", "a copy is not taken back");
        assert_eq!(ben.post(&format!("{record}/recall"), json!({})).await.status, 200);
        rookery::uploads::collect_expired(&app.state).await.unwrap();
        assert_eq!(cat.get(&format!("{address}/1")).await.status, 404);
        assert_eq!(cat.get(&format!("{kept}/0")).await.body, "one");
    }

    async fn what_was_sent_is_never_collected(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let notes = upload(&ann, "notes.txt", b"some words").await;
        let sent = send(&ann, talk, "", &[&notes]).await.body;
        app.advance(3 * 24 * 60 * 60);
        rookery::uploads::collect_expired(&app.state).await.unwrap();
        rookery::uploads::collect_orphans(&app.state).await.unwrap();
        let address = format!("/conversations/{talk}/messages/{}/attachments/0", sent["seq"]);
        assert_eq!(ben.get(&address).await.body, "some words");
    }
}

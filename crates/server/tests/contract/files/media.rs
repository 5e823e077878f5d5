//! Real recordings, as encoders write them: what the server makes of them, and how they are played.
//!
//! The samples are a second each: a tone (AAC) and a test picture (H.264 and VP8), made by ffmpeg for these tests.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    sending::{friends, send, upload},
    uploaded,
};
use crate::support::{TestApp, both_engines};

const TONE: &[u8] = include_bytes!("samples/tone.m4a");
const CLIP_MP4: &[u8] = include_bytes!("samples/clip.mp4");
const CLIP_WEBM: &[u8] = include_bytes!("samples/clip.webm");

both_engines! {
    async fn recordings_are_known_by_their_content_and_played_in_parts(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        // The names say nothing true.
        for (name, bytes, kind, content_type, dimensions) in [
            ("song.mp4", TONE, "audio", "audio/mp4", None),
            ("film.txt", CLIP_MP4, "video", "video/mp4", Some((64, 48))),
            ("film.m4a", CLIP_WEBM, "video", "video/webm", Some((64, 48))),
        ] {
            let id = upload(&ann, name, bytes).await;
            let sent = send(&ann, talk, "", &[&id]).await;
            assert_eq!(sent.status, 201, "{name}: {}", sent.body);
            let attachment = &sent.body["attachments"][0];
            assert_eq!((&attachment["kind"], &attachment["content_type"]), (&json!(kind), &json!(content_type)), "{name}");
            assert_eq!(attachment["size"], json!(bytes.len()), "{name}");
            let size = dimensions.map_or((Value::Null, Value::Null), |(width, height)| (json!(width), json!(height)));
            assert_eq!((&attachment["width"], &attachment["height"]), (&size.0, &size.1), "{name}");
            let duration = attachment["duration_ms"].as_u64().unwrap();
            assert!((950..1_150).contains(&duration), "{name}: {duration} ms");

            let address = format!("/conversations/{talk}/messages/{}/attachments/0", sent.body["seq"]);
            let whole = ben.get(&address).await;
            assert_eq!((whole.status, whole.header("content-type")), (200, content_type), "{name}");
            assert_eq!(whole.header("content-length"), bytes.len().to_string(), "{name}");
            assert!(whole.header("content-disposition").starts_with("inline;"), "{name}");
            // As a player does that goes to a place.
            let part = ben.request(Method::GET, &address).header("Range", "bytes=100-199");
            let part = part.send().await.unwrap();
            assert_eq!(part.status(), 206, "{name}");
            assert!(part.bytes().await.unwrap() == bytes[100..200], "{name}");
        }
    }

    async fn a_recording_of_sound_is_sent_as_a_voice_message_and_a_film_is_not(app: TestApp) {
        let (ann, ben, talk) = friends(app).await;
        let path = format!("/conversations/{talk}/messages");
        let say = async |id: &Value, key: &str| {
            let voice = json!({"duration_ms": 1_000, "waveform": [9, 99, 9]});
            let body = json!({"client_id": key, "attachments": [{"upload_id": id, "voice": voice}]});
            ann.post(&path, body).await
        };
        for film in [CLIP_MP4, CLIP_WEBM] {
            let film = uploaded(&ann, "voice.m4a", film).await;
            assert_eq!(say(&film["id"], "film").await.status, 422);
        }
        let tone = uploaded(&ann, "voice.m4a", TONE).await;
        let sent = say(&tone["id"], "tone").await;
        assert_eq!((sent.status, &sent.body["attachments"][0]["kind"]), (201, &json!("voice")));
        let heard = ben.get(&format!("{path}/{}/attachments/0", sent.body["seq"])).await;
        assert_eq!((heard.status, heard.header("content-type")), (200, "audio/mp4"));
    }
}

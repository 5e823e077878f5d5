//! Custom emoji and stickers: who adds them, what they are in messages, and what is left of those removed.

use std::io::Cursor;

use image::codecs::{
    gif::{GifDecoder, GifEncoder},
    webp::WebPDecoder,
};
use image::{AnimationDecoder as _, DynamicImage, Frame, ImageFormat, RgbaImage};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Client, Response, TestApp, both_engines,
    talk::{befriend, direct, fresh_key, group, say},
};

fn png(side: u32) -> Vec<u8> {
    let image = RgbaImage::from_fn(side, side, |x, _| {
        image::Rgba([200, 30, 40, if x < 9 { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(image).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A GIF of so many frames, each of another colour.
fn gif(frames: u32, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
    for n in 0..frames {
        let colour = image::Rgba([(n % 256) as u8, 90, 200, 255]);
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(width, height, colour))).unwrap();
    }
    drop(encoder);
    bytes
}

/// A WebP that shows the same picture so many times.
fn webp(frames: usize) -> Vec<u8> {
    let mut still = Cursor::new(Vec::new());
    let image = RgbaImage::from_pixel(40, 30, image::Rgba([200, 30, 40, 120]));
    DynamicImage::ImageRgba8(image).write_to(&mut still, ImageFormat::WebP).unwrap();
    let chunk = |name: &[u8; 4], body: &[u8]| {
        [name, &u32::try_from(body.len()).unwrap().to_le_bytes()[..], body].concat()
    };
    let size = [39, 0, 0, 29, 0, 0];
    let vp8x = chunk(b"VP8X", &[&[0x12, 0, 0, 0], &size[..]].concat());
    let place = [&[0; 6], &size[..], &[100, 0, 0, 0]].concat();
    let frame = chunk(b"ANMF", &[&place, &still.into_inner()[12..]].concat());
    let body = [b"WEBP", &vp8x[..], &chunk(b"ANIM", &[0; 6]), &frame.repeat(frames)].concat();
    chunk(b"RIFF", &body)
}

/// How many frames it has.
fn shown(bytes: &[u8]) -> usize {
    let frames = match image::guess_format(bytes).unwrap() {
        ImageFormat::Gif => {
            GifDecoder::new(Cursor::new(bytes)).unwrap().into_frames().collect_frames()
        }
        _ => WebPDecoder::new(Cursor::new(bytes)).unwrap().into_frames().collect_frames(),
    };
    frames.unwrap().len()
}

async fn add(who: &Client, query: &str, bytes: Vec<u8>) -> Response {
    who.send(who.request(Method::POST, &format!("/emoji?{query}")).body(bytes)).await
}

async fn names(who: &Client) -> Vec<String> {
    let list = who.get("/emoji").await.body;
    let all = list["emoji"].as_array().unwrap().iter();
    all.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

async fn send(who: &Client, conversation: i64, mut body: Value) -> Response {
    body["client_id"] = json!(fresh_key());
    who.post(&format!("/conversations/{conversation}/messages"), body).await
}

/// Somebody who runs the site.
async fn operator(app: &TestApp) -> Client {
    let token = rookery::accounts::issue_setup_token(&app.state).await.unwrap().unwrap();
    let mut client = app.visitor();
    let body = json!({"username": "root", "password": "a long password", "setup_token": token});
    let answer = client.post("/accounts", body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    client.logged_in(&answer.body);
    client
}

both_engines! {
    async fn the_operator_adds_some_for_everybody(app: TestApp) {
        let admin = operator(app).await;
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let party = add(&admin, "name=party&kind=emoji", png(300)).await;
        assert_eq!(party.status, 201, "{}", party.body);
        assert_eq!((&party.body["width"], &party.body["height"]), (&json!(128), &json!(128)));
        assert_eq!((&party.body["kind"], party.body.get("group_id")), (&json!("emoji"), None));
        let url = party.body["url"].as_str().unwrap();
        let picture = reqwest::get(format!("{}{url}", app.origin())).await.unwrap();
        assert_eq!(picture.headers()["content-type"], "image/webp");
        assert!(picture.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        assert_eq!(picture.headers()["x-content-type-options"], "nosniff");
        assert_eq!(names(&ann).await, ["party"]);

        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let message = say(&ann, id, "a :party: at 10:30:45 :nothing:").await;
        let image = format!("<img class=\"emoji\" src=\"{url}\" alt=\":party:\">");
        assert_eq!(message["html"], format!("<p>a {image} at 10:30:45 :nothing:</p>"));
        assert_eq!(say(&ann, id, "10:30:45 :nothing:").await.get("html"), None);

        assert_eq!(add(&ann, "name=mine&kind=emoji", png(20)).await.status, 403);
        let taken = add(&admin, "name=party&kind=emoji", png(20)).await;
        assert_eq!((taken.status, taken.code()), (409, "conflict"));
        assert_eq!(add(&admin, "name=party&kind=sticker", png(20)).await.status, 201, "another kind");
        for bad in ["name=a&kind=emoji", "name=Ab&kind=emoji", "name=12&kind=emoji", "name=ab&kind=gif",
                    "name=a%20b&kind=emoji", "kind=emoji", "name=ab&kind=emoji&x=1"] {
            assert_eq!(add(&admin, bad, png(20)).await.status, 422, "{bad}");
        }
        assert_eq!(add(&admin, "name=ok&kind=emoji", b"<svg/>".to_vec()).await.status, 415);
        assert_eq!(add(&admin, "name=ok&kind=emoji", vec![0; 600 * 1024]).await.status, 413);
        assert_eq!(add(&admin, "name=%E5%A5%BD&kind=emoji", png(20)).await.status, 201, "one Chinese character");
    }

    async fn a_groups_own_are_for_its_members(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        let club = group(&ann, "club", &[&ben]).await;
        let query = format!("name=logo&kind=emoji&group_id={club}");
        assert_eq!(add(&cat, &query, png(20)).await.status, 404, "a stranger learns nothing");
        assert_eq!(add(&ben, &query, png(20)).await.status, 403);
        let logo = add(&ann, &query, png(20)).await;
        assert_eq!((logo.status, &logo.body["group_id"]), (201, &json!(club)), "{}", logo.body);
        assert_eq!((&logo.body["width"], names(&ben).await, names(&cat).await), (&json!(20), vec!["logo".to_owned()], vec![]));
        assert!(say(&ben, club, ":logo:").await["html"].as_str().unwrap().contains("<img"));
        let seq = say(&ann, club, "how do you like it?").await["seq"].clone();
        let reaction = |name: &str| format!("/conversations/{club}/messages/{seq}/reactions/%3A{name}%3A");
        assert_eq!(ben.put(&reaction("logo"), json!(null)).await.status, 204);
        assert_eq!(ben.put(&reaction("nothing"), json!(null)).await.status, 422);
        let seen = ann.get(&format!("/conversations/{club}/messages/{seq}")).await.body;
        assert_eq!(seen["reactions"], json!([{"emoji": ":logo:", "user_ids": [ben.id()]}]));
        let other = group(&ben, "other", &[]).await;
        assert_eq!(say(&ben, other, ":logo:").await.get("html"), None, "elsewhere it is text");

        let path = format!("/emoji/{}", logo.body["id"].as_str().unwrap());
        assert_eq!(cat.delete(&path).await.status, 404);
        assert_eq!(ben.delete(&path).await.status, 403);
        assert_eq!(ann.delete(&path).await.status, 204);
        assert_eq!(ann.delete(&path).await.status, 404, "it is gone");
        assert_eq!(names(&ben).await, Vec::<String>::new());
        assert_eq!(say(&ben, club, ":logo:").await.get("html"), None);
        let url = logo.body["url"].as_str().unwrap();
        let picture = reqwest::get(format!("{}{url}", app.origin())).await.unwrap();
        assert_eq!(picture.status(), 200, "older messages still show it");
        assert_eq!(add(&ann, &query, png(20)).await.status, 201, "its name is free");
    }

    async fn stickers_are_messages_of_their_own(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        let club = group(&ann, "club", &[&ben]).await;
        let wave = add(&ann, &format!("name=wave&kind=sticker&group_id={club}"), png(600)).await;
        let id = wave.body["id"].as_str().unwrap();
        let sent = send(&ben, club, json!({"sticker_id": id})).await;
        assert_eq!(sent.status, 201, "{}", sent.body);
        let sticker = json!({"id": id, "name": "wave", "url": wave.body["url"], "width": 512, "height": 512});
        assert_eq!((&sent.body["sticker"], &sent.body["text"]), (&sticker, &json!("")));
        let page = ann.get(&format!("/conversations/{club}/messages")).await.body;
        let last = page["messages"].as_array().unwrap().iter().find(|one| one["seq"] == sent.body["seq"]);
        assert_eq!(last.unwrap()["sticker"], sticker);

        befriend(&ben, &cat).await;
        let two = direct(&ben, &cat).await;
        assert_eq!(send(&ben, two, json!({"sticker_id": id})).await.status, 201, "where else he talks");
        for (who, body) in [(&cat, json!({"sticker_id": id})), (&ben, json!({"sticker_id": "none"})),
                            (&ben, json!({"sticker_id": id, "text": "and words"}))] {
            let refused = send(who, two, body.clone()).await;
            assert_eq!(refused.status, 422, "{body}: {}", refused.body);
        }
        let emoji = add(&ann, &format!("name=wave&kind=emoji&group_id={club}"), png(20)).await;
        let refused = send(&ben, club, json!({"sticker_id": emoji.body["id"]})).await;
        assert_eq!(refused.status, 422, "an emoji is no sticker");
    }

    async fn what_moves_goes_on_moving(app: TestApp) {
        let ann = app.person("ann").await;
        let club = group(&ann, "club", &[]).await;
        let place = |name: &str, kind: &str| format!("name={name}&kind={kind}&group_id={club}");
        for (name, kind, bytes, content_type, frames) in [
            ("dance", "emoji", gif(3, 150, 100), "image/gif", 3),
            ("twirl", "sticker", gif(30, 60, 40), "image/gif", 30),
            ("blink", "sticker", webp(2), "image/webp", 2),
        ] {
            let hidden = [&bytes[..], b"39.9N 116.4E"].concat();
            let added = add(&ann, &place(name, kind), hidden).await;
            assert_eq!(added.status, 201, "{}", added.body);
            let url = format!("{}{}", app.origin(), added.body["url"].as_str().unwrap());
            let picture = reqwest::get(&url).await.unwrap();
            assert_eq!((picture.status().as_u16(), &picture.headers()["content-type"]), (200, &content_type.parse().unwrap()));
            let picture = picture.bytes().await.unwrap();
            assert_eq!(shown(&picture), frames, "{name}");
            assert!(!picture.windows(5).any(|window| window == b"39.9N"));
            let still = reqwest::get(format!("{url}/still")).await.unwrap();
            assert!(still.headers()["cache-control"].to_str().unwrap().contains("immutable"));
            let still = image::load_from_memory(&still.bytes().await.unwrap()).unwrap();
            let most = if kind == "emoji" { 128 } else { 512 };
            assert!(still.width().max(still.height()) <= most);
        }
        let plain = add(&ann, &place("plain", "emoji"), png(20)).await;
        let url = format!("{}{}", app.origin(), plain.body["url"].as_str().unwrap());
        let (picture, still) = (reqwest::get(&url).await.unwrap(), reqwest::get(format!("{url}/still")).await.unwrap());
        assert_eq!(picture.bytes().await.unwrap(), still.bytes().await.unwrap(), "what stands still is its own");
        assert_eq!(reqwest::get(format!("{}/emoji/nothing/still", app.origin())).await.unwrap().status(), 404);
        for (bytes, status) in [
            (gif(2, 600, 40), 413), (gif(301, 8, 8), 413),
            (gif(3, 40, 40)[..150].to_vec(), 422),
        ] {
            let refused = add(&ann, &place("much", "sticker"), bytes).await;
            assert_eq!(refused.status, status, "{}", refused.body);
        }
    }
}

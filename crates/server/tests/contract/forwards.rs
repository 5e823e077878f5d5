//! Forwarding: copies of what the sender may see, one or a record of several.

use rookery::search::catch_up;
use serde_json::{Value, json};

use crate::{
    files::uploaded,
    support::{
        Client, Socket, TestApp, both_engines,
        talk::{befriend, direct, fresh_key, group, say},
    },
};

async fn forward(who: &Client, to: i64, from: i64, seqs: Value) -> (u16, Value) {
    let body =
        json!({"client_id": fresh_key(), "forward": {"conversation_id": from, "seqs": seqs}});
    let answer = who.post(&format!("/conversations/{to}/messages"), body).await;
    (answer.status, answer.body)
}

both_engines! {
    async fn one_and_several(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        let (club, other) = (group(&ann, "club", &[&ben]).await, group(&ben, "other", &[&cat]).await);
        let (one, two) = (say(&ann, club, "one **bold**").await, say(&ben, club, "two").await);
        let (status, sent) = forward(&ben, other, club, json!([one["seq"]])).await;
        assert_eq!((status, &sent["text"], &sent["sender_id"]), (201, &json!(""), &json!(ben.id())));
        let copy = json!({"sender_id": ann.id(), "sender_name": "ann", "sent_at": one["sent_at"],
                          "text": "one **bold**", "html": one["html"]});
        assert_eq!(sent["forwarded"], json!([copy]));
        let (_, record) = forward(&ben, other, club, json!([two["seq"], one["seq"]])).await;
        let texts: Vec<_> = record["forwarded"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
        assert_eq!(texts, ["one **bold**", "two"], "in the order in which they were said");

        assert_eq!(ann.post(&format!("/conversations/{club}/messages/{}/recall", one["seq"]), json!({})).await.status, 200);
        let there = cat.get(&format!("/conversations/{other}/messages/{}", sent["seq"])).await.body;
        assert_eq!(there, sent, "a copy stays, as what somebody repeats does");
        let (status, edited) = {
            let path = format!("/conversations/{other}/messages/{}", sent["seq"]);
            let answer = ben.patch(&path, json!({"text": "x"})).await;
            (answer.status, answer.body)
        };
        assert_eq!(status, 403, "what others said is not edited: {edited}");

        // On from there: one message passes on what it holds, a record among others is summed up.
        let (_, again) = forward(&cat, other, other, json!([sent["seq"]])).await;
        assert_eq!(again["forwarded"], sent["forwarded"]);
        let (_, again) = forward(&cat, other, other, json!([sent["seq"], record["seq"]])).await;
        assert_eq!(again["forwarded"][1]["sender_id"], json!(ben.id()));
        assert_eq!(again["forwarded"][1]["text"], "ann: one **bold**\nben: two");
        assert_eq!(cat.post(&format!("/conversations/{other}/messages/{}/recall", again["seq"]), json!({})).await.body.get("forwarded"), None);
    }

    async fn a_frame_carries_what_a_post_carries(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let path = format!("/conversations/{club}/messages");
        let file = uploaded(&ann, "a.txt", b"in the first").await;
        let first = json!({"client_id": fresh_key(), "text": "first", "attachments": [{"upload_id": file["id"]}]});
        let first = ann.post(&path, first).await.body["seq"].clone();
        let own = uploaded(&ann, "b.txt", b"my own").await;
        let body = json!({
            "client_id": fresh_key(), "text": "@ben @all look", "reply_to": first,
            "attachments": [{"upload_id": own["id"]}],
            "mentions": [{"user_id": ben.id(), "name": "ben"}], "mentions_all": true,
            "forward": {"conversation_id": club, "seqs": [first]},
        });
        let mut frame = body.clone();
        frame["type"] = json!("send");
        frame["conversation_id"] = json!(club);
        let mut socket = Socket::open(&ann, "/events/socket").await.unwrap();
        socket.say(frame.clone()).await;
        let sent = socket.hear_type("sent").await;
        let message = &sent["message"];
        assert_eq!((&sent["client_id"], &message["reply_to"]), (&body["client_id"], &first));
        assert_eq!((&message["mentions"], &message["mentions_all"]), (&body["mentions"], &json!(true)));
        assert_eq!(message["forwarded"][0]["text"], "first");
        for (n, said) in ["my own", "in the first"].iter().enumerate() {
            let address = format!("{path}/{}/attachments/{n}", message["seq"]);
            assert_eq!(ben.get(&address).await.body, *said);
        }
        let again = ann.post(&path, body).await;
        assert_eq!((again.status, &again.body), (200, message), "the same send, by the other way");

        frame["client_id"] = json!(fresh_key());
        for (place, odd) in [("", json!(1)), ("/forward", json!(1))] {
            let mut frame = frame.clone();
            frame.pointer_mut(place).unwrap()["odd"] = odd;
            socket.say(frame).await;
            let error = socket.hear_type("error").await;
            assert_eq!(error["problem"]["code"], "invalid", "{error}");
            assert!(error["problem"]["errors"]["odd"].is_string(), "{error}");
        }
        frame["forward"]["seqs"] = json!([99]);
        frame["attachments"] = json!([]);
        socket.say(frame).await;
        let error = socket.hear_type("error").await;
        assert!(error["problem"]["errors"]["forward"].is_string(), "{error}");
    }

    async fn what_cannot_be_forwarded(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        befriend(&ben, &cat).await;
        let (club, to) = (group(&ann, "club", &[&ben]).await, direct(&ben, &cat).await);
        let said = say(&ann, club, "between us").await;
        let recalled = say(&ann, club, "not this").await;
        assert_eq!(ann.post(&format!("/conversations/{club}/messages/{}/recall", recalled["seq"]), json!({})).await.status, 200);
        let many: Vec<i64> = (1..=101).collect();
        for seqs in [json!([]), json!([said["seq"], said["seq"]]), json!(many), json!([1]), json!([99]),
                     json!([recalled["seq"]]), json!([said["seq"], 99])] {
            let (status, body) = forward(&ben, to, club, seqs.clone()).await;
            assert_eq!((status, &body["code"]), (422, &json!("invalid")), "{seqs}: {body}");
        }
        let (status, body) = forward(&cat, to, club, json!([said["seq"]])).await;
        assert_eq!(status, 422, "{body}");
        assert_eq!(body, forward(&cat, to, 999_999, json!([said["seq"]])).await.1, "as if it were not there");
        assert_eq!(cat.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        assert_eq!(forward(&cat, to, club, json!([said["seq"]])).await.0, 422, "what was said before they came");
        assert_eq!(cat.put(&format!("/blocks/{}", ben.id()), json!({})).await.status, 204);
        assert_eq!(forward(&ben, to, club, json!([said["seq"]])).await.0, 403);
    }

    async fn a_record_fits_a_batch(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let mut seqs = Vec::new();
        for _ in 0..5 {
            seqs.push(say(&ann, club, &"字".repeat(10_000)).await["seq"].clone());
        }
        assert_eq!(forward(&ben, club, club, json!(seqs)).await.0, 422);
        assert_eq!(forward(&ben, club, club, json!(seqs[..4])).await.0, 201);
        // Records are summed up among others; so many that reading them takes long are refused.
        let mut records = Vec::new();
        for _ in 0..30 {
            records.push(forward(&ben, club, club, json!(seqs[..4])).await.1["seq"].clone());
        }
        assert_eq!(forward(&ben, club, club, json!(records[..10])).await.0, 201);
        let (status, body) = forward(&ben, club, club, json!(records)).await;
        assert_eq!((status, &body["code"]), (422, &json!("invalid")), "{body}");
        catch_up(&app.state).await.unwrap();
        let mut next = String::new();
        let mut found = 0;
        loop {
            let page = ann.get(&format!("/search?kind=messages&q=%E5%AD%97&limit=50{next}")).await;
            assert_eq!(page.status, 200, "{}", page.body);
            found += page.body["messages"]["hits"].as_array().unwrap().len();
            let Some(id) = page.body["messages"]["next"].as_str() else { break };
            next = format!("&before={id}");
        }
        assert_eq!(found, 5 + 1 + 30 + 1, "all of them, however large");
    }
}

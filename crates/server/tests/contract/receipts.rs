//! Read receipts and unread mentions: what others may know of reading, and what is waiting to be read.

use serde_json::{Value, json};

use crate::support::{
    Client, Socket, TestApp, both_engines,
    talk::{befriend, cursor, direct, events_since, fresh_key, group, look, say},
};

async fn read(who: &Client, conversation: i64, seq: &Value) {
    let answer = who.put(&format!("/conversations/{conversation}/read"), json!({"seq": seq})).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
}

async fn receipts(who: &Client, on: bool) {
    let me = who.patch("/me", json!({"read_receipts": on})).await;
    assert_eq!((me.status, &me.body["read_receipts"]), (200, &json!(on)));
}

fn named(who: &Client, name: &str, seq: &Value) -> Value {
    json!({"client_id": fresh_key(), "text": format!("hi @{name} {seq}"),
           "mentions": [{"user_id": who.id(), "name": name}]})
}

both_engines! {
    async fn a_peer_knows_only_what_one_wishes(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        assert_eq!(ben.get("/me").await.body["read_receipts"], true, "at first");
        let one = say(&ann, id, "one").await;
        read(&ben, id, &one["seq"]).await;
        assert_eq!(look(&ann, id).await["peer_read_seq"], one["seq"]);

        receipts(&ben, false).await;
        let (two, from) = (say(&ann, id, "two").await, cursor(&ann).await);
        read(&ben, id, &two["seq"]).await;
        assert_eq!(look(&ben, id).await["read_seq"], two["seq"]);
        assert_eq!(look(&ann, id).await["peer_read_seq"], one["seq"]);
        assert!(events_since(&ann, &from).await.is_empty(), "nor is she told by an event");
        let readers = format!("/conversations/{id}/messages/{}/readers", two["seq"]);
        assert_eq!(ann.get(&readers).await.body, json!({"readers": [], "count": 0}));
        let receipt = ann.get(&format!("/conversations/{id}/receipts")).await.body["receipts"].clone();
        assert_eq!((&receipt[0]["user_id"], &receipt[0]["seq"]), (&json!(ben.id()), &one["seq"]));

        let three = say(&ben, id, "three").await;
        assert_eq!(look(&ann, id).await["peer_read_seq"], three["seq"], "whoever speaks is there");
        assert_eq!(ann.get(&readers).await.body["count"], 1);
    }

    async fn a_group_counts_its_readers(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ann, club, "tea?").await;
        app.advance(1);
        assert_eq!(cat.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        let mut socket = Socket::open(&ann, "/events/socket").await.unwrap();
        socket.hear_type("hello").await;
        // Signals reach whoever is known to be there: a device that has heard of something logged is.
        assert_eq!(ann.patch(&format!("/conversations/{club}"), json!({"pinned": true})).await.status, 200);
        socket.hear_type("events").await;
        read(&ben, club, &said["seq"]).await;
        let told = loop {
            let batch = socket.hear_type("events").await;
            let mut events = batch["events"].as_array().unwrap().iter();
            if let Some(event) = events.find(|event| event["type"] == "receipt") {
                break event.clone();
            }
        };
        assert_eq!((&told["user_id"], &told["seq"]), (&json!(ben.id()), &said["seq"]));
        assert_eq!(told.get("id"), None, "it is not logged");

        let later = say(&cat, club, "hello").await;
        let readers = format!("/conversations/{club}/messages/{}/readers", said["seq"]);
        let list = ann.get(&readers).await.body;
        assert_eq!((&list["count"], &list["readers"][0]["id"]), (&json!(1), &json!(ben.id())), "cat came later");
        assert_eq!(ben.get(&readers).await.status, 403, "for its sender alone");
        let list = ann.get(&format!("/conversations/{club}/receipts")).await.body["receipts"].clone();
        let seqs: Vec<_> = list.as_array().unwrap().iter().map(|one| one["seq"].clone()).collect();
        assert_eq!(seqs, [said["seq"].clone(), later["seq"].clone()]);
    }

    async fn who_is_mentioned_is_shown_where(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let path = format!("/conversations/{club}/messages");
        let mentions = async || look(&ben, club).await["mentions"].clone();
        assert_eq!(mentions().await, json!([]));
        let mut seqs = Vec::new();
        for body in [named(&ben, "ben", &json!(1)), named(&ann, "ann", &json!(2)),
                     json!({"client_id": fresh_key(), "text": "@all up", "mentions_all": true}),
                     named(&ben, "ben", &json!(3))] {
            seqs.push(ann.post(&path, body).await.body["seq"].clone());
        }
        assert_eq!(mentions().await, json!([seqs[0], seqs[2], seqs[3]]));
        assert_eq!(look(&ann, club).await["mentions"], json!([]), "not one's own");
        let listed = ben.get("/conversations").await.body;
        assert_eq!(listed["conversations"][0]["mentions"], mentions().await);

        assert_eq!(ann.patch(&format!("{path}/{}", seqs[0]), json!({"text": "nobody"})).await.status, 200);
        assert_eq!(mentions().await, json!([seqs[2], seqs[3]]));
        let again = json!({"text": "@ben", "mentions": [{"user_id": ben.id(), "name": "ben"}]});
        assert_eq!(ann.patch(&format!("{path}/{}", seqs[1]), again).await.status, 200);
        assert_eq!(mentions().await, json!([seqs[1], seqs[2], seqs[3]]));
        assert_eq!(ann.post(&format!("{path}/{}/recall", seqs[2]), json!({})).await.status, 200);
        read(&ben, club, &seqs[1]).await;
        assert_eq!(mentions().await, json!([seqs[3]]));
        say(&ben, club, "yes?").await;
        assert_eq!(mentions().await, json!([]), "whoever speaks has read");
    }

    async fn the_first_hundred_mentions_are_listed(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        for n in 0..102 {
            let said = ann.post(&format!("/conversations/{club}/messages"), named(&ben, "ben", &json!(n))).await;
            assert_eq!(said.status, 201);
        }
        let mentions = look(&ben, club).await["mentions"].clone();
        let mentions = mentions.as_array().unwrap();
        assert_eq!((mentions.len(), &mentions[0], &mentions[99]), (100, &json!(2), &json!(101)));
    }
}

//! Friend requests, friends and blocks, and who is told of what.

use delivery::{Device, DeviceId, Next, Transport};
use protocol::{Cursor, Position, TokenId, UserId};
use serde_json::{Value, json};

use crate::support::{Client, Response, TestApp, both_engines};

async fn ask(who: &Client, whom: &Client) -> Response {
    who.post("/friend_requests", json!({"user_id": whom.id()})).await
}

async fn befriend(a: &Client, b: &Client) {
    assert_eq!(ask(a, b).await.status, 201);
    assert_eq!(ask(b, a).await.body["status"], "friends");
}

/// The ids of this person's friends.
async fn friends_of(who: &Client) -> Vec<i64> {
    let friends = who.get("/friends").await.body["friends"].clone();
    friends.as_array().unwrap().iter().map(|f| f["user"]["id"].as_i64().unwrap()).collect()
}

/// The notes of requests that wait for this person, and of their own.
async fn waiting(who: &Client) -> (usize, usize) {
    let lists = who.get("/friend_requests").await.body;
    let count = |list: &str| lists[list].as_array().unwrap().len();
    (count("incoming"), count("outgoing"))
}

/// A live connection of this person.
fn connect(app: &TestApp, who: &Client) -> delivery::Session {
    let device = Device { user: UserId(who.id()), id: DeviceId::Token(TokenId(1)) };
    app.state.delivery.connect(device, Transport::WebSocket, None)
}

/// The next signal of this type that the connection is told.
async fn signal(connection: &mut delivery::Session, kind: &str) -> Value {
    loop {
        let Next::Batch(batch) = connection.next_batch(None).await else {
            panic!("the connection goes on")
        };
        let batch: Value = serde_json::from_slice(&batch.to_json(None)).unwrap();
        let found = batch["events"].as_array().unwrap().iter().find(|e| e["type"] == kind);
        if let Some(found) = found {
            assert_eq!(found.get("id"), None, "signals are not logged");
            return found.clone();
        }
    }
}

/// The events on a person's streams from the log's beginning, as (type, noun).
async fn told(app: &TestApp, who: &Client) -> Vec<(String, Value)> {
    let head = app.state.delivery.head();
    let start = Cursor { position: Position(0), ..head };
    let device = Device { user: UserId(who.id()), id: DeviceId::Token(TokenId(1)) };
    let mut session = app.state.delivery.connect(device, Transport::Poll, Some(&start));
    let Next::Batch(batch) = session.next_batch(Some(std::time::Duration::ZERO)).await else {
        panic!("a short poll answers with a batch")
    };
    let batch: Value = serde_json::from_slice(&batch.to_json(None)).unwrap();
    let events = batch["events"].as_array().unwrap();
    let event = |event: &Value| {
        let kind = event["type"].as_str().unwrap().to_owned();
        let noun = kind.split('.').next().unwrap();
        (kind.clone(), event[noun].clone())
    };
    events.iter().filter(|event| event.get("id").is_some()).map(event).collect()
}

fn kinds(events: &[(String, Value)]) -> Vec<&str> {
    events.iter().map(|(kind, _)| kind.as_str()).collect()
}

both_engines! {
    async fn ann_asks_and_ben_accepts(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let body = json!({"user_id": ben.id(), "note": " 我是安 "});
        let asked = ann.post("/friend_requests", body).await;
        assert_eq!(asked.status, 201, "{}", asked.body);
        assert_eq!(asked.body["note"], "我是安");
        assert_eq!(asked.body["from"]["username"], "ann");
        assert_eq!(asked.body["to"]["id"].as_i64(), Some(ben.id()));
        assert_eq!((waiting(&ann).await, waiting(&ben).await), ((0, 1), (1, 0)));
        let again = ask(&ann, &ben).await;
        assert_eq!((again.status, &again.body), (200, &asked.body), "it waits, once");

        let accept = format!("/friend_requests/{}/accept", asked.body["id"]);
        assert_eq!(ann.post(&accept, json!({})).await.status, 404, "not one's own");
        let accepted = ben.post(&accept, json!({})).await;
        assert_eq!((accepted.status, &accepted.body["status"]), (200, &json!("friends")));
        assert_eq!(accepted.body["friend"]["user"]["id"].as_i64(), Some(ann.id()));
        assert_eq!(ben.post(&accept, json!({})).await.body, accepted.body, "changes nothing");
        assert_eq!(friends_of(&ann).await, [ben.id()]);
        assert_eq!(friends_of(&ben).await, [ann.id()]);
        assert_eq!((waiting(&ann).await, waiting(&ben).await), ((0, 0), (0, 0)));
        assert_eq!(ask(&ann, &ben).await.body["status"], "friends", "for long");

        for (person, other) in [(&ann, &ben), (&ben, &ann)] {
            let events = told(app, person).await;
            assert_eq!(kinds(&events), ["friend_request.created", "friend.added"]);
            assert_eq!(events[0].1, asked.body);
            assert_eq!(events[1].1["user"]["id"].as_i64(), Some(other.id()));
        }
    }

    async fn both_ask_and_are_friends_at_once(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let (one, two) = futures_util::future::join(ask(&ann, &ben), ask(&ben, &ann)).await;
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201], "the second to arrive makes them friends");
        assert_eq!(friends_of(&ann).await, [ben.id()]);
        assert_eq!((waiting(&ann).await, waiting(&ben).await), ((0, 0), (0, 0)));
        assert_eq!(kinds(&told(app, &ann).await), ["friend_request.created", "friend.added"]);
    }

    async fn many_accepts_at_once_make_one_friendship(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let accept = format!("/friend_requests/{}/accept", ask(&ann, &ben).await.body["id"]);
        let accepts = (0..8).map(|_| ben.post(&accept, json!({})));
        for answer in futures_util::future::join_all(accepts).await {
            assert_eq!((answer.status, &answer.body["status"]), (200, &json!("friends")));
        }
        assert_eq!(friends_of(&ben).await, [ann.id()]);
        let added = |events: Vec<(String, Value)>| {
            kinds(&events).iter().filter(|kind| **kind == "friend.added").count()
        };
        assert_eq!(added(told(app, &ann).await), 1);
        assert_eq!(added(told(app, &ben).await), 1);
    }

    async fn accept_and_withdraw_race_and_one_wins(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        for _ in 0..5 {
            let id = ask(&ann, &ben).await.body["id"].clone();
            let accept = format!("/friend_requests/{id}/accept");
            let withdraw = format!("/friend_requests/{id}");
            let (accepted, withdrawn) = futures_util::future::join(
                ben.post(&accept, json!({})),
                ann.delete(&withdraw),
            ).await;
            let friends = friends_of(&ann).await == [ben.id()];
            match (accepted.status, withdrawn.status) {
                (200, 404) => assert!(friends),
                (404, 204) => assert!(!friends),
                both => panic!("one of them wins: {both:?}"),
            }
            if friends {
                assert_eq!(ann.delete(&format!("/friends/{}", ben.id())).await.status, 204);
            }
        }
    }

    async fn a_request_is_declined_or_taken_back(app: TestApp) {
        let (ann, ben, eve) =
            (app.person("ann").await, app.person("ben").await, app.person("eve").await);
        let id = ask(&ann, &ben).await.body["id"].clone();
        let (decline, own) = (format!("/friend_requests/{id}/decline"), format!("/friend_requests/{id}"));
        for (who, path) in [(&ann, &decline), (&eve, &decline)] {
            assert_eq!(who.post(path, json!({})).await.code(), "not_found");
        }
        assert_eq!(ben.delete(&own).await.status, 404, "not his to take back");
        assert_eq!(eve.delete(&own).await.status, 404);
        assert_eq!(eve.post(&format!("/friend_requests/{id}/accept"), json!({})).await.status, 404);
        assert_eq!(ben.post(&decline, json!({})).await.status, 204);
        assert_eq!(ben.post(&decline, json!({})).await.status, 404);
        assert_eq!(ben.post(&format!("/friend_requests/{id}/accept"), json!({})).await.status, 404);

        let id = ask(&ann, &ben).await.body["id"].clone();
        assert_eq!(ann.delete(&format!("/friend_requests/{id}")).await.status, 204);
        assert_eq!((waiting(&ann).await, waiting(&ben).await), ((0, 0), (0, 0)));
        let expected = [
            "friend_request.created", "friend_request.declined",
            "friend_request.created", "friend_request.withdrawn",
        ];
        assert_eq!(kinds(&told(app, &ann).await), expected);
        assert_eq!(kinds(&told(app, &ben).await), expected);
        assert!(told(app, &eve).await.is_empty());
    }

    async fn what_cannot_be_asked(app: TestApp) {
        let ann = app.person("ann").await;
        let long = "x".repeat(256);
        for (body, status) in [
            (json!({"user_id": ann.id()}), 422),
            (json!({"user_id": 99_999}), 404),
            (json!({"user_id": "ben"}), 422),
            (json!({"user_id": -1}), 422),
            (json!({}), 422),
            (json!({"user_id": 99_999, "note": long}), 422),
            (json!({"user_id": 99_999, "from": 1}), 422),
        ] {
            assert_eq!(ann.post("/friend_requests", body.clone()).await.status, status, "{body}");
        }
        for path in ["/friend_requests", "/friends", "/blocks"] {
            assert_eq!(app.visitor().get(path).await.status, 401, "{path}");
        }
        for path in ["/friend_requests/1/accept", "/friend_requests/x/accept"] {
            assert_eq!(ann.post(path, json!({})).await.status, 404, "{path}");
        }
    }

    async fn a_friend_gets_a_remark_and_a_folder(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let path = format!("/friends/{}", ben.id());
        assert_eq!(ann.patch(&path, json!({"remark": "本"})).await.status, 404);
        befriend(&ann, &ben).await;
        let changed = ann.patch(&path, json!({"remark": "本", "folder": "同学"})).await;
        assert_eq!((changed.status, &changed.body["remark"]), (200, &json!("本")));
        let changed = ann.patch(&path, json!({"remark": ""})).await;
        assert_eq!((&changed.body["remark"], &changed.body["folder"]), (&json!(""), &json!("同学")));
        for bad in [
            json!({"remark": "x".repeat(65)}), json!({"folder": "x".repeat(33)}),
            json!({"folder": "a\u{0}"}), json!({"created_at": 1}),
        ] {
            assert_eq!(ann.patch(&path, bad.clone()).await.status, 422, "{bad}");
        }
        let friends = ann.get("/friends").await.body["friends"].clone();
        assert_eq!(friends, json!([changed.body]));
        let others = ben.get("/friends").await.body["friends"][0].clone();
        assert_eq!((&others["remark"], &others["folder"]), (&json!(""), &json!("")));
        let events = told(app, &ann).await;
        assert_eq!(kinds(&events)[2..], ["friend.updated", "friend.updated"]);
        assert_eq!(events[3].1, changed.body);
        assert_eq!(told(app, &ben).await.len(), 2, "what Ann calls him is her own affair");
    }

    async fn a_friendship_ends_for_both(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let path = format!("/friends/{}", ann.id());
        assert_eq!(ben.delete(&path).await.status, 204);
        assert_eq!(ben.delete(&path).await.status, 404);
        assert!(friends_of(&ann).await.is_empty() && friends_of(&ben).await.is_empty());
        for person in [&ann, &ben] {
            assert_eq!(kinds(&told(app, person).await).last(), Some(&"friend.removed"));
        }
        assert_eq!(ask(&ann, &ben).await.status, 201, "they may start over");
    }

    async fn blocking_ends_everything_between_two(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let path = format!("/blocks/{}", ben.id());
        assert_eq!(ann.put(&path, json!({})).await.status, 204);
        assert_eq!(ann.put(&path, json!({})).await.status, 204, "once more changes nothing");
        assert!(friends_of(&ann).await.is_empty() && friends_of(&ben).await.is_empty());
        assert_eq!(ask(&ben, &ann).await.code(), "blocked");
        assert_eq!(ask(&ann, &ben).await.code(), "blocked");
        let blocks = ann.get("/blocks").await.body["blocks"].clone();
        assert_eq!(blocks.as_array().unwrap().len(), 1);
        assert_eq!(blocks[0]["user"]["id"].as_i64(), Some(ben.id()));
        assert_eq!(ben.get("/blocks").await.body["blocks"], json!([]));
        assert_eq!(kinds(&told(app, &ann).await)[2..], ["friend.removed", "block.added"]);
        assert_eq!(kinds(&told(app, &ben).await)[2..], ["friend.removed"], "he is not told why");

        assert_eq!(ann.delete(&path).await.status, 204);
        assert_eq!(ann.delete(&path).await.status, 404);
        assert_eq!(kinds(&told(app, &ann).await).last(), Some(&"block.removed"));
        assert_eq!(ask(&ben, &ann).await.status, 201);
    }

    async fn blocking_ends_what_was_asked(app: TestApp) {
        let (ann, ben, cat) =
            (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let incoming = ask(&ben, &ann).await.body["id"].clone();
        assert_eq!(ask(&ann, &cat).await.status, 201);
        for other in [&ben, &cat] {
            assert_eq!(ann.put(&format!("/blocks/{}", other.id()), json!({})).await.status, 204);
        }
        assert_eq!(waiting(&ann).await, (0, 0));
        assert_eq!((waiting(&ben).await, waiting(&cat).await), ((0, 0), (0, 0)));
        let accept = format!("/friend_requests/{incoming}/accept");
        assert_eq!(ann.post(&accept, json!({})).await.status, 404);
        assert_eq!(kinds(&told(app, &ben).await).last(), Some(&"friend_request.declined"));
        assert_eq!(kinds(&told(app, &cat).await).last(), Some(&"friend_request.withdrawn"));
        assert_eq!(ann.put(&format!("/blocks/{}", ann.id()), json!({})).await.status, 422);
        assert_eq!(ann.put("/blocks/99999", json!({})).await.status, 404);
    }

    async fn friends_see_each_other_come_and_change(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        assert_eq!(ann.get("/friends").await.body["friends"][0]["user"]["presence"], "offline");
        let mut anns = connect(app, &ann);
        let _bens = connect(app, &ben);
        let came = signal(&mut anns, "presence").await;
        assert_eq!((came["user_id"].as_i64(), &came["presence"]), (Some(ben.id()), &json!("online")));
        assert_eq!(ann.get("/friends").await.body["friends"][0]["user"]["presence"], "online");

        assert_eq!(ben.patch("/me", json!({"signature": "回来了"})).await.status, 200);
        let updated = signal(&mut anns, "user.updated").await;
        assert_eq!(updated["user_id"].as_i64(), Some(ben.id()));
    }

    async fn not_more_than_two_hundred_requests_wait(app: TestApp) {
        let ann = app.person("ann").await;
        for n in 0..201 {
            let name = format!("person_{n}");
            let id = rookery::accounts::create_user(&app.state, &name, None, false).await.unwrap();
            let asked = ann.post("/friend_requests", json!({"user_id": id})).await;
            assert_eq!(asked.status, if n < 200 { 201 } else { 409 }, "{n}: {}", asked.body);
        }
        assert_eq!(waiting(&ann).await, (0, 200));
    }
}

//! Messages: said once, in one order, by those who may, and read back by those who were there.

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, both_engines,
    talk::{
        befriend, cursor, direct, events_since, fresh_key, group, look, say, texts, try_to_say,
        types,
    },
};

async fn send(who: &Client, conversation: i64, key: &str, text: &str) -> (u16, Value) {
    let body = json!({"client_id": key, "text": text});
    let answer = who.post(&format!("/conversations/{conversation}/messages"), body).await;
    (answer.status, answer.body)
}

both_engines! {
    async fn a_message_reaches_both_and_the_senders_other_device(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let (before_ann, before_ben) = (cursor(&ann).await, cursor(&ben).await);
        let (status, message) = send(&ann, id, "k-1", "  你好，ben \u{3000}").await;
        assert_eq!(status, 201);
        assert_eq!(message["text"], "你好，ben");
        assert_eq!(message["sender_id"], ann.id());
        assert_eq!((&message["seq"], &message["client_id"], &message["kind"]),
                   (&json!(1), &json!("k-1"), &json!("text")));
        for (who, before) in [(&ann, before_ann), (&ben, before_ben)] {
            let events = events_since(who, &before).await;
            assert_eq!(types(&events), ["message.created"]);
            assert_eq!(events[0]["message"], message);
            assert_eq!((&events[0]["seq"], &events[0]["conversation_id"]), (&json!(1), &json!(id)));
        }
        let seen = look(&ben, id).await;
        assert_eq!(seen["last_message"], message);
        assert_eq!((&seen["unread"], &seen["read_seq"]), (&json!(1), &json!(0)));
        assert_eq!(look(&ann, id).await["read_seq"], 1);
    }

    async fn a_retry_answers_with_the_message_whatever_has_happened_since(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let other = group(&ben, "elsewhere", &[]).await;
        let (status, message) = send(&ben, club, "once", "said once").await;
        assert_eq!(status, 201);
        assert_eq!(send(&ben, club, "once", " said once\n").await, (200, message.clone()));
        let (status, problem) = send(&ben, club, "once", "said otherwise").await;
        assert_eq!((status, &problem["code"]), (409, &json!("client_id_reused")));
        let (status, problem) = send(&ben, other, "once", "said once").await;
        assert_eq!((status, &problem["code"]), (409, &json!("client_id_reused")), "elsewhere");
        assert_eq!(send(&ann, club, "once", "keys are the sender's own").await.0, 201);

        let member = format!("/groups/{club}/members/{}", ben.id());
        let muted = json!({"muted_until": "2099-01-01T00:00:00.000Z"});
        assert_eq!(ann.patch(&member, muted).await.status, 200);
        assert_eq!(try_to_say(&ben, club).await, (403, "muted".into()));
        assert_eq!(send(&ben, club, "once", "said once").await, (200, message.clone()));
        assert_eq!(ann.delete(&member).await.status, 204);
        assert_eq!(try_to_say(&ben, club).await, (404, "not_found".into()));
        assert_eq!(send(&ben, club, "once", "said once").await, (200, message));
        let (status, _) = send(&ben, 99_999_999, "once", "said once").await;
        assert_eq!(status, 409, "the key is looked up before the conversation");
    }

    async fn one_key_sent_from_many_places_at_once_is_one_message(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let sent = futures_util::future::join_all((0..30).map(|_| send(&ann, id, "same", "one"))).await;
        assert_eq!(sent.iter().filter(|(status, _)| *status == 201).count(), 1);
        assert_eq!(sent.iter().filter(|(status, _)| *status == 200).count(), 29);
        assert!(sent.iter().all(|(_, message)| *message == sent[0].1));
        assert_eq!(texts(&ben, id, "").await, ["one"]);

        let mixed = futures_util::future::join_all((0..20).map(|n| {
            let text = if n % 2 == 0 { "even" } else { "odd" };
            let ann = &ann;
            async move { (text, send(ann, id, "mixed", text).await) }
        })).await;
        let first = mixed.iter().find(|(_, (status, _))| *status == 201).unwrap().0;
        for (text, (status, _)) in &mixed {
            let expected: &[u16] = if *text == first { &[200, 201] } else { &[409] };
            assert!(expected.contains(status), "{text} {status}");
        }
        assert_eq!(texts(&ben, id, "").await, ["one", first]);
    }

    async fn numbers_are_dense_whoever_writes_at_once(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let rooms = [direct(&ann, &ben).await, group(&ann, "club", &[&ben]).await];
        let first_id = say(&ann, rooms[0], "first").await["id"].as_i64().unwrap();
        let sends = (0..60).map(|n| {
            let who = if n % 3 == 0 { &ann } else { &ben };
            async move { say(who, rooms[n % 2], &format!("{n}")).await }
        });
        let mut messages = futures_util::future::join_all(sends).await;
        messages.sort_by_key(|message| message["id"].as_i64());
        let ids: Vec<i64> = messages.iter().map(|message| message["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, (first_id + 1..=first_id + 60).collect::<Vec<_>>());
        for room in rooms {
            let page = ben.get(&format!("/conversations/{room}/messages?limit=200")).await.body;
            let all = page["messages"].as_array().unwrap();
            let seqs: Vec<i64> = all.iter().map(|message| message["seq"].as_i64().unwrap()).collect();
            assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
            assert_eq!(json!(seqs.last()), look(&ben, room).await["last_seq"]);
            assert!(all.is_sorted_by_key(|message| message["sent_at"].as_str().unwrap().to_owned()));
        }
    }

    async fn what_cannot_be_a_message_is_refused(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let path = format!("/conversations/{id}/messages");
        for bad in [
            json!({"client_id": "a", "text": " \n\u{3000}"}),
            json!({"client_id": "a", "text": "x".repeat(10_001)}),
            json!({"client_id": "a", "text": "nul\u{0}"}),
            json!({"client_id": "", "text": "x"}),
            json!({"client_id": "k".repeat(65), "text": "x"}),
            json!({"client_id": "ключ", "text": "x"}),
            json!({"client_id": "a\n", "text": "x"}),
            json!({"text": "x"}),
            json!({"client_id": "a"}),
            json!({"client_id": "a", "text": "x", "sender_id": ben.id()}),
            json!({"client_id": "a", "text": "x", "sent_at": "2000-01-01T00:00:00Z"}),
            json!({"client_id": 1, "text": "x"}),
            json!([]),
        ] {
            let answer = ann.post(&path, bad.clone()).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{bad}");
        }
        assert!(texts(&ben, id, "").await.is_empty());
        let longest = "😀".repeat(10_000);
        let escaped = format!(r#"{{"client_id": "a", "text": "{}"}}"#, r"\ud83d\ude00".repeat(10_000));
        let request = ann.request(reqwest::Method::POST, &path)
            .header("content-type", "application/json").body(escaped);
        let taken = ann.send(request).await;
        assert_eq!(taken.status, 201, "{}", taken.code());
        assert_eq!(taken.body["text"], longest);
    }

    async fn history_is_read_backwards_and_forwards_page_by_page(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        for n in 1..=60 {
            say(&ann, id, &format!("{n}")).await;
        }
        let numbers = |range: std::ops::RangeInclusive<i32>| range.map(|n| n.to_string()).collect::<Vec<_>>();
        assert_eq!(texts(&ben, id, "").await, numbers(11..=60), "the newest fifty");
        assert_eq!(texts(&ben, id, "?limit=200").await, numbers(1..=60));
        assert_eq!(texts(&ben, id, "?before_seq=11&limit=4").await, numbers(7..=10));
        assert_eq!(texts(&ben, id, "?after_seq=10&limit=4").await, numbers(11..=14));
        let more = async |query: &str| {
            ben.get(&format!("/conversations/{id}/messages{query}")).await.body["has_more"].clone()
        };
        assert_eq!(more("").await, true);
        assert_eq!(more("?limit=60").await, false);
        assert_eq!(more("?before_seq=5&limit=4").await, false);
        assert_eq!(more("?before_seq=6&limit=4").await, true);
        assert_eq!(more("?after_seq=56&limit=4").await, false);
        assert_eq!(more("?after_seq=60").await, false);
        for query in [
            "?limit=0", "?limit=201", "?before_seq=1&after_seq=1", "?before_seq=x", "?page=2",
            "?around_seq=1&after_seq=1", "?around_seq=1&before_seq=1", "?around_seq=-1",
        ] {
            let answer = ben.get(&format!("/conversations/{id}/messages{query}")).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{query}");
        }
    }

    async fn history_is_read_around_a_message(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        for n in 1..=30 {
            say(&ann, id, &format!("{n}")).await;
        }
        // (where, how many) → the first, the last, older ones there, newer ones there.
        for ((seq, limit), (first, last, older, newer)) in [
            ((15, 10), (10, 19, true, true)),
            ((15, 5), (13, 17, true, true)),
            ((15, 1), (15, 15, true, true)),
            ((2, 10), (1, 10, false, true)),
            ((0, 10), (1, 10, false, true)),
            ((29, 10), (21, 30, true, false)),
            ((31, 10), (21, 30, true, false)),
            ((9_007_199_254_740_991_i64, 4), (27, 30, true, false)),
            ((15, 200), (1, 30, false, false)),
        ] {
            let path = format!("/conversations/{id}/messages?around_seq={seq}&limit={limit}");
            let page = ben.get(&path).await.body;
            let seqs: Vec<_> =
                page["messages"].as_array().unwrap().iter().map(|m| m["seq"].as_i64().unwrap()).collect();
            assert_eq!(seqs, (first..=last).collect::<Vec<i64>>(), "{path}");
            assert_eq!((&page["has_more"], &page["has_newer"]), (&json!(older), &json!(newer)), "{path}");
        }
        let newer = async |query: &str| {
            ben.get(&format!("/conversations/{id}/messages{query}")).await.body["has_newer"].clone()
        };
        assert_eq!(newer("?after_seq=20&limit=9").await, true);
        assert_eq!(newer("?after_seq=20&limit=10").await, false);
        assert_eq!(newer("").await, Value::Null, "said only where it is asked for");
        let stranger = app.person("cat").await;
        let path = format!("/conversations/{id}/messages?around_seq=15");
        assert_eq!(stranger.get(&path).await.status, 404);
    }

    async fn a_member_sees_what_was_said_while_they_were_in(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let club = group(&ann, "club", &[]).await;
        let (join, leave) = (format!("/groups/{club}/join"), format!("/groups/{club}/leave"));
        say(&ann, club, "before").await;
        ben.post(&join, json!({})).await;
        say(&ann, club, "while in").await;
        ben.post(&leave, json!({})).await;
        for n in 0..30 {
            say(&ann, club, &format!("while out {n}")).await;
        }
        assert_eq!(ben.get(&format!("/conversations/{club}/messages")).await.status, 404);
        ben.post(&join, json!({})).await;
        say(&ann, club, "in again").await;
        let seen = ["ben joined", "while in", "ben left", "ben joined", "in again"];
        assert_eq!(texts(&ben, club, "").await, seen);
        assert_eq!(texts(&ben, club, "?limit=3").await, seen[2..]);
        assert_eq!(texts(&ben, club, "?after_seq=0&limit=4").await, seen[..4]);
        assert_eq!(texts(&ben, club, "?after_seq=10").await, seen[3..], "from inside of what is hidden");
        assert_eq!(texts(&ben, club, "?before_seq=10").await, seen[..3]);
        assert_eq!(texts(&ben, club, "?around_seq=20&limit=2").await, seen[2..4], "nearest to what is hidden");
        assert_eq!(texts(&ben, club, "?around_seq=1&limit=2").await, seen[..2]);
        let page = ben.get(&format!("/conversations/{club}/messages?limit=5")).await.body;
        assert_eq!(page["has_more"], false, "what is hidden is not more");

        let open = json!({"history_for_new_members": true});
        assert_eq!(ann.patch(&format!("/groups/{club}"), open).await.status, 200);
        cat.post(&join, json!({})).await;
        for who in [&ben, &cat] {
            let all = texts(who, club, "?limit=200").await;
            assert!(all.contains(&"before".to_owned()) && all.contains(&"while out 29".to_owned()));
        }
        assert_eq!(look(&cat, club).await["unread"], 0, "what was said before is not unread");
        let closed = json!({"history_for_new_members": false});
        ann.patch(&format!("/groups/{club}"), closed).await;
        assert_eq!(texts(&cat, club, "").await.first().unwrap(), "cat joined");
    }

    async fn keys_are_any_printable_text_and_a_refused_send_leaves_the_key_free(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        assert_eq!(send(&ann, 99_999_999, r#"a"b\c ~"#, "hi").await.0, 404);
        assert_eq!(send(&ann, id, r#"a"b\c ~"#, "hi").await.0, 201);
        assert_eq!(send(&ann, id, r#"a"b\c ~"#, "hi").await.0, 200);
        assert_eq!(send(&ann, id, &fresh_key(), r"quote ' and \ and 'end").await.1["text"],
                   r"quote ' and \ and 'end");
    }
}

/// Limits are the server's own memory, the same on both engines.
#[test]
fn a_flood_is_slowed_down_and_what_was_said_stays_said() {
    let limits = [("rate_limit", "on")];
    TestApp::run_with(database::Engine::Sqlite, &limits, async |app| {
        let ann = app.person("ann").await;
        let id = group(&ann, "club", &[]).await;
        let keys: Vec<String> = (0..120).map(|_| fresh_key()).collect();
        let sent =
            futures_util::future::join_all(keys.iter().map(|key| send(&ann, id, key, "x"))).await;
        let taken = sent.iter().filter(|(status, _)| *status == 201).count();
        assert!((50..120).contains(&taken), "{taken} of 120 at once");
        let refused = sent.iter().filter(|(status, _)| *status != 201);
        assert!(refused.clone().all(|(_, body)| body["code"] == "rate_limited"));
        assert_eq!(texts(&ann, id, "?limit=200").await.len(), taken, "refused is not said");
        for (key, (status, message)) in keys.iter().zip(&sent) {
            if *status == 201 {
                assert_eq!(
                    send(&ann, id, key, "x").await,
                    (200, message.clone()),
                    "a retry is free"
                );
            }
        }
    });
}

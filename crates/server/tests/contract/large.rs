//! Pages of large messages: cut by bytes as well as by count, dense in both directions, never empty.

use rookery::search::catch_up;
use serde_json::{Value, json};

use crate::{
    files::uploaded,
    support::{
        Client, TestApp, both_engines,
        talk::{fresh_key, group, say},
    },
};

/// No page is longer: a mebibyte as it is stored, and as it is sent some more.
const MOST_BYTES: usize = 1_200_000;
/// Of texts, three bytes each.
const LONG: usize = 10_000;

/// A group with `count` records of 120 KB each, and the numbers of those; each passes on a file as well.
async fn full(app: &TestApp, count: usize) -> (Client, i64, Vec<i64>) {
    let ann = app.person("ann").await;
    let club = group(&ann, "club", &[]).await;
    let path = format!("/conversations/{club}/messages");
    let file = uploaded(&ann, "notes.txt", b"some words").await;
    let sent = json!({"client_id": fresh_key(), "text": "字".repeat(LONG), "attachments": [{"upload_id": file["id"]}]});
    let mut seqs = vec![ann.post(&path, sent).await.body["seq"].clone()];
    for _ in 0..3 {
        seqs.push(say(&ann, club, &"字".repeat(LONG)).await["seq"].clone());
    }
    let mut records = Vec::new();
    for _ in 0..count {
        let record =
            json!({"client_id": fresh_key(), "forward": {"conversation_id": club, "seqs": seqs}});
        let record = ann.post(&path, record).await;
        assert_eq!(record.status, 201, "{}", record.body);
        records.push(record.body["seq"].as_i64().unwrap());
    }
    (ann, club, records)
}

async fn page(who: &Client, path: &str) -> Value {
    let answer = who.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    assert!(answer.body.to_string().len() < MOST_BYTES, "{path}");
    answer.body
}

fn seqs(page: &Value) -> Vec<i64> {
    let messages = page["messages"].as_array().unwrap().iter();
    messages.map(|message| message["seq"].as_i64().unwrap()).collect()
}

fn dense(seqs: &[i64]) -> bool {
    seqs.windows(2).all(|pair| pair[0] + 1 == pair[1])
}

both_engines! {
    async fn history_is_read_without_a_hole_both_ways(app: TestApp) {
        let (ann, club, records) = full(app, 30).await;
        let path = format!("/conversations/{club}/messages?limit=200");
        let (first, last) = (1, *records.last().unwrap());

        let (mut back, mut from) = (Vec::new(), String::new());
        loop {
            let page = page(&ann, &format!("{path}{from}")).await;
            let seqs = seqs(&page);
            back.splice(0..0, seqs.iter().copied());
            if page["has_more"] == json!(false) {
                break;
            }
            assert!((8..10).contains(&seqs.len()), "{seqs:?}");
            from = format!("&before_seq={}", seqs[0]);
        }
        assert!(dense(&back) && back[0] == first && back.last() == Some(&last), "{back:?}");

        let mut forth = vec![0];
        loop {
            let page = page(&ann, &format!("{path}&after_seq={}", forth.last().unwrap())).await;
            assert_eq!(page["has_newer"], page["has_more"]);
            forth.extend(seqs(&page));
            if page["has_more"] == json!(false) {
                break;
            }
        }
        assert_eq!(forth[1..], back);
    }

    async fn around_a_message_both_sides_get_their_share(app: TestApp) {
        let (ann, club, records) = full(app, 30).await;
        let last = *records.last().unwrap();
        let path = format!("/conversations/{club}/messages?limit=200");
        let middle = records[15];
        let found = page(&ann, &format!("{path}&around_seq={middle}")).await;
        let there = seqs(&found);
        assert!(dense(&there) && (8..10).contains(&there.len()), "{there:?}");
        assert_eq!(there[there.len() / 2], middle, "{there:?}");
        assert_eq!((&found["has_more"], &found["has_newer"]), (&json!(true), &json!(true)));
        let found = page(&ann, &format!("{path}&around_seq={last}")).await;
        let there = seqs(&found);
        assert_eq!((there.last(), there.len()), (Some(&last), 8), "all room for one side: {there:?}");
        assert_eq!((&found["has_more"], &found["has_newer"]), (&json!(true), &json!(false)));
    }

    async fn quotes_have_room_of_their_own(app: TestApp) {
        let (ann, club, records) = full(app, 20).await;
        let path = format!("/conversations/{club}/messages");
        for seq in &records {
            let reply = json!({"client_id": fresh_key(), "text": "this", "reply_to": seq});
            assert_eq!(ann.post(&path, reply).await.status, 201);
        }
        let found = page(&ann, &format!("{path}?limit=20")).await;
        assert_eq!(seqs(&found).len(), 20);
        assert_eq!(found["quoted"].as_array().unwrap().len(), 8, "the rest can be asked for one by one");
    }

    async fn pins_and_files_come_in_pages(app: TestApp) {
        let (ann, club, records) = full(app, 12).await;
        for seq in &records {
            let pinned = ann.put(&format!("/conversations/{club}/messages/{seq}/pin"), json!({})).await;
            assert_eq!(pinned.status, 204);
        }
        let first = page(&ann, &format!("/conversations/{club}/pins")).await;
        let rest = page(&ann, &format!("/conversations/{club}/pins?before={}", first["before"].as_str().unwrap())).await;
        assert_eq!(rest.get("before"), None);
        let pins: Vec<i64> = [first, rest].iter().flat_map(|page| page["pins"].as_array().unwrap())
            .map(|pin| pin["seq"].as_i64().unwrap()).collect();
        let expected: Vec<i64> = records.iter().rev().copied().collect();
        assert_eq!(pins, expected, "the one pinned last first");
        assert_eq!(ann.get(&format!("/conversations/{club}/pins?before=x")).await.status, 400);

        let (mut files, mut from) = (Vec::new(), String::new());
        loop {
            let page = page(&ann, &format!("/conversations/{club}/files?limit=100{from}")).await;
            let some = page["files"].as_array().unwrap();
            files.extend(some.iter().map(|file| file["seq"].as_i64().unwrap()));
            let Some(before) = page["before"].as_str() else { break };
            assert_eq!(some.len(), 8, "their messages are read for them");
            from = format!("&before={before}");
        }
        assert_eq!(files.len(), 13);
        assert!(files.is_sorted_by(|a, b| a > b), "{files:?}");
    }

    async fn what_a_message_said_comes_in_pages(app: TestApp) {
        let ann = app.person("ann").await;
        let club = group(&ann, "club", &[]).await;
        let message = format!("/conversations/{club}/messages/{}", say(&ann, club, "0").await["seq"]);
        for n in 1..=40 {
            let text = format!("{n}{}", "字".repeat(LONG - 2));
            assert_eq!(ann.patch(&message, json!({"text": text})).await.status, 200);
        }
        let first = page(&ann, &format!("{message}/edits")).await;
        let next = first["next"].as_i64().unwrap();
        let rest = page(&ann, &format!("{message}/edits?from={next}")).await;
        assert_eq!(rest.get("next"), None);
        let said: Vec<String> = [first, rest].iter().flat_map(|page| page["edits"].as_array().unwrap())
            .map(|edit| edit["text"].as_str().unwrap().trim_end_matches('字').to_owned()).collect();
        assert_eq!(said, (0..40).map(|n| n.to_string()).collect::<Vec<_>>());
        assert_eq!(page(&ann, &format!("{message}/edits?from=40")).await, json!({"edits": []}));
        assert_eq!(ann.get(&format!("{message}/edits?from=-1")).await.status, 422);
    }

    async fn what_is_found_comes_in_pages(app: TestApp) {
        let (ann, _, records) = full(app, 20).await;
        for indexed in [false, true] {
            if indexed {
                catch_up(&app.state).await.unwrap();
            }
            let (mut found, mut from) = (Vec::new(), String::new());
            loop {
                let page = page(&ann, &format!("/search?kind=messages&limit=50&q=%E5%AD%97{from}")).await;
                let hits = page["messages"]["hits"].as_array().unwrap();
                found.extend(hits.iter().map(|hit| hit["message"]["seq"].as_i64().unwrap()));
                let Some(next) = page["messages"]["next"].as_str() else { break };
                assert!(hits.len() >= 8, "{}", hits.len());
                from = format!("&before={next}");
            }
            assert_eq!(found.len(), records.len() + 4, "{found:?}");
            assert!(found.is_sorted_by(|a, b| a > b), "{found:?}");
        }
    }
}

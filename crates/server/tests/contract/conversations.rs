//! Conversations: one for each pair, lists, own settings, read marks, temporary sessions.

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, both_engines,
    talk::{
        befriend, cursor, direct, events_since, group, look, next_batch, say, texts, try_to_say,
        types,
    },
};

async fn list(who: &Client, query: &str) -> (Vec<i64>, Value) {
    let page = who.get(&format!("/conversations{query}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let all = page.body["conversations"].as_array().unwrap();
    (all.iter().map(|one| one["id"].as_i64().unwrap()).collect(), page.body)
}

both_engines! {
    async fn two_friends_have_one_conversation_however_often_it_is_opened(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let (before_ann, before_ben) = (cursor(&ann).await, cursor(&ben).await);
        let to_ben = json!({"user_id": ben.id()});
        let to_ann = json!({"user_id": ann.id()});
        let opened = futures_util::future::join_all((0..20).map(|n| {
            let (who, body) = if n % 2 == 0 { (&ann, &to_ben) } else { (&ben, &to_ann) };
            who.post("/conversations", body.clone())
        })).await;
        let ids: Vec<_> = opened.iter().map(|answer| (answer.status, answer.body["id"].clone())).collect();
        assert!(ids.iter().all(|one| *one == (200, ids[0].1.clone())), "{ids:?}");

        for (who, peer, before) in [(&ann, &ben, before_ann), (&ben, &ann, before_ben)] {
            let events = events_since(who, &before).await;
            assert_eq!(types(&events), ["conversation.created"]);
            assert_eq!(events[0]["conversation"]["peer"]["id"], peer.id());
            let (listed, page) = list(who, "").await;
            assert_eq!(json!(listed), json!([ids[0].1]));
            let seen = &page["conversations"][0];
            assert_eq!(seen["kind"], "direct");
            assert_eq!(seen["unread"], 0);
            assert_eq!(seen["last_message"], Value::Null);
            assert_eq!(seen.get("via_group_id"), None);
        }
    }

    async fn only_friends_are_talked_to_and_never_oneself(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let open = async |body: Value| {
            let answer = ann.post("/conversations", body).await;
            (answer.status, answer.code().to_owned())
        };
        assert_eq!(open(json!({"user_id": ben.id()})).await, (403, "not_friends".into()));
        assert_eq!(open(json!({"user_id": ann.id()})).await, (422, "invalid".into()));
        assert_eq!(open(json!({"user_id": 99_999_999})).await, (404, "not_found".into()));
        assert_eq!(open(json!({"user_id": "ben"})).await, (422, "invalid".into()));
        assert_eq!(open(json!({"user_id": ben.id(), "role": "owner"})).await, (422, "invalid".into()));
        let nobody = app.visitor().post("/conversations", json!({"user_id": ben.id()})).await;
        assert_eq!((nobody.status, nobody.code()), (401, "unauthenticated"));
    }

    async fn the_list_is_pinned_first_then_latest_first_page_by_page(app: TestApp) {
        let ann = app.person("ann").await;
        let mut ids = Vec::new();
        for name in ["one", "two", "three", "four", "five"] {
            ids.push(group(&ann, name, &[]).await);
        }
        let [one, two, three, four, five] = ids[..] else { unreachable!() };
        assert_eq!(list(&ann, "").await.0, [five, four, three, two, one]);
        say(&ann, two, "hello").await;
        let pinned = ann.patch(&format!("/conversations/{one}"), json!({"pinned": true})).await;
        assert_eq!(pinned.body, json!({"id": one, "pinned": true, "muted": false, "archived": false, "marked_unread": false}));
        assert_eq!(list(&ann, "").await.0, [one, two, five, four, three]);

        let (first, page) = list(&ann, "?limit=2").await;
        assert_eq!(first, [one, two]);
        let token = page["before"].as_str().unwrap();
        let (second, page) = list(&ann, &format!("?limit=2&before={token}")).await;
        assert_eq!(second, [five, four]);
        let token = page["before"].as_str().unwrap();
        let (last, page) = list(&ann, &format!("?limit=2&before={token}")).await;
        assert_eq!(last, [three]);
        assert_eq!(page.get("before"), None);

        for (query, status) in [("?limit=0", 422), ("?limit=101", 422), ("?limit=x", 422),
                                ("?before=x", 400), ("?after=1", 422)] {
            assert_eq!(ann.get(&format!("/conversations{query}")).await.status, status, "{query}");
        }
    }

    async fn settings_are_ones_own_and_reach_ones_other_devices(app: TestApp) {
        let (ann, ben, eve) = (app.person("ann").await, app.person("ben").await, app.person("eve").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let (before_ann, before_ben) = (cursor(&ann).await, cursor(&ben).await);
        let path = format!("/conversations/{id}");
        assert_eq!(ann.patch(&path, json!({"muted": true})).await.status, 200);
        assert_eq!(ann.patch(&path, json!({"muted": true})).await.status, 200);
        let events = events_since(&ann, &before_ann).await;
        assert_eq!(types(&events), ["conversation.updated"], "the same again is no event");
        assert_eq!(events[0]["conversation"], json!({"id": id, "pinned": false, "muted": true, "archived": false, "marked_unread": false}));
        assert!(events_since(&ben, &before_ben).await.is_empty());
        assert_eq!(look(&ann, id).await["muted"], true);
        assert_eq!(look(&ben, id).await["muted"], false);

        let unknown = ann.patch(&path, json!({"read_seq": 7})).await;
        assert_eq!((unknown.status, unknown.code()), (422, "invalid"));
        for answer in [eve.get(&path).await, eve.patch(&path, json!({"pinned": true})).await,
                       eve.put(&format!("{path}/read"), json!({"seq": 1})).await,
                       eve.post(&format!("{path}/typing"), json!({})).await,
                       eve.get(&format!("{path}/messages")).await,
                       eve.get("/conversations/x").await, eve.get("/conversations/0").await] {
            assert_eq!((answer.status, answer.code()), (404, "not_found"));
        }
    }

    async fn read_marks_only_go_forward_and_reach_the_peer(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        for text in ["one", "two", "three"] {
            say(&ann, id, text).await;
        }
        assert_eq!(look(&ben, id).await["unread"], 3);
        assert_eq!(look(&ann, id).await["unread"], 0, "sending is reading");
        assert_eq!(look(&ann, id).await["read_seq"], 3);

        let (before_ann, before_ben) = (cursor(&ann).await, cursor(&ben).await);
        let path = format!("/conversations/{id}/read");
        assert_eq!(ben.put(&path, json!({"seq": 2})).await.status, 204);
        let seen = look(&ben, id).await;
        assert_eq!((&seen["read_seq"], &seen["unread"]), (&json!(2), &json!(1)));
        let told = events_since(&ben, &before_ben).await;
        assert_eq!(types(&told), ["conversation.read"]);
        assert_eq!((&told[0]["seq"], &told[0]["unread"], &told[0]["user_id"]), (&json!(2), &json!(1), &json!(ben.id())));
        let told = events_since(&ann, &before_ann).await;
        assert_eq!(types(&told), ["conversation.read"]);
        assert_eq!(told[0].get("unread"), None, "how much is left is the reader's own business");
        assert_eq!(look(&ann, id).await["peer_read_seq"], 2);

        assert_eq!(ben.put(&path, json!({"seq": 1})).await.status, 204);
        assert_eq!(look(&ben, id).await["read_seq"], 2, "never back");
        assert_eq!(ben.put(&path, json!({"seq": 9_000})).await.status, 204);
        assert_eq!(look(&ben, id).await["read_seq"], 3, "clamped");
        assert_eq!(look(&ben, id).await["unread"], 0);
        for bad in [json!({"seq": -1}), json!({}), json!({"seq": 1, "user_id": ann.id()})] {
            assert_eq!(ben.put(&path, bad).await.status, 422);
        }
    }

    async fn a_hurry_of_read_marks_is_told_of_once_a_second_and_the_last_is_not_lost(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        for n in 0..20 {
            say(&ann, id, &format!("{n}")).await;
        }
        let before = cursor(&ann).await;
        for seq in 1..=20 {
            ben.put(&format!("/conversations/{id}/read"), json!({"seq": seq})).await;
        }
        let mut batch = next_batch(&ann, &before, 0).await;
        let mut told = batch.events;
        while told.last().is_none_or(|event| event["seq"] != 20) {
            batch = next_batch(&ann, &batch.cursor, 20).await;
            assert!(!batch.events.is_empty(), "the last mark is told of");
            told.append(&mut batch.events);
        }
        assert!((2..=4).contains(&told.len()), "{told:?}");
        assert!(told.iter().all(|event| event["type"] == "conversation.read"));
    }

    async fn a_temporary_session_lives_by_the_group_that_both_are_in(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let club = group(&ann, "club", &[&ben]).await;
        let other = group(&cat, "others", &[]).await;
        let open = async |via: i64| {
            ben.post("/conversations", json!({"user_id": ann.id(), "via_group_id": via})).await
        };
        assert_eq!(open(other).await.code(), "not_friends");
        assert_eq!(open(987_654).await.code(), "not_friends");
        let opened = open(club).await;
        assert_eq!((opened.status, &opened.body["via_group_id"]), (200, &json!(club)));
        let id = opened.body["id"].as_i64().unwrap();
        say(&ben, id, "we do not know each other").await;
        say(&ann, id, "but the club").await;

        assert_eq!(ben.post(&format!("/groups/{club}/leave"), json!({})).await.status, 204);
        assert_eq!(try_to_say(&ann, id).await, (403, "not_friends".into()));
        assert_eq!(try_to_say(&ben, id).await, (403, "not_friends".into()));
        assert_eq!(texts(&ben, id, "").await, ["we do not know each other", "but the club"]);
        assert_eq!(open(club).await.code(), "not_friends");

        // Another group that both are in: the last one counts, and both are told.
        let circle = group(&ann, "circle", &[&ben]).await;
        let (before_ann, before_ben) = (cursor(&ann).await, cursor(&ben).await);
        assert_eq!(open(circle).await.body["via_group_id"], circle);
        for (who, before) in [(&ann, before_ann), (&ben, before_ben)] {
            let told = events_since(who, &before).await;
            assert_eq!(types(&told), ["conversation.updated"]);
            assert_eq!(told[0]["conversation"]["via_group_id"], circle);
        }
        say(&ben, id, "here again").await;
        // A dissolved group carries nothing.
        assert_eq!(ann.delete(&format!("/groups/{circle}")).await.status, 204);
        assert_eq!(try_to_say(&ben, id).await, (403, "not_friends".into()));
    }

    async fn becoming_friends_ends_the_temporary_session_for_good(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let body = json!({"user_id": ben.id(), "via_group_id": club});
        let id = ann.post("/conversations", body.clone()).await.body["id"].as_i64().unwrap();
        befriend(&ann, &ben).await;
        assert_eq!(look(&ann, id).await.get("via_group_id"), None);
        let again = ann.post("/conversations", body.clone()).await;
        assert_eq!((&again.body["id"], again.body.get("via_group_id")), (&json!(id), None));
        say(&ben, id, "friends").await;
        assert_eq!(ann.delete(&format!("/friends/{}", ben.id())).await.status, 204);
        assert_eq!(look(&ann, id).await.get("via_group_id"), None);
        assert_eq!(try_to_say(&ben, id).await, (403, "not_friends".into()));
        let without = ben.post("/conversations", json!({"user_id": ann.id()})).await;
        assert_eq!((without.status, &without.body["id"]), (200, &json!(id)), "reading goes on");
        assert_eq!(ann.post("/conversations", body).await.body["via_group_id"], club);
        say(&ben, id, "by the club").await;
    }

    async fn whoever_is_blocked_neither_opens_nor_speaks(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let ann_to_ben = json!({"user_id": ben.id(), "via_group_id": club});
        let ben_to_ann = json!({"user_id": ann.id(), "via_group_id": club});
        let block = format!("/blocks/{}", ben.id());
        assert!(matches!(ann.put(&block, json!({})).await.status, 200 | 204));
        for (who, body) in [(&ann, &ann_to_ben), (&ben, &ben_to_ann)] {
            let answer = who.post("/conversations", body.clone()).await;
            assert_eq!((answer.status, answer.code()), (403, "blocked"));
        }
        assert_eq!(ann.delete(&block).await.status, 204);
        let id = ann.post("/conversations", ann_to_ben).await.body["id"].as_i64().unwrap();
        say(&ann, id, "sorry").await;
        assert!(matches!(ann.put(&block, json!({})).await.status, 200 | 204));
        assert_eq!(try_to_say(&ann, id).await, (403, "blocked".into()));
        assert_eq!(try_to_say(&ben, id).await, (403, "blocked".into()));
        assert_eq!(texts(&ben, id, "").await, ["sorry"], "reading goes on");
        // In the group they still meet.
        say(&ann, club, "hello all").await;
        assert!(texts(&ben, club, "").await.contains(&"hello all".to_owned()));
    }

    async fn typing_is_seen_by_the_others_while_it_lasts_and_never_logged(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let before = cursor(&ben).await;
        let typing = ann.post(&format!("/conversations/{id}/typing"), json!({})).await;
        assert_eq!(typing.status, 204);
        let batch = ben.get(&format!("/events?cursor={before}")).await.body;
        let seen: Vec<_> = batch["events"].as_array().unwrap().iter()
            .filter(|event| event["type"] == "typing").collect();
        assert_eq!(seen.len(), 1, "{batch}");
        assert_eq!((&seen[0]["user_id"], &seen[0]["conversation_id"]), (&json!(ann.id()), &json!(id)));
        assert_eq!(seen[0].get("id"), None);
        say(&ann, id, "there").await;
        assert_eq!(types(&events_since(&ben, &before).await), ["message.created"]);
    }
}

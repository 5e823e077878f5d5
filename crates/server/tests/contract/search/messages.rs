//! Messages: everything that was said and may be read is found, and nothing else.

use rookery::search::catch_up;
use serde_json::json;

use super::{path, search, texts};
use crate::support::{
    TestApp, both_engines,
    talk::{befriend, direct, fresh_key, group, say},
};

both_engines! {
    async fn what_was_said_is_found_at_once_and_by_any_part_of_it(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let chat = direct(&ann, &ben).await;
        for indexed in [false, true] {
            let said = if indexed { "周末去臺灣，用iPhone拍照👩‍🚀 ＯＫ" } else { "明天下午開會，别忘了" };
            say(&ann, chat, said).await;
            if indexed {
                catch_up(&app.state).await.unwrap();
            }
            for who in [&ann, &ben] {
                let queries: &[&str] = match indexed {
                    false => &["开会", "開會", "明天", "天下", "明", "，别", "会 明天", "别忘了"],
                    true => &["台湾", "iPhone", "IPHONE拍", "用i", "hone", "👩‍🚀", "👩", "ok", "ｏｋ", "灣",
                              "Iphone 周末"],
                };
                for query in queries {
                    assert_eq!(texts(who, query, "").await, [said], "{query}");
                }
                assert!(texts(who, "昨天", "").await.is_empty());
            }
        }
        let found = search(&ben, "拍照", "kind=messages").await;
        let hit = &found["messages"]["hits"][0];
        assert_eq!(hit["ranges"], json!([[13, 15]]));
        assert_eq!(hit["message"]["conversation_id"], json!(chat));
        assert_eq!(found["conversations"], json!([{
            "id": chat, "kind": "direct", "title": "ann", "peer": found["users"][0],
        }]));
        assert_eq!(found["users"][0]["id"], json!(ann.id()));
        assert_eq!((found.get("people"), found.get("files")), (None, None));
    }

    async fn a_recalled_message_is_found_by_nobody(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        for indexed in [false, true] {
            let said = say(&ben, club, "不该说的话").await;
            let kept = say(&ben, club, "该说的话").await;
            if indexed {
                catch_up(&app.state).await.unwrap();
            }
            assert_eq!(texts(&ann, "该说的", "").await.len(), 2 + usize::from(indexed));
            let path = format!("/conversations/{club}/messages/{}/recall", said["seq"]);
            assert_eq!(ben.post(&path, json!({})).await.status, 200);
            for _ in 0..2 {
                for who in [&ann, &ben] {
                    assert!(texts(who, "不该", "").await.is_empty());
                    assert_eq!(texts(who, "该说的", "").await[0], kept["text"].as_str().unwrap());
                }
                catch_up(&app.state).await.unwrap();
            }
        }
    }

    async fn one_finds_what_was_said_while_one_was_in(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let (cat, eve) = (app.person("cat").await, app.person("eve").await);
        let club = group(&ann, "club", &[&eve]).await;
        say(&ann, club, "秘密一").await;
        let join = format!("/groups/{club}/join");
        let leave = format!("/groups/{club}/leave");
        assert_eq!(ben.post(&join, json!({})).await.status, 200);
        say(&ann, club, "秘密二").await;
        assert_eq!(ben.post(&leave, json!({})).await.status, 204);
        say(&ann, club, "秘密三").await;
        for indexed in [false, true] {
            if indexed {
                catch_up(&app.state).await.unwrap();
            }
            assert_eq!(texts(&eve, "秘密", "").await, ["秘密三", "秘密二", "秘密一"]);
            assert!(texts(&ben, "秘密", "").await.is_empty(), "who is out finds nothing");
            assert!(texts(&cat, "秘密", "").await.is_empty(), "who was never in finds nothing");
            let there = format!("kind=messages&conversation_id={club}");
            for who in [&ben, &cat] {
                assert_eq!(who.get(&path("秘密", &there)).await.status, 404);
            }
            assert_eq!(cat.get(&path("秘密", "conversation_id=999")).await.status, 404);
        }
        assert_eq!(ben.post(&join, json!({})).await.status, 200);
        say(&ann, club, "秘密四").await;
        assert_eq!(texts(&ben, "秘密", "").await, ["秘密四", "秘密二"]);
        assert!(texts(&ben, "joined", "").await.is_empty(), "notices are not found");
        let open = json!({"history_for_new_members": true});
        assert_eq!(ann.patch(&format!("/groups/{club}"), open).await.status, 200);
        assert_eq!(texts(&ben, "秘密", "").await.len(), 4);
    }

    async fn filters_and_pages(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let chat = direct(&ann, &ben).await;
        let club = group(&ann, "club", &[&ben]).await;
        let first = say(&ann, chat, "苹果 1").await;
        for n in 2..=60 {
            say(if n % 2 == 0 { &ben } else { &ann }, club, &format!("苹果 {n}")).await;
        }
        app.advance(20 * 86_400);
        let last = say(&ann, club, "苹果 61").await;
        for indexed in [false, true] {
            if indexed {
                catch_up(&app.state).await.unwrap();
            }
            let all: Vec<String> = (1..=61).rev().map(|n| format!("苹果 {n}")).collect();
            assert_eq!(texts(&ann, "苹果", "").await, all);
            assert_eq!(texts(&ann, "苹果", "limit=7").await, all);
            assert_eq!(texts(&ben, "苹果", &format!("conversation_id={chat}")).await, ["苹果 1"]);
            let bens = texts(&ann, "苹果", &format!("sender_id={}", ben.id())).await;
            assert_eq!((bens.len(), bens[0].as_str()), (30, "苹果 60"));
            let since = format!("from={}", last["sent_at"].as_str().unwrap());
            assert_eq!(texts(&ann, "苹果", &since).await, ["苹果 61"]);
            let day = &last["sent_at"].as_str().unwrap()[..10];
            assert_eq!(texts(&ann, "苹果", &format!("from={day}&until={day}")).await, ["苹果 61"]);
            let until = format!("until={}", last["sent_at"].as_str().unwrap());
            assert_eq!(texts(&ann, "苹果", &until).await, all[1..]);
            let until = format!("until={}", first["sent_at"].as_str().unwrap());
            assert!(texts(&ann, "苹果", &until).await.is_empty());
            assert!(texts(&ann, "苹果", "has_file=true").await.is_empty());
        }
    }

    async fn what_one_saves_for_oneself_is_found_by_oneself(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let opened = ann.post("/conversations", json!({"saved": true})).await;
        let own = opened.body["id"].as_i64().unwrap();
        say(&ann, own, "记得买菜").await;
        for _ in 0..2 {
            let found = search(&ann, "买菜", "kind=messages").await;
            assert_eq!(found["messages"]["hits"].as_array().unwrap().len(), 1);
            assert_eq!(found["conversations"], json!([{"id": own, "kind": "saved", "title": ""}]));
            assert!(texts(&ben, "买菜", "").await.is_empty());
            catch_up(&app.state).await.unwrap();
        }
    }

    async fn a_bad_search_is_refused(app: TestApp) {
        let ann = app.person("ann").await;
        for bad in [
            "q=", "q=%20", "kind=messages", "q=a&kind=wishes", "q=a&limit=0", "q=a&limit=51", "q=a&limit=x",
            "q=a&before=1", "q=a&kind=people&before=1", "q=a&kind=messages&before=-1",
            "q=a&kind=messages&before=x", "q=a&from=yesterday", "q=a&until=2026-13-01", "q=a&more=1",
            "q=a%00", "q=a&sender_id=x", "q=a&has_file=2",
        ] {
            let answer = ann.get(&format!("/search?{bad}")).await;
            assert_eq!(answer.status, 422, "{bad}: {}", answer.body);
        }
        assert_eq!(ann.get(&path(&"字".repeat(101), "")).await.status, 422);
        for odd in ["\"", "*", "a* OR b", "NEAR(a b)", "'; --", "%_", "\u{200b}", "\u{fe0f} \u{301}", "{1,2}"] {
            let found = search(&ann, odd, "").await;
            assert_eq!(found["messages"]["hits"], json!([]), "{odd}");
        }
        let longest = "字".repeat(100);
        search(&ann, &longest, "before=9223372036854775807&kind=files").await;
    }

    async fn a_long_message_is_found_by_its_end(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let long: String = (0..9_990).map(|n| char::from_u32(0x4e00 + n * 2).unwrap()).collect();
        let body = json!({"client_id": fresh_key(), "text": format!("{long}结尾")});
        let sent = ann.post(&format!("/conversations/{club}/messages"), body).await;
        assert_eq!(sent.status, 201);
        say(&ann, club, "短").await;
        for indexed in [false, true] {
            if indexed {
                catch_up(&app.state).await.unwrap();
            }
            assert_eq!(texts(&ben, "结尾", "").await.len(), 1);
            assert_eq!(texts(&ben, "短", "").await, ["短"]);
        }
    }
}

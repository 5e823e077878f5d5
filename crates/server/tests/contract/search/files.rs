//! Files by their names: those that went with messages, those that were passed on, and nothing else.

use rookery::search::catch_up;
use serde_json::{Value, json};

use super::search;
use crate::{
    files::uploaded,
    support::{
        Client, TestApp, both_engines,
        talk::{fresh_key, group},
    },
};

/// Sends files with a text: where the message stands.
async fn share(who: &Client, conversation: i64, text: &str, names: &[&str]) -> Value {
    let mut attachments = Vec::new();
    for name in names {
        attachments.push(json!({"upload_id": uploaded(who, name, b"words").await["id"]}));
    }
    let body = json!({"client_id": fresh_key(), "text": text, "attachments": attachments});
    let sent = who.post(&format!("/conversations/{conversation}/messages"), body).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    sent.body["seq"].clone()
}

/// What is found, the newest first: conversation, seq, number of the attachment.
async fn found(who: &Client, query: &str, parameters: &str) -> Vec<(Value, Value, Value)> {
    let page = search(who, query, &format!("kind=files&{parameters}")).await;
    let place = |hit: &Value| {
        let message = &hit["message"];
        (message["conversation_id"].clone(), message["seq"].clone(), hit["attachment"].clone())
    };
    page["files"]["hits"].as_array().unwrap().iter().map(place).collect()
}

both_engines! {
    async fn by_any_part_of_their_names_wherever_they_went(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let (club, other) = (group(&ann, "club", &[&ben]).await, group(&ben, "other", &[]).await);
        let plan = share(&ann, club, "请看", &["合影.png", "2026年度計劃 Final.PDF"]).await;
        let body = json!({"client_id": fresh_key(), "forward": {"conversation_id": club, "seqs": [plan]}});
        let passed_on = ben.post(&format!("/conversations/{other}/messages"), body).await.body["seq"].clone();
        let here = vec![(json!(club), plan.clone(), json!(1))];
        let there = vec![(json!(other), passed_on, json!(1))];
        let both = [&there[..], &here[..]].concat();
        for indexed in [false, true] {
            if indexed {
                catch_up(&app.state).await.unwrap();
            }
            for query in ["年度计划", "年度計劃", "final.pdf", "FINAL 2026", "ｆｉｎａｌ", "计划 f"] {
                assert_eq!(found(&ann, query, "").await, here, "{query}");
                assert_eq!(found(&ben, query, "").await, both, "{query}");
            }
            assert_eq!(found(&ben, "计划", &format!("conversation_id={club}")).await, here);
            assert_eq!(found(&ben, "计划", &format!("sender_id={}", ben.id())).await, there);
            assert_eq!(found(&ann, "合影", "").await, [(json!(club), plan.clone(), json!(0))]);
            for query in ["请看", "words", "明年", "pdf final.png"] {
                assert!(found(&ben, query, "").await.is_empty(), "{query}");
            }
        }
        let hit = search(&ann, "计划", "kind=files").await["files"]["hits"][0].clone();
        assert_eq!(hit["ranges"], json!([[6, 8]]), "in the name");
        let address = format!("/conversations/{club}/messages/{plan}/attachments/{}", hit["attachment"]);
        assert_eq!(ann.get(&address).await.body, "words", "and that is where it is");
    }

    async fn only_what_the_searcher_may_see_and_nothing_recalled(app: TestApp) {
        let [ann, ben, late] = [app.person("ann").await, app.person("ben").await, app.person("late").await];
        let club = group(&ann, "club", &[&ben]).await;
        let secret = share(&ben, club, "", &["secret plan.txt"]).await;
        let kept = share(&ben, club, "", &["open plan.txt"]).await;
        assert!(found(&late, "plan", "").await.is_empty());
        assert_eq!(late.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        catch_up(&app.state).await.unwrap();
        assert!(found(&late, "plan", "").await.is_empty(), "from before they came");
        assert_eq!(found(&ann, "plan", "").await.len(), 2);
        assert_eq!(ben.post(&format!("/conversations/{club}/messages/{secret}/recall"), json!({})).await.status, 200);
        for _ in 0..2 {
            for who in [&ann, &ben] {
                assert!(found(who, "secret", "").await.is_empty());
                assert_eq!(found(who, "plan", "").await, [(json!(club), kept.clone(), json!(0))]);
            }
            catch_up(&app.state).await.unwrap();
        }
    }
}

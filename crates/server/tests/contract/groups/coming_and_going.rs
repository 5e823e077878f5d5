//! Who comes in, who goes, and what is left of those who went.

use serde_json::json;

use super::{join, member, patch, roles};
use crate::support::{
    Client, TestApp, both_engines,
    talk::{befriend, cursor, events_since, group, look, say, texts, types},
};

both_engines! {
    async fn fifty_people_and_one_place(app: TestApp) {
        let ann = app.person("ann").await;
        let made = ann.post("/groups", json!({"name": "two", "max_members": 2})).await;
        let id = made.body["id"].as_i64().unwrap();
        let mut crowd = Vec::new();
        for n in 0..5 {
            crowd.push(app.person(&format!("one{n}")).await);
        }
        let answers = futures_util::future::join_all((0..50).map(|n| {
            let who = &crowd[n % 5];
            async move { (who.id(), join(who, id).await) }
        })).await;
        let inside: std::collections::BTreeSet<i64> =
            answers.iter().filter(|(_, (status, _))| *status == 200).map(|(who, _)| *who).collect();
        assert_eq!(inside.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|(who, answer)|
            inside.contains(who) || *answer == (409, "group_full".into())));
        assert_eq!(roles(&ann, id).await.len(), 2);
        assert_eq!(look(&ann, id).await["group"]["member_count"], 2);
        assert_eq!(look(&ann, id).await["last_seq"], 1, "one notice");
    }

    async fn approval_asks_owner_and_admins(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let id = group(&ann, "club", &[&ben]).await;
        let path = format!("/groups/{id}");
        assert_eq!(patch(&ann, &path, json!({"join_policy": "approval"})).await.0, 200);
        let (before_ann, before_cat) = (cursor(&ann).await, cursor(&cat).await);
        let asked = cat.post(&format!("{path}/join"), json!({"note": "it is me, cat"})).await;
        assert_eq!((asked.status, &asked.body["status"]), (200, &json!("pending")));
        assert_eq!(join(&cat, id).await, (200, "pending".into()));
        for (who, before) in [(&ann, before_ann), (&cat, before_cat)] {
            assert_eq!(types(&events_since(who, &before).await), ["join_request.created"]);
        }
        let waiting = ann.get(&format!("{path}/join_requests")).await.body["join_requests"].clone();
        assert_eq!((&waiting[0]["user"]["id"], &waiting[0]["note"]), (&json!(cat.id()), &json!("it is me, cat")));
        assert_eq!(cat.get(&format!("{path}/join_requests")).await.body["join_requests"], waiting);
        assert_eq!(ben.get(&format!("{path}/join_requests")).await.status, 403);
        let request = format!("{path}/join_requests/{}", waiting[0]["id"]);
        assert_eq!(ben.post(&format!("{request}/accept"), json!({})).await.status, 403);
        assert_eq!(cat.post(&format!("{request}/accept"), json!({})).await.status, 404);

        // A new admin is told of what waits, and then takes part in the race.
        let before_ben = cursor(&ben).await;
        assert_eq!(patch(&ann, &member(id, &ben), json!({"role": "admin"})).await.0, 200);
        assert_eq!(types(&events_since(&ben, &before_ben).await), ["member.updated", "join_request.created"]);
        let accepts = futures_util::future::join_all((0..10).map(|n| {
            let who = if n % 2 == 0 { &ann } else { &ben };
            let path = format!("{request}/accept");
            async move { who.post(&path, json!({})).await }
        })).await;
        assert_eq!(accepts.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(accepts.iter().all(|answer| matches!(answer.status, 200 | 404)));
        assert_eq!(roles(&cat, id).await.len(), 3);
        let story = texts(&cat, id, "").await;
        assert_eq!(story.len(), 1);
        assert!(story[0].ends_with("brought in cat"), "{story:?}");

        // Declined, and open again.
        let dan = app.person("dan").await;
        assert_eq!(join(&dan, id).await.1, "pending");
        let waiting = ann.get(&format!("{path}/join_requests")).await.body["join_requests"].clone();
        let before = cursor(&dan).await;
        let decline = format!("{path}/join_requests/{}/decline", waiting[0]["id"]);
        assert_eq!(ann.post(&decline, json!({})).await.status, 204);
        assert_eq!(ann.post(&decline, json!({})).await.status, 404);
        assert_eq!(types(&events_since(&dan, &before).await), ["join_request.declined"]);
        assert_eq!(dan.get(&format!("{path}/join_requests")).await.status, 404);
        assert_eq!(join(&dan, id).await.1, "pending");
        patch(&ann, &path, json!({"join_policy": "open"})).await;
        let before = cursor(&dan).await;
        assert_eq!(join(&dan, id).await.1, "joined");
        assert_eq!(types(&events_since(&dan, &before).await),
                   ["join_request.accepted", "member.joined", "message.created", "conversation.created"]);
        assert_eq!(ann.get(&format!("{path}/join_requests")).await.body["join_requests"], json!([]));
    }

    async fn members_bring_in_friends_as_the_policy_says(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        befriend(&ben, &cat).await;
        let id = group(&ann, "club", &[&ben]).await;
        let add = async |who: &Client, user: i64| {
            let answer = who.post(&format!("/groups/{id}/members"), json!({"user_id": user})).await;
            let word = answer.body["status"].as_str().unwrap_or_else(|| answer.code()).to_owned();
            (answer.status, word)
        };
        let path = format!("/groups/{id}");
        assert_eq!(add(&ann, cat.id()).await, (403, "not_friends".into()), "no friend of the owner");
        assert_eq!(add(&cat, cat.id()).await, (404, "not_found".into()), "not inside");
        assert_eq!(add(&ben, 99_999_999).await, (404, "not_found".into()));
        patch(&ann, &path, json!({"join_policy": "invite"})).await;
        assert_eq!(join(&cat, id).await, (403, "invite_only".into()));
        assert_eq!(add(&ben, cat.id()).await, (403, "invite_only".into()));
        patch(&ann, &path, json!({"join_policy": "approval"})).await;
        assert_eq!(add(&ben, cat.id()).await, (200, "pending".into()));
        patch(&ann, &path, json!({"join_policy": "open"})).await;
        assert_eq!(add(&ben, cat.id()).await, (200, "joined".into()));
        assert_eq!(add(&ben, cat.id()).await, (200, "joined".into()), "already");
        cat.post(&format!("{path}/leave"), json!({})).await;
        patch(&ann, &path, json!({"join_policy": "invite"})).await;
        patch(&ann, &member(id, &ben), json!({"role": "admin"})).await;
        assert_eq!(add(&ben, cat.id()).await, (200, "joined".into()), "an admin brings in anyone's… own friend");
        assert_eq!(look(&cat, id).await["unread"], 0);
    }

    async fn whoever_is_removed_sees_their_own_going_and_nothing_after(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let id = group(&ann, "club", &[&ben]).await;
        say(&ann, id, "welcome").await;
        let before = cursor(&ben).await;
        assert_eq!(ann.delete(&member(id, &ben)).await.status, 204);
        say(&ann, id, "he is gone").await;
        patch(&ann, &format!("/groups/{id}"), json!({"announcement": "secret"})).await;
        let told = events_since(&ben, &before).await;
        assert_eq!(types(&told), ["message.created", "member.left"]);
        assert_eq!(told[0]["message"]["notice"]["code"], "removed");
        assert_eq!((&told[1]["member"]["user"]["id"], &told[1]["member_count"]), (&json!(ben.id()), &json!(1)));
        let (group, conversation) = (format!("/groups/{id}"), format!("/conversations/{id}"));
        let key = json!({"client_id": "after", "text": "still here?"});
        for answer in [
            ben.get(&conversation).await, ben.get(&format!("{conversation}/messages")).await,
            ben.post(&format!("{conversation}/messages"), key).await,
            ben.put(&format!("{conversation}/read"), json!({"seq": 1})).await,
            ben.post(&format!("{conversation}/typing"), json!({})).await,
            ben.patch(&conversation, json!({"pinned": true})).await,
            ben.get(&format!("{group}/members")).await,
            ben.get(&format!("{group}/join_requests")).await,
            ben.patch(&group, json!({"name": "mine"})).await,
            ben.patch(&member(id, &ben), json!({"nickname": "x"})).await,
            ben.post(&format!("{group}/leave"), json!({})).await,
            ben.post(&format!("{group}/transfer"), json!({"user_id": ben.id()})).await,
            ben.delete(&member(id, &ann)).await,
        ] {
            assert_eq!((answer.status, answer.code()), (404, "not_found"));
        }
        assert_eq!(ben.get("/conversations").await.body["conversations"], json!([]));
        assert_eq!(ben.get(&group).await.body["announcement"], "");
    }

    async fn an_owner_hands_over_before_leaving(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let id = group(&ann, "club", &[&ben]).await;
        let path = format!("/groups/{id}");
        let leave = ann.post(&format!("{path}/leave"), json!({})).await;
        assert_eq!((leave.status, leave.code()), (409, "not_owner"));
        assert!(leave.body["detail"].as_str().unwrap().contains("hand the group over"));
        assert_eq!(ann.delete(&member(id, &ann)).await.status, 409);
        let transfer = async |who: &Client, to: i64| {
            let answer = who.post(&format!("{path}/transfer"), json!({"user_id": to})).await;
            (answer.status, answer.code().to_owned())
        };
        assert_eq!(transfer(&ben, ben.id()).await, (409, "not_owner".into()));
        assert_eq!(transfer(&ann, cat.id()).await, (404, "not_found".into()));
        assert_eq!(transfer(&ann, ann.id()).await, (422, "invalid".into()));
        let before = cursor(&ben).await;
        assert_eq!(transfer(&ann, ben.id()).await.0, 200);
        assert_eq!(types(&events_since(&ben, &before).await),
                   ["member.updated", "member.updated", "group.updated", "message.created"]);
        assert_eq!(roles(&ben, id).await, [(ann.id(), "member".into()), (ben.id(), "owner".into())]);
        assert_eq!(look(&ann, id).await["group"]["owner_id"], ben.id());
        assert_eq!(ann.post(&format!("{path}/leave"), json!({})).await.status, 204);
        assert_eq!(roles(&ben, id).await.len(), 1);
    }

    async fn handing_over_and_leaving_at_once_never_leaves_a_group_without_an_owner(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        for round in 0..10 {
            let id = group(&ann, &format!("round {round}"), &[&ben]).await;
            let (transfer, leave) = (format!("/groups/{id}/transfer"), format!("/groups/{id}/leave"));
            let (handed, left) = tokio::join!(
                ann.post(&transfer, json!({"user_id": ben.id()})),
                ben.post(&leave, json!({})),
            );
            assert!(matches!((handed.status, left.status), (200, 409) | (404, 204)));
            let owners = roles(&ann, id).await.into_iter().filter(|(_, role)| role == "owner").count();
            assert_eq!(owners, 1);
        }
    }
}

/// Limits are the server's own memory, the same on both engines.
#[test]
fn who_comes_and_goes_all_the_time_is_slowed_down() {
    TestApp::run_with(database::Engine::Sqlite, &[("rate_limit", "on")], async |app| {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let id = group(&ann, "club", &[]).await;
        let mut comings = 0;
        while join(&ben, id).await.0 == 200 {
            comings += 1;
            assert!(comings < 100, "nobody slows them down");
            assert_eq!(ben.post(&format!("/groups/{id}/leave"), json!({})).await.status, 204);
        }
        assert_eq!(join(&ben, id).await, (429, "rate_limited".into()));
        assert_eq!(look(&ann, id).await["last_seq"], 2 * comings, "a notice for each, and no more");
    });
}

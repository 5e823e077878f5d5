//! Links that let people into a group.

use serde_json::{Value, json};

use super::{member, patch};
use crate::support::{
    Client, TestApp, both_engines,
    talk::{cursor, events_since, group, look, types},
};

async fn make(who: &Client, id: i64, body: Value) -> Value {
    let made = who.post(&format!("/groups/{id}/invite_links"), body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

/// The status, and what came of it or why nothing did.
async fn join(who: &Client, link: &Value) -> (u16, String) {
    let code = link["code"].as_str().unwrap();
    let answer = who.post(&format!("/invite_links/{code}/join"), json!({})).await;
    let word = answer.body["status"].as_str().unwrap_or_else(|| answer.code());
    (answer.status, word.to_owned())
}

async fn show(who: &Client, link: &Value) -> (u16, Value) {
    let answer = who.get(&format!("/invite_links/{}", link["code"].as_str().unwrap())).await;
    (answer.status, answer.body)
}

fn refused(code: &str) -> (u16, String) {
    (409, code.to_owned())
}

fn joined() -> (u16, String) {
    (200, "joined".to_owned())
}

both_engines! {
    async fn a_link_lets_people_in_whatever_the_policy(app: TestApp) {
        let (ann, ben, eve) = (app.person("ann").await, app.person("ben").await, app.person("eve").await);
        let id = group(&ann, "club", &[]).await;
        let closed = json!({"join_policy": "invite", "announcement": "secret", "description": "chess"});
        assert_eq!(patch(&ann, &format!("/groups/{id}"), closed).await.0, 200);
        let link = make(&ann, id, json!({})).await;
        assert_eq!(link["code"].as_str().unwrap().len(), 22, "128 bits");
        assert_eq!((&link["uses"], &link["max_uses"], &link["expires_at"]), (&json!(0), &Value::Null, &Value::Null));

        let (status, seen) = show(&ben, &link).await;
        assert_eq!((status, &seen["is_member"]), (200, &json!(false)));
        assert_eq!((&seen["group"]["name"], &seen["group"]["description"], &seen["group"]["member_count"]),
                   (&json!("club"), &json!("chess"), &json!(1)));
        assert_eq!(seen["group"]["announcement"], "", "for members only");
        let before = cursor(&ben).await;
        assert_eq!(join(&ben, &link).await, joined());
        assert_eq!(join(&ben, &link).await, joined(), "again changes nothing");
        let told = events_since(&ben, &before).await;
        assert_eq!(types(&told), ["member.joined", "message.created", "conversation.created"]);
        assert_eq!(look(&ben, id).await["group"]["member_count"], 2);
        assert_eq!(show(&ben, &link).await.1["is_member"], true);
        let listed = ann.get(&format!("/groups/{id}/invite_links")).await.body;
        assert_eq!((&listed["invite_links"][0]["uses"], &listed["invite_links"][0]["created_by"]["id"]),
                   (&json!(1), &json!(ann.id())));

        let path = format!("/groups/{id}/invite_links/{}", link["id"]);
        assert_eq!(ann.delete(&path).await.status, 204);
        assert_eq!(ann.delete(&path).await.status, 404);
        assert_eq!((show(&eve, &link).await.0, join(&eve, &link).await), (404, (404, "not_found".to_owned())));
        assert_eq!(app.visitor().get("/invite_links/x").await.status, 401);
    }

    async fn the_last_use_is_won_by_one(app: TestApp) {
        let ann = app.person("ann").await;
        let id = group(&ann, "club", &[]).await;
        let link = make(&ann, id, json!({"max_uses": 3})).await;
        let mut people = Vec::new();
        for n in 0..8 {
            people.push(app.person(&format!("person{n}")).await);
        }
        let came = futures_util::future::join_all(people.iter().map(|who| join(who, &link))).await;
        assert_eq!(came.iter().filter(|one| **one == joined()).count(), 3, "{came:?}");
        assert_eq!(came.iter().filter(|one| **one == refused("invite_used_up")).count(), 5, "{came:?}");
        assert_eq!(look(&ann, id).await["group"]["member_count"], 4);
        let listed = ann.get(&format!("/groups/{id}/invite_links")).await.body;
        assert_eq!(listed["invite_links"][0]["uses"], 3);
        let late = came.iter().position(|one| *one != joined()).unwrap();
        let (status, body) = show(&people[late], &link).await;
        assert_eq!((status, &body["code"]), (409, &json!("invite_used_up")));
    }

    async fn a_link_runs_out_of_time_and_a_group_of_places(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let id = group(&ann, "club", &[]).await;
        let short = make(&ann, id, json!({"expires_in": 3600})).await;
        app.advance(3_590);
        assert_eq!(show(&ben, &short).await.0, 200);
        app.advance(20);
        assert_eq!(show(&ben, &short).await.0, 409);
        assert_eq!(join(&ben, &short).await, refused("invite_expired"));

        assert_eq!(patch(&ann, &format!("/groups/{id}"), json!({"max_members": 2})).await.0, 200);
        let link = make(&ann, id, json!({"max_uses": 2})).await;
        assert_eq!(join(&ben, &link).await, joined());
        assert_eq!(join(&cat, &link).await, refused("group_full"));
        let listed = ann.get(&format!("/groups/{id}/invite_links")).await.body;
        assert_eq!(listed["invite_links"][0]["uses"], 1, "who found no place used nothing up");
    }

    async fn who_may_make_links_and_for_how_long_they_are_good(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let dan = app.person("dan").await;
        let id = group(&ann, "club", &[&ben, &cat]).await;
        let path = format!("/groups/{id}/invite_links");
        let of_ann = make(&ann, id, json!({})).await;
        let of_ben = make(&ben, id, json!({})).await;
        assert_eq!(ben.get(&path).await.body["invite_links"].as_array().unwrap().len(), 1, "their own");
        assert_eq!(ann.get(&path).await.body["invite_links"].as_array().unwrap().len(), 2);
        assert_eq!(ben.delete(&format!("{path}/{}", of_ann["id"])).await.status, 404);

        assert_eq!(patch(&ann, &format!("/groups/{id}"), json!({"join_policy": "approval"})).await.0, 200);
        let refusal = ben.post(&path, json!({})).await;
        assert_eq!((refusal.status, refusal.code()), (403, "forbidden"));
        assert_eq!(join(&dan, &of_ben).await, refused("invite_expired"), "the group is open no longer");
        assert_eq!(patch(&ann, &member(id, &ben), json!({"role": "admin"})).await.0, 200);
        assert_eq!(show(&dan, &of_ben).await.0, 200);
        assert_eq!(ann.delete(&member(id, &ben)).await.status, 204);
        assert_eq!(join(&dan, &of_ben).await, refused("invite_expired"), "its maker is gone");
        assert_eq!(join(&dan, &of_ann).await, joined());
        assert_eq!(ann.delete(&format!("/groups/{id}")).await.status, 204);
        assert_eq!(join(&ben, &of_ann).await, (404, "not_found".to_owned()));

        let id = group(&ann, "next", &[]).await;
        let path = format!("/groups/{id}/invite_links");
        for bad in [json!({"expires_in": 59}), json!({"expires_in": 2_592_001}), json!({"max_uses": 0}),
                    json!({"max_uses": 10_001}), json!({"code": "x"}), json!({"max_uses": "1"})] {
            let answer = ann.post(&path, bad).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"));
        }
        for _ in 0..100 {
            make(&ann, id, json!({"expires_in": 60})).await;
        }
        assert_eq!(ann.post(&path, json!({})).await.status, 409);
        app.advance(8 * 24 * 3_600);
        make(&ann, id, json!({})).await;
        assert_eq!(ann.get(&path).await.body["invite_links"].as_array().unwrap().len(), 1, "dead ones are forgotten");
    }
}

//! Groups: what they are called, who may change what, and who is told.

mod announcements;
mod coming_and_going;
mod links;
mod removed;

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, both_engines,
    talk::{cursor, events_since, group, look, say, try_to_say, types},
};

/// A request without interest in the answer's body: status and code.
async fn patch(who: &Client, path: &str, body: Value) -> (u16, String) {
    let answer = who.patch(path, body).await;
    (answer.status, answer.code().to_owned())
}

async fn join(who: &Client, id: i64) -> (u16, String) {
    let answer = who.post(&format!("/groups/{id}/join"), json!({})).await;
    let word = answer.body["status"].as_str().unwrap_or_else(|| answer.code());
    (answer.status, word.to_owned())
}

fn member(id: i64, who: &Client) -> String {
    format!("/groups/{id}/members/{}", who.id())
}

/// (user id, role) of everybody in a group, as `who` sees it.
async fn roles(who: &Client, id: i64) -> Vec<(i64, String)> {
    let answer = who.get(&format!("/groups/{id}/members")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let members = answer.body["members"].as_array().unwrap();
    members
        .iter()
        .map(|m| (m["user"]["id"].as_i64().unwrap(), m["role"].as_str().unwrap().to_owned()))
        .collect()
}

both_engines! {
    async fn a_group_has_defaults_and_a_name_of_its_own(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let before = cursor(&ann).await;
        let made = ann.post("/groups", json!({"name": " 深圳 Ｒun Club "})).await;
        assert_eq!(made.status, 201);
        let id = made.body["id"].as_i64().unwrap();
        assert_eq!(made.body["name"], "深圳 Ｒun Club");
        assert_eq!((&made.body["max_members"], &made.body["join_policy"], &made.body["member_count"]),
                   (&json!(200), &json!("open"), &json!(1)));
        assert!(!made.body["description"].as_str().unwrap().is_empty(), "a default text");
        assert_eq!(made.body["owner_id"], ann.id());
        let told = events_since(&ann, &before).await;
        assert_eq!(types(&told), ["conversation.created"]);
        assert_eq!(told[0]["conversation"]["group"], made.body);
        assert_eq!(told[0]["conversation"]["member"]["role"], "owner");

        let taken = ben.post("/groups", json!({"name": "深圳 run  club"})).await;
        assert_eq!((taken.status, taken.code()), (409, "group_name_taken"));
        assert_eq!(ann.delete(&format!("/groups/{id}")).await.status, 204);
        let free = ben.post("/groups", json!({"name": "深圳 run club", "description": ""})).await;
        assert_eq!((free.status, &free.body["description"]), (201, &json!("")));

        for bad in [
            json!({}), json!({"name": " "}), json!({"name": "x".repeat(65)}), json!({"name": "a\u{202e}b"}),
            json!({"name": "x", "description": "y".repeat(256)}), json!({"name": "x", "max_members": 1}),
            json!({"name": "x", "max_members": 10_001}), json!({"name": "x", "join_policy": "closed"}),
            json!({"name": "x", "owner_id": ben.id()}), json!({"name": "x", "max_members": "many"}),
        ] {
            let answer = ann.post("/groups", bad.clone()).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{bad}");
        }
    }

    async fn groups_are_found_by_number_and_name_and_announce_to_members_only(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let id = group(&ann, "南山读书会", &[]).await;
        group(&ann, "100% cotton", &[]).await;
        let path = format!("/groups/{id}");
        assert_eq!(patch(&ann, &path, json!({"announcement": "Friday, eight o'clock"})).await.0, 200);
        for words in [id.to_string(), "读书".into(), "南山".into()] {
            let found = ben.get(&format!("/groups?q={words}")).await;
            assert_eq!(found.body["groups"][0]["id"], id, "{words}");
            assert_eq!(found.body["groups"][0]["announcement"], "");
        }
        assert_eq!(ben.get("/groups?q=0%25").await.body["groups"].as_array().unwrap().len(), 1);
        assert_eq!(ben.get("/groups?q=_").await.body["groups"], json!([]));
        assert_eq!(ben.get("/groups?q=").await.status, 422);
        assert_eq!(ben.get(&path).await.body["announcement"], "");
        assert_eq!(ann.get(&path).await.body["announcement"], "Friday, eight o'clock");
        assert_eq!(ann.get("/groups").await.body["groups"].as_array().unwrap().len(), 2);
        assert_eq!(ben.get("/groups").await.body["groups"], json!([]));
        assert_eq!(ben.get("/groups/99999999").await.status, 404);
        let members = ben.get(&format!("{path}/members")).await;
        assert_eq!((members.status, members.code()), (404, "not_found"));
    }

    async fn who_may_change_what(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let (dan, eve) = (app.person("dan").await, app.person("eve").await);
        let id = group(&ann, "club", &[&ben, &cat, &dan]).await;
        let path = format!("/groups/{id}");
        assert_eq!(patch(&ann, &member(id, &ben), json!({"role": "admin"})).await.0, 200);
        let allowed = (200, String::new());
        let not_owner = (409, "not_owner".to_owned());
        let forbidden = (403, "forbidden".to_owned());
        let unseen = (404, "not_found".to_owned());
        let until = json!({"muted_until": "2099-01-01T00:00:00.000Z"});
        let table: Vec<(&Client, String, Value, &(u16, String))> = vec![
            (&ben, path.clone(), json!({"description": "by an admin"}), &allowed),
            (&cat, path.clone(), json!({"description": "by a member"}), &forbidden),
            (&eve, path.clone(), json!({"description": "by nobody"}), &unseen),
            (&ben, path.clone(), json!({"max_members": 50}), &not_owner),
            (&ben, path.clone(), json!({"history_for_new_members": true}), &not_owner),
            (&ann, path.clone(), json!({"max_members": 50, "history_for_new_members": true}), &allowed),
            (&ben, member(id, &cat), json!({"role": "admin"}), &not_owner),
            (&cat, member(id, &cat), json!({"role": "admin"}), &not_owner),
            (&cat, member(id, &cat), json!({"nickname": "Kitty"}), &allowed),
            (&cat, member(id, &dan), json!({"nickname": "Dog"}), &forbidden),
            (&ben, member(id, &cat), json!({"nickname": "Cat"}), &allowed),
            (&ben, member(id, &ann), json!({"nickname": "Boss"}), &forbidden),
            (&cat, member(id, &dan), until.clone(), &forbidden),
            (&cat, member(id, &cat), json!({"muted_until": null}), &forbidden),
            (&ben, member(id, &ann), until.clone(), &forbidden),
            (&ben, member(id, &ben), until.clone(), &forbidden),
            (&ben, member(id, &cat), until.clone(), &allowed),
            (&ann, member(id, &ben), until.clone(), &allowed),
            (&eve, member(id, &cat), until.clone(), &unseen),
            (&ann, member(id, &eve), until.clone(), &unseen),
        ];
        for (who, path, body, expected) in table {
            let answer = who.patch(&path, body.clone()).await;
            assert_eq!((answer.status, answer.code()), (expected.0, expected.1.as_str()),
                       "{} {path} {body}", who.id());
        }
        for bad in [json!({"role": "owner"}), json!({"role": "boss"}), json!({"user_id": 1}),
                    json!({"nickname": "x".repeat(65)}), json!({"muted_until": "soon"})] {
            assert_eq!(patch(&ann, &member(id, &cat), bad).await.0, 422);
        }
        for bad in [json!({"max_members": 3}), json!({"owner_id": ben.id()}), json!({"name": ""})] {
            assert_eq!(patch(&ann, &path, bad).await, (422, "invalid".into()));
        }
        assert_eq!(ben.delete(&member(id, &ann)).await.status, 403);
        assert_eq!(cat.delete(&member(id, &dan)).await.status, 403);
        assert_eq!(ben.delete(&path).await.code(), "not_owner");
        assert_eq!(cat.delete(&path).await.code(), "not_owner");
        assert_eq!(eve.delete(&path).await.status, 404);
        assert_eq!(ben.delete(&member(id, &dan)).await.status, 204);
        assert_eq!(ann.delete(&member(id, &ben)).await.status, 204);
        assert_eq!(roles(&ann, id).await, [(ann.id(), "owner".into()), (cat.id(), "member".into())]);
    }

    async fn the_muted_do_not_speak(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let id = group(&ann, "club", &[&ben, &cat]).await;
        patch(&ann, &member(id, &ben), json!({"role": "admin"})).await;
        let muted = (403, "muted".to_owned());
        patch(&ben, &member(id, &cat), json!({"muted_until": "2099-01-01T00:00:00.000Z"})).await;
        assert_eq!(try_to_say(&cat, id).await, muted);
        // Leaving and coming back is no way out.
        cat.post(&format!("/groups/{id}/leave"), json!({})).await;
        assert_eq!(join(&cat, id).await.0, 200);
        assert_eq!(try_to_say(&cat, id).await, muted);
        for unmute in [json!({"muted_until": null}), json!({"muted_until": "2001-01-01T00:00:00Z"})] {
            let answer = ben.patch(&member(id, &cat), unmute).await;
            assert_eq!((answer.status, &answer.body["muted_until"]), (200, &Value::Null));
            say(&cat, id, "I am back").await;
        }
        let path = format!("/groups/{id}");
        let before = cursor(&cat).await;
        patch(&ann, &path, json!({"all_muted": true})).await;
        assert_eq!(try_to_say(&cat, id).await, muted);
        say(&ben, id, "admins speak").await;
        say(&ann, id, "and the owner").await;
        patch(&ann, &path, json!({"all_muted": false})).await;
        say(&cat, id, "at last").await;
        let told = events_since(&cat, &before).await;
        assert_eq!(types(&told)[..2], ["group.updated", "message.created"]);
        assert_eq!(told[1]["message"]["notice"]["code"], "all_muted");
        assert_eq!(told[1]["message"]["notice"]["actor_name"], "ann");
    }

    async fn a_dissolved_group_is_gone_for_everybody(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let id = group(&ann, "club", &[&ben]).await;
        let path = format!("/groups/{id}");
        patch(&ann, &path, json!({"join_policy": "approval"})).await;
        assert_eq!(join(&cat, id).await.1, "pending");
        let (before_ben, before_cat) = (cursor(&ben).await, cursor(&cat).await);
        assert_eq!(ann.delete(&path).await.status, 204);
        assert_eq!(types(&events_since(&ben, &before_ben).await), ["group.dissolved"]);
        assert_eq!(types(&events_since(&cat, &before_cat).await), ["join_request.declined"]);
        for who in [&ann, &ben] {
            assert_eq!(try_to_say(who, id).await, (404, "not_found".into()));
            assert_eq!(who.get(&format!("/conversations/{id}")).await.status, 404);
            assert_eq!(who.get(&path).await.status, 404);
            assert_eq!(join(who, id).await.0, 404);
        }
        assert_eq!(ben.get("/groups?q=club").await.body["groups"], json!([]));
        assert_eq!(group(&ben, "CLUB", &[]).await, id + 1, "the name is free, the number is not");
    }

    async fn notices_are_messages_that_nobody_has_to_read(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let id = group(&ann, "club", &[&ben]).await;
        say(&ann, id, "hello").await;
        assert_eq!(join(&cat, id).await.0, 200);
        say(&ann, id, "hello, cat").await;
        patch(&ann, &format!("/groups/{id}"), json!({"name": "the club"})).await;
        let seen = look(&ben, id).await;
        assert_eq!((&seen["unread"], &seen["read_seq"], &seen["last_seq"]), (&json!(2), &json!(1), &json!(5)));
        assert_eq!(seen["title"], "the club");
        assert_eq!(seen["last_message"]["kind"], "notice");
        assert_eq!(seen["last_message"]["client_id"], Value::Null);
        let notice = &seen["last_message"]["notice"];
        assert_eq!((&notice["code"], &notice["name"]), (&json!("renamed"), &json!("the club")));
        let path = format!("/conversations/{id}/read");
        ben.put(&path, json!({"seq": 2})).await;
        assert_eq!(look(&ben, id).await["unread"], 1);
        ben.put(&path, json!({"seq": 3})).await;
        assert_eq!(look(&ben, id).await["unread"], 1, "a notice was read");
        ben.put(&path, json!({"seq": 4})).await;
        assert_eq!(look(&ben, id).await["unread"], 0);
        assert_eq!(look(&cat, id).await["unread"], 1, "since cat came");
        assert_eq!(look(&ann, id).await["unread"], 0);
    }

    async fn members_come_page_by_page(app: TestApp) {
        let (ann, ben, cat) = (app.person("ann").await, app.person("ben").await, app.person("cat").await);
        let id = group(&ann, "club", &[&ben, &cat]).await;
        let page = ann.get(&format!("/groups/{id}/members?limit=2")).await.body;
        assert_eq!(page["members"].as_array().unwrap().len(), 2);
        assert_eq!(page["after"], ben.id());
        let page = ann.get(&format!("/groups/{id}/members?limit=2&after={}", ben.id())).await.body;
        assert_eq!(page["members"][0]["user"]["id"], cat.id());
        assert_eq!(page.get("after"), None);
        assert_eq!(ann.get(&format!("/groups/{id}/members?limit=10001")).await.status, 422);
    }
}

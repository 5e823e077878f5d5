//! Editing messages: who may, what is kept of what they said before, and for whom.

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, both_engines,
    talk::{befriend, cursor, direct, events_since, fresh_key, group, next_batch, say, types},
};

const SECRET: &str = "what I should not have said";

fn path(message: &Value) -> String {
    format!("/conversations/{}/messages/{}", message["conversation_id"], message["seq"])
}

async fn edit(who: &Client, path: &str, text: &str) -> (u16, Value) {
    let answer = who.patch(path, json!({"text": text})).await;
    (answer.status, answer.body)
}

both_engines! {
    async fn it_says_something_else_and_everybody_is_told(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let from = cursor(&ben).await;
        let said = say(&ann, id, SECRET).await;
        app.advance(3);
        let (status, edited) = edit(&ann, &path(&said), "  something kind ").await;
        assert_eq!((status, &edited["text"]), (200, &json!("something kind")), "{edited}");
        assert!(edited["edited_at"].as_str() > said["sent_at"].as_str(), "{edited}");
        for field in ["id", "seq", "client_id", "sent_at", "sender_id"] {
            assert_eq!(edited[field], said[field], "{field}");
        }
        let told = events_since(&ben, &from).await;
        assert_eq!(types(&told), ["message.created", "message.edited"]);
        assert_eq!(told[1]["message"], edited);
        assert!(!format!("{told:?}").contains(SECRET), "who was away never sees it");
        for read in [path(&said), format!("/conversations/{id}/messages"), "/conversations".to_owned()] {
            let body = ben.get(&read).await.body.to_string();
            assert!(body.contains("something kind") && !body.contains(SECRET), "{read}: {body}");
        }
        let again = cursor(&ben).await;
        assert_eq!(edit(&ann, &path(&said), "something kind").await, (200, edited.clone()));
        assert!(next_batch(&ben, &again, 0).await.events.is_empty(), "the same text is no edit");

        let retry = json!({"client_id": said["client_id"], "text": SECRET});
        let retry = ann.post(&format!("/conversations/{id}/messages"), retry).await;
        assert_eq!((retry.status, retry.body), (200, edited), "a retry gets the message as it is");
    }

    async fn who_came_later_is_not_told_what_it_says(app: TestApp) {
        let [ann, ben, late] = [app.person("ann").await, app.person("ben").await, app.person("late").await];
        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ann, club, "one").await;
        assert_eq!(late.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        let (bens, lates) = (cursor(&ben).await, cursor(&late).await);
        let (status, edited) = edit(&ann, &path(&said), SECRET).await;
        assert_eq!(status, 200, "{edited}");
        for (who, from) in [(&ben, &bens), (&late, &lates)] {
            let told = events_since(who, from).await;
            assert_eq!(types(&told), ["message.edited"]);
            assert!(told[0].get("message").is_none(), "it is to be fetched: {told:?}");
        }
        assert_eq!(ben.get(&path(&said)).await.body, edited);
        assert_eq!(late.get(&path(&said)).await.status, 404);
        let after = say(&ann, club, "two").await;
        let from = cursor(&late).await;
        assert_eq!(edit(&ann, &path(&after), "three").await.0, 200);
        assert_eq!(events_since(&late, &from).await[0]["message"]["text"], "three");
    }

    async fn what_it_said_is_for_its_sender_and_for_admins(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        let club = group(&ann, "club", &[&ben, &cat]).await;
        let said = say(&ben, club, "one").await;
        for text in ["two", "three"] {
            app.advance(1);
            assert_eq!(edit(&ben, &path(&said), text).await.0, 200);
        }
        let edits = format!("{}/edits", path(&said));
        for who in [&ann, &ben] {
            let list = who.get(&edits).await.body["edits"].clone();
            let texts: Vec<_> = list.as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
            assert_eq!(texts, ["one", "two"]);
            assert!(list[0]["edited_at"].as_str() < list[1]["edited_at"].as_str(), "{list}");
        }
        assert_eq!(cat.get(&edits).await.status, 403);
        assert_eq!(edit(&ann, &path(&said), "mine").await.0, 403, "not even the owner");

        assert_eq!(ben.post(&format!("{}/recall", path(&said)), json!({})).await.status, 200);
        assert_eq!(ben.get(&edits).await.body, json!({"edits": []}), "recalled: nothing is left");
        let (status, problem) = edit(&ben, &path(&said), "four").await;
        assert_eq!((status, &problem["code"]), (409, &json!("recalled")));
    }

    async fn only_who_may_speak_may_edit(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ben, club, "one").await;
        let member = format!("/groups/{club}/members/{}", ben.id());
        let until = json!({"muted_until": "2999-01-01T00:00:00.000Z"});
        assert_eq!(ann.patch(&member, until).await.status, 200);
        let (status, problem) = edit(&ben, &path(&said), "two").await;
        assert_eq!((status, &problem["code"]), (403, &json!("muted")));
        assert_eq!(edit(&ann, &format!("/conversations/{club}/messages/1"), "x").await.0, 403, "a notice");
        assert_eq!(edit(&ann, &format!("/conversations/{club}/messages/99"), "x").await.0, 404);
        assert_eq!(ann.delete(&member).await.status, 204);
        assert_eq!(edit(&ben, &path(&said), "two").await.0, 404);
    }

    async fn whom_it_named_it_may_go_on_naming(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        let club = group(&ann, "club", &[&ben, &cat]).await;
        let admin = |role: &str| json!({"role": role});
        let bens = format!("/groups/{club}/members/{}", ben.id());
        assert_eq!(ann.patch(&bens, admin("admin")).await.status, 200);
        let name = |who: &Client, name: &str| json!({"user_id": who.id(), "name": name});
        let body = json!({"client_id": fresh_key(), "text": "@cat @all tea?",
                          "mentions": [name(&cat, "cat")], "mentions_all": true});
        let said = ben.post(&format!("/conversations/{club}/messages"), body).await.body;
        assert_eq!(ann.delete(&format!("/groups/{club}/members/{}", cat.id())).await.status, 204);
        assert_eq!(ann.patch(&bens, admin("member")).await.status, 200);

        let body = json!({"text": "@cat @ann @all coffee?", "mentions_all": true,
                          "mentions": [name(&cat, "cat"), name(&ann, "ann")]});
        let edited = ben.patch(&path(&said), body.clone()).await;
        assert_eq!(edited.status, 200, "{}", edited.body);
        assert_eq!((&edited.body["mentions"], &edited.body["mentions_all"]), (&body["mentions"], &json!(true)));
        let span = format!("<span class=\"mention\" data-user-id=\"{}\">@cat</span>", cat.id());
        assert!(edited.body["html"].as_str().unwrap().contains(&span), "{}", edited.body);

        let plain = say(&ben, club, "@cat @all").await;
        let new = json!({"text": "@ann @cat", "mentions": [name(&ann, "ann"), name(&cat, "cat")]});
        let refused = ben.patch(&path(&plain), new).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body["errors"].get("mentions.1").is_some(), "{}", refused.body);
        let new = json!({"text": "@cat @all", "mentions_all": true});
        assert_eq!(ben.patch(&path(&plain), new.clone()).await.status, 403);
        assert_eq!(ben.patch(&path(&said), json!({"text": "nobody"})).await.status, 200);
        assert_eq!(ben.patch(&path(&said), new).await.status, 403, "it no longer named anybody");
    }

    async fn its_bounds_are_those_of_a_send(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let said = say(&ann, group(&ann, "club", &[&ben]).await, "one").await;
        for bad in [json!({}), json!({"text": " "}), json!({"text": 1}), json!({"text": "x".repeat(10_001)}),
                    json!({"text": "nul\u{0}"}), json!({"text": "x", "sender_id": 1})] {
            assert_eq!(ann.patch(&path(&said), bad.clone()).await.status, 422, "{bad}");
        }
        for n in 0..100 {
            assert_eq!(edit(&ann, &path(&said), &format!("{n}")).await.0, 200);
        }
        let (status, problem) = edit(&ann, &path(&said), "once more").await;
        assert_eq!((status, &problem["code"]), (409, &json!("conflict")));
    }

    async fn a_reply_answers_what_is_there(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ann, club, "one").await;
        let to_it = async |seq: &Value| {
            let body = json!({"client_id": fresh_key(), "text": "yes", "reply_to": seq});
            let answer = ben.post(&format!("/conversations/{club}/messages"), body).await;
            (answer.status, answer.body)
        };
        let (status, reply) = to_it(&said["seq"]).await;
        assert_eq!((status, &reply["reply_to"]), (201, &said["seq"]));
        assert_eq!(edit(&ben, &path(&reply), "no").await.1["reply_to"], said["seq"]);
        let page = ben.get(&format!("/conversations/{club}/messages?limit=1")).await.body;
        assert_eq!(page["quoted"], json!([said]), "what is quoted comes with the page");
        let page = ben.get(&format!("/conversations/{club}/messages?limit=2")).await.body;
        assert_eq!(page.get("quoted"), None, "unless it is in it");
        assert_eq!(ann.post(&format!("{}/recall", path(&said)), json!({})).await.status, 200);
        let page = ben.get(&format!("/conversations/{club}/messages?limit=1")).await.body;
        assert!(page["quoted"][0]["recalled"].is_object(), "{page}");
        for bad in [&said["seq"], &json!(99), &json!(1)] {
            assert_eq!(to_it(bad).await.0, 422, "recalled, not there, a notice: {bad}");
        }
    }

    async fn a_quote_shows_nothing_that_the_reader_may_not_see(app: TestApp) {
        let (ann, ben, late) = (app.person("ann").await, app.person("ben").await, app.person("late").await);
        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ann, club, SECRET).await;
        assert_eq!(late.post(&format!("/groups/{club}/join"), json!({})).await.status, 200);
        let body = json!({"client_id": fresh_key(), "text": "yes", "reply_to": said["seq"]});
        assert_eq!(late.post(&format!("/conversations/{club}/messages"), body.clone()).await.status, 422);
        assert_eq!(ben.post(&format!("/conversations/{club}/messages"), body).await.status, 201);
        let page = late.get(&format!("/conversations/{club}/messages")).await.body;
        assert!(page.get("quoted").is_none() && !page.to_string().contains(SECRET), "{page}");
        let page = ben.get(&format!("/conversations/{club}/messages?limit=1")).await.body;
        assert_eq!(page["quoted"], json!([said]));
    }
}

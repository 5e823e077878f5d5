//! Reports, cases, decisions and appeals.

use serde_json::{Value, json};

use super::{holder, in_seconds, report, told};
use crate::support::{
    TestApp, both_engines,
    talk::{befriend, direct, group, say, texts},
};

const SECRET: &str = "you are a fool";

both_engines! {
    async fn a_message_is_reported_removed_and_both_are_told(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let stranger = app.person("stranger").await;
        let keeper = holder(app, &admin, "keeper", &["moderate_chat"]).await;
        befriend(&ann, &ben).await;
        let talk = direct(&ann, &ben).await;
        say(&ben, talk, "hello").await;
        let said = say(&ann, talk, SECRET).await;
        let subject = json!({"kind": "message", "conversation_id": talk, "seq": said["seq"]});
        let body = json!({"subject": subject, "reason": "abuse"});
        let unseen = stranger.post("/reports", body.clone()).await;
        assert_eq!((unseen.status, unseen.code()), (404, "not_found"));
        assert_eq!(ann.post("/reports", body.clone()).await.status, 403, "her own");
        let case = report(&ben, talk, &said["seq"]).await;
        assert_eq!(ben.post("/reports", body).await.status, 200, "again is once");

        let page = keeper.get("/moderation/cases").await;
        assert_eq!((page.status, &page.body["open"]), (200, &json!(1)), "{}", page.body);
        let shown = &page.body["cases"][0];
        assert_eq!((&shown["id"], &shown["excerpt"]), (&json!(case), &json!(SECRET)));
        assert_eq!(shown["author"]["id"], ann.id());
        assert_eq!(shown["context"].as_array().unwrap().len(), 2, "{shown}");
        assert_eq!(shown["reports"][0]["reporter"]["id"], ben.id());
        assert_eq!(stranger.get(&format!("/moderation/cases/{case}")).await.status, 403);
        assert_eq!(ann.get(&format!("/cases/{case}")).await.status, 404, "nothing is decided yet");

        let path = format!("/moderation/cases/{case}/decisions");
        let decided = keeper.post(&path, json!({"act": "remove", "note": "be kind"})).await;
        assert_eq!(decided.status, 201, "{}", decided.body);
        assert_eq!(decided.body["state"], "closed");
        assert_eq!(decided.body["excerpt"], Value::Null);
        assert_eq!(decided.body["decisions"][0]["by"]["id"], keeper.id());
        assert_eq!(texts(&ben, talk, "").await, ["hello", ""]);
        let again = keeper.post(&path, json!({"act": "dismiss"})).await;
        assert_eq!((again.status, again.code()), (409, "conflict"));

        assert_eq!(told(&ann).await[0], ("moderation_decided".into(), json!(case)));
        assert_eq!(told(&ben).await[0], ("report_answered".into(), json!(case)));
        let own = ann.get(&format!("/cases/{case}")).await.body;
        assert_eq!((&own["may_appeal"], &own["decisions"][0]["note"]), (&json!(true), &json!("be kind")));
        assert!(own["decisions"][0].get("by").is_none());
        let reporters = ben.get(&format!("/cases/{case}")).await.body;
        assert_eq!((&reporters["may_appeal"], &reporters["decisions"][0]["note"]), (&json!(false), &json!("")));
        assert_eq!(stranger.get(&format!("/cases/{case}")).await.status, 404);
        let log = admin.get("/admin/audit").await.body.to_string();
        assert!(log.contains("subject.removed") && !log.contains(SECRET), "{log}");
    }

    async fn an_appeal_opens_the_case_again_once(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ann, club, SECRET).await;
        let case = report(&ben, club, &said["seq"]).await;
        let until = in_seconds(app, 3_600);
        let path = format!("/moderation/cases/{case}/decisions");
        let decided = admin.post(&path, json!({"act": "mute", "until": until, "note": "a day off"}));
        assert_eq!(decided.await.status, 201);
        let appeal = format!("/cases/{case}/appeal");
        assert_eq!(ben.post(&appeal, json!({"text": "me too"})).await.status, 404);
        let opened = ann.post(&appeal, json!({"text": "it was a joke"})).await;
        assert_eq!((opened.status, &opened.body["state"]), (201, &json!("open")), "{}", opened.body);
        assert_eq!(ann.post(&appeal, json!({"text": "really"})).await.status, 409);
        assert_eq!(told(&admin).await[0].0, "appeal_made");
        let shown = admin.get(&format!("/moderation/cases/{case}")).await.body;
        assert_eq!(shown["appeal"]["text"], "it was a joke");
        let lifted = admin.post(&path, json!({"act": "unmute", "note": "all right"})).await;
        assert_eq!(lifted.status, 201, "{}", lifted.body);
        say(&ann, club, "thank you").await;
        assert_eq!(ann.get(&format!("/cases/{case}")).await.body["may_appeal"], false);
    }

    async fn of_two_moderators_at_once_one_decides(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let keeper = holder(app, &admin, "keeper", &["moderate_chat", "manage_users"]).await;
        let club = group(&ann, "club", &[&ben]).await;
        for n in 0..10 {
            let said = say(&ann, club, &format!("word {n}")).await;
            let case = report(&ben, club, &said["seq"]).await;
            let path = format!("/moderation/cases/{case}/decisions");
            let (one, other) = tokio::join!(
                admin.post(&path, json!({"act": "remove", "note": "no"})),
                keeper.post(&path, json!({"act": "warn", "note": "careful"})),
            );
            let mut both = [one.status, other.status];
            both.sort_unstable();
            assert_eq!(both, [201, 409], "{} {}", one.body, other.body);
            let shown = admin.get(&format!("/moderation/cases/{case}")).await.body;
            assert_eq!(shown["decisions"].as_array().unwrap().len(), 1);
        }
    }

    async fn nobody_decides_what_is_reported_about_themselves(app: TestApp) {
        let (admin, ben) = (app.admin("root").await, app.person("ben").await);
        let keeper = holder(app, &admin, "keeper", &["moderate_chat"]).await;
        let club = group(&keeper, "club", &[&ben]).await;
        let said = say(&keeper, club, SECRET).await;
        let case = report(&ben, club, &said["seq"]).await;
        let page = keeper.get("/moderation/cases").await.body;
        assert_eq!((&page["open"], &page["cases"]), (&json!(0), &json!([])));
        let path = format!("/moderation/cases/{case}");
        assert_eq!(keeper.get(&path).await.status, 404, "nor do they learn who reported it");
        let decided = keeper.post(&format!("{path}/decisions"), json!({"act": "dismiss"})).await;
        assert_eq!(decided.status, 404);
        assert_eq!(admin.get(&path).await.status, 200);
    }

    async fn everybody_decides_what_is_theirs(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let chat = holder(app, &admin, "chat", &["moderate_chat"]).await;
        let users = holder(app, &admin, "users", &["manage_users"]).await;
        let club = group(&ann, "bad name", &[&ben]).await;
        let about = async |subject: Value| {
            let answer = ben.post("/reports", json!({"subject": subject, "reason": "other"})).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
            answer.body["id"].as_i64().unwrap()
        };
        let group = about(json!({"kind": "group", "id": club})).await;
        let person = about(json!({"kind": "user", "id": ann.id()})).await;
        let see = async |who: &crate::support::Client, id: i64| {
            who.get(&format!("/moderation/cases/{id}")).await.status
        };
        assert_eq!((see(&chat, group).await, see(&chat, person).await), (200, 404));
        assert_eq!((see(&users, group).await, see(&users, person).await), (404, 200));
        let decide = async |who: &crate::support::Client, id: i64, body: Value| {
            let answer = who.post(&format!("/moderation/cases/{id}/decisions"), body).await;
            (answer.status, answer.code().to_owned())
        };
        let remove = json!({"act": "remove", "note": "no"});
        assert_eq!(decide(&chat, group, remove.clone()).await.0, 403, "she dissolves no groups");
        let ban = json!({"act": "ban", "note": "no"});
        assert_eq!(decide(&chat, group, ban).await.0, 403, "nor bans");
        assert_eq!(decide(&chat, group, json!({"act": "approve"})).await.0, 422, "nothing is held");
        assert_eq!(decide(&admin, group, remove.clone()).await.0, 201);
        assert_eq!(ann.get(&format!("/groups/{club}")).await.status, 404);
        ann.patch("/me", json!({"name": "a bad name", "signature": "worse"})).await;
        assert_eq!(decide(&users, person, remove).await.0, 201);
        let me = ann.get("/me").await.body;
        assert_eq!((&me["name"], &me["signature"]), (&json!("ann"), &json!("")));
        let bad = json!({"act": "mute", "note": "x"});
        assert_eq!(decide(&admin, person, bad).await, (422, "invalid".into()), "until when?");
    }
}

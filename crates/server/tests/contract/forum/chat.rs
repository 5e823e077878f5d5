//! Forum and chat as one: an article's group, and articles made from what was said.

use reqwest::Method;
use serde_json::{Value, json};

use super::{category, id, operator, published, titles};
use crate::support::{
    Client, TestApp, both_engines,
    talk::{befriend, direct, fresh_key, group, say},
};

/// The consents of an article's quotes, as its author sees them: who, and whether they agree.
async fn consents(author: &Client, article: i64) -> Vec<(i64, String)> {
    let quotes = author.get(&format!("/forum/articles/{article}")).await.body["quotes"].clone();
    let all = quotes["authors"].as_array().unwrap().iter();
    all.map(|one| (id(&one["user"]), one["consent"].as_str().unwrap().to_owned())).collect()
}

both_engines! {
    async fn an_article_is_talked_about_in_a_group_of_its_own(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "借用检查器").await);
        let path = format!("/forum/articles/{article}");
        assert_eq!(ben.get(&path).await.body["discussion"], Value::Null);
        let taken = ben.post("/groups", json!({"name": "借用检查器"})).await;
        assert_eq!(taken.status, 201);
        let joined = ben.put(&format!("{path}/discussion"), json!({})).await;
        assert_eq!(joined.status, 200, "{}", joined.body);
        let again = ben.put(&format!("{path}/discussion"), json!({})).await;
        assert_eq!(joined.body, again.body);
        let there = joined.body["conversation_id"].as_i64().unwrap();
        let found = ben.get(&format!("/groups/{there}")).await.body;
        assert_eq!((&found["name"], &found["article_id"]), (&json!("借用检查器 2"), &json!(article)));
        assert_eq!(found["owner_id"], ann.id());
        let seen = ben.get(&path).await.body["discussion"].clone();
        assert_eq!(seen, json!({"conversation_id": there, "members": 2, "joined": true}));
        assert_eq!(app.visitor().get(&path).await.body["discussion"]["joined"], false);
        say(&ben, there, "hello").await;
        assert_eq!(ben.post(&format!("/groups/{there}/leave"), json!({})).await.status, 204);
        assert_eq!(ben.get(&path).await.body["discussion"]["joined"], false);
        assert_eq!(ann.patch(&path, json!({"status": "draft"})).await.status, 200);
        assert_eq!(ben.put(&format!("{path}/discussion"), json!({})).await.status, 404);
        assert_eq!(ann.put(&format!("{path}/discussion"), json!({})).await.status, 403);
    }

    async fn who_talks_about_what_somebody_left_behind_owns_the_group(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "left behind").await);
        let password = json!({"password": "ann's long password"});
        let gone = ann.send(ann.request(Method::DELETE, "/me").json(&password)).await;
        assert_eq!(gone.status, 204, "{}", gone.body);
        let joined = ben.put(&format!("/forum/articles/{article}/discussion"), json!({})).await;
        assert_eq!(joined.status, 200, "{}", joined.body);
        let there = joined.body["conversation_id"].as_i64().unwrap();
        let found = ben.get(&format!("/groups/{there}")).await.body;
        assert_eq!((&found["owner_id"], &found["member_count"]), (&json!(ben.id()), &json!(1)), "{found}");
    }

    async fn what_was_said_in_private_waits_for_everybodys_consent(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let carl = app.person("carl").await;
        category(&admin, "news", &[]).await;
        befriend(&ann, &ben).await;
        let there = direct(&ann, &ben).await;
        say(&ann, there, "why?").await;
        say(&ben, there, "because **so**").await;
        let body = json!({"conversation_id": there, "seqs": [2, 1]});
        assert_eq!(carl.post("/forum/articles/from_messages", body.clone()).await.status, 404);
        let made = ann.post("/forum/articles/from_messages", body).await;
        assert_eq!((made.status, &made.body["status"]), (201, &json!("draft")), "{}", made.body);
        let text = made.body["text"].as_str().unwrap();
        assert!(text.starts_with("> **ann** · ") && text.contains("> because **so**"), "{text}");
        assert_eq!((&made.body["title"], &made.body["quotes"]["private"]), (&json!("why?"), &json!(true)));
        let article = id(&made.body);
        let path = format!("/forum/articles/{article}");
        let publish = json!({"status": "published"});
        let refused = ann.patch(&path, publish.clone()).await;
        assert_eq!((refused.status, refused.code()), (409, "consent_missing"));
        assert_eq!(ben.get(&format!("{path}/consent")).await.status, 404, "nobody has asked");
        assert_eq!(ben.post(&format!("{path}/consents"), json!({})).await.status, 404);
        assert_eq!(ann.post(&format!("{path}/consents"), json!({})).await.status, 200);
        let both = |consent: &str| vec![(ann.id(), "not_needed".to_owned()), (ben.id(), consent.to_owned())];
        assert_eq!(consents(&ann, article).await, both("asked"));
        let told = ben.get("/notifications").await.body;
        assert_eq!(told["notifications"][0]["kind"], "quote_consent_asked");
        let asked = ben.get(&format!("{path}/consent")).await.body;
        assert_eq!((&asked["quotes"], &asked["asked_by"]["id"]), (&json!(["because **so**"]), &json!(ann.id())));
        assert_eq!(ben.get(&path).await.status, 404, "the draft itself is not shown");
        let answer = async |given: bool| {
            let answer = ben.put(&format!("{path}/consent"), json!({"given": given})).await;
            assert_eq!(answer.status, 204);
        };
        assert_eq!(carl.put(&format!("{path}/consent"), json!({"given": true})).await.status, 404);
        answer(false).await;
        assert_eq!(ann.patch(&path, publish.clone()).await.code(), "consent_missing");
        answer(true).await;
        assert_eq!(consents(&ann, article).await, both("given"));
        // It was agreed to as it is: said otherwise, it has to be asked for again.
        let reworded = json!({"text": format!("{}\n\nHow silly!", made.body["text"].as_str().unwrap())});
        assert_eq!(ann.patch(&path, reworded.clone()).await.status, 200);
        assert_eq!(consents(&ann, article).await, both("missing"));
        assert_eq!(ann.patch(&path, publish.clone()).await.code(), "consent_missing");
        assert_eq!(ann.post(&format!("{path}/consents"), json!({})).await.status, 200);
        answer(true).await;
        let mut again = reworded.clone();
        again["status"] = json!("published");
        assert_eq!(ann.patch(&path, again).await.status, 200, "it says the same");
        let refused = ann.patch(&path, json!({"text": "Something else."})).await;
        assert_eq!((refused.status, refused.code()), (409, "consent_missing"), "{}", refused.body);
        assert_eq!(carl.get(&path).await.body["text"], reworded["text"]);
        assert_eq!(titles(&carl, "").await, ["why?"]);
        assert_eq!(carl.get(&path).await.body.get("quotes"), None);
        // Taken back, it takes the article with it.
        answer(false).await;
        assert_eq!(carl.get(&path).await.status, 404);
        assert_eq!(ann.get(&path).await.body["status"], "draft");
        // Nor is it shown again by moderators who had hidden it.
        answer(true).await;
        assert_eq!(ann.patch(&path, json!({"status": "published"})).await.status, 200);
        let body = json!({"subject": {"kind": "article", "id": article}, "reason": "spam"});
        let case = carl.post("/reports", body).await.body["id"].clone();
        let decide = async |act: &str| {
            let body = json!({"act": act, "note": "x"});
            admin.post(&format!("/moderation/cases/{case}/decisions"), body).await
        };
        assert_eq!(decide("hide").await.status, 201);
        answer(false).await;
        assert_eq!(ann.post(&format!("/cases/{case}/appeal"), json!({"text": "why?"})).await.status, 201);
        let shown = decide("approve").await;
        assert_eq!((shown.status, shown.code()), (409, "consent_missing"), "{}", shown.body);
        assert_eq!(carl.get(&path).await.status, 404);
        answer(true).await;
        assert_eq!(decide("approve").await.status, 201);
        assert_eq!(carl.get(&path).await.status, 200);
    }

    async fn what_was_said_in_the_open_needs_none(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        category(&admin, "news", &[]).await;
        let news = admin.get("/forum/categories").await.body["categories"][0]["id"].as_i64().unwrap();
        let about = id(&published(&ann, news, "what is talked about").await);
        let discussion = format!("/forum/articles/{about}/discussion");
        let there = ben.put(&discussion, json!({})).await.body["conversation_id"].as_i64().unwrap();
        say(&ben, there, "in the open").await;
        let history = ann.get(&format!("/conversations/{there}/messages")).await.body;
        let all = history["messages"].as_array().unwrap();
        let said = all.iter().find(|one| one["text"] == "in the open").unwrap()["seq"].clone();
        let notice = all.iter().find(|one| one["kind"] == "notice").unwrap()["seq"].clone();
        let from = async |seqs: Value| {
            let body = json!({"conversation_id": there, "seqs": seqs, "title": "t"});
            ann.post("/forum/articles/from_messages", body).await
        };
        for bad in [json!([]), json!([9_999]), json!([notice])] {
            assert_eq!(from(bad).await.status, 422);
        }
        let made = from(json!([said])).await;
        assert_eq!((made.status, &made.body["quotes"]["private"]), (201, &json!(false)), "{}", made.body);
        // What others said elsewhere is not quoted from whoever passes it on.
        let body = json!({"client_id": fresh_key(), "forward": {"conversation_id": there, "seqs": [said]}});
        let passed_on = ann.post(&format!("/conversations/{there}/messages"), body).await.body["seq"].clone();
        let refused = from(json!([said, passed_on])).await;
        assert_eq!((refused.status, refused.body["errors"].get("seqs").is_some()), (422, true));
        let path = format!("/forum/articles/{}", id(&made.body));
        assert_eq!(ann.patch(&path, json!({"status": "published"})).await.status, 200);
        // An open group may have been closed when it was said.
        let club = group(&ann, "open club", &[&ben]).await;
        let said_there = say(&ben, club, "among us").await["seq"].clone();
        let body = json!({"conversation_id": club, "seqs": [said_there]});
        let made = ann.post("/forum/articles/from_messages", body).await;
        assert_eq!((made.status, &made.body["quotes"]["private"]), (201, &json!(true)), "{}", made.body);
        assert_eq!(consents(&ann, id(&made.body)).await, [(ben.id(), "missing".to_owned())]);
        let recall = format!("/conversations/{there}/messages/{said}/recall");
        assert_eq!(ben.post(&recall, json!({})).await.status, 200);
        assert_eq!(from(json!([said])).await.status, 422);
    }

    async fn what_was_said_while_the_group_was_closed_waits_for_consent_also_once_it_is_open_again(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let about = id(&published(&ann, news, "what is talked about").await);
        let discussion = format!("/forum/articles/{about}/discussion");
        let there = ben.put(&discussion, json!({})).await.body["conversation_id"].as_i64().unwrap();
        let let_in = async |policy: &str| {
            let answer = ann.patch(&format!("/groups/{there}"), json!({"join_policy": policy})).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
        };
        let quoted = async |seqs: Value| {
            let body = json!({"conversation_id": there, "seqs": seqs, "title": "t"});
            let made = ann.post("/forum/articles/from_messages", body).await;
            assert_eq!(made.status, 201, "{}", made.body);
            let published = ann.patch(&format!("/forum/articles/{}", id(&made.body)), json!({"status": "published"})).await;
            (made.body["quotes"]["private"] == true, published.status)
        };
        let open = say(&ben, there, "for everybody").await["seq"].clone();
        assert_eq!(quoted(json!([open])).await, (false, 200));
        for policy in ["invite", "approval"] {
            let_in(policy).await;
            let closed = say(&ben, there, "among us").await["seq"].clone();
            assert_eq!(quoted(json!([closed])).await, (true, 409));
            let_in("open").await;
            assert_eq!(quoted(json!([closed])).await, (true, 409), "it was said behind {policy}");
            let own = say(&ann, there, "nothing").await["seq"].clone();
            let later = say(&ben, there, "for everybody again").await["seq"].clone();
            assert_eq!(quoted(json!([own, later])).await, (false, 200));
            assert_eq!(quoted(json!([closed, own, later])).await, (true, 409), "one is enough");
            // That it is called otherwise changes nothing.
            assert_eq!(ann.patch(&format!("/groups/{there}"), json!({"name": policy, "join_policy": "open"})).await.status, 200);
            assert_eq!(quoted(json!([later])).await, (false, 200));
        }
    }

    async fn a_retry_makes_no_second_draft(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        category(&admin, "news", &[]).await;
        befriend(&ann, &ben).await;
        let there = direct(&ann, &ben).await;
        let first = say(&ben, there, "one").await["seq"].clone();
        let second = say(&ben, there, "two").await["seq"].clone();
        let make = async |seqs: Value, key: &str| {
            let body = json!({"conversation_id": there, "seqs": seqs, "client_id": key});
            ann.post("/forum/articles/from_messages", body).await
        };
        let made = make(json!([first, second]), "k-1").await;
        assert_eq!(made.status, 201, "{}", made.body);
        // What was sent again is answered as it was, in whatever order it names the messages and whatever became of them.
        assert_eq!(ben.post(&format!("/conversations/{there}/messages/{first}/recall"), json!({})).await.status, 200);
        let again = make(json!([second, first]), "k-1").await;
        assert_eq!((again.status, &again.body), (200, &made.body));
        let other = make(json!([second]), "k-1").await;
        assert_eq!((other.status, other.code()), (409, "client_id_reused"));
        assert_eq!(make(json!([second]), "").await.status, 422);
        assert_eq!(titles(&ann, "?status=draft").await, ["one"]);
        assert_eq!(make(json!([second]), "k-2").await.status, 201);
    }
}

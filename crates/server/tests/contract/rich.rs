//! What a text becomes: Markdown, and people named in it.

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, both_engines,
    talk::{befriend, cursor, direct, events_since, fresh_key, group, say},
};

async fn send(who: &Client, conversation: i64, mut body: Value) -> (u16, Value) {
    body["client_id"] = json!(fresh_key());
    let answer = who.post(&format!("/conversations/{conversation}/messages"), body).await;
    (answer.status, answer.body)
}

fn field(problem: &Value) -> &str {
    let errors = problem["errors"].as_object();
    errors.and_then(|errors| errors.keys().next()).map_or("", String::as_str)
}

both_engines! {
    async fn markdown_is_made_html_and_plain_text_is_not(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let id = direct(&ann, &ben).await;
        let before = cursor(&ben).await;
        let message = say(&ann, id, "**hi** <script>alert(1)</script>\n||psst||").await;
        let html = "<p><strong>hi</strong> &lt;script&gt;alert(1)&lt;/script&gt;<br>\
                    <span class=\"spoiler\">psst</span></p>";
        assert_eq!(message["html"], html);
        assert_eq!(message["text"], "**hi** <script>alert(1)</script>\n||psst||", "as it was typed");
        assert_eq!(events_since(&ben, &before).await[0]["message"]["html"], html);
        for plain in ["hi", "see you :-) >_< snake_case #topic 2*3*4", "<b>x</b>", "1. "] {
            assert_eq!(say(&ann, id, plain).await.get("html"), None, "{plain}");
        }
        let page = ben.get(&format!("/conversations/{id}/messages")).await;
        assert_eq!(page.body["messages"][0]["html"], html);
        assert_eq!(ben.get("/conversations").await.status, 200);
    }

    async fn people_are_named_by_those_who_speak_with_them(app: TestApp) {
        let [ann, ben, cat] = [app.person("ann").await, app.person("ben").await, app.person("cat").await];
        let club = group(&ann, "club", &[&ben]).await;
        let mention = |who: &Client, name: &str| json!({"user_id": who.id(), "name": name});
        let (status, message) =
            send(&ann, club, json!({"text": "hi @Ben _B_!", "mentions": [mention(&ben, "Ben _B_")]})).await;
        assert_eq!(status, 201, "{message}");
        assert_eq!(message["mentions"], json!([mention(&ben, "Ben _B_")]));
        let span = format!("<p>hi <span class=\"mention\" data-user-id=\"{}\">@Ben _B_</span>!</p>", ben.id());
        assert_eq!(message["html"], span);
        for (mentions, at) in [
            (json!([mention(&ben, "ben"), mention(&cat, "cat")]), "mentions.1"),
            (json!([mention(&ben, "ben"), mention(&ben, "cat")]), "mentions.1"),
            (json!([mention(&ben, "dan")]), "mentions.0"),
            (json!([mention(&ben, "")]), "mentions.0"),
            (json!([{"user_id": 9_007_199_254_740_991_i64, "name": "ben"}]), "mentions.0"),
            (json!([{"user_id": -1, "name": "ben"}]), "mentions[0].user_id"),
            (Value::from(vec![mention(&ben, "ben"); 51]), "mentions"),
        ] {
            let body = json!({"text": "@ben and @cat", "mentions": mentions});
            let (status, problem) = send(&ann, club, body).await;
            assert_eq!((status, field(&problem)), (422, at), "{mentions}: {problem}");
        }
        let (status, problem) = send(&cat, club, json!({"text": "@ben", "mentions": [mention(&ben, "ben")]})).await;
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "a stranger learns nothing");
        befriend(&ann, &cat).await;
        let two = direct(&ann, &cat).await;
        assert_eq!(send(&ann, two, json!({"text": "@cat", "mentions": [mention(&cat, "cat")]})).await.0, 201);
        let (status, _) = send(&ann, two, json!({"text": "@ben", "mentions": [mention(&ben, "ben")]})).await;
        assert_eq!(status, 422, "he is not in it");
    }

    async fn only_those_who_lead_a_group_name_everybody(app: TestApp) {
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        for text in ["@all listen", "请注意@全体成员", "@所有人 好"] {
            let (status, message) = send(&ann, club, json!({"text": text, "mentions_all": true})).await;
            assert_eq!((status, &message["mentions_all"]), (201, &json!(true)));
            assert!(message["html"].as_str().unwrap().contains("<span class=\"mention\">@"), "{message}");
        }
        let (status, problem) = send(&ben, club, json!({"text": "@all", "mentions_all": true})).await;
        assert_eq!((status, &problem["code"]), (403, &json!("forbidden")));
        let (status, problem) = send(&ann, club, json!({"text": "all", "mentions_all": true})).await;
        assert_eq!((status, field(&problem)), (422, "mentions_all"));
        let (status, message) = send(&ben, club, json!({"text": "@all is only a word"})).await;
        assert_eq!((status, message.get("mentions_all"), message.get("html")), (201, None, None));
        befriend(&ann, &ben).await;
        let two = direct(&ann, &ben).await;
        assert_eq!(send(&ann, two, json!({"text": "@all", "mentions_all": true})).await.0, 403);
    }
}

//! Muted, suspended, banned: what that means, at once and afterwards.

use reqwest::Method;
use serde_json::json;

use super::{holder, in_seconds, told};
use crate::support::{
    Socket, TestApp, both_engines,
    talk::{fresh_key, group, say, try_to_say},
};

both_engines! {
    async fn whoever_is_suspended_is_out_at_once_and_comes_back_by_themselves(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let token = ann.post("/tokens", json!({"name": "bot"})).await.body["token"].clone();
        let token = token.as_str().unwrap().to_owned();
        let as_bot = async || {
            let visitor = app.visitor();
            let asked = visitor.raw(Method::GET, "/me").bearer_auth(&token);
            visitor.send(asked).await.status
        };
        assert_eq!(as_bot().await, 200);
        let mut socket = Socket::open(&ann, "/events/socket").await.unwrap();
        socket.hear_type("hello").await;
        let until = in_seconds(app, 3_600);
        let body = json!({"user_id": ann.id(), "act": "suspend", "until": until, "note": "spam"});
        let done = admin.post("/moderation/decisions", body).await;
        assert_eq!(done.status, 201, "{}", done.body);
        assert_eq!(done.body["state"], "closed");
        socket.hear_close().await;
        assert_eq!(ann.get("/me").await.status, 401);
        assert_eq!(as_bot().await, 401);

        let log_in = async |password: &str| {
            app.visitor().post("/session", json!({"username": "ann", "password": password})).await
        };
        let wrong = log_in("not her password").await;
        assert_eq!((wrong.status, wrong.code()), (401, "wrong_credentials"));
        let right = log_in("ann's long password").await;
        assert_eq!((right.status, right.code()), (403, "suspended"));
        assert!(right.body["detail"].as_str().unwrap().contains(&until), "{}", right.body);

        app.advance(3_601);
        assert_eq!(as_bot().await, 200);
        let back = log_in("ann's long password").await;
        assert_eq!(back.status, 200, "{}", back.body);
        let bot = app.visitor();
        let live = bot.raw(Method::GET, "/events?wait=0").bearer_auth(&token);
        assert_eq!(bot.send(live).await.status, 200, "her token is no ended device");
        let mut ann = app.visitor();
        ann.logged_in(&back.body);
    }

    async fn whoever_is_banned_is_nobody(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let body = json!({"user_id": ann.id(), "act": "ban", "note": "enough"});
        assert_eq!(admin.post("/moderation/decisions", body).await.status, 201);
        assert_eq!(ann.get("/me").await.status, 401);
        let log_in = async || {
            let body = json!({"username": "ann", "password": "ann's long password"});
            app.visitor().post("/session", body).await
        };
        let answer = log_in().await;
        assert_eq!((answer.status, answer.code()), (401, "wrong_credentials"));
        let unknown = json!({"username": "nobody", "password": "ann's long password"});
        let unknown = app.visitor().post("/session", unknown).await;
        assert_eq!(unknown.body, answer.body);
        let body = json!({"user_id": ann.id(), "act": "unban", "note": "a mistake"});
        assert_eq!(admin.post("/moderation/decisions", body).await.status, 201);
        assert_eq!(log_in().await.status, 200);
    }

    async fn whoever_is_muted_says_nothing_anywhere(app: TestApp) {
        let (admin, ann, ben) = (app.admin("root").await, app.person("ann").await, app.person("ben").await);
        let club = group(&ann, "club", &[&ben]).await;
        let said = say(&ann, club, "before").await;
        let until = in_seconds(app, 60);
        let body = json!({"user_id": ann.id(), "act": "mute", "until": until, "note": "calm down"});
        assert_eq!(admin.post("/moderation/decisions", body).await.status, 201);
        assert_eq!(try_to_say(&ann, club).await, (403, "muted".into()));
        let key = json!({"client_id": fresh_key(), "text": "may I?"});
        let refused = ann.post(&format!("/conversations/{club}/messages"), key).await;
        assert!(refused.body["detail"].as_str().unwrap().contains(&until), "{}", refused.body);
        let path = format!("/conversations/{club}/messages/{}", said["seq"]);
        let edit = ann.patch(&path, json!({"text": "after"})).await;
        assert_eq!((edit.status, edit.code()), (403, "muted"));
        assert_eq!(try_to_say(&ben, club).await.0, 201);
        assert_eq!(told(&ann).await[0].0, "moderation_decided");
        app.advance(61);
        assert_eq!(try_to_say(&ann, club).await.0, 201);
    }

    async fn nobody_acts_on_those_above_them_and_an_admin_stays(app: TestApp) {
        let admin = app.admin("root").await;
        let keeper = holder(app, &admin, "keeper", &["manage_users"]).await;
        let other = holder(app, &admin, "other", &["manage_users", "manage_settings"]).await;
        let ann = app.person("ann").await;
        let ban = async |who: &crate::support::Client, id: i64| {
            let body = json!({"user_id": id, "act": "ban", "note": "x"});
            who.post("/moderation/decisions", body).await.status
        };
        assert_eq!(ban(&keeper, admin.id()).await, 403);
        assert_eq!(ban(&keeper, other.id()).await, 403, "they may do more");
        assert_eq!(ban(&keeper, keeper.id()).await, 403);
        assert_eq!(ban(&admin, admin.id()).await, 403, "the last admin, and oneself");
        assert_eq!(ban(&ann, keeper.id()).await, 403);
        assert_eq!(ban(&other, keeper.id()).await, 201);
        assert_eq!(ban(&other, 19_999).await, 404);
    }
}

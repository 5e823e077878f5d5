//! People and groups, for those who manage them.

use serde_json::{Value, json};

use crate::moderation::{holder, in_seconds};
use crate::support::{
    Client, Socket, TestApp, both_engines,
    talk::{befriend, direct, group, look, say, texts},
};

async fn names(who: &Client, query: &str) -> (Vec<String>, Option<String>) {
    let page = who.get(&format!("/admin/users?{query}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let users = page.body["users"].as_array().unwrap();
    let names = users.iter().map(|one| one["user"]["username"].as_str().unwrap().to_owned());
    (names.collect(), page.body["cursor"].as_str().map(str::to_owned))
}

async fn all_names(who: &Client, query: &str) -> Vec<String> {
    let (mut all, mut cursor) = names(who, &format!("limit=2&{query}")).await;
    while let Some(before) = cursor {
        let (more, next) = names(who, &format!("limit=2&{query}&before={before}")).await;
        assert!(!more.is_empty(), "a cursor leads to something");
        all.extend(more);
        cursor = next;
    }
    all
}

both_engines! {
    async fn people_are_found_filtered_and_sorted_page_by_page(app: TestApp) {
        let admin = app.admin("root").await;
        let keeper = holder(app, &admin, "keeper", &["manage_users"]).await;
        for name in ["dave", "carol", "bob", "alice"] {
            let person = app.person(name).await;
            person.patch("/me", json!({"name": format!("{name} 王")})).await;
            app.advance(61);
        }
        let newest = ["alice", "bob", "carol", "dave", "keeper", "root"];
        assert_eq!(all_names(&keeper, "").await, newest);
        let mut by_name = newest;
        by_name.sort_unstable();
        assert_eq!(all_names(&keeper, "sort=name").await, by_name);
        assert_eq!(all_names(&keeper, "sort=seen").await.len(), 6);
        assert_eq!(all_names(&keeper, "sort=seen").await[..2], ["keeper", "alice"]);
        assert_eq!(all_names(&keeper, "q=王&sort=name").await, ["alice", "bob", "carol", "dave"]);
        assert_eq!(all_names(&keeper, "q=car").await, ["carol"]);
        assert_eq!(all_names(&keeper, "q=%25").await, Vec::<String>::new());
        assert_eq!(all_names(&keeper, "filter=admins").await, ["root"]);
        let until = in_seconds(app, 60);
        let carol = keeper.get("/admin/users?q=carol").await.body["users"][0]["user"]["id"].clone();
        let body = json!({"user_id": carol, "act": "suspend", "until": until, "note": "x"});
        assert_eq!(keeper.post("/moderation/decisions", body).await.status, 201);
        assert_eq!(all_names(&keeper, "filter=suspended").await, ["carol"]);
        let one = keeper.get(&format!("/admin/users/{carol}")).await.body;
        assert_eq!((&one["suspended_until"], &one["sessions"]), (&json!(until), &json!(0)));
        app.advance(61);
        assert_eq!(all_names(&keeper, "filter=suspended").await, Vec::<String>::new());
        let own = keeper.get(&format!("/admin/users/{}", keeper.id())).await.body;
        assert_eq!(own["roles"][0]["name"], "keeper");
        for bad in ["limit=0", "limit=101", "filter=some", "before=x", "q=%00", "sort=age"] {
            assert_eq!(keeper.get(&format!("/admin/users?{bad}")).await.status, 422, "{bad}");
        }
    }

    async fn many_are_acted_on_or_none(app: TestApp) {
        let admin = app.admin("root").await;
        let keeper = holder(app, &admin, "keeper", &["manage_users"]).await;
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        let act = async |ids: Value, act: &str| {
            let body = json!({"user_ids": ids, "act": act, "note": "a raid"});
            keeper.post("/admin/users/bulk", body).await.status
        };
        assert_eq!(act(json!([ann.id(), admin.id()]), "ban").await, 403);
        assert_eq!(ann.get("/me").await.status, 200, "nothing has happened");
        assert_eq!(act(json!([ann.id(), ben.id(), ann.id()]), "ban").await, 204);
        assert_eq!((ann.get("/me").await.status, ben.get("/me").await.status), (401, 401));
        assert_eq!(act(json!([ann.id(), ben.id()]), "unban").await, 204);
        assert_eq!(act(json!([]), "ban").await, 422);
        assert_eq!(act(json!([ann.id()]), "remove").await, 422);
        let log = admin.get(&format!("/admin/audit?subject=user:{}", ann.id())).await.body;
        let actions: Vec<_> =
            log["entries"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
        assert_eq!(actions, ["user.unbanned", "user.banned"]);
    }

    async fn a_password_is_reset_and_sessions_end(app: TestApp) {
        let admin = app.admin("root").await;
        let keeper = holder(app, &admin, "keeper", &["manage_users"]).await;
        let ann = app.person("ann").await;
        let path = format!("/admin/users/{}", ann.id());
        assert_eq!(keeper.delete(&format!("{path}/sessions")).await.status, 204);
        assert_eq!(ann.get("/me").await.status, 401);
        let reset = keeper.post(&format!("{path}/password"), json!({})).await;
        let password = reset.body["password"].as_str().unwrap().to_owned();
        let log_in = async |password: &str| {
            app.visitor().post("/session", json!({"username": "ann", "password": password})).await.status
        };
        assert_eq!(log_in("ann's long password").await, 401);
        assert_eq!(log_in(&password).await, 200);
        let above = format!("/admin/users/{}/password", admin.id());
        assert_eq!(keeper.post(&above, json!({})).await.status, 403);
        let log = admin.get("/admin/audit").await.body.to_string();
        assert!(log.contains("user.password_reset") && !log.contains(&password), "{log}");
    }

    async fn sessions_are_looked_at_and_ended_one_by_one(app: TestApp) {
        let admin = app.admin("root").await;
        let keeper = holder(app, &admin, "keeper", &["manage_users"]).await;
        let ann = app.person("ann").await;
        let log_in = json!({"username": "ann", "password": "ann's long password"});
        let mut other = app.visitor();
        app.advance(90);
        let request = other.raw(reqwest::Method::POST, "/session").header("User-Agent", "Lynx/2.9");
        let entered = other.send(request.json(&log_in)).await;
        other.logged_in(&entered.body);
        let path = format!("/admin/users/{}/sessions", ann.id());
        let list = keeper.get(&path).await;
        assert_eq!(list.status, 200, "{}", list.body);
        let sessions = list.body["sessions"].as_array().unwrap();
        assert_eq!(sessions.len(), 2, "{}", list.body);
        assert_eq!((&sessions[0]["user_agent"], &sessions[0]["address"]), (&json!("Lynx/2.9"), &json!("127.0.0.1")));
        let fields: Vec<&String> = sessions[0].as_object().unwrap().keys().collect();
        assert_eq!(fields, ["address", "created_at", "current", "id", "last_seen_at", "user_agent"], "no secret");
        let one = format!("{path}/{}", sessions[0]["id"]);
        let elsewhere = format!("/admin/users/{}/sessions/{}", admin.id(), sessions[0]["id"]);
        assert_eq!(admin.delete(&elsewhere).await.status, 403, "herself");
        assert_eq!(keeper.get(&format!("/admin/users/{}/sessions", admin.id())).await.status, 403);
        assert_eq!(keeper.delete(&elsewhere).await.status, 403);
        let mut socket = Socket::open(&other, "/events/socket").await.unwrap();
        socket.hear_type("hello").await;
        assert_eq!(keeper.delete(&one).await.status, 204);
        socket.hear_close().await;
        assert_eq!((other.get("/me").await.status, ann.get("/me").await.status), (401, 200));
        assert_eq!(keeper.delete(&one).await.status, 404);
        let log = admin.get(&format!("/admin/audit?subject=user:{}", ann.id())).await.body;
        let newest = &log["entries"][0];
        assert_eq!((&newest["action"], &newest["details"]["session_id"]),
                   (&json!("user.session_ended"), &sessions[0]["id"]));
        assert_eq!(log["entries"].as_array().unwrap().len(), 1, "{log}");
    }

    async fn there_is_always_an_admin(app: TestApp) {
        let admin = app.admin("root").await;
        let keeper = holder(app, &admin, "keeper", &["manage_users"]).await;
        let set = async |who: &Client, id: i64, is_admin: bool| {
            who.patch(&format!("/admin/users/{id}"), json!({"is_admin": is_admin})).await.status
        };
        assert_eq!(set(&keeper, keeper.id(), true).await, 403);
        assert_eq!(set(&admin, admin.id(), false).await, 409);
        let gone = json!({"password": "root's long password"});
        let delete = admin.request(reqwest::Method::DELETE, "/me").json(&gone);
        assert_eq!(admin.send(delete).await.status, 409);
        assert_eq!(admin.get("/me").await.status, 200, "nothing has happened");
        assert_eq!(set(&admin, keeper.id(), true).await, 200);
        assert_eq!(set(&keeper, admin.id(), false).await, 200);
        assert_eq!(admin.get("/me").await.body["permissions"], json!([]));
        assert_eq!(set(&keeper, keeper.id(), false).await, 409);
    }

    async fn an_account_goes_and_what_it_said_stays(app: TestApp) {
        let admin = app.admin("root").await;
        let (ann, ben) = (app.person("ann").await, app.person("ben").await);
        befriend(&ann, &ben).await;
        let talk = direct(&ann, &ben).await;
        say(&ann, talk, "remember me").await;
        let hers = group(&ann, "hers", &[&ben]).await;
        let alone = group(&ann, "alone", &[]).await;
        let token = ann.post("/tokens", json!({"name": "bot"})).await.body["token"].clone();
        let mut socket = Socket::open(&ann, "/events/socket").await.unwrap();
        socket.hear_type("hello").await;
        assert_eq!(admin.delete(&format!("/admin/users/{}", ann.id())).await.status, 204);
        socket.hear_close().await;
        let bot = app.visitor();
        let asked = bot.raw(reqwest::Method::GET, "/me").bearer_auth(token.as_str().unwrap());
        assert_eq!((bot.send(asked).await.status, ann.get("/me").await.status), (401, 401));

        let profile = ben.get(&format!("/users/{}", ann.id())).await.body;
        assert_eq!((&profile["deleted"], &profile["signature"]), (&json!(true), &json!("")));
        assert!(!profile.to_string().contains("ann"), "{profile}");
        assert_eq!(texts(&ben, talk, "").await, ["remember me"]);
        assert_eq!(ben.get("/friends").await.body["friends"], json!([]));
        assert_eq!(look(&ben, hers).await["group"]["owner_id"], ben.id());
        assert_eq!(ben.get(&format!("/groups/{alone}")).await.status, 404);
        for query in ["/users?q=ann", "/users?q=deleted", "/search?q=ann&kind=people"] {
            let found = ben.get(query).await;
            assert!(found.status == 200 && !found.body.to_string().contains("deleted"), "{query}: {}", found.body);
        }
        let number = ben.get(&format!("/users?q={}", ann.id())).await.body;
        assert_eq!(number["users"], json!([]));
        let request = ben.post("/friend_requests", json!({"user_id": ann.id()})).await;
        assert_eq!(request.status, 404, "{}", request.body);
        let again = json!({"username": "ann", "password": "another long password"});
        let new = app.visitor().post("/accounts", again).await;
        assert_eq!(new.status, 201, "her name is free: {}", new.body);
        assert_ne!(new.body["user"]["id"], ann.id());
        assert_eq!(admin.delete(&format!("/admin/users/{}", ann.id())).await.status, 404);
        assert_eq!(app.visitor().post("/session", json!({"username": "deleted:10002", "password": ""})).await.status, 401);
    }

    async fn groups_are_listed_and_dissolved(app: TestApp) {
        let admin = app.admin("root").await;
        let keeper = holder(app, &admin, "keeper", &["manage_groups"]).await;
        let ann = app.person("ann").await;
        let (one, two) = (group(&ann, "one club", &[]).await, group(&ann, "two", &[]).await);
        ann.patch(&format!("/groups/{one}"), json!({"announcement": "between us", "join_policy": "invite"})).await;
        let page = keeper.get("/admin/groups?limit=1").await.body;
        assert_eq!((&page["groups"][0]["id"], &page["cursor"]), (&json!(two), &json!(two.to_string())));
        let rest = keeper.get(&format!("/admin/groups?limit=1&before={two}")).await.body;
        assert_eq!((&rest["groups"][0]["id"], &rest["cursor"]), (&json!(one), &Value::Null));
        assert!(!rest.to_string().contains("between us"));
        assert_eq!(keeper.get("/admin/groups?q=CLUB").await.body["groups"].as_array().unwrap().len(), 1);
        let dissolve = async |body: Value| {
            let request = keeper.request(reqwest::Method::DELETE, &format!("/admin/groups/{one}"));
            keeper.send(request.json(&body)).await.status
        };
        assert_eq!(dissolve(json!({"note": ""})).await, 422);
        assert_eq!(dissolve(json!({"note": "spam"})).await, 204);
        assert_eq!(dissolve(json!({"note": "spam"})).await, 404);
        assert_eq!(ann.get(&format!("/conversations/{one}")).await.status, 404);
    }
}

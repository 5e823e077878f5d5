//! Site roles: what they allow holds at once, and nobody gives what they do not have.

use serde_json::json;

use super::grant;
use crate::support::{Socket, TestApp, both_engines};

both_engines! {
    async fn a_role_holds_at_once_and_ends_at_once(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        assert_eq!(ann.get("/moderation/cases").await.status, 403);
        let mut socket = Socket::open(&ann, "/events/socket").await.unwrap();
        socket.hear_type("hello").await;
        let role = grant(&admin, &ann, "Chat keepers", &["moderate_chat"]).await;
        let heard = loop {
            let frame = socket.hear_type("events").await;
            let events = frame["events"].as_array().unwrap().clone();
            if let Some(event) = events.into_iter().find(|one| one["type"] == "user.updated") {
                break event;
            }
        };
        assert_eq!(heard["user_id"], ann.id(), "{heard}");
        assert_eq!(ann.get("/me").await.body["permissions"], json!(["moderate_chat"]));
        assert_eq!(ann.get("/moderation/cases").await.status, 200);
        assert_eq!(ann.get("/site_roles").await.status, 403);

        let path = format!("/site_roles/{role}");
        let changed = admin.patch(&path, json!({"permissions": ["read_audit_log"]})).await;
        assert_eq!(changed.body["name"], "Chat keepers", "{}", changed.body);
        assert_eq!(ann.get("/moderation/cases").await.status, 403);
        assert_eq!(ann.get("/me").await.body["permissions"], json!(["read_audit_log"]));
        let members = admin.get(&format!("{path}/members")).await;
        assert_eq!(members.body["users"][0]["id"], ann.id());
        assert_eq!(admin.delete(&path).await.status, 204);
        assert_eq!(ann.get("/me").await.body["permissions"], json!([]));
        assert_eq!(admin.delete(&path).await.status, 404);
    }

    async fn nobody_gives_what_they_do_not_have(app: TestApp) {
        let (admin, ann) = (app.admin("root").await, app.person("ann").await);
        let ben = app.person("ben").await;
        let strong = admin.post("/site_roles", json!({"name": "Strong", "permissions":
            ["manage_users", "manage_roles"]})).await.body["id"].as_i64().unwrap();
        grant(&admin, &ann, "Roles", &["manage_roles", "manage_emoji"]).await;
        let body = json!({"name": "More", "permissions": ["manage_users"]});
        assert_eq!(ann.post("/site_roles", body).await.status, 403);
        for (path, id) in [(format!("/site_roles/{strong}/members/{}", ann.id()), "self"),
                           (format!("/site_roles/{strong}/members/{}", ben.id()), "other")] {
            assert_eq!(ann.put(&path, json!({})).await.status, 403, "{id}");
        }
        let path = format!("/site_roles/{strong}");
        assert_eq!(ann.patch(&path, json!({"permissions": []})).await.status, 403);
        assert_eq!(ann.patch(&path, json!({"name": "Weak"})).await.status, 403);
        assert_eq!(ann.delete(&path).await.status, 403);
        let own = ann.post("/site_roles", json!({"name": "Emoji", "permissions": ["manage_emoji"]}));
        let own = own.await;
        assert_eq!(own.status, 201, "{}", own.body);
        let id = &own.body["id"];
        let given = ann.put(&format!("/site_roles/{id}/members/{}", ben.id()), json!({})).await;
        assert_eq!(given.status, 204, "{}", given.body);
        let wider = json!({"permissions": ["manage_emoji", "operate_server"]});
        assert_eq!(ann.patch(&format!("/site_roles/{id}"), wider).await.status, 403);
        assert_eq!(ben.get("/me").await.body["permissions"], json!(["manage_emoji"]));
    }

    async fn what_does_not_fit_is_refused(app: TestApp) {
        let admin = app.admin("root").await;
        let make = async |body| admin.post("/site_roles", body).await;
        assert_eq!(make(json!({"name": "Keepers"})).await.status, 201);
        let again = make(json!({"name": "ｋｅｅｐｅｒｓ"})).await;
        assert_eq!((again.status, again.code()), (409, "conflict"));
        for (body, field) in [
            (json!({}), "name"),
            (json!({"name": ""}), "name"),
            (json!({"name": "x".repeat(65)}), "name"),
            (json!({"name": "x", "permissions": ["fly"]}), "permissions[0]"),
            (json!({"name": "x", "is_admin": true}), "is_admin"),
        ] {
            let answer = make(body).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{}", answer.body);
            assert!(answer.body["errors"].get(field).is_some(), "{}", answer.body);
        }
        assert_eq!(admin.put("/site_roles/1/members/10999", json!({})).await.status, 404);
        assert_eq!(admin.put("/site_roles/999/members/10001", json!({})).await.status, 404);
    }
}

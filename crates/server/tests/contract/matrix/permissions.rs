//! Routes that a permission opens × everybody who has one, or none. Whoever has not gets a 403, whatever they ask for.

use std::collections::HashMap;

use protocol::Permission;
use reqwest::Method;
use serde_json::{Value, json};

use super::NOTHING;
use crate::moderation::holder;
use crate::support::{Client, TestApp, both_engines, talk::fresh_key};

/// A route, the permissions of which each opens it, and what whoever has one gets. An admin has them all; a row
/// without any is for admins alone.
pub(super) const ROWS: &[(&str, &[&str], u16)] = &[
    ("GET /invitations", &["manage_invitations"], 200),
    ("POST /invitations", &["manage_invitations"], 201),
    ("DELETE /invitations/{id}", &["manage_invitations"], 404),
    ("POST /forum/categories", &["manage_categories"], 422),
    ("PATCH /forum/categories/{id}", &["manage_categories"], 404),
    ("DELETE /forum/categories/{id}", &["manage_categories"], 404),
    ("GET /site_roles", &["manage_roles", "manage_users"], 200),
    ("POST /site_roles", &["manage_roles"], 201),
    ("PATCH /site_roles/{id}", &["manage_roles"], 404),
    ("DELETE /site_roles/{id}", &["manage_roles"], 404),
    ("GET /site_roles/{id}/members", &["manage_roles"], 404),
    ("PUT /site_roles/{id}/members/{user_id}", &["manage_roles"], 404),
    ("DELETE /site_roles/{id}/members/{user_id}", &["manage_roles"], 404),
    ("GET /moderation/cases", &["moderate_chat", "moderate_forum", "manage_users"], 200),
    ("GET /moderation/cases/{id}", &["moderate_chat", "moderate_forum", "manage_users"], 404),
    (
        "POST /moderation/cases/{id}/decisions",
        &["moderate_chat", "moderate_forum", "manage_users"],
        404,
    ),
    ("POST /moderation/decisions", &["manage_users"], 404),
    ("GET /moderation/words", &["moderate_chat"], 200),
    ("PUT /moderation/words", &["moderate_chat"], 200),
    ("POST /moderation/words/test", &["moderate_chat"], 200),
    ("GET /admin/overview", &["operate_server", "manage_users"], 200),
    ("GET /admin/users", &["manage_users"], 200),
    ("POST /admin/users/bulk", &["manage_users"], 404),
    ("GET /admin/users/{id}", &["manage_users"], 404),
    ("PATCH /admin/users/{id}", &[], 404),
    ("DELETE /admin/users/{id}", &["manage_users"], 404),
    ("POST /admin/users/{id}/password", &["manage_users"], 404),
    ("GET /admin/users/{id}/sessions", &["manage_users"], 404),
    ("DELETE /admin/users/{id}/sessions", &["manage_users"], 404),
    ("DELETE /admin/users/{id}/sessions/{session_id}", &["manage_users"], 404),
    ("GET /admin/groups", &["manage_groups"], 200),
    ("DELETE /admin/groups/{id}", &["manage_groups"], 404),
    ("GET /admin/articles", &["moderate_forum"], 200),
    ("GET /admin/comments", &["moderate_forum"], 200),
    ("GET /admin/settings", &["manage_settings"], 200),
    ("PATCH /admin/settings", &["manage_settings"], 200),
    ("PUT /admin/logo", &["manage_settings"], 415),
    ("DELETE /admin/logo", &["manage_settings"], 204),
    ("GET /admin/audit", &["read_audit_log"], 200),
    ("GET /admin/audit/verify", &["read_audit_log"], 200),
    ("GET /admin/jobs", &["operate_server"], 200),
    ("GET /admin/storage", &["operate_server"], 200),
    ("POST /admin/backup", &[], 401),
    // Without a ticket nobody gets one; who has one is in `admin/server.rs`.
    ("GET /admin/backup", &[], 403),
];

/// What is sent along, where something has to be.
fn body(route: &str) -> Option<Value> {
    Some(match route {
        "POST /invitations" | "PATCH /site_roles/{id}" | "PATCH /forum/categories/{id}" => {
            json!({})
        }
        "POST /forum/categories" => json!({"slug": "", "name": "x"}),
        "POST /site_roles" => json!({"name": fresh_key()}),
        "POST /moderation/cases/{id}/decisions" => json!({"act": "dismiss"}),
        "POST /moderation/decisions" => json!({"user_id": NOTHING, "act": "warn", "note": "x"}),
        "POST /admin/users/bulk" => json!({"user_ids": [NOTHING], "act": "warn", "note": "x"}),
        "PUT /moderation/words" => json!({"words": []}),
        "POST /moderation/words/test" => json!({"text": "x", "words": []}),
        "PATCH /admin/users/{id}" => json!({"is_admin": true}),
        "DELETE /admin/groups/{id}" => json!({"note": "x"}),
        "PATCH /admin/settings" => json!({"new_account_hours": 1}),
        "POST /admin/backup" => json!({"password": "not the password"}),
        _ => return None,
    })
}

async fn call(who: &Client, route: &str) -> (u16, Value) {
    let (method, path) = route.split_once(' ').unwrap();
    let nothing = NOTHING.to_string();
    let ids = ["{id}", "{user_id}", "{session_id}"];
    let path = ids.iter().fold(path.to_owned(), |path, id| path.replace(id, &nothing));
    let request = who.request(Method::from_bytes(method.as_bytes()).unwrap(), &path);
    let answer = who.send(match body(route) {
        Some(body) => request.json(&body),
        None => request,
    });
    let answer = answer.await;
    (answer.status, answer.body)
}

both_engines! {
    async fn a_permission_opens_its_routes_and_no_others(app: TestApp) {
        let admin = app.admin("root").await;
        let (visitor, stranger) = (app.visitor(), app.person("stranger").await);
        let mut holders = HashMap::new();
        for permission in Permission::ALL {
            let word = permission.as_str();
            let name = word.replace('_', "-");
            holders.insert(word, holder(app, &admin, &name, &[word]).await);
        }
        for (route, opened_by, status) in ROWS {
            let (found, body) = call(&visitor, route).await;
            assert_eq!(found, 401, "{route} by a visitor: {body}");
            let (found, body) = call(&stranger, route).await;
            assert_eq!((found, &body["code"]), (403, &json!("forbidden")), "{route}: {body}");
            for (permission, who) in &holders {
                let expected = if opened_by.contains(permission) { *status } else { 403 };
                let (found, body) = call(who, route).await;
                assert_eq!(found, expected, "{route} with {permission}: {body}");
            }
            let (found, body) = call(&admin, route).await;
            assert_eq!(found, *status, "{route} by an admin: {body}");
            assert!(opened_by.iter().all(|one| holders.contains_key(one)), "{route}: no such permission");
        }
    }
}

//! Who may call what: every route of the API's own description × every kind of caller. A route without a row
//! fails, so that nobody adds one without having thought of strangers and of those who were removed. What a
//! permission of the site opens is in `permissions.rs`.

mod permissions;

use std::collections::BTreeSet;

use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};

use crate::files::{picture, uploaded};
use crate::forum;
use crate::support::{Client, Response, TestApp, both_engines, talk::fresh_key};

/// What a route is about, and so who is asked to call it.
enum Row {
    /// Anybody, logged in or not: a visitor gets this status.
    Anybody(u16),
    /// One's own things, for whoever is logged in. It names nothing of anybody else's, so only a visitor is
    /// asked, and gets a 401.
    Own,
    /// It names somebody or something: the statuses of a stranger, of somebody who was removed from the
    /// group, of a plain member and of an admin of the group. A visitor gets a 401.
    Named([u16; 4]),
}

use Row::{Anybody, Named, Own};

const ROWS: &[(&str, Row)] = &[
    ("POST /accounts", Anybody(422)),
    ("GET /site", Anybody(200)),
    ("GET /session", Anybody(200)),
    ("POST /session", Anybody(422)),
    ("DELETE /session", Own),
    ("GET /sessions", Own),
    ("DELETE /sessions/{id}", Named([404, 404, 404, 404])),
    ("GET /tokens", Own),
    ("POST /tokens", Own),
    ("DELETE /tokens/{id}", Named([404, 404, 404, 404])),
    ("GET /me", Own),
    ("PATCH /me", Own),
    ("DELETE /me", Own),
    ("GET /me/export", Own),
    ("POST /reports", Own),
    ("GET /cases/{id}", Named([404, 404, 404, 404])),
    ("POST /cases/{id}/appeal", Named([404, 404, 404, 404])),
    ("PUT /me/avatar", Own),
    ("DELETE /me/avatar", Own),
    ("PUT /me/password", Own),
    ("POST /setup", Own),
    ("GET /users", Own),
    ("GET /users/{id}", Named([200, 200, 200, 200])),
    ("GET /notifications", Own),
    ("PUT /notifications/read", Own),
    ("OPTIONS /uploads", Anybody(204)),
    ("POST /uploads", Own),
    ("GET /uploads/usage", Own),
    ("HEAD /uploads/{id}", Named([404, 404, 404, 404])),
    ("GET /uploads/{id}", Named([404, 404, 404, 404])),
    ("PATCH /uploads/{id}", Named([404, 404, 404, 404])),
    ("DELETE /uploads/{id}", Named([404, 404, 404, 404])),
    ("GET /friends", Own),
    ("PATCH /friends/{user_id}", Named([404, 404, 404, 404])),
    ("DELETE /friends/{user_id}", Named([404, 404, 404, 404])),
    ("GET /friend_requests", Own),
    ("POST /friend_requests", Own),
    ("DELETE /friend_requests/{id}", Named([404, 404, 404, 404])),
    ("POST /friend_requests/{id}/accept", Named([404, 404, 404, 404])),
    ("POST /friend_requests/{id}/decline", Named([404, 404, 404, 404])),
    ("GET /blocks", Own),
    ("PUT /blocks/{user_id}", Named([204, 204, 204, 204])),
    ("DELETE /blocks/{user_id}", Named([204, 204, 204, 204])),
    ("GET /conversations", Own),
    ("POST /conversations", Own),
    ("GET /conversations/{id}", Named([404, 404, 200, 200])),
    ("PATCH /conversations/{id}", Named([404, 404, 200, 200])),
    ("PUT /conversations/{id}/read", Named([404, 404, 204, 204])),
    ("PUT /conversations/{id}/draft", Named([404, 404, 204, 204])),
    ("GET /conversations/{id}/receipts", Named([404, 404, 200, 200])),
    ("GET /conversations/{id}/messages", Named([404, 404, 200, 200])),
    ("POST /conversations/{id}/messages", Named([404, 404, 201, 201])),
    ("GET /conversations/{id}/messages/{seq}", Named([404, 404, 200, 200])),
    ("PATCH /conversations/{id}/messages/{seq}", Named([404, 404, 403, 403])),
    ("GET /conversations/{id}/messages/{seq}/edits", Named([404, 404, 403, 200])),
    ("GET /conversations/{id}/messages/{seq}/readers", Named([404, 404, 403, 403])),
    ("POST /conversations/{id}/messages/{seq}/recall", Named([404, 404, 403, 403])),
    ("PUT /conversations/{id}/messages/{seq}/reactions/{emoji}", Named([404, 404, 204, 204])),
    ("DELETE /conversations/{id}/messages/{seq}/reactions/{emoji}", Named([404, 404, 204, 204])),
    ("PUT /conversations/{id}/messages/{seq}/pin", Named([404, 404, 403, 204])),
    ("DELETE /conversations/{id}/messages/{seq}/pin", Named([404, 404, 403, 204])),
    ("GET /conversations/{id}/pins", Named([404, 404, 200, 200])),
    ("GET /conversations/{id}/messages/{seq}/attachments/{n}", Named([404, 404, 200, 200])),
    ("GET /conversations/{id}/messages/{seq}/attachments/{n}/preview", Named([404, 404, 200, 200])),
    ("GET /conversations/{id}/files", Named([404, 404, 200, 200])),
    ("POST /conversations/{id}/typing", Named([404, 404, 204, 204])),
    ("GET /groups", Own),
    ("POST /groups", Own),
    ("GET /groups/{id}", Named([200, 200, 200, 200])),
    ("PATCH /groups/{id}", Named([404, 404, 403, 200])),
    ("DELETE /groups/{id}", Named([404, 404, 409, 409])),
    ("POST /groups/{id}/transfer", Named([404, 404, 409, 409])),
    ("POST /groups/{id}/join", Named([200, 200, 200, 200])),
    ("POST /groups/{id}/leave", Named([404, 404, 204, 204])),
    ("GET /groups/{id}/members", Named([404, 404, 200, 200])),
    ("POST /groups/{id}/members", Named([404, 404, 403, 403])),
    ("PATCH /groups/{id}/members/{user_id}", Named([404, 404, 403, 200])),
    ("DELETE /groups/{id}/members/{user_id}", Named([404, 404, 403, 204])),
    ("GET /groups/{id}/join_requests", Named([404, 404, 403, 200])),
    ("POST /groups/{id}/join_requests/{request_id}/accept", Named([404, 404, 403, 200])),
    ("POST /groups/{id}/join_requests/{request_id}/decline", Named([404, 404, 403, 204])),
    ("GET /emoji", Own),
    ("POST /emoji", Own),
    ("DELETE /emoji/{id}", Named([404, 404, 404, 404])),
    ("GET /search", Own),
    ("GET /groups/{id}/announcements", Named([404, 404, 200, 200])),
    ("POST /groups/{id}/invite_links", Named([404, 404, 403, 201])),
    ("GET /groups/{id}/invite_links", Named([404, 404, 200, 200])),
    ("DELETE /groups/{id}/invite_links/{link_id}", Named([404, 404, 404, 204])),
    // Nobody has the code that the matrix asks with; who has one is in `groups/links.rs`.
    ("GET /invite_links/{code}", Named([404, 404, 404, 404])),
    ("POST /invite_links/{code}/join", Named([404, 404, 404, 404])),
    // The article is a draft of the owner's, and the comment stands below it: nobody else sees either. What is done
    // with those that everybody can read is in `forum/`.
    ("GET /forum/categories", Anybody(200)),
    ("GET /forum/tags", Anybody(200)),
    ("GET /forum/articles", Anybody(200)),
    ("POST /forum/articles", Own),
    ("POST /forum/articles/from_messages", Own),
    ("POST /forum/preview", Own),
    ("GET /forum/articles/{id}", Anybody(404)),
    ("GET /forum/articles/{id}/summary", Anybody(404)),
    ("PATCH /forum/articles/{id}", Named([404, 404, 404, 404])),
    ("DELETE /forum/articles/{id}", Named([404, 404, 404, 404])),
    ("PUT /forum/articles/{id}/draft", Named([404, 404, 404, 404])),
    ("DELETE /forum/articles/{id}/draft", Named([404, 404, 404, 404])),
    ("GET /forum/articles/{id}/edits", Named([404, 404, 404, 404])),
    ("PUT /forum/articles/{id}/like", Named([404, 404, 404, 404])),
    ("DELETE /forum/articles/{id}/like", Named([404, 404, 404, 404])),
    ("GET /forum/articles/{id}/comments", Anybody(404)),
    ("POST /forum/articles/{id}/comments", Named([404, 404, 404, 404])),
    ("GET /forum/articles/{id}/images/{upload_id}", Anybody(404)),
    ("GET /forum/articles/{id}/images/{upload_id}/preview", Anybody(404)),
    ("PUT /forum/articles/{id}/discussion", Named([404, 404, 404, 404])),
    ("POST /forum/articles/{id}/consents", Named([404, 404, 404, 404])),
    ("GET /forum/articles/{id}/consent", Named([404, 404, 404, 404])),
    ("PUT /forum/articles/{id}/consent", Named([404, 404, 404, 404])),
    ("GET /forum/comments/{id}", Anybody(404)),
    ("PATCH /forum/comments/{id}", Named([404, 404, 404, 404])),
    ("DELETE /forum/comments/{id}", Named([404, 404, 404, 404])),
    ("PUT /forum/comments/{id}/like", Named([404, 404, 404, 404])),
    ("DELETE /forum/comments/{id}/like", Named([404, 404, 404, 404])),
    ("GET /events", Own),
    ("GET /events/stream", Own),
    ("GET /events/socket", Own),
];

/// Only members may read this.
const SECRET: &str = "between the members";
/// An id that nothing has.
const NOTHING: i64 = 9_007_199_254_740_991;

/// Everybody in the story.
struct Cast {
    owner: Client,
    /// Has asked the owner to be friends, and every group to be let in.
    asker: Client,
    /// A plain member of every group, whom others would like to change or remove.
    target: Client,
    /// In the order of [`Row::Named`].
    callers: [Client; 4],
    friend_request: i64,
    session: i64,
    token: i64,
    /// A draft of the owner's.
    article: i64,
    /// On that article, from when it was published.
    comment: i64,
}

/// The owner's draft with a comment, in a category that an operator made.
async fn draft(app: &TestApp, owner: &Client) -> (i64, i64) {
    let category = forum::category(&forum::operator(app).await, "matrix", &[]).await;
    let article = forum::id(&forum::published(owner, category, SECRET).await);
    let path = format!("/forum/articles/{article}");
    let comment = owner.post(&format!("{path}/comments"), json!({"text": SECRET})).await;
    assert_eq!(owner.patch(&path, json!({"status": "draft"})).await.status, 200);
    (article, forum::id(&comment.body))
}

async fn cast(app: &TestApp) -> Cast {
    let (owner, asker) = (app.person("owner").await, app.person("asker").await);
    let target = app.person("target").await;
    let callers = [
        app.person("stranger").await,
        app.person("former").await,
        app.person("member").await,
        app.person("admin").await,
    ];
    let asked = asker.post("/friend_requests", json!({"user_id": owner.id()})).await;
    let sessions = owner.get("/sessions").await;
    let token = owner.post("/tokens", json!({"name": "bot"})).await;
    let (article, comment) = draft(app, &owner).await;
    Cast {
        article,
        comment,
        friend_request: asked.body["id"].as_i64().unwrap(),
        session: sessions.body["sessions"][0]["id"].as_i64().unwrap(),
        token: token.body["id"].as_i64().unwrap(),
        owner,
        asker,
        target,
        callers,
    }
}

/// A group, the asker's request to join it, the place of what its owner said there, and a link to it.
type Numbers = (i64, i64, i64, i64);

/// A group with everybody in their place, for this route.
async fn club(cast: &Cast, route: &str) -> Numbers {
    let Cast { owner, asker, target, callers: [_, former, member, admin], .. } = cast;
    let made = owner.post("/groups", json!({"name": fresh_key()})).await;
    let id = made.body["id"].as_i64().unwrap();
    let path = format!("/groups/{id}");
    for who in [target, former, member, admin] {
        assert_eq!(who.post(&format!("{path}/join"), json!({})).await.status, 200);
    }
    let admins = format!("{path}/members/{}", admin.id());
    let promoted = owner.patch(&admins, json!({"role": "admin"}));
    assert_eq!(promoted.await.status, 200);
    assert_eq!(owner.delete(&format!("{path}/members/{}", former.id())).await.status, 204);
    let closed = owner.patch(&path, json!({"join_policy": "approval", "announcement": SECRET}));
    assert_eq!(closed.await.status, 200);
    let mut said = json!({"client_id": fresh_key(), "text": SECRET});
    if route.contains("/attachments/") {
        let photo = uploaded(owner, "a.png", &picture(40, 30, ImageFormat::Png)).await;
        said["attachments"] = json!([{"upload_id": photo["id"]}]);
    }
    let said = owner.post(&format!("/conversations/{id}/messages"), said).await;
    assert_eq!(said.status, 201);
    assert_eq!(asker.post(&format!("{path}/join"), json!({})).await.body["status"], "pending");
    let waiting = owner.get(&format!("{path}/join_requests")).await;
    let request = waiting.body["join_requests"][0]["id"].as_i64().unwrap();
    let link = owner.post(&format!("{path}/invite_links"), json!({})).await;
    assert_eq!(link.status, 201);
    (id, request, said.body["seq"].as_i64().unwrap(), link.body["id"].as_i64().unwrap())
}

/// Which numbers stand in a route's path, by name.
fn ids(cast: &Cast, route: &str, (club, request, said, link): Numbers) -> [(&'static str, i64); 7] {
    let (_, path) = route.split_once(" /").unwrap();
    let id = match path.split('/').next().unwrap() {
        "sessions" => cast.session,
        "tokens" => cast.token,
        "users" => cast.owner.id(),
        "friend_requests" => cast.friend_request,
        "cases" => NOTHING,
        "forum" if path.starts_with("forum/comments") => cast.comment,
        "forum" => cast.article,
        _ => club,
    };
    [
        ("{id}", id),
        ("{user_id}", cast.target.id()),
        ("{request_id}", request),
        ("{seq}", said),
        ("{link_id}", link),
        ("{n}", 0),
        ("{upload_id}", NOTHING),
    ]
}

/// What is sent along, where something has to be.
fn body(cast: &Cast, route: &str) -> Option<Value> {
    Some(match route {
        "POST /cases/{id}/appeal" => json!({"text": "x"}),
        "PATCH /friends/{user_id}" => json!({"remark": "x"}),
        "PATCH /conversations/{id}" => json!({"pinned": true}),
        "PUT /conversations/{id}/read" => json!({"seq": 1}),
        "PUT /conversations/{id}/draft" => json!({"text": "x"}),
        "POST /conversations/{id}/messages" => json!({"client_id": fresh_key(), "text": "x"}),
        "PATCH /conversations/{id}/messages/{seq}" => json!({"text": "x"}),
        "PATCH /groups/{id}" => json!({"description": "x"}),
        "POST /groups/{id}/transfer" => json!({"user_id": cast.target.id()}),
        "POST /groups/{id}/members" => json!({"user_id": cast.asker.id()}),
        "PATCH /groups/{id}/members/{user_id}" => json!({"nickname": "x"}),
        "PUT /forum/articles/{id}/draft" => {
            json!({"title": "x", "text": "x", "category_id": null, "head_image_id": null})
        }
        "POST /forum/articles/{id}/comments" => json!({"text": "x"}),
        "PUT /forum/articles/{id}/consent" => json!({"given": true}),
        "PATCH /forum/articles/{id}" | "PATCH /forum/comments/{id}" => json!({}),
        "POST /accounts" | "POST /session" | "POST /groups/{id}/invite_links" => json!({}),
        _ => return None,
    })
}

async fn call(
    cast: &Cast,
    who: &Client,
    route: &str,
    ids: impl IntoIterator<Item = (&str, i64)>,
) -> Response {
    let (method, path) = route.split_once(' ').unwrap();
    let path = ids
        .into_iter()
        .fold(path.to_owned(), |path, (name, id)| path.replace(name, &id.to_string()))
        .replace("{emoji}", "%F0%9F%91%8D");
    let mut request = who.request(Method::from_bytes(method.as_bytes()).unwrap(), &path);
    if path.starts_with("/uploads") {
        let part = "application/offset+octet-stream";
        request = request.header("Tus-Resumable", "1.0.0").header("Content-Type", part);
        request = request.header("Upload-Offset", 0);
    }
    let body = body(cast, route);
    who.send(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
}

/// Every route of the description: `GET /groups/{id}`.
async fn described(app: &TestApp) -> BTreeSet<String> {
    let description = app.visitor().get("//api/openapi.json").await.body;
    let mut routes = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let path = path.strip_prefix("/api/v1").unwrap();
            routes.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    routes
}

both_engines! {
    async fn every_route_has_a_row(app: TestApp) {
        let permitted = permissions::ROWS.iter().map(|(route, ..)| *route);
        let all: Vec<&str> = ROWS.iter().map(|(route, _)| *route).chain(permitted).collect();
        let rows: BTreeSet<String> = all.iter().map(|route| (*route).to_owned()).collect();
        assert_eq!(rows.len(), all.len(), "a row stands twice");
        assert_eq!(described(app).await, rows);
    }

    async fn every_kind_of_caller_gets_what_is_theirs(app: TestApp) {
        let cast = cast(app).await;
        let visitor = app.visitor();
        for (route, row) in ROWS {
            let known = ids(&cast, route, (NOTHING, NOTHING, NOTHING, NOTHING));
            let expected = if let Anybody(status) = row { *status } else { 401 };
            let answer = call(&cast, &visitor, route, known).await;
            assert_eq!(answer.status, expected, "{route} by a visitor: {}", answer.body);
            let Named(statuses) = row else { continue };
            for (n, (who, expected)) in cast.callers.iter().zip(statuses).enumerate() {
                let is_club = route.contains(" /groups/") || route.contains(" /conversations/");
                let nothing = (NOTHING, NOTHING, NOTHING, NOTHING);
                let numbers = if is_club { club(&cast, route).await } else { nothing };
                let answer = call(&cast, who, route, ids(&cast, route, numbers)).await;
                let what = format!("{route} by caller {n}: {}", answer.body);
                assert_eq!(answer.status, *expected, "{what}");
                if n < 2 {
                    assert!(!answer.body.to_string().contains(SECRET), "{what}");
                }
                if *expected == 404 {
                    let nothing = ids(&cast, route, numbers).map(|(name, _)| (name, NOTHING));
                    let nothing = call(&cast, who, route, nothing).await;
                    assert_eq!((nothing.status, &nothing.body), (404, &answer.body), "{what}");
                }
            }
        }
    }
}

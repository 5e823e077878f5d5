//! Tells a story: makes everybody, and has them speak through the router that serves all others.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{Method, Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use delivery::Clock;
use protocol::Timestamp;
use serde_json::{Value, json};
use tower::Service as _;

use super::picture;
use super::story::{self, Article, Group, Line, Scene, Story, line, minutes};
use crate::app::AppState;
use crate::client_address::Peer;
use crate::{accounts, json as body, router};

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 1024 * 1024;
/// Between two lines of a talk, in milliseconds: a breath, and some time for each character.
const BREATH: i64 = 9_000;
const CHARACTER: i64 = 700;

/// A body of a request.
enum Sent {
    Nothing,
    Json(Value),
    Part(Vec<u8>),
}

pub(super) struct Teller {
    app: AppState,
    clock: Clock,
    /// When the story ends.
    now: Timestamp,
    /// Username → token and account number.
    people: HashMap<String, (String, i64)>,
    /// Key → conversation.
    groups: HashMap<String, i64>,
    /// Sends so far: their idempotency keys.
    sends: u64,
}

/// Something that is to be told at a time.
enum Told<'a> {
    Scene(&'a Scene),
    Article(&'a Article),
}

impl Teller {
    pub(super) fn new(app: AppState, clock: Clock, now: Timestamp) -> Self {
        Self { app, clock, now, people: HashMap::new(), groups: HashMap::new(), sends: 0 }
    }

    pub(super) async fn tell(&mut self, story: &Story, password: &str) -> anyhow::Result<()> {
        self.make_people(story, password).await?;
        for friends in &story.friends {
            for other in &friends.others {
                let (who, whom) = (&friends.who, other);
                let (ours, theirs) = (self.number(who)?, self.number(whom)?);
                self.post(who, "/friend_requests", json!({"user_id": theirs})).await?;
                self.post(whom, "/friend_requests", json!({"user_id": ours})).await?;
            }
        }
        for group in &story.groups {
            self.make_group(group).await?;
        }
        for category in &story.categories {
            let moderators: Vec<i64> =
                category.moderators.iter().map(|who| self.number(who)).collect::<Result<_, _>>()?;
            let body = json!({
                "slug": category.slug, "name": category.name, "in_top_menu": true,
                "description": category.description, "moderator_ids": moderators,
            });
            self.post(&story.people[0].username, "/forum/categories", body).await?;
        }
        let scenes = story.scenes.iter().map(|scene| (story::ago(&scene.ago), Told::Scene(scene)));
        let articles = story.articles.iter().map(|one| (story::ago(&one.ago), Told::Article(one)));
        let mut told: Vec<_> = scenes.chain(articles).collect();
        told.sort_by_key(|(ago, _)| std::cmp::Reverse(*ago));
        for (ago, what) in told {
            self.until(ago.context("a time cannot be read")?);
            match what {
                Told::Scene(scene) => self.play(scene).await?,
                Told::Article(article) => self.publish(article, &story.people[0].username).await?,
            }
        }
        self.until(0);
        // Nobody needs the tokens any more; everybody has the password.
        for person in &story.people {
            self.withdraw_tokens(&person.username).await?;
        }
        Ok(())
    }

    /// Lets the time come that lies so many minutes before now; it may be past already.
    fn until(&self, ago: i64) {
        let target = self.now.millis() - minutes(ago);
        self.clock.advance(target - self.clock.now().millis());
    }

    async fn make_people(&mut self, story: &Story, password: &str) -> anyhow::Result<()> {
        for person in &story.people {
            let (name, secret) = (person.username.as_str(), Some(password.to_owned()));
            let id = accounts::create_user(&self.app, name, secret, person.admin).await?;
            let token = accounts::create_token_for(&self.app, name).await?.token;
            self.people.insert(name.to_owned(), (token, id.get()));
            let profile = json!({
                "name": person.name, "signature": person.signature, "locale": person.locale,
            });
            self.send(name, Method::PATCH, "/me", Sent::Json(profile)).await?;
        }
        Ok(())
    }

    async fn make_group(&mut self, group: &Group) -> anyhow::Result<()> {
        let body = json!({
            "name": group.name, "description": group.description, "join_policy": "open",
        });
        let made = self.post(&group.owner, "/groups", body).await?;
        let id = made["id"].as_i64().context("a group has no number")?;
        self.groups.insert(group.key.clone(), id);
        for who in group.admins.iter().chain(&group.members) {
            self.post(who, &format!("/groups/{id}/join"), json!({})).await?;
        }
        for who in &group.admins {
            let path = format!("/groups/{id}/members/{}", self.number(who)?);
            let body = Sent::Json(json!({"role": "admin"}));
            self.send(&group.owner, Method::PATCH, &path, body).await?;
        }
        if !group.announcement.is_empty() {
            let body = Sent::Json(json!({"announcement": group.announcement}));
            self.send(&group.owner, Method::PATCH, &format!("/groups/{id}"), body).await?;
        }
        Ok(())
    }

    async fn play(&mut self, scene: &Scene) -> anyhow::Result<()> {
        let conversation = self.place(&scene.place).await?;
        let messages = format!("/conversations/{conversation}/messages");
        let (mut last, mut speakers) = (0, Vec::new());
        for text in &scene.lines {
            match line(text).with_context(|| format!("cannot be read: {text}"))? {
                Line::Say { who, text, picture, depth } => {
                    let typed = i64::try_from(text.chars().count()).unwrap_or(0);
                    self.clock.advance(BREATH + typed * CHARACTER);
                    self.sends += 1;
                    let mut body =
                        json!({"client_id": format!("demo-{}", self.sends), "text": text});
                    if depth > 0 {
                        body["reply_to"] = json!(last);
                    }
                    if let Some(name) = picture {
                        let upload = self.upload(who, name).await?;
                        body["attachments"] = json!([{"upload_id": upload}]);
                    }
                    let said = self.post(who, &messages, body).await?;
                    last = said["seq"].as_i64().context("a message has no place")?;
                    speakers.push(who);
                }
                Line::React { who, emoji } => {
                    let path = format!("{messages}/{last}/reactions/{}", percent(emoji));
                    self.send(who, Method::PUT, &path, Sent::Nothing).await?;
                }
                Line::Pin { who } => {
                    self.send(who, Method::PUT, &format!("{messages}/{last}/pin"), Sent::Nothing)
                        .await?;
                }
            }
        }
        // Who took part has seen it all; to everybody else it is new.
        speakers.sort_unstable();
        speakers.dedup();
        for who in speakers {
            let body = Sent::Json(json!({"seq": last}));
            let path = format!("/conversations/{conversation}/read");
            self.send(who, Method::PUT, &path, body).await?;
        }
        Ok(())
    }

    async fn place(&mut self, place: &str) -> anyhow::Result<i64> {
        match place.split_once(':') {
            Some(("group", key)) => self.groups.get(key).copied().context("no such group"),
            Some(("direct", pair)) => {
                let (who, whom) = pair.split_once(',').context("two people talk")?;
                let body = json!({"user_id": self.number(whom)?});
                let made = self.post(who, "/conversations", body).await?;
                made["id"].as_i64().context("a conversation has no number")
            }
            _ => anyhow::bail!("no such place: {place}"),
        }
    }

    async fn publish(&mut self, article: &Article, admin: &str) -> anyhow::Result<()> {
        let categories =
            self.send(&article.author, Method::GET, "/forum/categories", Sent::Nothing).await?;
        let category = categories["categories"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["slug"] == article.category.as_str()))
            .context("no such category")?;
        let mut body = json!({
            "category_id": category["id"], "title": article.title, "summary": article.summary,
            "text": article.text.trim(), "tags": article.tags, "status": "published",
        });
        if let Some(name) = &article.picture {
            body["head_image_id"] = json!(self.upload(&article.author, name).await?);
        }
        let made = self.post(&article.author, "/forum/articles", body).await?;
        let path = format!("/forum/articles/{}", made["id"]);
        if article.pinned {
            self.send(admin, Method::PATCH, &path, Sent::Json(json!({"pinned": true}))).await?;
        }
        for who in &article.likes {
            self.clock.advance(minutes(3));
            self.send(who, Method::PUT, &format!("{path}/like"), Sent::Nothing).await?;
        }
        // The last comment at each depth.
        let mut above: Vec<Value> = Vec::new();
        for text in &article.comments {
            let Some(Line::Say { who, text, depth, .. }) = line(text) else { continue };
            self.clock.advance(minutes(7));
            above.truncate(depth);
            let parent = above.last().cloned().unwrap_or_default();
            let body = match parent {
                Value::Null => json!({"text": text}),
                parent => json!({"text": text, "parent_id": parent}),
            };
            let made = self.post(who, &format!("{path}/comments"), body).await?;
            above.push(made["id"].clone());
        }
        Ok(())
    }

    /// Uploads a painted picture, by tus as every client.
    async fn upload(&mut self, who: &str, name: &str) -> anyhow::Result<String> {
        let bytes = picture::paint(name)?;
        let metadata = format!("filename {}", STANDARD.encode(format!("{name}.jpg")));
        let request = self
            .request(who, Method::POST, "/uploads")?
            .header("Upload-Length", bytes.len())
            .header("Upload-Metadata", metadata);
        let made = self.call(request, Sent::Nothing).await?;
        let location = made.headers().get(header::LOCATION).context("an upload has no address")?;
        let id = location.to_str()?.rsplit('/').next().unwrap_or_default().to_owned();
        let request =
            self.request(who, Method::PATCH, &format!("/uploads/{id}"))?.header("Upload-Offset", 0);
        self.call(request, Sent::Part(bytes)).await?;
        Ok(id)
    }

    async fn withdraw_tokens(&self, who: &str) -> anyhow::Result<()> {
        let listed = self.send(who, Method::GET, "/tokens", Sent::Nothing).await?;
        for token in listed["tokens"].as_array().into_iter().flatten() {
            let path = format!("/tokens/{}", token["id"]);
            self.send(who, Method::DELETE, &path, Sent::Nothing).await?;
        }
        Ok(())
    }

    fn number(&self, who: &str) -> anyhow::Result<i64> {
        self.people.get(who).map(|(_, id)| *id).with_context(|| format!("nobody is {who}"))
    }

    async fn post(&self, who: &str, path: &str, body: Value) -> anyhow::Result<Value> {
        self.send(who, Method::POST, path, Sent::Json(body)).await
    }

    async fn send(
        &self,
        who: &str,
        method: Method,
        path: &str,
        sent: Sent,
    ) -> anyhow::Result<Value> {
        let answer = self.call(self.request(who, method, path)?, sent).await?;
        let bytes = body::collect(answer.into_body(), MAX_ANSWER).await?;
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    fn request(
        &self,
        who: &str,
        method: Method,
        path: &str,
    ) -> anyhow::Result<axum::http::request::Builder> {
        let (token, _) = self.people.get(who).with_context(|| format!("nobody is {who}"))?;
        Ok(Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("Tus-Resumable", "1.0.0"))
    }

    async fn call(
        &self,
        request: axum::http::request::Builder,
        sent: Sent,
    ) -> anyhow::Result<axum::response::Response> {
        let (kind, bytes) = match sent {
            Sent::Nothing => (None, Vec::new()),
            Sent::Json(value) => (Some("application/json"), value.to_string().into_bytes()),
            Sent::Part(bytes) => (Some("application/offset+octet-stream"), bytes),
        };
        let mut request = request.header(header::CONTENT_LENGTH, bytes.len());
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let mut request = request.body(Body::from(bytes))?;
        let what = format!("{} {}", request.method(), request.uri());
        request.extensions_mut().insert(Peer(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))));
        let answer = match router::router(AppState::clone(&self.app)).call(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status();
        let why = body::collect(answer.into_body(), MAX_ANSWER).await?;
        anyhow::bail!("{what}: {status} {}", String::from_utf8_lossy(&why))
    }
}

/// Every byte as `%XX`: for an emoji in a path.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

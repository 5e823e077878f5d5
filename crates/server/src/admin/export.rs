//! All that is one's own, as one JSON document, written while it is read: no more than a page of it is in memory.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use database::Connection;
use futures_util::stream;
use protocol::UserId;
use serde::Serialize;
use serde_json::{Value, json};

use super::store::{self, OwnPost};
use crate::{
    accounts,
    app::App,
    caller::Caller,
    friends, groups, messages,
    problem::{Answer, Refusal},
    rate_limit::Limit,
    uploads,
};

/// Messages that are read at a time.
const PAGE: i64 = 500;
/// Articles that are read at a time: each has up to 100,000 characters.
const ARTICLES: i64 = 10;
/// Groups and uploads that are listed.
const MAX_LISTED: i64 = 10_000;

/// Where the writing stands; of lists, after what, and whether something of it was written.
enum Part {
    /// Everything but lists without bounds.
    Beginning,
    /// By the keys that they were sent with.
    Messages(String, bool),
    Articles(i64, bool),
    Comments(i64, bool),
    Done,
}

/// The caller's export.
///
/// # Errors
/// `rate_limited`.
pub(super) async fn export(app: &Arc<App>, caller: &Caller) -> Answer<Body> {
    app.limits.account(Limit::Reports, caller.user_id)?;
    let beginning = beginning(app, caller).await?;
    let (app, user) = (Arc::clone(app), caller.user_id);
    let chunks = stream::try_unfold(Part::Beginning, move |part| {
        let (app, beginning) = (Arc::clone(&app), beginning.clone());
        async move {
            let read = match part {
                Part::Beginning => {
                    return Ok(Some((beginning, Part::Messages(String::new(), false))));
                }
                Part::Done => return Ok(None),
                listed => app.delivery.read(move |db| page(db, user, listed)).await,
            };
            // What was written is no whole document then, and the connection says so.
            read.map(Some).map_err(|refusal: Refusal| std::io::Error::other(refusal.to_string()))
        }
    });
    Ok(Body::from_stream(chunks))
}

/// Everything that is short; the list of messages is left open.
async fn beginning(app: &Arc<App>, caller: &Caller) -> Answer<Bytes> {
    let user = caller.user_id;
    let profile = accounts::me(app, user).await?;
    let sessions = accounts::sessions(app, caller).await?;
    let tokens = accounts::tokens(app, caller).await?;
    let delivery = app.delivery.clone();
    let read = move |db: &mut Connection| -> Answer<[Value; 4]> {
        let friend_ids = friends::friend_ids(db, user)?;
        let mut remarks = friends::remarks(db, user, &friend_ids)?;
        let mut people = accounts::public_users(db, &delivery, &friend_ids)?;
        let friends: Vec<Value> = friend_ids
            .iter()
            .filter_map(|id| {
                Some(json!({"user": people.remove(id)?, "remark": remarks.remove(id)}))
            })
            .collect();
        let blocks = friends::blocks(db, user)?;
        let blocks: Vec<Value> =
            blocks.iter().map(|(id, at)| json!({"user_id": id, "since": at})).collect();
        let groups = groups::groups_of(db, user, MAX_LISTED)?;
        let files = uploads::of_owner(db, user, MAX_LISTED)?;
        let files: Vec<Value> = files
            .iter()
            .map(|(name, size, at)| json!({"name": name, "size": size, "created_at": at}))
            .collect();
        Ok([json!(friends), json!(blocks), json!(groups), json!(files)])
    };
    let [friends, blocks, groups, uploads] = app.delivery.read(read).await?;
    let document = json!({
        "exported_at": app.clock.now(),
        "profile": profile,
        "sessions": sessions,
        "tokens": tokens,
        "friends": friends,
        "blocks": blocks,
        "groups": groups,
        "uploads": uploads,
    });
    let mut text = document.to_string();
    // The closing brace comes after the messages.
    text.pop();
    text.push_str(",\"messages\":[");
    Ok(Bytes::from(text))
}

/// The next part of a list, or what stands between it and the next one.
fn page(db: &mut Connection, user: UserId, part: Part) -> Answer<(Bytes, Part)> {
    match part {
        Part::Messages(after, is_begun) => {
            let found = messages::own_messages(db, user, &after, PAGE)?;
            match found.last().and_then(|message| message.client_id.clone()) {
                Some(last) => Ok((listed(&found, is_begun)?, Part::Messages(last, true))),
                None => Ok((Bytes::from_static(b"],\"articles\":["), Part::Articles(0, false))),
            }
        }
        Part::Articles(after, is_begun) => {
            let found = store::own_articles(db, user, after, ARTICLES)?;
            match found.last() {
                Some(last) => Ok((listed(&found, is_begun)?, Part::Articles(last.id, true))),
                None => Ok((Bytes::from_static(b"],\"comments\":["), Part::Comments(0, false))),
            }
        }
        Part::Comments(after, is_begun) => {
            let found: Vec<OwnPost> = store::own_comments(db, user, after, PAGE)?;
            match found.last() {
                Some(last) => Ok((listed(&found, is_begun)?, Part::Comments(last.id, true))),
                None => Ok((Bytes::from_static(b"]}\n"), Part::Done)),
            }
        }
        Part::Beginning | Part::Done => Ok((Bytes::new(), Part::Done)),
    }
}

/// Entries of a list, without its brackets.
fn listed<T: Serialize>(entries: &[T], is_begun: bool) -> Answer<Bytes> {
    let texts: Result<Vec<String>, _> = entries.iter().map(serde_json::to_string).collect();
    let text = texts.map_err(Refusal::internal)?.join(",");
    Ok(Bytes::from(if is_begun { format!(",{text}") } else { text }))
}

//! All that is one's own, as one JSON document, written while it is read: no more than a page of it is in memory.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::stream;
use protocol::UserId;
use serde_json::{Value, json};

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
/// Groups and uploads that are listed.
const MAX_LISTED: i64 = 10_000;

/// Where the writing stands.
enum Part {
    /// Everything but messages.
    Beginning,
    /// Messages sent under keys after this one; whether one was written already.
    Messages(String, bool),
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
            match part {
                Part::Beginning => Ok(Some((beginning, Part::Messages(String::new(), false)))),
                Part::Messages(after, is_begun) => {
                    page(&app, user, after, is_begun).await.map(Some)
                }
                Part::Done => Ok::<_, std::io::Error>(None),
            }
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
    let read = move |db: &mut database::Connection| -> Answer<[Value; 4]> {
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

async fn page(
    app: &App,
    user: UserId,
    after: String,
    is_begun: bool,
) -> Result<(Bytes, Part), std::io::Error> {
    let read = move |db: &mut database::Connection| {
        messages::own_messages(db, user, &after, PAGE).map_err(Refusal::from)
    };
    let found = app.delivery.read(read).await;
    let found = found.map_err(|refusal| std::io::Error::other(refusal.to_string()))?;
    let Some(last) = found.last().and_then(|message| message.client_id.clone()) else {
        return Ok((Bytes::from_static(b"]}\n"), Part::Done));
    };
    let mut text = String::new();
    for (n, message) in found.iter().enumerate() {
        if n > 0 || is_begun {
            text.push(',');
        }
        text.push_str(&serde_json::to_string(message)?);
    }
    Ok((Bytes::from(text), Part::Messages(last, true)))
}

//! Finding groups: by number, by name, one's own.

use std::collections::HashSet;

use protocol::{ConversationId, Group};

use super::{rights, store};
use crate::{
    app::AppState, caller::Caller, conversations, problem::Answer, rate_limit::Limit, text,
};

/// Groups found at most; who looks for another says more of its name.
const MAX_FOUND: i64 = 20;
/// Of one's own groups, at most so many are listed.
const MAX_OWN: i64 = 1_000;

/// Groups by number or part of the name; without `words`, those that the caller is in.
pub(super) async fn search(
    app: &AppState,
    caller: Caller,
    words: Option<&str>,
) -> Answer<Vec<Group>> {
    let Some(words) = words else {
        return app
            .delivery
            .read(move |db| Ok(store::groups_of(db, caller.user_id, MAX_OWN)?))
            .await;
    };
    let key = text::key(&text::line("q", words, 1, 64)?);
    app.limits.account(Limit::Searching, caller.user_id)?;
    app.delivery
        .read(move |db| {
            let mut found = Vec::new();
            if let Ok(id) = key.parse::<ConversationId>() {
                found.extend(store::group(db, id)?);
            }
            found.extend(store::search(db, &key, MAX_FOUND)?);
            let mut seen = HashSet::new();
            found.retain(|group| seen.insert(group.id));
            Ok(found.into_iter().map(public).collect())
        })
        .await
}

/// One group: all of it for members, the public part for others.
pub(super) async fn get(app: &AppState, caller: Caller, id: ConversationId) -> Answer<Group> {
    app.delivery
        .read(move |db| {
            let group = rights::group(db, id)?;
            let is_in = conversations::member(db, id, caller.user_id)?.is_some();
            Ok(if is_in { group } else { public(group) })
        })
        .await
}

/// What anyone may see: the announcement is for members.
pub(super) fn public(group: Group) -> Group {
    Group { announcement: String::new(), ..group }
}

//! Finding people: by number, by the start of a username, by a part of a name.

use std::collections::HashSet;

use database::Connection;
use protocol::{User, UserId};

use super::{store, user::UserRow};
use crate::{app::App, problem::Answer, text};

/// The most people found; who is looked for is found by saying more of the name.
const MAX_FOUND: usize = 20;

/// Those whom `words` (1 to 64 characters) may mean, the most exact first.
///
/// # Errors
/// `invalid`.
pub(crate) async fn search(app: &App, words: &str) -> Answer<Vec<User>> {
    let words = text::line("q", words, 1, 64)?;
    let found = app.delivery.read(move |db: &mut Connection| find(db, &words)).await?;
    Ok(found.into_iter().map(|row| row.public(&app.delivery)).collect())
}

fn find(db: &mut Connection, words: &str) -> Answer<Vec<UserRow>> {
    let (key, limit) = (text::key(words), MAX_FOUND as i64);
    let mut found = Vec::new();
    if let Ok(id) = key.parse::<UserId>() {
        found.extend(store::users_by_ids(db, &[id])?.into_iter().filter(|row| !row.deleted));
    }
    found.extend(store::search_usernames(db, &key, limit)?);
    if found.len() < MAX_FOUND {
        found.extend(store::search_names(db, &key, limit)?);
    }
    let mut seen = HashSet::new();
    found.retain(|row| seen.insert(row.id));
    found.truncate(MAX_FOUND);
    Ok(found)
}

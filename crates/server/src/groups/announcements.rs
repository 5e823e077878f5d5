//! What a group's announcements were, for its members.

use protocol::{Announcement, Code, ConversationId};

use super::{rights, store};
use crate::{
    accounts,
    app::AppState,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Announcements that a group remembers; older ones are forgotten.
pub(super) const KEPT: i64 = 100;

/// All that are remembered, the newest first.
///
/// # Errors
/// 404 for whoever is not in the group.
pub(super) async fn history(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
) -> Answer<Vec<Announcement>> {
    let state = AppState::clone(app);
    app.delivery
        .read(move |db| {
            rights::member(db, id, caller.user_id)?;
            let rows = store::announcements(db, id)?;
            let authors: Vec<_> = rows.iter().map(|row| row.author_id).collect();
            let authors = accounts::public_users(db, &state.delivery, &authors)?;
            rows.into_iter()
                .map(|row| {
                    let author = authors.get(&row.author_id).cloned();
                    let author = author.ok_or_else(|| Refusal::new(Code::NotFound))?;
                    Ok(Announcement { n: row.n, text: row.text, author, at: row.at })
                })
                .collect()
        })
        .await
}

//! Talking about an article: a group of its own, which whoever wants joins.

use protocol::{ArticleId, Code, ConversationId};

use super::rights::{self, Viewer};
use crate::{
    app::AppState,
    caller::Caller,
    groups::{self, Talked},
    problem::{Answer, Refusal},
};

/// Puts the caller into the article's group, which is made at first.
///
/// # Errors
/// 404, 410; 403 where the article is not published; 409 `group_full`; 429.
pub(super) async fn discuss(
    app: &AppState,
    caller: Caller,
    id: ArticleId,
) -> Answer<ConversationId> {
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let row = rights::readable(unit.db(), Viewer::from(caller), id)?.row;
            if !row.is_public() {
                return Err(Refusal::new(Code::Forbidden).detail("The article is not published"));
            }
            let talked = Talked { id, title: &row.title, author_id: row.author_id };
            groups::discuss(&state, unit, talked, caller.user_id)
        })
        .await
}

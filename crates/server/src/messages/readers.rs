//! Who has read a message: for its sender.

use protocol::{Code, ConversationId, MAX_READERS, ReaderList, Seq};

use super::find::find;
use crate::{
    accounts,
    app::AppState,
    caller::Caller,
    conversations,
    problem::{Answer, Refusal},
};

/// Those who have read the caller's message and let others know.
///
/// # Errors
/// 404 for whoever cannot read it, 403 for everybody but its sender.
pub(super) async fn readers(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    seq: Seq,
) -> Answer<ReaderList> {
    let state = AppState::clone(app);
    app.delivery
        .read(move |db| {
            let message = find(db, caller.user_id, id, seq)?;
            if message.sender_id != caller.user_id {
                let whose = "Only its sender may see who has read a message";
                return Err(Refusal::new(Code::Forbidden).detail(whose));
            }
            let (ids, count) = conversations::readers(db, &message, MAX_READERS)?;
            let mut people = accounts::public_users(db, &state.delivery, &ids)?;
            let readers = ids.iter().filter_map(|id| people.remove(id)).collect();
            Ok(ReaderList { readers, count })
        })
        .await
}

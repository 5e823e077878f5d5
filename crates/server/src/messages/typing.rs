//! "Is typing": an ephemeral signal to the others in a conversation, never logged.

use protocol::{Code, ConversationId, EventBody};

use super::{
    post::may_speak,
    store::{self, Speaker},
};
use crate::{
    app::AppState,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Signals that the caller is typing. Whoever may not speak there signals nothing, and is not told so.
///
/// # Errors
/// 404 for whoever is no member.
pub(crate) async fn typing(app: &AppState, caller: Caller, id: ConversationId) -> Answer<()> {
    let speaker = Speaker { sender_id: caller.user_id, conversation_id: id };
    let standings = app.delivery.read(move |db| store::standings(db, &[speaker])).await?;
    let (_, footing) = standings.first().ok_or_else(|| Refusal::new(Code::NotFound))?;
    if may_speak(footing, app.clock.now()).is_ok() {
        let body = EventBody::Typing { conversation_id: id, user_id: caller.user_id };
        app.delivery.signal_conversation(id, caller.user_id, body);
    }
    Ok(())
}

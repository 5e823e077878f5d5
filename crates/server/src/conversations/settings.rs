//! A member's own settings of a conversation: pinned, muted.

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, ConversationSettings, EventBody, UserId};

use super::store;
use crate::{
    app::AppState,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Changes what is given and answers with all of it.
pub(super) async fn change(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    pinned: Option<bool>,
    muted: Option<bool>,
) -> Answer<ConversationSettings> {
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let before = store::settings(unit.db(), id, caller.user_id)?
                .ok_or_else(|| Refusal::new(Code::NotFound))?;
            let after = ConversationSettings {
                pinned: pinned.unwrap_or(before.pinned),
                muted: muted.unwrap_or(before.muted),
                ..before
            };
            if (after.pinned, after.muted) != (before.pinned, before.muted) {
                store::set_settings(unit.db(), caller.user_id, &after)?;
                tell(unit, caller.user_id, id)?;
            }
            Ok(after)
        })
        .await
}

/// Tells a member's devices of the settings as they are now.
pub(super) fn tell(
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
) -> Result<(), database::Error> {
    let Some(conversation) = store::settings(unit.db(), id, user)? else { return Ok(()) };
    let body = EventBody::ConversationUpdated { conversation_id: id, conversation };
    unit.append(Stream::User(user), body)?;
    Ok(())
}

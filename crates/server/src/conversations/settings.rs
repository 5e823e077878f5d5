//! A member's own settings of a conversation: pinned, muted, archived, marked unread.
//!
//! What is archived comes back when somebody says something there, unless it is muted. No message sets that:
//! archiving holds up to what was said so far, and clients follow the same rule.

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, ConversationSettings, EventBody, UserId};

use super::store;
use crate::{
    app::AppState,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// What is to change; the rest stays.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Changes {
    pub(super) pinned: Option<bool>,
    pub(super) muted: Option<bool>,
    pub(super) archived: Option<bool>,
    pub(super) marked_unread: Option<bool>,
}

/// Changes what is given and answers with all of it.
pub(super) async fn change(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    changes: Changes,
) -> Answer<ConversationSettings> {
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let before = store::settings(unit.db(), id, caller.user_id)?
                .ok_or_else(|| Refusal::new(Code::NotFound))?;
            let after = ConversationSettings {
                pinned: changes.pinned.unwrap_or(before.pinned),
                muted: changes.muted.unwrap_or(before.muted),
                archived: changes.archived.unwrap_or(before.archived),
                marked_unread: changes.marked_unread.unwrap_or(before.marked_unread),
                ..before
            };
            if after != before {
                store::set_settings(unit.db(), caller.user_id, &after)?;
                tell(unit, caller.user_id, id)?;
            }
            Ok(after)
        })
        .await
}

/// Takes the mark "unread" away, from whoever has read what is there.
pub(super) fn unmark(unit: &mut Unit<'_>, user: UserId, id: ConversationId) -> Answer<()> {
    let before = store::settings(unit.db(), id, user)?;
    let Some(before) = before.filter(|settings| settings.marked_unread) else { return Ok(()) };
    let after = ConversationSettings { marked_unread: false, ..before };
    store::set_settings(unit.db(), user, &after)?;
    tell(unit, user, id)?;
    Ok(())
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

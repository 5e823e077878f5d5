//! Drafts: what somebody has typed and not sent, in step on all their devices.
//!
//! The newest one stored stands. Its event goes to the typer's own devices alone; the one before loses its text
//! in the same unit, so that what was never sent is in the log at most once.

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, Draft, EventBody, UserId};

use super::store;
use crate::{
    app::AppState,
    caller::Caller,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Stores what the caller has typed; an empty text means that nothing is.
///
/// # Errors
/// 404 for whoever is no member; 429: it costs what a message costs.
pub(super) async fn keep(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    text: String,
) -> Answer<()> {
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            store::member(unit.db(), id, caller.user_id)?
                .ok_or_else(|| Refusal::new(Code::NotFound))?;
            let before = store::draft(unit.db(), caller.user_id, id)?;
            let known = before.as_ref().and_then(|row| row.draft.as_ref());
            if known.map_or("", |draft| &draft.text) == text {
                return Ok(());
            }
            state.limits.account(Limit::Sending, caller.user_id)?;
            if let Some(row) = &before {
                silence(unit, row.position)?;
            }
            store_and_tell(unit, caller.user_id, id, text)?;
            Ok(())
        })
        .await
}

/// Takes the text out of an earlier event, if it is still in the log.
fn silence(unit: &mut Unit<'_>, position: protocol::Position) -> Result<(), database::Error> {
    let Some(logged) = unit.logged(position)? else { return Ok(()) };
    if let EventBody::DraftUpdated { conversation_id, draft: Some(_) } = logged.body {
        unit.redact(position, logged.at, EventBody::DraftUpdated { conversation_id, draft: None })?;
    }
    Ok(())
}

fn store_and_tell(
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
    text: String,
) -> Result<(), database::Error> {
    let draft = Draft { text, updated_at: unit.now() };
    let position = unit.append(
        Stream::User(user),
        EventBody::DraftUpdated {
            conversation_id: id,
            draft: Some(draft.clone()).filter(|draft| !draft.text.is_empty()),
        },
    )?;
    store::set_draft(unit.db(), user, id, &draft, position)
}

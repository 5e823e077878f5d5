//! Ending a group: nobody is in it afterwards, and its name is free.

use delivery::{Stream, Unit};
use protocol::{ConversationId, EventBody, UserId};

use super::{
    requests::{MAX_REQUESTS, tell_asker_of_decline},
    rights, store,
};
use crate::{
    app::{App, AppState},
    caller::Caller,
    conversations,
    problem::Answer,
};

/// Dissolves a group, for its owner.
pub(super) async fn dissolve(app: &AppState, caller: Caller, id: ConversationId) -> Answer<()> {
    let state = AppState::clone(app);
    app.delivery.write(move |unit| dissolve_in(&state, unit, caller.user_id, id)).await
}

fn dissolve_in(app: &App, unit: &mut Unit<'_>, user: UserId, id: ConversationId) -> Answer<()> {
    unit.lock()?;
    let (group, _) = rights::owner(unit.db(), id, user)?;
    // Owner and admins drop the group's requests with the group.
    for request in store::requests_of_group(unit.db(), id, MAX_REQUESTS)? {
        store::delete_request(unit.db(), request.id)?;
        tell_asker_of_decline(app, unit, request)?;
    }
    let now = unit.now();
    conversations::close(unit.db(), id, now)?;
    store::dissolve(unit.db(), id, now)?;
    unit.append(
        Stream::Conversation(id),
        EventBody::GroupDissolved { conversation_id: id, group },
    )?;
    unit.dismiss_all(id)?;
    Ok(())
}

//! Ending a group: nobody is in it afterwards, and its name is free.

use delivery::{Stream, Unit};
use protocol::{ConversationId, EventBody, Group, UserId};

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
    end(app, unit, group)
}

/// Dissolves a group for the moderators of the site.
///
/// # Errors
/// 404 where there is none.
pub(crate) fn dissolve_by_moderators(
    app: &App,
    unit: &mut Unit<'_>,
    id: ConversationId,
) -> Answer<()> {
    unit.lock()?;
    let group = rights::group(unit.db(), id)?;
    end(app, unit, group)
}

fn end(app: &App, unit: &mut Unit<'_>, group: Group) -> Answer<()> {
    let id = group.id;
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

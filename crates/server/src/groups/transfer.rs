//! Handing a group over.

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, EventBody, Group, NoticeCode, Role, UserId};

use super::{
    members::store_change,
    notice::{Happened, notice},
    rights, store,
};
use crate::{
    app::{App, AppState},
    caller::Caller,
    conversations::{self, MemberRow},
    problem::{Answer, Refusal},
    text,
};

/// The owner hands the group to another member, and is a plain member afterwards.
pub(super) async fn transfer(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    heir: UserId,
) -> Answer<Group> {
    let state = AppState::clone(app);
    app.delivery.write(move |unit| transfer_in(&state, unit, caller.user_id, id, heir)).await
}

pub(super) fn transfer_in(
    app: &App,
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
    heir: UserId,
) -> Answer<Group> {
    unit.lock()?;
    let (group, owner) = rights::owner(unit.db(), id, user)?;
    if heir == user {
        return Err(Refusal::invalid("user_id", "is the owner already"));
    }
    let row =
        conversations::member(unit.db(), id, heir)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let group = Group { owner_id: heir, ..group };
    store::update(unit.db(), &group, &text::key(&group.name))?;
    let former = MemberRow { role: Role::Member, ..owner.clone() };
    let new = MemberRow { role: Role::Owner, muted_until: None, ..row.clone() };
    store_change(app, unit, id, &owner, former)?;
    store_change(app, unit, id, &row, new)?;
    let body = EventBody::GroupUpdated { conversation_id: id, group: group.clone() };
    unit.append(Stream::Conversation(id), body)?;
    notice(app, unit, id, Happened::to(NoticeCode::Transferred, heir, Some(user)))?;
    Ok(group)
}

//! Going: by oneself, or removed.

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, EventBody, Group, NoticeCode, Role, UserId};

use super::{
    notice::{Happened, notice},
    rights, store,
};
use crate::{
    app::{App, AppState},
    caller::Caller,
    conversations::{self, MemberRow},
    problem::{Answer, Refusal},
};

/// The caller leaves a group; its owner hands it over first.
pub(super) async fn leave(app: &AppState, caller: Caller, id: ConversationId) -> Answer<()> {
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let (group, member) = rights::member(unit.db(), id, caller.user_id)?;
            go(&state, unit, group, member)
        })
        .await
}

/// The caller removes a member, over whom they stand; oneself is to leave.
pub(super) async fn remove(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    target: UserId,
) -> Answer<()> {
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let (group, member) = rights::member(unit.db(), id, caller.user_id)?;
            if target == caller.user_id {
                return go(&state, unit, group, member);
            }
            let row = conversations::member(unit.db(), id, target)?
                .ok_or_else(|| Refusal::new(Code::NotFound))?;
            if !rights::outranks(&member, &row) {
                return Err(Refusal::new(Code::Forbidden)
                    .detail("The owner removes anyone, admins remove plain members"));
            }
            take_out(&state, unit, group, row, Some(caller.user_id))
        })
        .await
}

fn go(app: &App, unit: &mut Unit<'_>, group: Group, member: MemberRow) -> Answer<()> {
    if member.role == Role::Owner {
        return Err(Refusal::new(Code::NotOwner)
            .detail("You are the owner: hand the group over, or dissolve it"));
    }
    take_out(app, unit, group, member, None)
}

/// Takes a member out. The notice and `member.left` are the last that they see of the group.
pub(super) fn take_out(
    app: &App,
    unit: &mut Unit<'_>,
    mut group: Group,
    row: MemberRow,
    by: Option<UserId>,
) -> Answer<()> {
    let user = row.user_id;
    let now = unit.now();
    group.member_count -= 1;
    store::set_member_count(unit.db(), group.id, group.member_count)?;
    let member = rights::view(app, unit.db(), row)?;
    conversations::leave(unit.db(), group.id, user, now)?;
    let code = if by.is_some() { NoticeCode::Removed } else { NoticeCode::Left };
    notice(app, unit, group.id, Happened::to(code, user, by))?;
    unit.append(
        Stream::Conversation(group.id),
        EventBody::MemberLeft {
            conversation_id: group.id,
            member,
            member_count: group.member_count,
        },
    )?;
    unit.dismiss(group.id, user)?;
    Ok(())
}

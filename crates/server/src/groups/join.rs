//! Coming in: by oneself, or brought by a member.

use delivery::{Since, Stream, Unit};
use protocol::{Code, ConversationId, EventBody, Group, JoinPolicy, NoticeCode, Role, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    notice::{Happened, notice},
    requests, rights, store,
};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    conversations, friends,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// What came of wanting in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JoinStatus {
    /// In the group.
    Joined,
    /// Owner and admins are asked.
    Pending,
}

/// The caller joins a group, or asks to.
pub(super) async fn join(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    note: String,
) -> Answer<JoinStatus> {
    let state = AppState::clone(app);
    app.delivery.write(move |unit| join_in(&state, unit, caller.user_id, id, &note)).await
}

fn join_in(
    app: &App,
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
    note: &str,
) -> Answer<JoinStatus> {
    unit.lock()?;
    let group = rights::group(unit.db(), id)?;
    if conversations::member(unit.db(), id, user)?.is_some() {
        return Ok(JoinStatus::Joined);
    }
    match group.join_policy {
        JoinPolicy::Open => {
            // Who comes and goes all the time fills the conversation with notices.
            app.limits.account(Limit::FriendRequests, user)?;
            bring_in(app, unit, group, user, None)
        }
        JoinPolicy::Approval => {
            app.limits.account(Limit::FriendRequests, user)?;
            requests::ask(app, unit, &group, user, None, note)
        }
        JoinPolicy::Invite => Err(Code::InviteOnly.into()),
    }
}

/// A member brings in a friend: owner and admins at once, others as the group's policy says.
pub(super) async fn add(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    friend: UserId,
) -> Answer<JoinStatus> {
    let state = AppState::clone(app);
    app.delivery.write(move |unit| add_in(&state, unit, caller.user_id, id, friend)).await
}

fn add_in(
    app: &App,
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
    friend: UserId,
) -> Answer<JoinStatus> {
    unit.lock()?;
    let (group, member) = rights::member(unit.db(), id, user)?;
    if !accounts::exists(unit.db(), friend)? {
        return Err(Code::NotFound.into());
    }
    if conversations::member(unit.db(), id, friend)?.is_some() {
        return Ok(JoinStatus::Joined);
    }
    if !friends::are_friends(unit.db(), user, friend)? {
        return Err(Refusal::new(Code::NotFriends).detail("Only friends can be brought in"));
    }
    match (member.role, group.join_policy) {
        (Role::Owner | Role::Admin, _) | (Role::Member, JoinPolicy::Open) => {
            bring_in(app, unit, group, friend, Some(user))
        }
        (Role::Member, JoinPolicy::Approval) => {
            app.limits.account(Limit::FriendRequests, user)?;
            requests::ask(app, unit, &group, friend, Some(user), "")
        }
        (Role::Member, JoinPolicy::Invite) => Err(Code::InviteOnly.into()),
    }
}

/// Puts somebody who is not in the group into it, if there is a place. The log's head is locked: of a thousand
/// who come at once, one gets the last place.
///
/// They see the log from here on, beginning with their own coming; the conversation is shown to them last, with
/// everything read.
pub(super) fn bring_in(
    app: &App,
    unit: &mut Unit<'_>,
    mut group: Group,
    user: UserId,
    by: Option<UserId>,
) -> Answer<JoinStatus> {
    if group.member_count >= group.max_members {
        return Err(Code::GroupFull.into());
    }
    if let Some(request) = store::request_of(unit.db(), group.id, user)? {
        store::delete_request(unit.db(), request.id)?;
        requests::tell(app, unit, requests::Outcome::Accepted, request)?;
    }
    group.member_count += 1;
    store::set_member_count(unit.db(), group.id, group.member_count)?;
    let now = unit.now();
    conversations::enter(unit.db(), group.id, user, Role::Member, now)?;
    unit.admit(group.id, user, Since::Now)?;
    let Some(row) = conversations::member(unit.db(), group.id, user)? else {
        return Err(Refusal::internal("a member who was just put in is not there"));
    };
    let member = rights::view(app, unit.db(), row)?;
    unit.append(
        Stream::Conversation(group.id),
        EventBody::MemberJoined {
            conversation_id: group.id,
            member,
            member_count: group.member_count,
        },
    )?;
    let code = if by.is_some() { NoticeCode::Added } else { NoticeCode::Joined };
    notice(app, unit, group.id, Happened::to(code, user, by))?;
    conversations::read_everything(unit.db(), group.id, user)?;
    conversations::announce(app, unit, user, group.id)?;
    Ok(JoinStatus::Joined)
}

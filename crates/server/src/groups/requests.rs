//! Requests to join: owner and admins accept or decline them.

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, EventBody, Group, JoinRequest, JoinRequestId, Role, UserId};

use super::{
    join::{JoinStatus, bring_in},
    members::MAX_ADMINS,
    rights,
    store::{self, RequestRow},
};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    conversations,
    problem::{Answer, Refusal},
};

/// Requests that may wait in one group.
pub(super) const MAX_REQUESTS: i64 = 500;

/// What became of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    Created,
    Accepted,
    Declined,
}

/// The requests that wait: all for owner and admins, their own for whoever asks.
pub(super) async fn list(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
) -> Answer<Vec<JoinRequest>> {
    let state = AppState::clone(app);
    app.delivery
        .read(move |db| {
            rights::group(db, id)?;
            let rows = match conversations::member(db, id, caller.user_id)?.map(|row| row.role) {
                Some(Role::Owner | Role::Admin) => store::requests_of_group(db, id, MAX_REQUESTS)?,
                Some(Role::Member) => return Err(Code::Forbidden.into()),
                None => match store::request_of(db, id, caller.user_id)? {
                    Some(own) => vec![own],
                    None => return Err(Code::NotFound.into()),
                },
            };
            let ids: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
            let mut users = accounts::public_users(db, &state.delivery, &ids)?;
            let dressed = rows.into_iter().filter_map(|row| {
                let user = users.remove(&row.user_id)?;
                Some(dress(row, user))
            });
            Ok(dressed.collect())
        })
        .await
}

/// Lets somebody in who asked.
pub(super) async fn accept(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    request: JoinRequestId,
) -> Answer<JoinStatus> {
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let (group, _) = rights::leader(unit.db(), id, caller.user_id)?;
            let request = find(unit, id, request)?;
            bring_in(&state, unit, group, request.user_id, Some(caller.user_id))
        })
        .await
}

/// Turns somebody down who asked.
pub(super) async fn decline(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    request: JoinRequestId,
) -> Answer<()> {
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            rights::leader(unit.db(), id, caller.user_id)?;
            let request = find(unit, id, request)?;
            store::delete_request(unit.db(), request.id)?;
            tell(&state, unit, Outcome::Declined, request)
        })
        .await
}

fn find(unit: &mut Unit<'_>, id: ConversationId, request: JoinRequestId) -> Answer<RequestRow> {
    store::request(unit.db(), id, request)?.ok_or_else(|| Code::NotFound.into())
}

/// Asks to let `user` in; whoever asks twice has asked once.
pub(super) fn ask(
    app: &App,
    unit: &mut Unit<'_>,
    group: &Group,
    user: UserId,
    invited_by: Option<UserId>,
    note: &str,
) -> Answer<JoinStatus> {
    if store::request_of(unit.db(), group.id, user)?.is_some() {
        return Ok(JoinStatus::Pending);
    }
    if group.member_count >= group.max_members {
        return Err(Code::GroupFull.into());
    }
    let waiting = store::requests_of_group(unit.db(), group.id, MAX_REQUESTS)?.len();
    if waiting >= MAX_REQUESTS as usize {
        return Err(Refusal::new(Code::Conflict).detail("500 requests are waiting already"));
    }
    let now = unit.now();
    let request = store::add_request(unit.db(), group.id, user, invited_by, note, now)?;
    tell(app, unit, Outcome::Created, request)?;
    Ok(JoinStatus::Pending)
}

/// Tells owner, admins and the one who asks what became of a request.
pub(super) fn tell(
    app: &App,
    unit: &mut Unit<'_>,
    outcome: Outcome,
    row: RequestRow,
) -> Answer<()> {
    let mut users = conversations::leaders(unit.db(), row.group_id, MAX_ADMINS + 1)?;
    users.push(row.user_id);
    let user = accounts::public_user(unit.db(), &app.delivery, row.user_id)?;
    let request = dress(row, user);
    for user in users {
        unit.append(Stream::User(user), event(outcome, request.clone()))?;
    }
    Ok(())
}

/// Tells the one who asked that it came to nothing.
pub(super) fn tell_asker_of_decline(app: &App, unit: &mut Unit<'_>, row: RequestRow) -> Answer<()> {
    let user = accounts::public_user(unit.db(), &app.delivery, row.user_id)?;
    let asker = user.id;
    unit.append(Stream::User(asker), event(Outcome::Declined, dress(row, user)))?;
    Ok(())
}

/// Tells a new admin of everything that waits; at most [`MAX_REQUESTS`].
pub(super) fn tell_new_leader(
    app: &App,
    unit: &mut Unit<'_>,
    group: ConversationId,
    leader: UserId,
) -> Answer<()> {
    for row in store::requests_of_group(unit.db(), group, MAX_REQUESTS)? {
        let user = accounts::public_user(unit.db(), &app.delivery, row.user_id)?;
        unit.append(Stream::User(leader), event(Outcome::Created, dress(row, user)))?;
    }
    Ok(())
}

fn dress(row: RequestRow, user: protocol::User) -> JoinRequest {
    let RequestRow { id, group_id, note, created_at, .. } = row;
    JoinRequest { id, group_id, user, note, created_at }
}

fn event(outcome: Outcome, join_request: JoinRequest) -> EventBody {
    let conversation_id = join_request.group_id;
    match outcome {
        Outcome::Created => EventBody::JoinRequestCreated { conversation_id, join_request },
        Outcome::Accepted => EventBody::JoinRequestAccepted { conversation_id, join_request },
        Outcome::Declined => EventBody::JoinRequestDeclined { conversation_id, join_request },
    }
}

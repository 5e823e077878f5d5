//! Who is in a group; their roles, nicknames and mutes.

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, EventBody, Member, Role, Timestamp, UserId};

use super::{requests, rights};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    conversations::{self, MemberRow},
    problem::{Answer, Refusal},
    text,
};

/// Members on one page, at most and when nothing else is asked for: the largest group.
pub(super) const MAX_PAGE: i64 = 10_000;
/// Admins of a group, at most: each is told of every request to join.
pub(super) const MAX_ADMINS: i64 = 100;
/// Characters of a nickname.
const NICKNAME: usize = 64;

/// Members by account number, after `after`; and where the next page begins, if there is one.
pub(super) async fn list(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    after: Option<UserId>,
    limit: i64,
) -> Answer<(Vec<Member>, Option<UserId>)> {
    let state = AppState::clone(app);
    app.delivery
        .read(move |db| {
            rights::member(db, id, caller.user_id)?;
            let after = after.map_or(0, UserId::get);
            let mut rows = conversations::members(db, id, after, limit + 1)?;
            let is_last = rows.len() <= usize::try_from(limit).unwrap_or(usize::MAX);
            if !is_last {
                rows.pop();
            }
            let next = rows.last().filter(|_| !is_last).map(|row| row.user_id);
            let ids: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
            let mut users = accounts::public_users(db, &state.delivery, &ids)?;
            let members = rows.into_iter().filter_map(|row| {
                Some(Member {
                    user: users.remove(&row.user_id)?,
                    role: row.role,
                    nickname: row.nickname,
                    muted_until: row.muted_until,
                })
            });
            Ok((members.collect(), next))
        })
        .await
}

/// What is to change about a member.
pub(super) struct Changes {
    pub(super) role: Option<Role>,
    pub(super) nickname: Option<String>,
    /// `Some(None)` lifts a mute.
    pub(super) muted_until: Option<Option<Timestamp>>,
}

impl Changes {
    /// # Errors
    /// 422 `invalid`.
    pub(super) fn parse(
        role: Option<Role>,
        nickname: Option<&str>,
        muted_until: Option<Option<Timestamp>>,
    ) -> Answer<Self> {
        if role == Some(Role::Owner) {
            return Err(Refusal::invalid("role", "a group is handed over by transferring it"));
        }
        let nickname =
            nickname.map(|name| text::line("nickname", name, 0, NICKNAME)).transpose()?;
        Ok(Self { role, nickname, muted_until })
    }
}

/// Changes a member: the role for the owner, the nickname for oneself and those above, the mute for those above.
pub(super) async fn change(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    target: UserId,
    changes: Changes,
) -> Answer<Member> {
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let before = check(unit, caller.user_id, id, target, &changes)?;
            let after = applied(before.clone(), changes, unit.now());
            store_change(&state, unit, id, &before, after)
        })
        .await
}

fn check(
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
    target: UserId,
    changes: &Changes,
) -> Answer<MemberRow> {
    let (_, me) = rights::member(unit.db(), id, user)?;
    let row = conversations::member(unit.db(), id, target)?
        .ok_or_else(|| Refusal::new(Code::NotFound))?;
    if let Some(role) = changes.role {
        if me.role != Role::Owner {
            return Err(Code::NotOwner.into());
        }
        if row.role == Role::Owner {
            return Err(Refusal::invalid("role", "the owner hands the group over instead"));
        }
        let leaders = conversations::leaders(unit.db(), id, MAX_ADMINS + 1)?.len();
        if role == Role::Admin && row.role != role && leaders > MAX_ADMINS as usize {
            return Err(Refusal::new(Code::Conflict).detail("There are 100 admins already"));
        }
    }
    let is_above = rights::outranks(&me, &row);
    if (changes.nickname.is_some() && !is_above && user != target)
        || (changes.muted_until.is_some() && !is_above)
    {
        return Err(Refusal::new(Code::Forbidden).detail("You do not stand above this member"));
    }
    Ok(row)
}

fn applied(row: MemberRow, changes: Changes, now: Timestamp) -> MemberRow {
    MemberRow {
        role: changes.role.unwrap_or(row.role),
        nickname: changes.nickname.unwrap_or(row.nickname),
        muted_until: match changes.muted_until {
            None => row.muted_until,
            Some(until) => until.filter(|until| *until > now),
        },
        ..row
    }
}

/// Stores a change and tells of it. Whoever becomes an admin is told of the requests that wait.
pub(super) fn store_change(
    app: &App,
    unit: &mut Unit<'_>,
    id: ConversationId,
    before: &MemberRow,
    after: MemberRow,
) -> Answer<Member> {
    let member = rights::view(app, unit.db(), after.clone())?;
    if after == *before {
        return Ok(member);
    }
    conversations::set_member(unit.db(), id, &after)?;
    let body = EventBody::MemberUpdated { conversation_id: id, member: member.clone() };
    unit.append(Stream::Conversation(id), body)?;
    if before.role == Role::Member && after.role != Role::Member {
        requests::tell_new_leader(app, unit, id, after.user_id)?;
    }
    Ok(member)
}

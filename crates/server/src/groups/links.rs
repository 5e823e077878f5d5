//! Links that let people into a group: whoever has one comes in, whatever the group's policy says, until it
//! has run out of time or uses, or is withdrawn.
//!
//! Owner and admins make them; plain members where anyone may join. A link is good for as long as whoever made
//! it may make one: it ends with their membership, their role, or the group's openness.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use delivery::Unit;
use protocol::{
    Code, ConversationId, Group, GroupInvitation, InviteLink, InviteLinkId, JoinPolicy, Role,
    Timestamp, UserId,
};

use super::{
    find,
    join::{self, JoinStatus},
    rights,
    store::{self, LinkRow},
};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    conversations::{self, MemberRow},
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Links that a group has at a time.
const MAX_LINKS: i64 = 100;
/// For how long a link may be good, in seconds: 30 days.
pub(super) const MAX_SECONDS: i64 = 30 * 24 * 3_600;
/// For how long a link that no longer works says so, in milliseconds: a week. Then it is forgotten.
const DEAD_FOR: i64 = 7 * 24 * 3_600 * 1_000;
/// Characters of a code: 16 bytes in base64.
const CODE_CHARS: usize = 22;
/// How many may come in by one link, if that is limited.
pub(super) const MAX_USES: i64 = 10_000;

/// A link to be made, within its bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewLink {
    seconds: Option<i64>,
    max_uses: Option<i64>,
}

impl NewLink {
    /// # Errors
    /// 422 `invalid`.
    pub(super) fn parse(seconds: Option<i64>, max_uses: Option<i64>) -> Answer<Self> {
        if seconds.is_some_and(|seconds| !(60..=MAX_SECONDS).contains(&seconds)) {
            return Err(Refusal::invalid("expires_in", "must be from 60 to 2592000 (30 days)"));
        }
        if max_uses.is_some_and(|uses| !(1..=MAX_USES).contains(&uses)) {
            return Err(Refusal::invalid("max_uses", "must be from 1 to 10000"));
        }
        Ok(Self { seconds, max_uses })
    }
}

fn may_invite(group: &Group, member: &MemberRow) -> bool {
    member.role != Role::Member || group.join_policy == JoinPolicy::Open
}

/// Makes a link.
///
/// # Errors
/// 404 for whoever is not in the group, 403 for plain members of a group that is not open, 409 `conflict` when
/// there are 100.
pub(super) async fn make(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    new: NewLink,
) -> Answer<InviteLink> {
    let code = URL_SAFE_NO_PAD.encode(app.random.bytes::<16>());
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let (group, member) = rights::member(unit.db(), id, caller.user_id)?;
            if !may_invite(&group, &member) {
                return Err(Refusal::new(Code::Forbidden)
                    .detail("Only the owner and admins make links to this group"));
            }
            state.limits.account(Limit::FriendRequests, caller.user_id)?;
            let now = unit.now();
            store::forget_dead_links(unit.db(), id, now.plus_millis(-DEAD_FOR))?;
            if store::count_links(unit.db(), id)? >= MAX_LINKS {
                return Err(Refusal::new(Code::Conflict)
                    .detail("There are as many links as there may be. Withdraw one first."));
            }
            let link = LinkRow {
                // Given when it is stored.
                id: InviteLinkId(0),
                group_id: id,
                code,
                created_by: caller.user_id,
                max_uses: new.max_uses,
                uses: 0,
                expires_at: new.seconds.map(|seconds| now.plus_millis(seconds * 1_000)),
                created_at: now,
            };
            let link = store::add_link(unit.db(), link)?;
            Ok(dress(&state, unit.db(), vec![link])?.remove(0))
        })
        .await
}

/// The links of a group, the newest first: all for owner and admins, their own for others.
///
/// # Errors
/// 404 for whoever is not in the group.
pub(super) async fn list(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
) -> Answer<Vec<InviteLink>> {
    let state = AppState::clone(app);
    app.delivery
        .read(move |db| {
            let (_, member) = rights::member(db, id, caller.user_id)?;
            let maker = Some(caller.user_id).filter(|_| member.role == Role::Member);
            let rows = store::links(db, id, maker)?;
            Ok(dress(&state, db, rows)?)
        })
        .await
}

/// Withdraws a link: owner and admins any, others their own.
///
/// # Errors
/// 404 for whoever is not in the group, and for a link that they do not see.
pub(super) async fn withdraw(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    link: InviteLinkId,
) -> Answer<()> {
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let (_, member) = rights::member(unit.db(), id, caller.user_id)?;
            let maker = Some(caller.user_id).filter(|_| member.role == Role::Member);
            let known = store::links(unit.db(), id, maker)?;
            if !known.iter().any(|row| row.id == link) {
                return Err(Code::NotFound.into());
            }
            store::delete_link(unit.db(), link)?;
            Ok(())
        })
        .await
}

/// What can be no code is never looked for: PostgreSQL fails at a NUL.
fn check_code(code: &str) -> Answer<()> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    match code.len() == CODE_CHARS && code.bytes().all(is_base64) {
        true => Ok(()),
        false => Err(Code::NotFound.into()),
    }
}

/// What the group is that a link leads to.
///
/// # Errors
/// 404 for a code that is none, 409 `invite_expired`, `invite_used_up`.
pub(super) async fn preview(
    app: &AppState,
    caller: Caller,
    code: String,
) -> Answer<GroupInvitation> {
    check_code(&code)?;
    let now = app.clock.now();
    app.delivery
        .read(move |db| {
            let link =
                store::link_by_code(db, &code)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
            let group = rights::group(db, link.group_id)?;
            let is_member = conversations::member(db, group.id, caller.user_id)?.is_some();
            if !is_member {
                let maker = conversations::member(db, group.id, link.created_by)?;
                check(&link, &group, maker.as_ref(), now)?;
            }
            Ok(GroupInvitation { group: find::public(group), is_member })
        })
        .await
}

/// The caller comes in by a link. Who is in already uses nothing up. The log's head is locked: of a thousand who
/// come at once, one gets the last use.
///
/// # Errors
/// As [`preview`], and 409 `group_full`.
pub(super) async fn join(app: &AppState, caller: Caller, code: String) -> Answer<JoinStatus> {
    check_code(&code)?;
    let state = AppState::clone(app);
    app.delivery.write(move |unit| join_in(&state, unit, caller.user_id, &code)).await
}

fn join_in(app: &App, unit: &mut Unit<'_>, user: UserId, code: &str) -> Answer<JoinStatus> {
    unit.lock()?;
    let link = store::link_by_code(unit.db(), code)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let group = rights::group(unit.db(), link.group_id)?;
    if conversations::member(unit.db(), group.id, user)?.is_some() {
        return Ok(JoinStatus::Joined);
    }
    let maker = conversations::member(unit.db(), group.id, link.created_by)?;
    check(&link, &group, maker.as_ref(), unit.now())?;
    app.limits.account(Limit::FriendRequests, user)?;
    let status = join::bring_in(app, unit, group, user, None)?;
    store::count_use(unit.db(), link.id)?;
    Ok(status)
}

fn check(link: &LinkRow, group: &Group, maker: Option<&MemberRow>, now: Timestamp) -> Answer<()> {
    let is_over = link.expires_at.is_some_and(|end| end <= now);
    if is_over || !maker.is_some_and(|maker| may_invite(group, maker)) {
        return Err(Code::InviteExpired.into());
    }
    if link.max_uses.is_some_and(|most| link.uses >= most) {
        return Err(Code::InviteUsedUp.into());
    }
    Ok(())
}

/// Puts profiles to rows. A row whose maker's account is gone is left out.
fn dress(
    app: &App,
    db: &mut database::Connection,
    rows: Vec<LinkRow>,
) -> Result<Vec<InviteLink>, database::Error> {
    let makers: Vec<_> = rows.iter().map(|row| row.created_by).collect();
    let makers = accounts::public_users(db, &app.delivery, &makers)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(InviteLink {
                id: row.id,
                group_id: row.group_id,
                code: row.code,
                created_by: makers.get(&row.created_by)?.clone(),
                created_at: row.created_at,
                expires_at: row.expires_at,
                max_uses: row.max_uses,
                uses: row.uses,
            })
        })
        .collect())
}

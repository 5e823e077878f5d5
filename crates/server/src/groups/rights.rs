//! Who may do what in a group, read inside the unit that does it. Whoever is not in the group is told that it
//! does not exist.

use database::Connection;
use protocol::{Code, ConversationId, Group, Member, Role, UserId};

use super::store;
use crate::{
    accounts,
    app::App,
    conversations::{self, MemberRow},
    problem::{Answer, Refusal},
};

/// A group that exists.
///
/// # Errors
/// 404.
pub(super) fn group(db: &mut Connection, id: ConversationId) -> Answer<Group> {
    store::group(db, id)?.ok_or_else(|| Code::NotFound.into())
}

/// A group and one of its members.
///
/// # Errors
/// 404 for whoever is not in it.
pub(super) fn member(
    db: &mut Connection,
    id: ConversationId,
    user: UserId,
) -> Answer<(Group, MemberRow)> {
    let group = group(db, id)?;
    let member =
        conversations::member(db, id, user)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    Ok((group, member))
}

/// The same for its owner and admins.
///
/// # Errors
/// 404 for whoever is not in it, 403 for plain members.
pub(super) fn leader(
    db: &mut Connection,
    id: ConversationId,
    user: UserId,
) -> Answer<(Group, MemberRow)> {
    let (group, member) = member(db, id, user)?;
    match member.role {
        Role::Owner | Role::Admin => Ok((group, member)),
        Role::Member => {
            Err(Refusal::new(Code::Forbidden).detail("Only the owner and admins may do that"))
        }
    }
}

/// The same for its owner alone.
///
/// # Errors
/// 404 for whoever is not in it, 409 `not_owner` for other members.
pub(super) fn owner(
    db: &mut Connection,
    id: ConversationId,
    user: UserId,
) -> Answer<(Group, MemberRow)> {
    let (group, member) = member(db, id, user)?;
    match member.role {
        Role::Owner => Ok((group, member)),
        Role::Admin | Role::Member => Err(Code::NotOwner.into()),
    }
}

/// Whether the first stands above the second: the owner above all others, admins above plain members.
pub(super) fn outranks(above: &MemberRow, below: &MemberRow) -> bool {
    let rank = |role| match role {
        Role::Owner => 2,
        Role::Admin => 1,
        Role::Member => 0,
    };
    rank(above.role) > rank(below.role)
}

/// A member as others see them.
///
/// # Errors
/// 404 when the account is gone.
pub(super) fn view(app: &App, db: &mut Connection, row: MemberRow) -> Answer<Member> {
    Ok(Member {
        user: accounts::public_user(db, &app.delivery, row.user_id)?,
        role: row.role,
        nickname: row.nickname,
        muted_until: row.muted_until,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_outranks_an_equal() {
        let member = |role| MemberRow {
            user_id: UserId(1),
            role,
            nickname: String::new(),
            muted_until: None,
        };
        let all = [Role::Member, Role::Admin, Role::Owner].map(member);
        for (i, above) in all.iter().enumerate() {
            for (j, below) in all.iter().enumerate() {
                assert_eq!(outranks(above, below), i > j);
            }
        }
    }
}

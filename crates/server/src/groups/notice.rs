//! Notices of a group, with people's names as they are now.

use delivery::Unit;
use protocol::{ConversationId, Notice, NoticeCode, UserId};

use crate::{accounts, app::App, conversations, problem::Answer};

/// What happened, to whom, by whom.
pub(super) struct Happened {
    pub(super) code: NoticeCode,
    /// Whom it concerns.
    pub(super) user: Option<UserId>,
    /// Who did it, if it was somebody else.
    pub(super) actor: Option<UserId>,
    /// A new name of the group.
    pub(super) name: Option<String>,
}

impl Happened {
    /// Something that somebody did to the group.
    pub(super) fn by(code: NoticeCode, actor: UserId) -> Self {
        Self { code, user: None, actor: Some(actor), name: None }
    }

    /// Something that somebody did, or that was done to them.
    pub(super) fn to(code: NoticeCode, user: UserId, actor: Option<UserId>) -> Self {
        Self { code, user: Some(user), actor, name: None }
    }
}

/// Puts a notice into the group's conversation. Its sender is whoever did it.
///
/// # Errors
/// 404 when an account is gone, and those of the database.
pub(super) fn notice(
    app: &App,
    unit: &mut Unit<'_>,
    group: ConversationId,
    happened: Happened,
) -> Answer<()> {
    let Happened { code, user, actor, name } = happened;
    let mut name_of = |id: Option<UserId>| -> Answer<Option<String>> {
        id.map(|id| Ok(accounts::public_user(unit.db(), &app.delivery, id)?.name)).transpose()
    };
    let (user_name, actor_name) = (name_of(user)?, name_of(actor)?);
    let notice =
        Notice { code, user_id: user, user_name, actor_id: actor, actor_name, name, seq: None };
    if let Some(sender) = actor.or(user) {
        conversations::record_notice(unit, group, sender, notice)?;
    }
    Ok(())
}

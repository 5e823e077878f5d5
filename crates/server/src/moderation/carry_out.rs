//! Doing what was decided, by the functions of the slice whose the thing is.

use delivery::Unit;
use protocol::{Act, Code, ConversationId, Permission, Subject, SubjectKind, UserId};

use super::{decide::Parsed, subject};
use crate::{
    accounts::{self, Ended, Sanction},
    app::App,
    caller::Caller,
    forum::{self, Post},
    groups,
    messages::{self, Approved},
    problem::{Answer, Refusal},
    review::{self, CaseRow},
    uploads,
};

/// Does it; which devices that ends.
///
/// # Errors
/// `invalid` for an act that is not for this subject, `forbidden` for one that is not for the caller, `conflict` for
/// what cannot be done any more.
pub(super) fn carry_out(
    app: &App,
    unit: &mut Unit<'_>,
    caller: &Caller,
    row: &CaseRow,
    new: &Parsed,
    approved: Option<Approved>,
) -> Answer<Ended> {
    let not_for_it = || Err(Refusal::invalid("act", "is not for what this case is about"));
    match new.act {
        Act::Dismiss if row.held => {
            // Its author took it away: there is nothing left to be decided.
            if !subject::is_gone(unit.db(), &row.subject)? {
                return not_for_it();
            }
            review::release(unit.db(), row.id)?;
            Ok(Ended::default())
        }
        Act::Dismiss => Ok(Ended::default()),
        Act::Approve => match approved {
            Some(approved) if row.held => {
                approved.post(unit).map_err(|refusal| {
                    let why = format!("It cannot be posted any more: {refusal}");
                    Refusal::new(Code::Conflict).detail(why)
                })?;
                review::release(unit.db(), row.id)?;
                Ok(Ended::default())
            }
            _ => {
                let (actor, id) = (caller.user_id, row.subject.id.unwrap_or_default());
                match (subject::post(row.subject.kind, id), row.held) {
                    (Some(Post::Article(id)), true) => {
                        forum::approve_article(app, unit, actor, id)?
                    }
                    (Some(Post::Article(id)), false) => forum::show_article(unit, actor, id)?,
                    (Some(Post::Comment(id)), true) => {
                        forum::approve_comment(app, unit, actor, id)?
                    }
                    (Some(Post::Comment(id)), false) => forum::show_comment(unit, actor, id)?,
                    (None, _) => return not_for_it(),
                }
                review::release(unit.db(), row.id)?;
                Ok(Ended::default())
            }
        },
        act @ (Act::Hide | Act::Remove) => {
            take_away(app, unit, caller, &row.subject, act)?;
            review::release(unit.db(), row.id)?;
            Ok(Ended::default())
        }
        act => {
            // What waits is not said by somebody who is warned for it.
            if row.held {
                take_away(app, unit, caller, &row.subject, Act::Remove)?;
                review::release(unit.db(), row.id)?;
            }
            let author = row.author.ok_or_else(|| Refusal::invalid("act", "is for a person"))?;
            against(unit, caller, author, act, new)
        }
    }
}

fn take_away(
    app: &App,
    unit: &mut Unit<'_>,
    caller: &Caller,
    subject: &Subject,
    act: Act,
) -> Answer<()> {
    let id = subject.id.unwrap_or_default();
    match (subject.kind, subject.conversation_id, subject.seq) {
        (SubjectKind::Message, Some(conversation), Some(seq)) => {
            messages::take_back_by_moderators(unit, conversation, seq)
        }
        (SubjectKind::Message, ..) => messages::reject(unit, id),
        (SubjectKind::Group, ..) => {
            accounts::require_now(unit.db(), caller, Permission::ManageGroups)?;
            groups::dissolve_by_moderators(app, unit, ConversationId(id))
        }
        (SubjectKind::User, ..) => {
            accounts::check_below(unit.db(), caller, UserId(id))?;
            accounts::clear_profile(unit, UserId(id))?;
            uploads::forget_avatar(unit, UserId(id))
        }
        (kind @ (SubjectKind::Article | SubjectKind::Comment), ..) => {
            let actor = caller.user_id;
            match (subject::post(kind, id), act) {
                (Some(Post::Article(id)), Act::Hide) => forum::hide_article(unit, actor, id),
                (Some(Post::Article(id)), _) => forum::remove_article(unit, actor, id),
                (Some(Post::Comment(id)), Act::Hide) => forum::hide_comment(unit, actor, id),
                (Some(Post::Comment(id)), _) => forum::remove_comment(unit, actor, id),
                (None, _) => Err(Code::NotFound.into()),
            }
        }
    }
}

/// Warning is for whoever decides the case; muting too, but for moderators of a category. Who logs in is decided by
/// those who manage users.
pub(super) fn against(
    unit: &mut Unit<'_>,
    caller: &Caller,
    user: UserId,
    act: Act,
    new: &Parsed,
) -> Answer<Ended> {
    accounts::check_below(unit.db(), caller, user)?;
    let sanction = match act {
        Act::Warn => return Ok(Ended::default()),
        Act::Mute => Sanction::Mute(new.until),
        Act::Unmute => Sanction::Mute(None),
        Act::Suspend => Sanction::Suspend(new.until),
        Act::Unsuspend => Sanction::Suspend(None),
        Act::Ban => Sanction::Ban(true),
        Act::Unban => Sanction::Ban(false),
        Act::Dismiss | Act::Hide | Act::Remove | Act::Approve => {
            return Err(Refusal::invalid("act", "is not for a person"));
        }
    };
    let held = accounts::held(unit.db(), caller.user_id)?;
    let is_mute = matches!(sanction, Sanction::Mute(_));
    let may_mute = [Permission::ModerateChat, Permission::ModerateForum];
    let may = held.contains(Permission::ManageUsers)
        || (is_mute && may_mute.into_iter().any(|one| held.contains(one)));
    if !may {
        let who = "Only those who manage users may do that";
        return Err(Refusal::new(Code::Forbidden).detail(who));
    }
    accounts::impose(unit, user, sanction)
}

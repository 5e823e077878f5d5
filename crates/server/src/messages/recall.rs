//! Taking a message back. What is left says who did it; its text is nowhere any more, the log included.

use delivery::Unit;
use protocol::{
    Code, ConversationId, Details, EventBody, Mark, Message, MessageKind, Role, Seq, Timestamp,
    UserId,
};

use super::{find::find, store};
use crate::{
    app::AppState,
    caller::Caller,
    conversations,
    problem::{Answer, Refusal},
    uploads,
};

/// Recalls a message and answers with what is left; a second recall changes nothing.
///
/// # Errors
/// 404 for whoever cannot read it, 403 `recall_window_over` for its sender when it is too late, 403 for
/// everybody else but those above the sender in the group.
pub(super) async fn recall(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    seq: Seq,
) -> Answer<Message> {
    let window_ms = app.site.get().recall_window_seconds * 1_000;
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let message = find(unit.db(), caller.user_id, id, seq)?;
            if message.details.recalled.is_some() {
                return Ok(message);
            }
            check(unit, caller.user_id, &message, window_ms)?;
            let at = unit.now();
            take_back(unit, message, Mark { user_id: caller.user_id, at }, false)
        })
        .await
}

fn check(unit: &mut Unit<'_>, user: UserId, message: &Message, window_ms: i64) -> Answer<()> {
    if message.kind == MessageKind::Notice {
        return Err(Refusal::new(Code::Forbidden).detail("A notice cannot be recalled"));
    }
    if outranks(unit, user, message)? {
        return Ok(());
    }
    if message.sender_id != user {
        return Err(Refusal::new(Code::Forbidden).detail("Only its sender may recall a message"));
    }
    // What nobody else has read can be taken back at any time.
    if conversations::is_saved(unit.db(), message.conversation_id)? {
        return Ok(());
    }
    within(message.sent_at, unit.now(), window_ms)
}

/// Whether `user` stands above the message's sender in its group; admins may take back what they said
/// themselves at any time, too.
fn outranks(unit: &mut Unit<'_>, user: UserId, message: &Message) -> Answer<bool> {
    let mut role = |user| -> Answer<Role> {
        let member = conversations::member(unit.db(), message.conversation_id, user)?;
        Ok(member.map_or(Role::Member, |member| member.role))
    };
    Ok(match role(user)? {
        Role::Owner => true,
        Role::Admin => message.sender_id == user || role(message.sender_id)? == Role::Member,
        Role::Member => false,
    })
}

fn within(sent_at: Timestamp, now: Timestamp, window_ms: i64) -> Answer<()> {
    if now.millis().saturating_sub(sent_at.millis()) <= window_ms {
        return Ok(());
    }
    let seconds = window_ms / 1_000;
    Err(Refusal::new(Code::RecallWindowOver)
        .detail(format!("Messages can be recalled for {seconds} s after they were sent")))
}

/// Takes a message back for the moderators of the site; what is left names its sender and says that it was not them.
/// A message that was taken back before stays as it is.
///
/// # Errors
/// 404 where there is none, 403 for a notice.
pub(crate) fn take_back_by_moderators(
    unit: &mut Unit<'_>,
    id: ConversationId,
    seq: Seq,
) -> Answer<()> {
    unit.lock()?;
    let found = store::message(unit.db(), id, seq)?;
    let (_, message) = found.ok_or_else(|| Refusal::new(Code::NotFound))?;
    if message.kind == MessageKind::Notice {
        return Err(Refusal::new(Code::Forbidden).detail("A notice cannot be recalled"));
    }
    if message.details.recalled.is_none() {
        let recalled = Mark { user_id: message.sender_id, at: unit.now() };
        take_back(unit, message, recalled, true)?;
    }
    Ok(())
}

fn take_back(
    unit: &mut Unit<'_>,
    message: Message,
    recalled: Mark,
    moderated: bool,
) -> Answer<Message> {
    store::forget_edits(unit.db(), message.id)?;
    store::remove_pin(unit.db(), message.conversation_id, message.seq)?;
    let left = Message {
        text: String::new(),
        details: Details { recalled: Some(recalled), moderated, ..Details::default() },
        ..message
    };
    let event = EventBody::MessageRecalled {
        conversation_id: left.conversation_id,
        seq: left.seq,
        message: Box::new(left.clone()),
    };
    conversations::rewrite_message(unit, &left, event)?;
    uploads::unlink(unit, left.conversation_id, left.seq)?;
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_an_end() {
        let at = |ms| within(Timestamp(1_000), Timestamp(ms), 120_000).map_err(|r| r.code());
        assert_eq!(at(121_000), Ok(()));
        assert_eq!(at(121_001), Err(Code::RecallWindowOver));
        assert_eq!(at(0), Ok(()), "a clock that was set back takes nothing away");
    }
}

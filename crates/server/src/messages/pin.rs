//! Pinning messages: what a conversation wants to keep at hand.

use delivery::Unit;
use protocol::{
    Code, ConversationId, EventBody, MAX_PINS, Mark, Message, Notice, NoticeCode, PinList, Role,
    Seq, UserId,
};

use super::{
    find::{find_to_change, sight},
    store,
};
use crate::{
    accounts,
    app::AppState,
    caller::Caller,
    conversations,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Pins a message, which a notice tells everybody. Again changes nothing.
///
/// # Errors
/// 404 for whoever cannot read it; 403 for plain members of a group, and whoever may not speak there; 409
/// `recalled`, or `conflict` when [`MAX_PINS`] are pinned.
pub(super) async fn pin(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    seq: Seq,
) -> Answer<()> {
    app.limits.account(Limit::Sending, caller.user_id)?;
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            let mut message = find_to_pin(unit, caller.user_id, id, seq)?;
            if message.details.pinned.is_some() {
                return Ok(());
            }
            if store::count_pins(unit.db(), id)? >= MAX_PINS {
                let most = format!("At most {MAX_PINS} messages can be pinned; unpin one first");
                return Err(Refusal::new(Code::Conflict).detail(most));
            }
            let pinned = Mark { user_id: caller.user_id, at: unit.now() };
            message.details.pinned = Some(pinned);
            store::add_pin(unit.db(), id, seq, pinned)?;
            let event = EventBody::MessagePinned { conversation_id: id, seq, pinned };
            conversations::note_message(unit, &message, event)?;
            let actor = accounts::public_user(unit.db(), &state.delivery, caller.user_id)?;
            conversations::record_notice(unit, id, caller.user_id, notice(actor, seq))?;
            Ok(())
        })
        .await
}

fn notice(actor: protocol::User, seq: Seq) -> Notice {
    Notice {
        code: NoticeCode::Pinned,
        user_id: None,
        user_name: None,
        actor_id: Some(actor.id),
        actor_name: Some(actor.name),
        name: None,
        seq: Some(seq),
    }
}

/// Unpins a message. Again changes nothing.
///
/// # Errors
/// As of pinning.
pub(super) async fn unpin(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    seq: Seq,
) -> Answer<()> {
    app.limits.account(Limit::Sending, caller.user_id)?;
    app.delivery
        .write(move |unit| {
            let mut message = find_to_pin(unit, caller.user_id, id, seq)?;
            if message.details.pinned.take().is_none() {
                return Ok(());
            }
            store::remove_pin(unit.db(), id, seq)?;
            let event = EventBody::MessageUnpinned { conversation_id: id, seq };
            conversations::note_message(unit, &message, event)?;
            Ok(())
        })
        .await
}

/// In a group this is for owner and admins; of two people, for both.
fn find_to_pin(unit: &mut Unit<'_>, user: UserId, id: ConversationId, seq: Seq) -> Answer<Message> {
    let message = find_to_change(unit, user, id, seq)?;
    let member = conversations::member(unit.db(), id, user)?;
    let leads = member.is_some_and(|member| member.role != Role::Member);
    if !leads && conversations::is_group(unit.db(), id)? {
        let who = "Only the owner and admins may pin messages in a group";
        return Err(Refusal::new(Code::Forbidden).detail(who));
    }
    Ok(message)
}

/// What is pinned, as far as the caller may see it; the one pinned last first.
///
/// # Errors
/// 404 for whoever is no member.
pub(super) async fn pins(app: &AppState, caller: Caller, id: ConversationId) -> Answer<PinList> {
    app.delivery
        .read(move |db| {
            let sight = sight(db, caller.user_id, id)?;
            let pins = store::pins(db, id)?.into_iter();
            let seen = pins.filter(|(position, _)| sight.sees(*position));
            Ok(PinList { pins: seen.map(|(_, message)| message).collect() })
        })
        .await
}

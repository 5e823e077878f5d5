//! Pinning messages: what a conversation wants to keep at hand.

use std::collections::HashMap;

use delivery::Unit;
use protocol::{
    Code, ConversationId, EventBody, MAX_PINS, Mark, Message, Notice, NoticeCode, PinList, Role,
    Seq, Timestamp, UserId,
};

use super::{
    find::{find_to_change, sight},
    store::{self, PinPlace},
};
use crate::{
    accounts,
    app::AppState,
    caller::Caller,
    conversations::{self, Room},
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

/// A page of what is pinned, as far as the caller may see it; the one pinned last first.
///
/// # Errors
/// 404 for whoever is no member.
pub(super) async fn pins(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    before: Option<PinPlace>,
) -> Answer<PinList> {
    let before = before.unwrap_or(PinPlace { at: Timestamp(i64::MAX), seq: Seq(i64::MAX) });
    app.delivery
        .read(move |db| {
            let sight = sight(db, caller.user_id, id)?;
            let mut found = store::pins(db, id, before)?;
            found.retain(|(_, one)| sight.sees(one.position));
            let fitting = Room::page(found.len()).fitting(found.iter().map(|(_, one)| one.bytes));
            let has_more = fitting < found.len();
            found.truncate(fitting);
            let before = found.last().filter(|_| has_more).map(|(place, _)| token(*place));
            let seqs: Vec<Seq> = found.iter().map(|(place, _)| place.seq).collect();
            let mut pins = store::some_messages(db, id, &seqs)?;
            let places: HashMap<Seq, usize> = seqs.into_iter().zip(0..).collect();
            pins.sort_by_key(|pin| places.get(&pin.seq).copied());
            Ok(PinList { pins, before })
        })
        .await
}

/// The opaque form of a place.
fn token(place: PinPlace) -> String {
    format!("{}-{}", place.at.millis(), place.seq)
}

/// Reads what [`token`] wrote.
pub(super) fn parse_token(text: &str) -> Answer<PinPlace> {
    let read = || {
        let (at, seq) = text.split_once('-')?;
        Some(PinPlace { at: Timestamp(at.parse().ok()?), seq: seq.parse().ok()? })
    };
    read().ok_or_else(|| {
        Refusal::new(Code::Malformed).field("before", "is not from a page of this list")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_nonsense_is_refused() {
        let place = PinPlace { at: Timestamp(1_700_000_000_000), seq: Seq(7) };
        assert_eq!(parse_token(&token(place)).unwrap(), place);
        for bad in ["", "7", "7-", "-7-1", "7-x", "7--1"] {
            assert_eq!(parse_token(bad).unwrap_err().code(), Code::Malformed, "{bad}");
        }
    }
}

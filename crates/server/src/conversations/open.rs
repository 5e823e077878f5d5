//! Opening the conversation of two people, or with oneself, and setting the group of a temporary session (临时会话).

use delivery::{Since, Stream, Unit};
use protocol::{Code, Conversation, ConversationId, ConversationKind, EventBody, UserId};

use super::{settings, store, view::view};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    friends,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// The direct conversation of the caller and `user_id`, made if need be.
pub(super) async fn open(
    app: &AppState,
    caller: Caller,
    user_id: UserId,
    via: Option<ConversationId>,
) -> Answer<Conversation> {
    if user_id == caller.user_id {
        return Err(Refusal::invalid("user_id", "is your own"));
    }
    let state = AppState::clone(app);
    app.delivery.write(move |unit| open_in(&state, unit, caller.user_id, user_id, via)).await
}

/// The caller's conversation with themselves, made if need be.
pub(super) async fn open_saved(app: &AppState, caller: Caller) -> Answer<Conversation> {
    let state = AppState::clone(app);
    let me = caller.user_id;
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let id = match store::saved_of(unit.db(), me)? {
                Some(id) => id,
                None => make_saved(&state, unit, me)?,
            };
            view(&state, unit.db(), me, id)?.ok_or_else(|| Refusal::new(Code::NotFound))
        })
        .await
}

fn make_saved(app: &App, unit: &mut Unit<'_>, me: UserId) -> Answer<ConversationId> {
    let now = unit.now();
    let id = store::add_conversation(unit.db(), ConversationKind::Saved, now)?;
    store::add_saved(unit.db(), id, me, now)?;
    unit.admit(id, me, Since::Now)?;
    announce(app, unit, me, id)?;
    Ok(id)
}

/// What is to be done, once it is known to be allowed.
enum Plan {
    /// It is there, and stays as it is.
    Keep(ConversationId),
    /// It is there, and goes through another group now.
    SetVia(ConversationId, ConversationId),
    Make(Option<ConversationId>),
}

fn open_in(
    app: &App,
    unit: &mut Unit<'_>,
    me: UserId,
    peer: UserId,
    via: Option<ConversationId>,
) -> Answer<Conversation> {
    unit.lock()?;
    let id = match check(app, unit, me, peer, via)? {
        Plan::Keep(id) => id,
        Plan::SetVia(id, group) => {
            store::set_via(unit.db(), id, Some(group))?;
            for user in [me, peer] {
                settings::tell(unit, user, id)?;
            }
            id
        }
        Plan::Make(via) => make(app, unit, me, peer, via)?,
    };
    view(app, unit.db(), me, id)?.ok_or_else(|| Refusal::new(Code::NotFound))
}

fn check(
    app: &App,
    unit: &mut Unit<'_>,
    me: UserId,
    peer: UserId,
    via: Option<ConversationId>,
) -> Answer<Plan> {
    let db = unit.db();
    if !accounts::exists(db, peer)? {
        return Err(Code::NotFound.into());
    }
    let existing = store::direct_of(db, me, peer)?;
    let friends = friends::are_friends(db, me, peer)?;
    match (existing, via) {
        (Some(direct), None) => return Ok(Plan::Keep(direct.id)),
        (Some(direct), _) if friends => return Ok(Plan::Keep(direct.id)),
        (None, _) if friends => return Ok(Plan::Make(None)),
        _ => {}
    }
    if friends::is_blocked(db, me, peer)? {
        return Err(Code::Blocked.into());
    }
    let Some(group) = via else { return Err(Code::NotFriends.into()) };
    // One answer for a group that is not there, is not mine or not theirs: who is in is no one else's business.
    if !shares_group(unit, group, me, peer)? {
        return Err(Refusal::new(Code::NotFriends).detail("You two do not share that group"));
    }
    Ok(match existing {
        Some(direct) if direct.via_group_id == Some(group) => Plan::Keep(direct.id),
        Some(direct) => Plan::SetVia(direct.id, group),
        None => {
            // Strangers who write to every member of a large group are slowed down.
            app.limits.account(Limit::FriendRequests, me)?;
            Plan::Make(Some(group))
        }
    })
}

fn shares_group(unit: &mut Unit<'_>, group: ConversationId, a: UserId, b: UserId) -> Answer<bool> {
    if !store::is_group(unit.db(), group)? {
        return Ok(false);
    }
    Ok(store::member(unit.db(), group, a)?.is_some()
        && store::member(unit.db(), group, b)?.is_some())
}

fn make(
    app: &App,
    unit: &mut Unit<'_>,
    me: UserId,
    peer: UserId,
    via: Option<ConversationId>,
) -> Answer<ConversationId> {
    let now = unit.now();
    let id = store::add_conversation(unit.db(), ConversationKind::Direct, now)?;
    store::add_direct(unit.db(), id, (me, peer), via, now)?;
    for user in [me, peer] {
        unit.admit(id, user, Since::Now)?;
    }
    for user in [me, peer] {
        announce(app, unit, user, id)?;
    }
    Ok(id)
}

/// Tells a member that a conversation is there, as they see it now.
///
/// # Errors
/// Those of the database.
pub(crate) fn announce(
    app: &App,
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
) -> Result<(), database::Error> {
    let Some(conversation) = view(app, unit.db(), user, id)? else { return Ok(()) };
    let last = conversation.last_message.as_ref().map(|message| message.id);
    let position = unit.append(
        Stream::User(user),
        EventBody::ConversationCreated {
            conversation_id: id,
            conversation: Box::new(conversation),
        },
    )?;
    match last {
        Some(message) => store::add_copy(unit.db(), message, position),
        None => store::set_last_position(unit.db(), id, position.get()),
    }
}

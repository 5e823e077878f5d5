//! Saying something otherwise. What it said before is kept for its sender and those who lead the group; nobody
//! else is served it again.

use delivery::Unit;
use protocol::{
    Code, ConversationId, Details, Edit, EditList, EditMessage, EventBody, MAX_EDITS,
    MAX_TEXT_CHARS, Message, NewMessage, Role, Seq,
};

use super::{
    compose,
    find::{find, find_to_change},
    send::Send,
    store, words,
};
use crate::{
    app::AppState,
    caller::Caller,
    conversations::{self, Room},
    problem::{Answer, Refusal},
    rate_limit::Limit,
    text,
};

/// Gives a message another text, and answers with it. The same text changes nothing.
///
/// # Errors
/// 404 for whoever cannot read it; 403 for everybody but its sender, for whoever may not speak there, and for
/// what is no text; 403 `words_refused`; 409 `recalled`, or `conflict` after [`MAX_EDITS`]; 422 as of a send.
pub(super) async fn edit(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    seq: Seq,
    body: EditMessage,
) -> Answer<Message> {
    // What a message with attachments may say is known inside; the upper bound is the same for all.
    let text = text::speech("text", &body.text, 0, MAX_TEXT_CHARS)?;
    let new = NewMessage {
        text,
        mentions: body.mentions,
        mentions_all: body.mentions_all,
        ..NewMessage::default()
    };
    compose::check_bounds(&new)?;
    app.limits.account(Limit::Sending, caller.user_id)?;
    let mut send = Send {
        sender_id: caller.user_id,
        conversation_id: id,
        message: new,
        // An edit has no key, and so nothing to compare.
        digest: [0; 32],
        worked: words::Worked::default(),
    };
    words::work_out(app, &mut send).await?;
    app.delivery
        .write(move |unit| {
            let message = find_to_change(unit, caller.user_id, id, seq)?;
            check(&message, &send)?;
            // What was said cannot wait for a moderator: it is said already.
            if send.worked.unwelcome.is_some() {
                return Err(Code::WordsRefused.into());
            }
            let mut references = compose::look_up(unit.db(), std::slice::from_ref(&send))?;
            let composed = compose::compose(unit, &send, &mut references, &message.details)?;
            replace(unit, message, send.message.text, composed.details)
        })
        .await
}

fn check(message: &Message, send: &Send) -> Answer<()> {
    let refused = |detail: &str| Err(Refusal::new(Code::Forbidden).detail(detail));
    if message.sender_id != send.sender_id {
        return refused("Only its sender may edit a message");
    }
    let details = &message.details;
    if !details.forwarded.is_empty() || details.sticker.is_some() {
        return refused("What was forwarded, and a sticker, cannot be edited");
    }
    if send.message.text.is_empty() && details.attachments.is_empty() {
        return Err(Refusal::invalid("text", "must have 1 to 10000 characters"));
    }
    Ok(())
}

fn replace(
    unit: &mut Unit<'_>,
    before: Message,
    text: String,
    composed: Details,
) -> Answer<Message> {
    let Details { html, mentions, mentions_all, .. } = composed;
    let was = &before.details;
    if (&before.text, &was.mentions, was.mentions_all) == (&text, &mentions, mentions_all) {
        return Ok(before);
    }
    let edits = store::count_edits(unit.db(), before.id)?;
    if edits >= MAX_EDITS {
        let often = format!("A message can be edited {MAX_EDITS} times");
        return Err(Refusal::new(Code::Conflict).detail(often));
    }
    let now = unit.now();
    let old = Edit { text: before.text.clone(), html: was.html.clone(), edited_at: now };
    store::add_edit(unit.db(), before.id, edits, &old)?;
    let details =
        Details { html, mentions, mentions_all, edited_at: Some(now), ..before.details.clone() };
    let after = Message { text, details, ..before };
    let (conversation_id, seq) = (after.conversation_id, after.seq);
    let all_see = store::all_see(unit.db(), conversation_id, seq)?;
    let message = all_see.then(|| Box::new(after.clone()));
    let event = EventBody::MessageEdited { conversation_id, seq, message };
    conversations::rewrite_message(unit, &after, event)?;
    Ok(after)
}

/// A page of what a message said before, from edit number `from` on, for its sender and for owner and admins of the
/// group.
///
/// # Errors
/// 404 for whoever cannot read it, 403 for everybody else.
pub(super) async fn edits(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    seq: Seq,
    from: i64,
) -> Answer<EditList> {
    app.delivery
        .read(move |db| {
            let message = find(db, caller.user_id, id, seq)?;
            let member = conversations::member(db, id, caller.user_id)?;
            let leads = member.is_some_and(|member| member.role != Role::Member);
            if message.sender_id != caller.user_id && !leads {
                let whose = "Only its sender and the group's admins may see what it said before";
                return Err(Refusal::new(Code::Forbidden).detail(whose));
            }
            let sizes = store::edit_sizes(db, message.id, from)?;
            let (all, fitting) = (sizes.len(), Room::page(sizes.len()).fitting(sizes));
            let to = from.saturating_add(i64::try_from(fitting).unwrap_or(i64::MAX));
            let edits = store::edits(db, message.id, (from, to))?;
            Ok(EditList { edits, next: (fitting < all).then_some(to) })
        })
        .await
}

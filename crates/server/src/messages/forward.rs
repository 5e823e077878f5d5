//! Passing messages on: copies, made when they are forwarded. What becomes of the originals later does not change
//! them, as with anything that somebody repeats.
//!
//! One message that is a forward itself passes on what it holds, under the names of those who said it. Among
//! several, it is an entry of whoever forwarded it, and its text sums up what it holds.

use std::collections::{BTreeSet, HashMap};

use delivery::Unit;
use protocol::{
    Code, Forward, Forwarded, MAX_FORWARDED, MAX_TEXT_CHARS, Message, MessageKind, UserId,
};

use super::{find::sight, store};
use crate::{
    accounts,
    problem::{Answer, Refusal},
};

/// The most bytes of text that one message passes on, rendered forms included: an event has to fit a batch.
const MAX_BYTES: usize = 128 * 1024;
/// Characters that a summed up message keeps of each one in it.
const SUMMED_UP_CHARS: usize = 200;

/// What can be refused without looking anything up.
pub(super) fn check_bounds(forward: &Forward) -> Answer<()> {
    if !(1..=MAX_FORWARDED).contains(&forward.seqs.len()) {
        let bounds = format!("must be 1 to {MAX_FORWARDED} messages");
        return Err(Refusal::invalid("forward.seqs", bounds));
    }
    if forward.seqs.iter().collect::<BTreeSet<_>>().len() < forward.seqs.len() {
        return Err(Refusal::invalid("forward.seqs", "has a message twice"));
    }
    Ok(())
}

/// The copies, in the order in which the messages were said. A fixed number of statements.
///
/// # Errors
/// 422 for what the sender cannot see, what was recalled, notices, and for more than [`MAX_BYTES`].
pub(super) fn forwarded(
    unit: &mut Unit<'_>,
    sender: UserId,
    forward: &Forward,
) -> Answer<Vec<Forwarded>> {
    let refused = |why: &str| Refusal::invalid("forward", why);
    let sight =
        sight(unit.db(), sender, forward.conversation_id).map_err(|refusal| {
            match refusal.code() {
                Code::NotFound => refused("is of no conversation that you can see"),
                _ => refusal,
            }
        })?;
    let found = store::some_messages(unit.db(), forward.conversation_id, &forward.seqs)?;
    let messages: Vec<Message> = found
        .into_iter()
        .filter(|(position, _)| sight.sees(*position))
        .map(|(_, message)| message)
        .collect();
    if messages.len() < forward.seqs.len() {
        return Err(refused("has a message that you cannot see"));
    }
    if messages.iter().any(|one| one.details.recalled.is_some()) {
        return Err(refused("has a message that was recalled"));
    }
    if messages.iter().any(|one| one.kind == MessageKind::Notice) {
        return Err(refused("has a notice"));
    }
    let copies = copies(unit, messages)?;
    if copies.iter().any(|one| !one.attachments.is_empty()) {
        return Err(refused("has a message with files"));
    }
    if copies.iter().map(bytes).sum::<usize>() > MAX_BYTES {
        return Err(refused("is too long to be passed on at once"));
    }
    Ok(copies)
}

fn copies(unit: &mut Unit<'_>, messages: Vec<Message>) -> Answer<Vec<Forwarded>> {
    let messages = match <[Message; 1]>::try_from(messages) {
        Ok([one]) if !one.details.forwarded.is_empty() => return Ok(one.details.forwarded),
        Ok([one]) => vec![one],
        Err(several) => several,
    };
    let senders: BTreeSet<UserId> = messages.iter().map(|one| one.sender_id).collect();
    let senders: Vec<UserId> = senders.into_iter().collect();
    let names: HashMap<UserId, String> = accounts::users_by_ids(unit.db(), &senders)?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    Ok(messages.into_iter().map(|message| copy(message, &names)).collect())
}

fn copy(message: Message, names: &HashMap<UserId, String>) -> Forwarded {
    let is_forward = !message.details.forwarded.is_empty();
    let text = if is_forward { summed_up(&message) } else { message.text };
    let details = message.details;
    Forwarded {
        sender_id: message.sender_id,
        sender_name: names.get(&message.sender_id).cloned().unwrap_or_default(),
        sent_at: message.sent_at,
        html: details.html.filter(|_| !is_forward),
        attachments: details.attachments,
        sticker: details.sticker,
        text,
    }
}

/// A forward in one text: what its sender said, then a line for each message in it.
fn summed_up(message: &Message) -> String {
    let mut text = message.text.clone();
    for one in &message.details.forwarded {
        if !text.is_empty() {
            text.push('\n');
        }
        let said = one.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let named = one.sticker.as_ref().map(|sticker| format!("[{}]", sticker.name));
        let files = one.attachments.iter().map(|file| format!("[{}]", file.name));
        let parts: Vec<String> =
            [said].into_iter().filter(|said| !said.is_empty()).chain(named).chain(files).collect();
        let line = format!("{}: {}", one.sender_name, parts.join(" "));
        text.extend(line.chars().take(SUMMED_UP_CHARS));
    }
    text.chars().take(MAX_TEXT_CHARS).collect()
}

fn bytes(one: &Forwarded) -> usize {
    one.text.len() + one.html.as_ref().map_or(0, String::len)
}

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
    uploads,
};

/// The most bytes of text that one message passes on, rendered forms and what is said of files included: an event
/// has to fit a batch.
const MAX_BYTES: usize = 128 * 1024;
/// The most stored bytes that are read to make it, reactions and what is only summed up included: a hundred records
/// would keep the writer busy for long.
const MAX_STORED_BYTES: i64 = 2 * 1024 * 1024;
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

/// What a message passes on.
#[derive(Debug, Default)]
pub(super) struct PassedOn {
    /// In the order in which the messages were said.
    pub(super) copies: Vec<Forwarded>,
    /// The uploads behind all their attachments, in the same order.
    pub(super) uploads: Vec<String>,
}

/// The copies, and the uploads behind their files: the files are not copied. A fixed number of statements.
///
/// # Errors
/// 422 for what the sender cannot see, what was recalled, notices, and for more than [`MAX_BYTES`].
pub(super) fn forwarded(
    unit: &mut Unit<'_>,
    sender: UserId,
    forward: &Forward,
) -> Answer<PassedOn> {
    let refused = |why: &str| Refusal::invalid("forward", why);
    let sight =
        sight(unit.db(), sender, forward.conversation_id).map_err(|refusal| {
            match refusal.code() {
                Code::NotFound => refused("is of no conversation that you can see"),
                _ => refusal,
            }
        })?;
    let mut found = store::some_sizes(unit.db(), forward.conversation_id, &forward.seqs)?;
    // What one cannot see is not to be told by its size.
    found.retain(|one| sight.sees(one.position));
    if found.iter().map(|one| one.bytes).sum::<i64>() > MAX_STORED_BYTES {
        return Err(refused("is too long to be passed on at once"));
    }
    if found.len() < forward.seqs.len() {
        return Err(refused("has a message that you cannot see"));
    }
    let messages = store::some_messages(unit.db(), forward.conversation_id, &forward.seqs)?;
    if messages.iter().any(|one| one.details.recalled.is_some()) {
        return Err(refused("has a message that was recalled"));
    }
    if messages.iter().any(|one| one.kind == MessageKind::Notice) {
        return Err(refused("has a notice"));
    }
    let uploads = behind(unit, forward, &messages)?;
    let copies = copies(unit, messages)?;
    if copies.iter().map(bytes).sum::<usize>() > MAX_BYTES {
        return Err(refused("is too long to be passed on at once"));
    }
    Ok(PassedOn { copies, uploads })
}

/// Whether what is passed on is what the one message passed on itself.
fn passes_through(messages: &[Message]) -> bool {
    matches!(messages, [one] if !one.details.forwarded.is_empty())
}

/// The uploads behind what is passed on: each message's own, or those of what passes through.
fn behind(unit: &mut Unit<'_>, forward: &Forward, messages: &[Message]) -> Answer<Vec<String>> {
    if messages.iter().all(|one| uploads::numbered(one).next().is_none()) {
        return Ok(Vec::new());
    }
    let all = uploads::behind(unit.db(), forward.conversation_id, &forward.seqs)?;
    let mut behind = Vec::new();
    for message in messages {
        let own = message.details.attachments.len();
        let of_message = all.iter().filter(|(seq, _)| *seq == message.seq).map(|(_, id)| id);
        behind.extend(match passes_through(messages) {
            true => of_message.skip(own).cloned().collect::<Vec<_>>(),
            false => of_message.take(own).cloned().collect(),
        });
    }
    Ok(behind)
}

fn copies(unit: &mut Unit<'_>, messages: Vec<Message>) -> Answer<Vec<Forwarded>> {
    if passes_through(&messages) {
        return Ok(messages.into_iter().flat_map(|one| one.details.forwarded).collect());
    }
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
    // What is said of a file besides its name is shorter than this.
    let files = one.attachments.iter().map(|file| 512 + file.name.len());
    one.text.len() + one.html.as_ref().map_or(0, String::len) + files.sum::<usize>()
}

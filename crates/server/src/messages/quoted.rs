//! What a reply points to. A reply holds no copy: a quote shows the message as it is now.

use std::collections::BTreeSet;

use database::{Connection, Error};
use protocol::{Code, ConversationId, Message, MessageKind, Seq, UserId};

use super::{
    find::{Sight, find},
    store,
};
use crate::{
    conversations::Room,
    problem::{Answer, Refusal},
};

/// Whether a new message may answer the one at `seq`.
///
/// # Errors
/// 422 where the sender sees no such message, and for what was recalled or is a notice.
pub(super) fn check(
    db: &mut Connection,
    sender: UserId,
    conversation: ConversationId,
    seq: Seq,
) -> Answer<()> {
    let refused = |why: &str| Err(Refusal::invalid("reply_to", why));
    match find(db, sender, conversation, seq) {
        Ok(message) if message.details.recalled.is_some() => refused("was recalled"),
        Ok(message) if message.kind == MessageKind::Notice => refused("is a notice"),
        Ok(_) => Ok(()),
        Err(refusal) if refusal.code() == Code::NotFound => {
            refused("is no message that you can see here")
        }
        Err(refusal) => Err(refusal),
    }
}

/// The messages that those of a page answer, as far as the reader may see them, they are not in the page, and there
/// is room: as much again as for the page itself. Ascending; two statements.
pub(super) fn quoted(
    db: &mut Connection,
    sight: &Sight,
    conversation: ConversationId,
    page: &[Message],
) -> Result<Vec<Message>, Error> {
    let wanted: BTreeSet<Seq> = page.iter().filter_map(|one| one.details.reply_to).collect();
    let there: BTreeSet<Seq> = page.iter().map(|one| one.seq).collect();
    let wanted: Vec<Seq> = wanted.difference(&there).copied().collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut room = Room::page(wanted.len());
    let mut found = store::some_sizes(db, conversation, &wanted)?;
    found.retain(|one| sight.sees(one.position) && room.take(one.bytes));
    let found: Vec<Seq> = found.into_iter().map(|one| one.seq).collect();
    store::some_messages(db, conversation, &found)
}

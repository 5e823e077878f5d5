//! What a reply points to. A reply holds no copy: a quote shows the message as it is now.

use std::collections::{BTreeSet, HashMap, HashSet};

use database::{Connection, Error};
use protocol::{ConversationId, Message, Seq};

use super::{
    find::Sight,
    send::Send,
    store::{self, Quotable, Quote},
};
use crate::{
    conversations::Room,
    problem::{Answer, Refusal},
};

/// What the messages are that a set of sends answers, of those that their senders see.
#[derive(Debug, Default)]
pub(super) struct Answered(HashMap<Quote, Quotable>);

/// Looks up all that a set of sends answers, in one statement.
pub(super) fn look_up(db: &mut Connection, sends: &[Send]) -> Result<Answered, Error> {
    let quotes: HashSet<Quote> = sends.iter().filter_map(quote).collect();
    if quotes.is_empty() {
        return Ok(Answered::default());
    }
    let quotes: Vec<Quote> = quotes.into_iter().collect();
    Ok(Answered(store::quotable(db, &quotes)?.into_iter().collect()))
}

fn quote(send: &Send) -> Option<Quote> {
    let Send { sender_id, conversation_id, .. } = *send;
    send.message.reply_to.map(|seq| Quote { sender_id, conversation_id, seq })
}

impl Answered {
    /// Whether a send may answer what it answers.
    ///
    /// # Errors
    /// 422 where the sender sees no such message, and for what was recalled or is a notice.
    pub(super) fn check(&self, send: &Send) -> Answer<()> {
        let Some(quote) = quote(send) else { return Ok(()) };
        let why = match self.0.get(&quote) {
            Some(Quotable::Yes) => return Ok(()),
            Some(Quotable::Recalled) => "was recalled",
            Some(Quotable::Notice) => "is a notice",
            None => "is no message that you can see here",
        };
        Err(Refusal::invalid("reply_to", why))
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

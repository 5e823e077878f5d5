//! Messages that somebody wants to quote elsewhere: those that they may read, as they are now.

use database::Connection;
use protocol::{ConversationId, Message, MessageKind, Seq, UserId};

use super::{find::sight, store};
use crate::{
    conversations,
    problem::{Answer, Refusal},
};

/// The messages at some places, ascending. Each place at most once.
///
/// # Errors
/// 404 for whoever is no member; 422 `seqs` where one is not to be seen, was recalled or is a notice.
pub(crate) fn quotable(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
    seqs: &[Seq],
) -> Answer<Vec<Message>> {
    let refused = |why: &str| Refusal::invalid("seqs", why);
    let sight = sight(db, user, conversation)?;
    let found = store::some_sizes(db, conversation, seqs)?;
    if found.iter().filter(|one| sight.sees(one.position)).count() < seqs.len() {
        return Err(refused("has a message that you cannot see"));
    }
    let room = conversations::Room::page(found.len());
    if room.fitting(found.iter().map(|one| one.bytes)) < found.len() {
        return Err(refused("has more than fits into an article"));
    }
    let messages = store::some_messages(db, conversation, seqs)?;
    if messages.iter().any(|one| one.details.recalled.is_some()) {
        return Err(refused("has a message that was recalled"));
    }
    if messages.iter().any(|one| one.kind == MessageKind::Notice) {
        return Err(refused("has a notice"));
    }
    Ok(messages)
}

//! Messages that somebody wants to quote elsewhere: those that they may read, as they are now.

use database::Connection;
use protocol::{ConversationId, Message, MessageKind, Seq, UserId};

use super::{find::sight, store};
use crate::problem::{Answer, Refusal};

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
    let found = store::some_messages(db, conversation, seqs)?;
    let seen = found.into_iter().filter(|(position, _)| sight.sees(*position));
    let messages: Vec<Message> = seen.map(|(_, message)| message).collect();
    if messages.len() < seqs.len() {
        return Err(refused("has a message that you cannot see"));
    }
    if messages.iter().any(|one| one.details.recalled.is_some()) {
        return Err(refused("has a message that was recalled"));
    }
    if messages.iter().any(|one| one.kind == MessageKind::Notice) {
        return Err(refused("has a notice"));
    }
    Ok(messages)
}

//! One message, for somebody who may read it: every verb on a message begins here.

use database::Connection;
use protocol::{Code, ConversationId, Message, Seq, UserId};

use super::store;
use crate::problem::{Answer, Refusal};

/// The message at a place, if `user` is a member there and was when it was said, or its past is open to them.
///
/// # Errors
/// 404 for everybody else, and where there is none.
pub(crate) fn find(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
) -> Answer<Message> {
    let missing = || Refusal::new(Code::NotFound);
    let open = store::reader(db, user, conversation)?.ok_or_else(missing)?;
    let (position, message) = store::message(db, conversation, seq)?.ok_or_else(missing)?;
    if open {
        return Ok(message);
    }
    let seen = store::intervals(db, user, conversation)?;
    let is_seen = seen.iter().any(|&(from, until)| from <= position && position <= until);
    if is_seen { Ok(message) } else { Err(missing()) }
}

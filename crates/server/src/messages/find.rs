//! One message, for somebody who may read it: every verb on a message begins here.

use database::Connection;
use delivery::Unit;
use protocol::{Code, ConversationId, Message, MessageKind, Seq, UserId};

use super::{
    post::may_speak,
    store::{self, Speaker},
};
use crate::problem::{Answer, Refusal};

/// What of a conversation somebody may see: what was said while they were in it, or all of it. Positions of the
/// log, (from, until), both inclusive, ascending.
pub(super) struct Sight(pub(super) Vec<(i64, i64)>);

impl Sight {
    /// Whether the message whose event is at `position` is to be seen.
    pub(super) fn sees(&self, position: i64) -> bool {
        self.0.iter().any(|&(from, until)| from <= position && position <= until)
    }
}

/// What `user` may see of a conversation, if they are a member there.
///
/// # Errors
/// 404 for everybody else.
pub(super) fn sight(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
) -> Answer<Sight> {
    let open =
        store::reader(db, user, conversation)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    Ok(Sight(match open {
        true => vec![(0, i64::MAX)],
        false => store::intervals(db, user, conversation)?,
    }))
}

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
    let sight = sight(db, user, conversation)?;
    match store::message(db, conversation, seq)? {
        Some((position, message)) if sight.sees(position) => Ok(message),
        _ => Err(Code::NotFound.into()),
    }
}

/// The same, to do something to it that is told to everybody there: it must be there still, and no notice, and
/// whoever does it must have the right to speak.
///
/// # Errors
/// 404 as above; 403 for a notice and for whoever may not speak; 409 `recalled`.
pub(super) fn find_to_change(
    unit: &mut Unit<'_>,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
) -> Answer<Message> {
    unit.lock()?;
    let message = find(unit.db(), user, conversation, seq)?;
    if message.kind == MessageKind::Notice {
        return Err(Refusal::new(Code::Forbidden).detail("A notice is no message of anybody's"));
    }
    if message.details.recalled.is_some() {
        return Err(Code::Recalled.into());
    }
    let speaker = Speaker { sender_id: user, conversation_id: conversation };
    let standings = store::standings(unit.db(), &[speaker])?;
    let (_, footing) = standings.first().ok_or_else(|| Refusal::new(Code::NotFound))?;
    may_speak(footing, unit.now())?;
    Ok(message)
}

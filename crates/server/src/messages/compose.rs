//! From what somebody wants to send to what the message carries: everything but its plain text.

use database::{Connection, Error};
use delivery::Unit;
use protocol::{Details, NewMessage};

use super::{
    forward::{self, PassedOn},
    mention::{self, Named},
    quoted::{self, Answered},
    send::Send,
};
use crate::{
    emoji,
    problem::{Answer, Refusal},
    uploads::{self, Wanted},
};

/// What a message will carry, and the uploads behind all its attachments, in the order of their numbers.
pub(super) struct Composed {
    pub(super) details: Details,
    pub(super) uploads: Vec<String>,
}

/// Whether a message says something even without a text.
pub(super) fn says_more(message: &NewMessage) -> bool {
    !message.attachments.is_empty() || message.forward.is_some() || message.sticker_id.is_some()
}

/// What can be refused without looking anything up.
pub(super) fn check_bounds(message: &NewMessage) -> Answer<()> {
    mention::check_bounds(message)?;
    uploads::check_attachments(&message.attachments)?;
    message.forward.as_ref().map_or(Ok(()), forward::check_bounds)?;
    if message.sticker_id.as_ref().is_some_and(|id| !emoji::is_id(id)) {
        return Err(Refusal::invalid("sticker_id", "is no sticker that you can use"));
    }
    if message.sticker_id.is_some() && !message.text.is_empty() {
        return Err(Refusal::invalid("text", "must be empty: a sticker says it all"));
    }
    Ok(())
}

/// What a set of sends refers to: a fixed number of statements, whatever their number.
#[derive(Debug, Default)]
pub(super) struct References {
    answered: Answered,
    named: Named,
    /// Uploads that the set wants to take along.
    wanted: Wanted,
}

/// Looks up what all sends of a set refer to; but not what they pass on, which is read for one after the other: a
/// set of them would be too much at once.
///
/// # Errors
/// Those of the database.
pub(super) fn look_up(db: &mut Connection, sends: &[Send]) -> Result<References, Error> {
    let asked = sends.iter().flat_map(|send| {
        let attachments = send.message.attachments.iter();
        attachments.map(|one| (send.sender_id, one.upload_id.as_str()))
    });
    Ok(References {
        answered: quoted::look_up(db, sends)?,
        named: mention::look_up(db, sends)?,
        wanted: uploads::want(db, &asked.collect::<Vec<_>>())?,
    })
}

/// What the message will carry, checked inside the unit that stores it; `before` is what it carried when it is
/// edited, and nothing when it is new. Stores nothing.
///
/// # Errors
/// 422 `invalid` with the field at fault; 403 for whoever may not mention everybody.
pub(super) fn compose(
    unit: &mut Unit<'_>,
    send: &Send,
    references: &mut References,
    before: &Details,
) -> Answer<Composed> {
    let message = &send.message;
    references.answered.check(send)?;
    references.named.check(send, before)?;
    if message.sticker_id.is_some() && send.worked.sticker.is_none() {
        return Err(Refusal::invalid("sticker_id", "is no sticker that you can use"));
    }
    let passed_on = match &message.forward {
        Some(forward) => forward::forwarded(unit, send.sender_id, forward)?,
        None => PassedOn::default(),
    };
    // Last, since what is taken is no longer there for another send of the set.
    let taken = references.wanted.take(send.sender_id, &message.attachments)?;
    let details = Details {
        html: send.worked.html.clone(),
        reply_to: message.reply_to,
        attachments: taken.attachments,
        mentions: message.mentions.clone(),
        mentions_all: message.mentions_all,
        forwarded: passed_on.copies,
        sticker: send.worked.sticker.clone(),
        ..Details::default()
    };
    Ok(Composed { details, uploads: [taken.uploads, passed_on.uploads].concat() })
}

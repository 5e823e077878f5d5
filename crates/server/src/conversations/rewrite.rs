//! A message that is no longer what it was: its row, and every copy of it in the log.

use database::Error;
use delivery::{Stream, Unit};
use protocol::{Details, EventBody, Message, Position};

use super::store;

/// Stores a message as it is now and appends `event`, which tells of the change and holds the message too. Every
/// copy that the log has from before is put out of reach: it says that the message was edited or recalled, and
/// nothing of what it said then. Nor of what it says now: somebody who left in between may still read that far.
///
/// # Errors
/// Those of the database.
pub(crate) fn rewrite_message(
    unit: &mut Unit<'_>,
    message: &Message,
    event: EventBody,
) -> Result<Position, Error> {
    unit.lock()?;
    store::update_message(unit.db(), message)?;
    store::add_change(unit.db(), message.id)?;
    store::replace_mentions(unit.db(), message)?;
    let past = past_of(message);
    for position in store::copies(unit.db(), message.id)? {
        let position = Position(position);
        let Some(mut logged) = unit.logged(position)? else { continue };
        if replace(&mut logged.body, &past) {
            unit.redact(position, logged.at, logged.body)?;
        }
    }
    let position = unit.append(Stream::Conversation(message.conversation_id), event)?;
    store::add_copy(unit.db(), message.id, position)?;
    Ok(position)
}

/// What the log's past says of a message that has changed.
fn past_of(message: &Message) -> Message {
    let Details { edited_at, recalled, moderated, .. } = message.details;
    Message {
        text: String::new(),
        details: Details { edited_at, recalled, moderated, ..Details::default() },
        ..message.clone()
    }
}

/// Stores what was put on a message (a reaction, a pin), and appends `event`, which tells of it. Copies in the log
/// stay as they are: whoever reads one reads this event after it.
///
/// # Errors
/// Those of the database.
pub(crate) fn note_message(
    unit: &mut Unit<'_>,
    message: &Message,
    event: EventBody,
) -> Result<Position, Error> {
    unit.lock()?;
    store::update_message(unit.db(), message)?;
    unit.append(Stream::Conversation(message.conversation_id), event)
}

/// Puts `message` in place of its copy in an event. `false` where there is none.
fn replace(body: &mut EventBody, message: &Message) -> bool {
    match body {
        EventBody::MessageCreated { message: copy, .. }
        | EventBody::MessageEdited { message: Some(copy), .. }
        | EventBody::MessageRecalled { message: copy, .. } => **copy = message.clone(),
        EventBody::ConversationCreated { conversation, .. } => match &mut conversation.last_message
        {
            Some(copy) if copy.id == message.id => *copy = message.clone(),
            _ => return false,
        },
        _ => return false,
    }
    true
}

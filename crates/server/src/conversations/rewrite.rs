//! A message that is no longer what it was: its row, and every copy of it in the log.

use database::Error;
use delivery::{Stream, Unit};
use protocol::{EventBody, Message, Position};

use super::store;

/// Stores a message as it is now, puts it in place of every copy in the log, so that nobody is served what it was
/// before, and appends `event`, which tells of the change and holds the message too.
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
    for position in store::copies(unit.db(), message.id)? {
        let position = Position(position);
        let Some(mut logged) = unit.logged(position)? else { continue };
        if replace(&mut logged.body, message) {
            unit.redact(position, logged.at, logged.body)?;
        }
    }
    let position = unit.append(Stream::Conversation(message.conversation_id), event)?;
    store::add_copy(unit.db(), message.id, position)?;
    Ok(position)
}

/// Puts `message` in place of its copy in an event. `false` where there is none.
fn replace(body: &mut EventBody, message: &Message) -> bool {
    match body {
        EventBody::MessageCreated { message: copy, .. }
        | EventBody::MessageEdited { message: copy, .. }
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

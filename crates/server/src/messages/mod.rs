//! Messages: saying something, reading what was said, and the signal that somebody is typing.
//!
//! Events, on the conversation's stream: `message.created`, written by `conversations::record_messages`;
//! `message.edited` and `message.recalled`, by `conversations::rewrite_message`; `message.pinned`,
//! `message.unpinned`, `reaction.added` and `reaction.removed`, by `conversations::note_message`; `typing` is
//! ephemeral. On the sender's private stream: `message.rejected`, of what was held and is never to be one.
//!
//! *Invariants*
//! * One message a (sender, `client_id`), for ever; the key is looked up before anything else is checked.
//! * What the list of words holds back is kept until a moderator decides, and is then the same message.
//! * A send is answered after its commit is durable, and never before.
//! * A set of sends is a fixed number of statements, with what is attached; only each forward in it adds a few (at
//!   most six). Stickers and emoji of one's own are read before, for each send by itself.

pub(crate) mod attachments;
mod compose;
mod edit;
mod files;
mod find;
mod forward;
mod held;
mod history;
mod inbox;
mod mention;
mod pin;
mod post;
mod quotable;
mod quoted;
mod react;
mod readers;
mod recall;
pub(crate) mod routes;
mod send;
mod store;
#[cfg(test)]
mod tests;
mod typing;
mod words;

use protocol::{ConversationId, NewMessage};

pub(crate) use find::find;
pub(crate) use held::{Approved, approve, forget_waiting, reject, waiting};
pub(crate) use history::around_it;
pub use inbox::Inbox;
pub(crate) use quotable::quotable;
pub(crate) use recall::take_back_by_moderators;
pub use send::Posted;
pub(crate) use store::own_messages;
pub(crate) use typing::typing;

use crate::{app::AppState, caller::Caller, problem::Answer};

/// Sends a message as the caller. Answers once it is durable.
///
/// # Errors
/// 422 for a key, text or anything else out of bounds, 409 `client_id_reused`, 404 for whoever is no member, 403
/// `not_friends`, `blocked` or `muted`, 429, 503 when too many wait.
pub(crate) async fn post(
    app: &AppState,
    caller: Caller,
    conversation_id: ConversationId,
    message: NewMessage,
) -> Answer<Posted> {
    app.inbox.admit()?;
    let mut send = send::Send::parse(caller.user_id, conversation_id, message)?;
    words::work_out(app, &mut send).await?;
    inbox::submit(app, send).await
}

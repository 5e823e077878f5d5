//! Messages: saying something, reading what was said, and the signal that somebody is typing.
//!
//! Events: `message.created`, on the conversation's stream, written by `conversations::record_messages`; `typing`
//! is ephemeral.
//!
//! *Invariants*
//! * One message a (sender, `client_id`), for ever; the key is looked up before anything else is checked.
//! * A send is answered after its commit is durable, and never before.
//! * A set of sends is a fixed number of statements.

mod history;
mod inbox;
mod post;
pub(crate) mod routes;
mod send;
mod store;
mod typing;

use protocol::ConversationId;

pub use inbox::Inbox;
pub use send::Posted;
pub(crate) use typing::typing;

use crate::{app::AppState, caller::Caller, problem::Answer};

/// Sends a message as the caller. Answers once it is durable.
///
/// # Errors
/// 422 for a key or text out of bounds, 409 `client_id_reused`, 404 for whoever is no member, 403
/// `not_friends`, `blocked` or `muted`, 429, 503 when too many wait.
pub(crate) async fn post(
    app: &AppState,
    caller: Caller,
    conversation_id: ConversationId,
    client_id: String,
    text: &str,
) -> Answer<Posted> {
    let send = send::Send::parse(caller.user_id, conversation_id, client_id, text)?;
    inbox::submit(app, send).await
}

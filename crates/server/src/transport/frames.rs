//! What a client says over a WebSocket, handed to the same verbs that the HTTP routes call.

use std::pin::Pin;

use protocol::{ClientFrame, Code, SendFrame, ServerFrame};

use crate::app::AppState;
use crate::caller::Caller;
use crate::json;
use crate::problem::{Answer, Refusal};
use crate::rate_limit::Limit;
use crate::{accounts, conversations, messages};

/// A frame being worked on; resolves to what is to be answered, if anything.
pub(super) type Pending = Pin<Box<dyn Future<Output = Option<ServerFrame>> + Send>>;

/// Starts on a frame.
pub(super) fn take(app: &AppState, caller: Caller, text: &str) -> Pending {
    let app = AppState::clone(app);
    match admit(&app, caller).and_then(|()| json::parse::<ClientFrame>(text.as_bytes())) {
        Ok(frame) => Box::pin(async move { handle(&app, caller, frame).await }),
        Err(refusal) => {
            let answer = refused(client_id_of(text), &refusal);
            Box::pin(std::future::ready(Some(answer)))
        }
    }
}

/// A frame counts like a request. Who was logged out while it was on its way is nobody any more, also in the
/// moment before the socket is closed.
fn admit(app: &AppState, caller: Caller) -> Answer<()> {
    if accounts::has_ended(app, caller.device) {
        return Err(Refusal::new(Code::Unauthenticated));
    }
    app.limits.account(Limit::General, caller.user_id)
}

async fn handle(app: &AppState, caller: Caller, frame: ClientFrame) -> Option<ServerFrame> {
    match frame {
        ClientFrame::Send(send) => {
            let SendFrame { conversation_id, message } = *send;
            let client_id = message.client_id.clone();
            Some(match messages::post(app, caller, conversation_id, message).await {
                Ok(posted) => ServerFrame::Sent { client_id, message: Box::new(posted.message) },
                Err(refusal) => refused(Some(client_id), &refusal),
            })
        }
        ClientFrame::Typing { conversation_id } => {
            quiet(messages::typing(app, caller, conversation_id).await)
        }
        ClientFrame::Read { conversation_id, seq } => {
            quiet(conversations::read(app, caller, conversation_id, seq).await)
        }
    }
}

/// These are answered only when they are refused.
fn quiet(answer: Answer<()>) -> Option<ServerFrame> {
    answer.err().map(|refusal| refused(None, &refusal))
}

/// The answer to a frame that was refused.
pub(super) fn refused(client_id: Option<String>, refusal: &Refusal) -> ServerFrame {
    ServerFrame::Error { client_id, problem: refusal.problem() }
}

/// Of a binary frame.
pub(super) fn not_text() -> Refusal {
    Refusal::new(Code::Malformed).detail("Frames are JSON text")
}

/// The key of a send that is not valid otherwise, so that the client knows which of its sends failed.
fn client_id_of(text: &str) -> Option<String> {
    let frame: serde_json::Value = serde_json::from_str(text).ok()?;
    frame.get("client_id")?.as_str().map(str::to_owned)
}

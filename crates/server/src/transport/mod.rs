//! Bytes in and out of a session of delivery: short and long poll, Server-Sent Events, WebSocket. No rules:
//! what a client says over a socket is handed to the same verbs that the HTTP routes call.

mod frames;
mod line;
pub(crate) mod poll;
pub(crate) mod sse;
pub(crate) mod websocket;

use std::time::Duration;

use delivery::{Session, Transport};
use protocol::{Code, Cursor};

use crate::accounts;
use crate::app::App;
use crate::caller::Caller;
use crate::problem::{Answer, Refusal};

/// Something is sent on a quiet stream at least this often.
const BEAT: Duration = Duration::from_secs(25);

/// A cursor that this or another server has handed out.
fn parse_cursor(text: Option<&str>) -> Answer<Option<Cursor>> {
    let malformed = |_| Refusal::new(Code::Malformed).detail("The cursor is malformed");
    text.map(|text| text.parse().map_err(malformed)).transpose()
}

/// Connects the caller's device.
fn connect(
    app: &App,
    caller: &Caller,
    transport: Transport,
    from: Option<&Cursor>,
) -> Answer<Session> {
    let session = app.delivery.connect(caller.as_device(), transport, from);
    // Who logged out between being authenticated and being connected found nothing to end.
    if accounts::has_ended(app, caller.device) {
        return Err(Refusal::new(Code::Unauthenticated));
    }
    Ok(session)
}

//! From a credential to who is calling.

use database::Connection;
use delivery::DeviceId;
use protocol::Timestamp;

use super::{known::Known, sessions::LIFETIME, store};
use crate::{
    accounts::credential::{self, SecretHash},
    app::App,
    caller::{Caller, Credential},
    problem::Answer,
};

/// Who is calling; `None` when the credential is nobody's (any more).
///
/// # Errors
/// When the database cannot be asked.
pub async fn authenticate(app: &App, credential: Credential<'_>) -> Answer<Option<Caller>> {
    let (text, is_session) = match credential {
        Credential::Session(text) => (text, true),
        Credential::Token(text) => (text, false),
    };
    let Some(secret) = credential::hash(text) else { return Ok(None) };
    let now = app.clock.now();
    let found = match app.accounts.devices.find(&secret, now) {
        Some((known, false)) => Some(known),
        Some((known, true)) => {
            touch(app, known.device, now);
            Some(known)
        }
        None => look_up(app, secret, now).await?,
    };
    // A token in the cookie, or a session's secret as a token, is nobody's.
    let found = found.filter(|known| matches!(known.device, DeviceId::Session(_)) == is_session);
    Ok(found.map(|known| Caller {
        user_id: known.user_id,
        device: known.device,
        permissions: known.permissions,
    }))
}

async fn look_up(app: &App, secret: SecretHash, now: Timestamp) -> Answer<Option<Known>> {
    let since = app.accounts.devices.since();
    let found = app.delivery.read(move |db: &mut Connection| store::find(db, &secret, now)).await?;
    if let Some(known) = found {
        app.accounts.devices.remember(secret, known, since);
        // Asked again, it says whether this use is due to be stored.
        if let Some((known, true)) = app.accounts.devices.find(&secret, now) {
            touch(app, known.device, now);
        }
    }
    Ok(found)
}

/// Whether `device` was ended after it had been authenticated. A transport asks once it is connected: what
/// ended the device a moment before found no connection to end.
#[must_use]
pub fn has_ended(app: &App, device: DeviceId) -> bool {
    app.accounts.devices.has_ended(device)
}

/// Stores the use of a device without holding up the request. Best effort: a failure is mended by the next use.
fn touch(app: &App, device: DeviceId, now: Timestamp) {
    app.delivery.submit(
        move |unit| match device {
            DeviceId::Session(id) => {
                store::touch_session(unit.db(), id, now, now.plus_millis(LIFETIME))
            }
            DeviceId::Token(id) => store::touch_token(unit.db(), id, now),
        },
        |outcome| {
            if let Err(error) = outcome {
                tracing::debug!(%error, "the last use of a device was not stored");
            }
        },
    );
}

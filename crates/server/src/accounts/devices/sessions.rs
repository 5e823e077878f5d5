//! Sessions: a browser that is logged in. Made at registration and login, ended by logging out, by revoking,
//! by a new password, by thirty days without use.

use std::sync::Arc;

use axum::http::HeaderMap;
use database::Connection;
use delivery::{Device, DeviceId, Unit};
use protocol::{Code, Session, SessionId, UserId};

use super::{
    authenticate::authenticate,
    revoke::{Ended, revoking},
    store,
};
use crate::{
    accounts::credential::Secret,
    app::App,
    caller::{Caller, Credential},
    csrf,
    problem::{Answer, Refusal},
};

/// How long a session lives without being used, in milliseconds: thirty days.
pub(crate) const LIFETIME: i64 = 30 * 24 * 3_600 * 1_000;
/// The most sessions a person has; logging in once more ends the one that was unused the longest.
const MAX_SESSIONS: i64 = 100;
/// Expired sessions of anybody that are cleared away with each login.
const CLEARED_AT_ONCE: i64 = 50;
/// The most of a browser's own description that is kept, in characters.
const MAX_USER_AGENT: usize = 255;

/// Where a session comes from, for its owner to recognise it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// What the browser calls itself.
    pub(crate) user_agent: String,
    /// The network address.
    pub(crate) address: String,
}

impl Origin {
    /// Cut to bounds and cleared of control characters: it is shown in lists and logs.
    pub(crate) fn new(user_agent: &str, address: String) -> Self {
        let shown = user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT);
        Self { user_agent: shown.collect(), address }
    }
}

/// A session to be made.
pub(crate) struct NewSession {
    /// Drawn for it.
    pub(crate) secret: Secret,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

/// Makes a session inside `unit`, which has to run under [`revoking`]: it may displace older ones.
pub(crate) fn open(
    unit: &mut Unit<'_>,
    user: UserId,
    session: &NewSession,
) -> Result<Ended, database::Error> {
    let now = unit.now();
    store::clear_expired(unit.db(), now, CLEARED_AT_ONCE)?;
    let displaced = store::delete_oldest_sessions(unit.db(), user, MAX_SESSIONS - 1)?;
    let expires_at = now.plus_millis(LIFETIME);
    store::insert_session(unit.db(), user, session, now, expires_at)?;
    Ok(Ended { devices: devices(user, displaced), changed: Vec::new() })
}

/// After a new password: ends all sessions of the caller but the one that asks, and gives that one a new secret.
pub(crate) fn replace_all(
    unit: &mut Unit<'_>,
    caller: &Caller,
    secret: &Secret,
) -> Result<Ended, database::Error> {
    let own = match caller.device {
        DeviceId::Session(id) => Some(id),
        DeviceId::Token(_) => None,
    };
    let ended = store::delete_other_sessions(unit.db(), caller.user_id, own)?;
    if let Some(id) = own {
        store::replace_session_secret(unit.db(), id, &secret.hash)?;
    }
    let changed = vec![caller.user_id];
    Ok(Ended { devices: devices(caller.user_id, ended), changed })
}

fn devices(user: UserId, sessions: Vec<SessionId>) -> Vec<Device> {
    sessions.into_iter().map(|id| Device { user, id: DeviceId::Session(id) }).collect()
}

/// The caller's devices, the latest used first.
pub(crate) async fn list(app: &App, caller: &Caller) -> Answer<Vec<Session>> {
    let (user, device, now) = (caller.user_id, caller.device, app.clock.now());
    let mut sessions =
        app.delivery.read(move |db: &mut Connection| store::sessions_of(db, user, now)).await?;
    for session in &mut sessions {
        session.current = device == DeviceId::Session(session.id);
    }
    Ok(sessions)
}

/// Ends one of the caller's sessions.
pub(crate) async fn end(app: &Arc<App>, caller: &Caller, id: SessionId) -> Answer<()> {
    let user = caller.user_id;
    revoking(app, move |unit| Ok(((), end_session(unit, user, id)?))).await
}

/// Ends one session of `user`, in a unit under [`revoking`].
///
/// # Errors
/// `not_found`.
pub(crate) fn end_session(unit: &mut Unit<'_>, user: UserId, id: SessionId) -> Answer<Ended> {
    if store::delete_session(unit.db(), user, id)? {
        Ok(Ended { devices: devices(user, vec![id]), changed: Vec::new() })
    } else {
        Err(Code::NotFound.into())
    }
}

/// After a login: ends the session that the browser had until then, which it is about to forget. Whether it
/// was still good is of no interest.
///
/// # Errors
/// When the database cannot be asked.
pub(crate) async fn end_former(app: &Arc<App>, headers: &HeaderMap) -> Answer<()> {
    let Some(secret) = csrf::session_cookie(app, headers) else { return Ok(()) };
    match authenticate(app, Credential::Session(secret)).await? {
        Some(former) => match end_current(app, &former).await {
            Err(refusal) if refusal.code() != Code::NotFound => Err(refusal),
            _ => Ok(()),
        },
        None => Ok(()),
    }
}

/// Logs out: ends the session that asks.
pub(crate) async fn end_current(app: &Arc<App>, caller: &Caller) -> Answer<()> {
    match caller.device {
        DeviceId::Session(id) => end(app, caller, id).await,
        DeviceId::Token(_) => Err(Refusal::new(Code::Forbidden)
            .detail("A token is no session; revoke it with DELETE /tokens/{id}.")),
    }
}

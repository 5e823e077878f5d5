//! Logging in by password. Whether the username or the password was wrong is neither said nor to be timed.

use std::sync::Arc;

use database::Connection;
use protocol::{Code, Me};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    credential::Secret,
    devices::{self, NewSession, Origin},
    password::Password,
    standing, store, user,
};
use crate::{app::App, problem::Answer, text};

/// What one fills in to log in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// As it was registered; case does not matter.
    pub(super) username: String,
    /// The password.
    pub(super) password: String,
}

impl Login {
    /// The key of the account that is tried, for rate limits: the same for all spellings. A name too long
    /// for any account has none, and is cut so that the limits' memory is bounded.
    pub(crate) fn account(&self) -> String {
        let bounded: String = self.username.trim().chars().take(64).collect();
        text::key(&bounded)
    }
}

/// Logs a person in: their profile and the new session's secret.
///
/// # Errors
/// `wrong_credentials`, `suspended` (only after the right password), `unavailable` when too many passwords are hashed.
pub(crate) async fn log_in(app: &Arc<App>, login: Login, origin: Origin) -> Answer<(Me, Secret)> {
    let key = login.account();
    // No username has control characters, and PostgreSQL takes no NUL in a text.
    let found = match key.contains(char::is_control) {
        true => None,
        false => app.delivery.read(move |db: &mut Connection| store::credentials(db, &key)).await?,
    };
    let wrong = || Code::WrongCredentials.into();
    let password = Password::attempt(login.password).ok_or_else(wrong)?;
    let stored = found.as_ref().and_then(|(_, hash, _)| hash.clone());
    let matches = app.accounts.passwords.verify(password, stored.clone()).await?;
    // A banned account answers like one that does not exist.
    let Some((id, _, false)) = found.filter(|_| matches) else { return Err(wrong()) };

    let session = NewSession { secret: Secret::draw(&app.random, ""), origin };
    let state = Arc::clone(app);
    devices::revoking(app, move |unit| {
        // The password may have been changed while its hash was computed: who knew the old one stays out.
        if store::password_hash(unit.db(), id)? != stored {
            return Err(Code::WrongCredentials.into());
        }
        let now = unit.now();
        standing::check_may_enter(unit.db(), id, now)??;
        let ended = devices::open(unit, id, &session)?;
        let me = user::row(unit.db(), id)?.own(unit.db(), &state.delivery)?;
        Ok(((me, session.secret), ended))
    })
    .await
}

//! A new password: everybody else who is logged in to the account is out.

use std::sync::Arc;

use database::Connection;
use protocol::Code;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{credential::Secret, devices, password::Password, store};
use crate::{
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// The password until now.
    old: String,
    /// The password from now on: 8 to 256 characters.
    #[schema(min_length = 8, max_length = 256)]
    new: String,
}

/// Changes the caller's password. All other sessions end, with their live connections; the session that asks
/// goes on under the secret that is returned. Tokens are secrets of their own and stay.
///
/// # Errors
/// `invalid` for the new one, `wrong_credentials` for the old one, `unavailable`.
pub(crate) async fn change_password(
    app: &Arc<App>,
    caller: &Caller,
    passwords: NewPassword,
) -> Answer<Secret> {
    let new = Password::new(passwords.new).map_err(|why| Refusal::invalid("new", why))?;
    let wrong = || Refusal::new(Code::WrongCredentials).detail("The old password is wrong.");
    let old = Password::attempt(passwords.old).ok_or_else(wrong)?;
    let user = caller.user_id;
    let stored =
        app.delivery.read(move |db: &mut Connection| store::password_hash(db, user)).await?;
    let Some(stored) = stored else { return Err(wrong()) };
    if !app.accounts.passwords.verify(old, Some(stored.clone())).await? {
        return Err(wrong());
    }
    let hash = app.accounts.passwords.hash(new).await?;
    let secret = Secret::draw(&app.random, "");
    let caller = *caller;
    devices::revoking(app, move |unit| {
        if !store::replace_password(unit.db(), user, &stored, &hash)? {
            return Err(wrong());
        }
        let ended = devices::replace_all(unit, &caller, &secret)?;
        Ok((secret, ended))
    })
    .await
}

//! An account that goes. What it said stays, as a deleted account's; who it was is told nowhere any more. What the
//! slices above know of it goes in the same unit: see `admin/delete_account.rs`.

use std::sync::Arc;

use database::Connection;
use delivery::Unit;
use protocol::{Code, UserId};

use super::{
    Ended,
    devices::{self},
    password::Password,
    roles, standing, store,
};
use crate::{
    app::App,
    problem::{Answer, Refusal},
};

/// Leaves nothing of an account but its number. Runs under `revoking`.
///
/// # Errors
/// `not_found`, `conflict` for the last admin.
pub(crate) fn delete_account(unit: &mut Unit<'_>, user: UserId) -> Answer<Ended> {
    let before = standing::find(unit.db(), user)?;
    let ended = standing::log_out(unit, user)?;
    devices::delete_tokens(unit.db(), user)?;
    roles::forget_member(unit.db(), user)?;
    let now = unit.now();
    store::erase(unit.db(), user, now)?;
    if before.is_admin {
        standing::check_an_admin_is_left(unit.db(), now)?;
    }
    Ok(ended)
}

/// Whether `password` is the account's: asked before what cannot be undone.
///
/// # Errors
/// `wrong_credentials`, also for an account without a password; `unavailable`.
pub(crate) async fn check_password(app: &Arc<App>, user: UserId, password: String) -> Answer<()> {
    let wrong = || Refusal::new(Code::WrongCredentials).detail("The password is wrong.");
    let password = Password::attempt(password).ok_or_else(wrong)?;
    let stored =
        app.delivery.read(move |db: &mut Connection| store::password_hash(db, user)).await?;
    let Some(stored) = stored else { return Err(wrong()) };
    if app.accounts.passwords.verify(password, Some(stored)).await? { Ok(()) } else { Err(wrong()) }
}

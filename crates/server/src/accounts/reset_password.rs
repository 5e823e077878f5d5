//! A new password for somebody who has lost theirs, by those who manage users.

use std::sync::Arc;

use protocol::{Permission, UserId};
use serde_json::json;

use super::{password::Password, require_now, standing};
use crate::{
    accounts::revoking,
    app::App,
    audit::{self, Act},
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Characters of such a password, of five bits each.
const CHARS: usize = 20;

/// Gives an account a new password, which is shown this once. All its sessions end; its tokens stay.
///
/// # Errors
/// `forbidden`, `not_found`, `unavailable` when too many passwords are hashed.
pub(crate) async fn reset_password(
    app: &Arc<App>,
    caller: &Caller,
    user: UserId,
) -> Answer<String> {
    caller.require(Permission::ManageUsers)?;
    let early = *caller;
    app.delivery.read(move |db| standing::check_below(db, &early, user)).await?;
    let text = app.random.lowercase(CHARS);
    let password = Password::new(text.clone()).map_err(Refusal::internal)?;
    let hash = app.accounts.passwords.hash(password).await?;
    let caller = *caller;
    revoking(app, move |unit| {
        unit.lock()?;
        require_now(unit.db(), &caller, Permission::ManageUsers)?;
        standing::check_below(unit.db(), &caller, user)?;
        standing::set_password(unit.db(), user, &hash)?;
        let ended = standing::log_out(unit, user)?;
        let (subject, action) = (format!("user:{user}"), "user.password_reset");
        let act = Act { actor: caller.user_id, action, subject: &subject, details: json!({}) };
        audit::record(unit, &act)?;
        Ok((text, ended))
    })
    .await
}

//! The first admin: while there is none, each start makes a fresh one-time token.

use std::sync::Arc;

use database::Connection;
use delivery::Unit;
use protocol::{Me, UserId};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    credential::{self, Secret},
    devices::{self, Ended},
    standing, store, user,
};
use crate::{
    app::App,
    audit::{self, Act},
    caller::Caller,
    problem::{Answer, Refusal},
    settings,
};

/// The one-time token from the server's standard output.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// What follows `token=` in the link.
    setup_token: String,
}

/// At the start of the server: a fresh token if there is no admin, which makes older ones worthless. It is
/// for standard output, never for the log.
pub async fn issue_setup_token(app: &App) -> Answer<Option<String>> {
    let secret = Secret::draw(&app.random, "");
    app.delivery
        .write(move |unit| {
            if store::has_admin(unit.db())? {
                return Ok(None);
            }
            store::set_setup_token(unit.db(), &settings::hex(&secret.hash))?;
            Ok(Some(secret.text))
        })
        .await
}

/// Uses up the token: it works once, and only while there is no admin.
pub(super) fn redeem(db: &mut Connection, token: &str) -> Answer<()> {
    let good = match credential::hash(token) {
        Some(hash) => store::use_setup_token(db, &settings::hex(&hash))? && !store::has_admin(db)?,
        None => false,
    };
    if good { Ok(()) } else { Err(Refusal::invalid("setup_token", "is not, or no longer, valid")) }
}

/// Who opened the link became the admin.
pub(super) fn record_first_admin(unit: &mut Unit<'_>, user: UserId) -> Answer<()> {
    let (subject, details) = (format!("user:{user}"), json!({"by": "setup_token"}));
    let act = Act { actor: user, action: "user.admin_given", subject: &subject, details };
    Ok(audit::record(unit, &act)?)
}

/// Makes the caller the first admin.
///
/// # Errors
/// `invalid` for a token that is not good.
pub(crate) async fn become_admin(app: &Arc<App>, caller: &Caller, setup: Setup) -> Answer<Me> {
    let id = caller.user_id;
    let state = Arc::clone(app);
    devices::revoking(app, move |unit| {
        redeem(unit.db(), &setup.setup_token)?;
        standing::set_admin(unit.db(), id, true)?;
        record_first_admin(unit, id)?;
        let me = user::row(unit.db(), id)?.own(unit.db(), &state.delivery)?;
        Ok((me, Ended { changed: vec![id], ..Ended::default() }))
    })
    .await
}

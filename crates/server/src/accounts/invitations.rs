//! Invitations to the site: a code that lets a number of people register for some days. Those who may manage
//! invitations make them.

use database::Connection;
use protocol::{Code, Invitation, InvitationId, Permission};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{credential::Secret, store};
use crate::{
    app::App,
    audit::{self, Act},
    caller::Caller,
    problem::{Answer, Refusal},
};

/// The most invitations that are good at a time.
const MAX_INVITATIONS: i64 = 500;
const DAY: i64 = 24 * 3_600 * 1_000;

/// An invitation to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// How many may register with it; 1 when left out.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1000)]
    max_uses: i64,
    /// For how many days it is good; 7 when left out.
    #[serde(default = "seven")]
    #[schema(minimum = 1, maximum = 365)]
    expires_in_days: i64,
}

fn one() -> i64 {
    1
}

fn seven() -> i64 {
    7
}

/// Makes an invitation; its code is shown this once.
///
/// # Errors
/// `forbidden`, `invalid`, `conflict` when there are 500.
pub(crate) async fn invite(
    app: &App,
    caller: &Caller,
    invitation: NewInvitation,
) -> Answer<Invitation> {
    caller.require(Permission::ManageInvitations)?;
    let NewInvitation { max_uses, expires_in_days } = invitation;
    if !(1..=1_000).contains(&max_uses) {
        return Err(Refusal::invalid("max_uses", "must be from 1 to 1000"));
    }
    if !(1..=365).contains(&expires_in_days) {
        return Err(Refusal::invalid("expires_in_days", "must be from 1 to 365"));
    }
    let (maker, secret) = (caller.user_id, Secret::draw(&app.random, ""));
    app.delivery
        .write(move |unit| {
            let now = unit.now();
            if store::clear_invitations(unit.db(), now)? >= MAX_INVITATIONS {
                return Err(Refusal::new(Code::Conflict)
                    .detail("There are as many invitations as there may be. Revoke one first."));
            }
            let expires_at = now.plus_millis(expires_in_days * DAY);
            let id = store::insert_invitation(
                unit.db(),
                maker,
                &secret.hash,
                max_uses,
                expires_at,
                now,
            )?;
            let subject = format!("invitation:{id}");
            let details = json!({"max_uses": max_uses, "expires_at": expires_at});
            let action = "invitation.created";
            audit::record(unit, &Act { actor: maker, action, subject: &subject, details })?;
            let code = Some(secret.text);
            Ok(Invitation { id, code, max_uses, uses: 0, created_at: now, expires_at })
        })
        .await
}

/// The invitations that are good, the newest first.
///
/// # Errors
/// `forbidden`.
pub(crate) async fn invitations(app: &App, caller: &Caller) -> Answer<Vec<Invitation>> {
    caller.require(Permission::ManageInvitations)?;
    let now = app.clock.now();
    Ok(app.delivery.read(move |db: &mut Connection| store::invitations(db, now)).await?)
}

/// Makes an invitation worthless.
///
/// # Errors
/// `forbidden`, `not_found`.
pub(crate) async fn revoke_invitation(app: &App, caller: &Caller, id: InvitationId) -> Answer<()> {
    caller.require(Permission::ManageInvitations)?;
    let actor = caller.user_id;
    app.delivery
        .write(move |unit| {
            if !store::delete_invitation(unit.db(), id)? {
                return Err(Code::NotFound.into());
            }
            let (subject, action) = (format!("invitation:{id}"), "invitation.revoked");
            let act = Act { actor, action, subject: &subject, details: json!({}) };
            Ok(audit::record(unit, &act)?)
        })
        .await
}

//! Making an account: registering over HTTP, and the operator's `rookery user create`.

use std::sync::Arc;

use delivery::Unit;
use protocol::{Code, Me, UserId};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    credential::{self, Secret},
    devices::{self, NewSession, Origin},
    password::Password,
    setup,
    store::{self, NewUser},
    user,
    username::Username,
};
use crate::{
    app::App,
    audit::{self, Act, OPERATOR},
    config::Registration as Policy,
    problem::{Answer, Refusal},
    text,
};

/// What one fills in to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    /// 3 to 32 letters and digits, with `_`, `-` and `.` between them.
    #[schema(min_length = 3, max_length = 32)]
    pub(super) username: String,
    /// 8 to 256 characters.
    #[schema(min_length = 8, max_length = 256)]
    pub(super) password: String,
    /// What people will see; the username when left out.
    #[schema(max_length = 64)]
    pub(super) name: Option<String>,
    /// The code of an invitation, where registration needs one.
    pub(super) invitation: Option<String>,
    /// From the server's first start: makes the first admin.
    pub(super) setup_token: Option<String>,
}

/// A [`Registration`] whose fields were looked at.
struct Checked {
    username: Username,
    name: String,
    invitation: Option<String>,
    setup_token: Option<String>,
}

impl Registration {
    fn check(self) -> Answer<(Checked, Password)> {
        let username =
            Username::new(&self.username).map_err(|why| Refusal::invalid("username", why))?;
        let password =
            Password::new(self.password).map_err(|why| Refusal::invalid("password", why))?;
        let name = text::line("name", self.name.as_deref().unwrap_or_default(), 0, 64)?;
        let name = if name.is_empty() { username.text.clone() } else { name };
        let (invitation, setup_token) = (self.invitation, self.setup_token);
        Ok((Checked { username, name, invitation, setup_token }, password))
    }
}

/// Registers a person and logs them in: their profile and the session's secret.
///
/// # Errors
/// `invalid`, `words_refused`, `registration_closed`, `username_taken`, `unavailable` when too many passwords are
/// hashed.
pub(crate) async fn register(
    app: &Arc<App>,
    registration: Registration,
    origin: Origin,
) -> Answer<(Me, Secret)> {
    let (checked, password) = registration.check()?;
    app.words.check_name(&checked.username.text)?;
    app.words.check_name(&checked.name)?;
    if policy_refuses(app, &checked) {
        return Err(Code::RegistrationClosed.into());
    }
    let password_hash = app.accounts.passwords.hash(password).await?;
    let session = NewSession { secret: Secret::draw(&app.random, ""), origin };
    let state = Arc::clone(app);
    devices::revoking(app, move |unit| {
        let is_admin = enter(&state, unit, &checked)?;
        let user = insert(unit, &checked.username, &checked.name, Some(&password_hash), is_admin)?;
        if is_admin {
            setup::record_first_admin(unit, user)?;
        }
        let ended = devices::open(unit, user, &session)?;
        let me = user::row(unit.db(), user)?.own(unit.db(), &state.delivery)?;
        Ok(((me, session.secret), ended))
    })
    .await
}

/// What can be said before the costly hash; the unit says it again, with the invitation counted.
fn policy_refuses(app: &App, checked: &Checked) -> bool {
    checked.setup_token.is_none()
        && match app.site.get().registration {
            Policy::Open => false,
            Policy::Invitation => checked.invitation.is_none(),
            Policy::Closed => true,
        }
}

/// Uses up what lets this person in; whether they come in as an admin.
fn enter(app: &App, unit: &mut Unit<'_>, checked: &Checked) -> Answer<bool> {
    if let Some(token) = &checked.setup_token {
        setup::redeem(unit.db(), token)?;
        return Ok(true);
    }
    match app.site.get().registration {
        Policy::Open => Ok(false),
        Policy::Closed => Err(Code::RegistrationClosed.into()),
        Policy::Invitation => {
            let now = unit.now();
            let code = checked.invitation.as_deref().and_then(|code| credential::hash(code.trim()));
            match code {
                Some(code) if store::use_invitation(unit.db(), &code, now)? => Ok(false),
                _ => Err(Refusal::new(Code::RegistrationClosed)
                    .detail("This invitation is not, or no longer, valid.")),
            }
        }
    }
}

fn insert(
    unit: &mut Unit<'_>,
    username: &Username,
    name: &str,
    password_hash: Option<&str>,
    is_admin: bool,
) -> Answer<UserId> {
    let now = unit.now();
    let name_key = text::key(name);
    let user = NewUser { username, name, name_key: &name_key, password_hash, is_admin };
    store::insert_user(unit.db(), &user, now)?.ok_or_else(|| Code::UsernameTaken.into())
}

/// Makes an account for the operator. Without a password nobody logs in to it; tokens work.
///
/// # Errors
/// `invalid`, `username_taken`.
pub async fn create_user(
    app: &App,
    username: &str,
    password: Option<String>,
    is_admin: bool,
) -> Answer<UserId> {
    let username = Username::new(username).map_err(|why| Refusal::invalid("username", why))?;
    let password_hash = match password {
        Some(password) => {
            let password =
                Password::new(password).map_err(|why| Refusal::invalid("password", why))?;
            Some(app.accounts.passwords.hash(password).await?)
        }
        None => None,
    };
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let id = insert(unit, &username, &username.text, password_hash.as_deref(), is_admin)?;
            let (subject, details) = (format!("user:{id}"), json!({"is_admin": is_admin}));
            let act = Act { actor: OPERATOR, action: "user.created", subject: &subject, details };
            audit::record(unit, &act)?;
            Ok(id)
        })
        .await
}

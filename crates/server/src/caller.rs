//! Who is calling: a bearer token, or else the session's cookie. A bearer token wins and needs no CSRF token;
//! a write that the cookie authenticates does. That a write comes from this site's own pages was checked
//! before (`origin.rs`).

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::{HeaderMap, header, request::Parts};
use delivery::{Device, DeviceId};
use protocol::{Code, Permission, Permissions, TokenId, UserId};

use crate::app::{App, AppState};
use crate::audit::OPERATOR;
use crate::problem::{Answer, Refusal};
use crate::rate_limit::Limit;
use crate::{accounts, csrf};

/// The account and device that a request speaks for. As an extractor it refuses everybody else (401);
/// `Option<Caller>` lets visitors in, and is for reads only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user_id: UserId,
    /// The logged-in session or the token.
    pub device: DeviceId,
    /// What they may do on the site beyond what everybody may.
    pub permissions: Permissions,
}

/// On a request that the operator makes at the command line, and on no other: nothing that comes over the network
/// can put it there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operator;

/// What a request shows to prove who it speaks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// The secret in the session's cookie.
    Session(&'a str),
    /// The secret after `Bearer`.
    Token(&'a str),
}

impl<'a> Credential<'a> {
    /// What the headers show, if anything.
    #[must_use]
    pub fn find(app: &App, headers: &'a HeaderMap) -> Option<Self> {
        match bearer(headers) {
            Some(token) => Some(Self::Token(token)),
            None => csrf::session_cookie(app, headers).map(Self::Session),
        }
    }
}

/// The token of `Authorization: Bearer`. Any such header counts, so that a bad one is a 401 rather than a
/// request that a cookie authenticates.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

impl Caller {
    /// The device, as delivery knows it.
    #[must_use]
    pub fn as_device(&self) -> Device {
        Device { user: self.user_id, id: self.device }
    }

    /// Whether the caller has a permission: the one place where site roles are checked.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn require(&self, permission: Permission) -> Answer<()> {
        if self.permissions.contains(permission) { Ok(()) } else { Err(Code::Forbidden.into()) }
    }

    /// The operator at the command line: no account, and every permission.
    #[must_use]
    pub(crate) fn operator() -> Self {
        let device = DeviceId::Token(TokenId(0));
        Self { user_id: OPERATOR, device, permissions: Permissions::all() }
    }

    /// Who reads a page: by the session's cookie alone, as browsers do; `None` for a visitor.
    ///
    /// # Errors
    /// 429, 503.
    pub(crate) async fn of_page(app: &App, headers: &HeaderMap) -> Answer<Option<Self>> {
        let Some(session) = csrf::session_cookie(app, headers) else { return Ok(None) };
        let caller = accounts::authenticate(app, Credential::Session(session)).await?;
        if let Some(caller) = caller {
            app.limits.account(Limit::General, caller.user_id)?;
        }
        Ok(caller)
    }

    /// Whether a plain form was sent by the caller: its hidden field holds the session's token.
    ///
    /// # Errors
    /// 403 `csrf_failed`; 401 `unauthenticated` where nobody is logged in.
    pub(crate) fn check_form(app: &App, headers: &HeaderMap, given: Option<&str>) -> Answer<()> {
        match csrf::session_cookie(app, headers) {
            Some(session) => csrf::check_session(app, session, given),
            None => Err(Code::Unauthenticated.into()),
        }
    }

    /// The caller, or `None` for a visitor.
    async fn find(parts: &Parts, app: &App) -> Answer<Option<Self>> {
        if parts.extensions.get::<Operator>().is_some() {
            return Ok(Some(Self::operator()));
        }
        let Some(credential) = Credential::find(app, &parts.headers) else { return Ok(None) };
        let Some(caller) = accounts::authenticate(app, credential).await? else { return Ok(None) };
        if let Credential::Session(session) = credential
            && !parts.method.is_safe()
        {
            csrf::check_session(app, session, csrf::given(&parts.headers))?;
        }
        app.limits.account(Limit::General, caller.user_id)?;
        Ok(Some(caller))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Answer<Self> {
        Self::find(parts, app).await?.ok_or_else(|| Refusal::new(Code::Unauthenticated))
    }
}

impl OptionalFromRequestParts<AppState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Answer<Option<Self>> {
        Self::find(parts, app).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_token_is_found_in_any_case() {
        let found = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(found("Bearer abc"), Some("abc".to_owned()));
        assert_eq!(found("bearer  abc"), Some("abc".to_owned()));
        assert_eq!(found("Bearer"), Some(String::new()));
        assert_eq!(found("Basic abc"), None);
        assert_eq!(bearer(&HeaderMap::new()), None);
    }
}

//! Registering, logging in and out, and the devices that are logged in.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use protocol::{LoggedIn, Me, NewToken, Problem, Session, SessionId, Token, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    accounts::{
        credential::Secret,
        devices::{self, Origin},
        login::{self, Login},
        register::{self, Registration},
        user,
    },
    app::{App, AppState},
    caller::Caller,
    client_address::ClientAddress,
    csrf,
    json::{Json, Path},
    problem::Answer,
    rate_limit::Limit,
    text,
};

/// Cookies and body for somebody who has just logged in.
pub(super) fn logged_in(app: &App, me: Me, secret: &Secret) -> impl IntoResponse + use<> {
    let csrf_token = csrf::session_token(app, &secret.text);
    (AppendHeaders(csrf::log_in(app, &secret.text)), Json(LoggedIn { user: Some(me), csrf_token }))
}

fn origin(headers: &HeaderMap, address: ClientAddress) -> Origin {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Origin::new(agent.unwrap_or_default(), address.0.to_string())
}

/// Make an account and log in to it.
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = Registration, responses(
    (status = CREATED, body = LoggedIn),
    (status = FORBIDDEN, body = Problem, description = "`registration_closed`"),
    (status = CONFLICT, body = Problem, description = "`username_taken`"),
    (status = UNPROCESSABLE_ENTITY, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem),
))]
pub(crate) async fn register(
    State(app): State<AppState>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(registration): Json<Registration>,
) -> Answer<impl IntoResponse> {
    app.limits.address(Limit::Registration, address.0)?;
    let origin = origin(&headers, address);
    let (me, secret) = register::register(&app, registration, origin).await?;
    devices::end_former(&app, &headers).await?;
    Ok((StatusCode::CREATED, logged_in(&app, me, &secret)))
}

/// Log in. The session is a new one each time; the one that the browser had until then ends.
#[utoipa::path(post, path = "/session", tag = "accounts", request_body = Login, responses(
    (status = OK, body = LoggedIn),
    (status = UNAUTHORIZED, body = Problem, description = "`wrong_credentials`"),
    (status = TOO_MANY_REQUESTS, body = Problem),
))]
pub(crate) async fn log_in(
    State(app): State<AppState>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(login): Json<Login>,
) -> Answer<impl IntoResponse> {
    app.limits.address(Limit::Login, address.0)?;
    app.limits.login(&login.account(), address.0)?;
    let (me, secret) = login::log_in(&app, login, origin(&headers, address)).await?;
    devices::end_former(&app, &headers).await?;
    Ok(logged_in(&app, me, &secret))
}

/// Who is logged in, if anybody, and the CSRF token to use.
#[utoipa::path(get, path = "/session", tag = "accounts", responses((status = OK, body = LoggedIn)))]
pub(crate) async fn current(
    State(app): State<AppState>,
    caller: Option<Caller>,
    headers: HeaderMap,
) -> Answer<impl IntoResponse> {
    let session = csrf::session_cookie(&app, &headers).filter(|_| caller.is_some());
    let csrf_token = match session {
        Some(session) => csrf::session_token(&app, session),
        None => csrf::visitor_token(&app, &headers),
    };
    let user = match caller {
        Some(caller) => Some(user::me(&app, caller.user_id).await?),
        None => None,
    };
    let cookie = csrf::keep_token(&app, &csrf_token);
    Ok((AppendHeaders([cookie]), Json(LoggedIn { user, csrf_token })))
}

/// Log out: this session and its live connections end.
#[utoipa::path(delete, path = "/session", tag = "accounts", responses(
    (status = NO_CONTENT), (status = UNAUTHORIZED, body = Problem),
))]
pub(crate) async fn log_out(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<impl IntoResponse> {
    devices::end_current(&app, &caller).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders(csrf::log_out(&app))))
}

/// The devices that one is logged in on.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    /// The latest used first; at most 100.
    sessions: Vec<Session>,
}

/// One's own logged-in devices.
#[utoipa::path(get, path = "/sessions", tag = "accounts", responses(
    (status = OK, body = Sessions), (status = UNAUTHORIZED, body = Problem),
))]
pub(crate) async fn list(State(app): State<AppState>, caller: Caller) -> Answer<Json<Sessions>> {
    Ok(Json(Sessions { sessions: devices::list(&app, &caller).await? }))
}

/// Log one of one's own devices out; its live connections end at once.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "accounts", params(("id" = SessionId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub(crate) async fn end(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<SessionId>,
) -> Answer<StatusCode> {
    devices::end(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// What it is for; 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
}

/// Make a token for a program. It is shown this once.
#[utoipa::path(post, path = "/tokens", tag = "accounts", request_body = TokenRequest, responses(
    (status = CREATED, body = NewToken),
    (status = CONFLICT, body = Problem, description = "There are 100 already"),
    (status = UNPROCESSABLE_ENTITY, body = Problem),
))]
pub(crate) async fn create_token(
    State(app): State<AppState>,
    caller: Caller,
    Json(request): Json<TokenRequest>,
) -> Answer<impl IntoResponse> {
    let name = text::line("name", &request.name, 1, 64)?;
    let (user, random) = (caller.user_id, app.random.clone());
    let token =
        app.delivery.write(move |unit| devices::create_token(unit, &random, user, &name)).await?;
    Ok((StatusCode::CREATED, Json(token)))
}

/// The tokens of one's programs.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// The newest first; at most 100.
    tokens: Vec<Token>,
}

/// One's own tokens, without their secrets.
#[utoipa::path(get, path = "/tokens", tag = "accounts", responses((status = OK, body = Tokens)))]
pub(crate) async fn list_tokens(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<Tokens>> {
    Ok(Json(Tokens { tokens: devices::list_tokens(&app, &caller).await? }))
}

/// Revoke one of one's own tokens; its live connections end at once.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "accounts", params(("id" = TokenId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub(crate) async fn revoke_token(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<TokenId>,
) -> Answer<StatusCode> {
    devices::revoke_token(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

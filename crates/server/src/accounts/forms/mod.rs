//! Logging in, registering and logging out by plain HTML forms, which work without any script. They are put
//! into the client's page where the client will put itself; with script the client does the same by JSON.
//!
//! A form that is sent before logging in repeats a signed token that is also in a cookie, so that no other
//! site can log a browser in as somebody else.

mod html;
mod words;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use protocol::Me;
use serde::Deserialize;

use super::credential::Secret;
use super::devices::{self, Origin};
use super::login::{self, Login};
use super::register::{self, Registration};
use crate::app::{App, AppState};
use crate::caller::{Caller, Credential};
use crate::client_address::ClientAddress;
use crate::json::{self, Query};
use crate::problem::{Answer, Refusal};
use crate::rate_limit::Limit;
use crate::{csrf, form, web_assets};
use html::Door;
use words::{Words, words_for};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    next: Option<String>,
}

/// What the forms send; which fields there are decides which form it was.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Fields {
    csrfmiddlewaretoken: Option<String>,
    next: Option<String>,
    username: String,
    password: String,
    name: Option<String>,
    invitation: Option<String>,
}

/// The page for logging in.
pub(crate) async fn show_login(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Query(query): Query<Next>,
    headers: HeaderMap,
) -> Response {
    show(&app, Door::Login, caller, query, &headers)
}

/// The page for registering.
pub(crate) async fn show_register(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Query(query): Query<Next>,
    headers: HeaderMap,
) -> Response {
    show(&app, Door::Register, caller, query, &headers)
}

fn show(
    app: &App,
    door: Door,
    caller: Option<Caller>,
    query: Next,
    headers: &HeaderMap,
) -> Response {
    if caller.is_some() {
        return Redirect::to(web_assets::local_path(query.next.as_deref())).into_response();
    }
    let fields = Fields { next: query.next, ..Fields::default() };
    page(app, door, headers, &fields, None)
}

/// The form for logging in was sent.
pub(crate) async fn log_in(
    State(app): State<AppState>,
    address: ClientAddress,
    Query(query): Query<Next>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let mut fields: Fields = match form::read(request, json::MAX_BODY_BYTES).await {
        Ok(fields) => fields,
        Err(refusal) => return refusal.into_response(),
    };
    // A form that posts to the address it was shown at has it there alone.
    fields.next = fields.next.or(query.next);
    let attempt = async {
        let given = fields.csrfmiddlewaretoken.as_deref().or(csrf::given(&headers));
        csrf::check_visitor(&app, &headers, given)?;
        let login = Login { username: fields.username.clone(), password: fields.password.clone() };
        app.limits.address(Limit::Login, address.0)?;
        app.limits.login(&login.account(), address.0)?;
        let entered = login::log_in(&app, login, origin(&headers, address)).await?;
        devices::end_former(&app, &headers).await?;
        Ok(entered)
    };
    let outcome = attempt.await;
    finish(&app, Door::Login, &headers, &fields, outcome)
}

/// The form for registering was sent.
pub(crate) async fn register(
    State(app): State<AppState>,
    address: ClientAddress,
    Query(query): Query<Next>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let mut fields: Fields = match form::read(request, json::MAX_BODY_BYTES).await {
        Ok(fields) => fields,
        Err(refusal) => return refusal.into_response(),
    };
    // A form that posts to the address it was shown at has it there alone.
    fields.next = fields.next.or(query.next);
    let attempt = async {
        let given = fields.csrfmiddlewaretoken.as_deref().or(csrf::given(&headers));
        csrf::check_visitor(&app, &headers, given)?;
        app.limits.address(Limit::Registration, address.0)?;
        let filled = |field: &Option<String>| field.clone().filter(|text| !text.trim().is_empty());
        let registration = Registration {
            username: fields.username.clone(),
            password: fields.password.clone(),
            name: filled(&fields.name),
            invitation: filled(&fields.invitation),
            setup_token: None,
        };
        let entered = register::register(&app, registration, origin(&headers, address)).await?;
        devices::end_former(&app, &headers).await?;
        Ok(entered)
    };
    let outcome = attempt.await;
    finish(&app, Door::Register, &headers, &fields, outcome)
}

/// The form for logging out was sent: with the session's own token, as every write.
pub(crate) async fn log_out(State(app): State<AppState>, request: Request) -> Answer<Response> {
    let headers = request.headers().clone();
    let fields: Fields = form::read(request, json::MAX_BODY_BYTES).await?;
    if let Some(session) = csrf::session_cookie(&app, &headers)
        && let Some(caller) = super::authenticate(&app, Credential::Session(session)).await?
    {
        let given = fields.csrfmiddlewaretoken.as_deref().or(csrf::given(&headers));
        csrf::check_session(&app, session, given)?;
        devices::end_current(&app, &caller).await?;
    }
    Ok((AppendHeaders(csrf::log_out(&app)), Redirect::to("/login")).into_response())
}

/// In, and on to where the person wanted to go; or the form again, with what is wrong.
fn finish(
    app: &App,
    door: Door,
    headers: &HeaderMap,
    fields: &Fields,
    outcome: Answer<(Me, Secret)>,
) -> Response {
    match outcome {
        Ok((_, secret)) => {
            let next = web_assets::local_path(fields.next.as_deref());
            let cookies = AppendHeaders(csrf::log_in(app, &secret.text));
            (cookies, Redirect::to(next)).into_response()
        }
        Err(refusal) => page(app, door, headers, fields, Some(&refusal)),
    }
}

/// The form, with what was typed but for the password.
fn page(
    app: &App,
    door: Door,
    headers: &HeaderMap,
    fields: &Fields,
    refusal: Option<&Refusal>,
) -> Response {
    let token = csrf::visitor_token(app, headers);
    let words = words_for(headers);
    let site = app.site.get();
    let shown = html::Form {
        door,
        site: &site.name,
        registration: site.registration,
        token: &token,
        next: web_assets::local_path(fields.next.as_deref()),
        username: &fields.username,
        name: fields.name.as_deref().unwrap_or_default(),
        invitation: fields.invitation.as_deref().unwrap_or_default(),
        complaint: refusal.map(|refusal| words.complaint(refusal)),
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| {
        StatusCode::from_u16(refusal.code().status()).unwrap_or(StatusCode::BAD_REQUEST)
    });
    let mut response = web_assets::page(&html::render(&shown, words).into_string(), status);
    let (name, value) = csrf::keep_token(app, &token);
    response.headers_mut().append(name, value);
    if let Some(wait) = refusal.and_then(|refusal| {
        refusal.clone().into_response().headers().get(header::RETRY_AFTER).cloned()
    }) {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

fn origin(headers: &HeaderMap, address: ClientAddress) -> Origin {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Origin::new(agent.unwrap_or_default(), address.0.to_string())
}

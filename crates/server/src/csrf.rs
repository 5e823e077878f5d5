//! CSRF tokens and the cookies of a browser's session.
//!
//! Logged in, the token is an HMAC of the session's secret. Before that, `GET /session` and the HTML forms
//! give a signed random one, which the form's hidden field must repeat. Both are in the cookie `csrftoken`,
//! which the page's script reads.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use delivery::Random;
use hmac::{Hmac, KeyInit, Mac};
use protocol::Code;
use sha2::Sha256;

use crate::app::App;
use crate::problem::{Answer, Refusal};

/// The header of a write that a cookie authenticates.
pub const HEADER: &str = "x-csrftoken";
/// The hidden field of the HTML forms.
pub const FIELD: &str = "csrfmiddlewaretoken";
/// The cookie that holds the token for the page's script.
const COOKIE: &str = "csrftoken";
/// Days that a browser keeps its session cookie; the session itself ends by its own row.
const SESSION_COOKIE_DAYS: u64 = 365;

/// The token of a session, from the secret in its cookie.
#[must_use]
pub fn session_token(app: &App, session: &str) -> String {
    sign(&app.secret, "session", session.as_bytes())
}

/// A token for someone who is not logged in: the one they have, if it is genuine, or a new one.
#[must_use]
pub fn visitor_token(app: &App, headers: &HeaderMap) -> String {
    match cookie(headers, COOKIE) {
        Some(token) if is_visitor_token(&app.secret, token) => token.to_owned(),
        _ => new_visitor_token(&app.secret, &app.random),
    }
}

/// Checks the token of a write that `session` authenticates.
///
/// # Errors
/// 403 `csrf_failed`.
pub fn check_session(app: &App, session: &str, given: Option<&str>) -> Answer<()> {
    accept(given.is_some_and(|given| is_equal(given, &session_token(app, session))))
}

/// Checks the token of a form for logging in or registering: genuine, and the same as the cookie; or that of
/// the session, if a browser that is logged in sends the form.
///
/// # Errors
/// 403 `csrf_failed`.
pub fn check_visitor(app: &App, headers: &HeaderMap, given: Option<&str>) -> Answer<()> {
    let (Some(given), Some(kept)) = (given, cookie(headers, COOKIE)) else {
        return accept(false);
    };
    let of_session = session_cookie(app, headers).map(|session| session_token(app, session));
    let genuine = of_session.is_some_and(|token| is_equal(given, &token))
        || is_visitor_token(&app.secret, given);
    accept(is_equal(given, kept) && genuine)
}

fn accept(genuine: bool) -> Answer<()> {
    if genuine { Ok(()) } else { Err(Refusal::new(Code::CsrfFailed)) }
}

/// The token in the header, if there is one.
#[must_use]
pub fn given(headers: &HeaderMap) -> Option<&str> {
    headers.get(HEADER).and_then(|value| value.to_str().ok())
}

/// The session's secret in the cookie, if there is one.
#[must_use]
pub fn session_cookie<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, session_cookie_name(app)).filter(|value| !value.is_empty())
}

/// Headers that log a browser in: the session's cookie and its CSRF token's.
#[must_use]
pub fn log_in(app: &App, session: &str) -> Vec<(header::HeaderName, HeaderValue)> {
    let age = SESSION_COOKIE_DAYS * 24 * 60 * 60;
    vec![
        set(app, session_cookie_name(app), session, age, true),
        keep_token(app, &session_token(app, session)),
    ]
}

/// Headers that log a browser out.
#[must_use]
pub fn log_out(app: &App) -> Vec<(header::HeaderName, HeaderValue)> {
    vec![set(app, session_cookie_name(app), "", 0, true), set(app, COOKIE, "", 0, false)]
}

/// The header that gives a browser its CSRF token.
#[must_use]
pub fn keep_token(app: &App, token: &str) -> (header::HeaderName, HeaderValue) {
    set(app, COOKIE, token, SESSION_COOKIE_DAYS * 24 * 60 * 60, false)
}

/// `__Host-` binds the cookie to this very host and to TLS; browsers refuse it without.
fn session_cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-rookery_session" } else { "rookery_session" }
}

fn set(
    app: &App,
    name: &str,
    value: &str,
    max_age: u64,
    http_only: bool,
) -> (header::HeaderName, HeaderValue) {
    let http_only = if http_only { "; HttpOnly" } else { "" };
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path=/; Max-Age={max_age}; SameSite=Lax{http_only}{secure}");
    // Names are ours and values are our own base64 or hexadecimal, so they always fit a header.
    let value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
    (header::SET_COOKIE, value)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// `nonce.signature`.
fn new_visitor_token(secret: &[u8; 32], random: &Random) -> String {
    let nonce = URL_SAFE_NO_PAD.encode(random.bytes::<16>());
    let signature = sign(secret, "visitor", nonce.as_bytes());
    format!("{nonce}.{signature}")
}

fn is_visitor_token(secret: &[u8; 32], token: &str) -> bool {
    token.split_once('.').is_some_and(|(nonce, signature)| {
        is_equal(signature, &sign(secret, "visitor", nonce.as_bytes()))
    })
}

/// HMAC-SHA256 of `purpose` and `data`, so that a token for one purpose is none for another.
fn sign(secret: &[u8; 32], purpose: &str, data: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of every length");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(data);
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// In a time that does not depend on where the two differ.
fn is_equal(a: &str, b: &str) -> bool {
    let differences = a.bytes().zip(b.bytes()).fold(0, |all, (x, y)| all | (x ^ y));
    a.len() == b.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitor_tokens_cannot_be_made_up() {
        let token = new_visitor_token(&[1; 32], &Random::seeded(1));
        assert!(is_visitor_token(&[1; 32], &token));
        assert!(!is_visitor_token(&[2; 32], &token));
        assert!(!is_visitor_token(&[1; 32], &format!("x{token}")));
        assert!(!is_visitor_token(&[1; 32], ""));
        let session = sign(&[1; 32], "session", b"abc");
        assert!(!is_visitor_token(&[1; 32], &format!("abc.{session}")));
    }

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; csrftoken=x=y;b=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("c=3"));
        assert_eq!(cookie(&headers, "csrftoken"), Some("x=y"));
        assert_eq!(cookie(&headers, "c"), Some("3"));
        assert_eq!(cookie(&headers, "d"), None);
    }

    #[test]
    fn equal_is_equal_in_length_too() {
        assert!(is_equal("abc", "abc"));
        assert!(!is_equal("abc", "abd"));
        assert!(!is_equal("abc", "ab") && !is_equal("", "a"));
    }
}

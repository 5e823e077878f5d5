//! Who reads a page: a visitor or somebody who is logged in, in which language, and under which address.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use axum::response::{IntoResponse as _, Response};
use maud::html;
use protocol::{Code, Timestamp};
use serde::de::DeserializeOwned;

use super::address;
use super::shell::{self, Page};
use super::words::{self, Words};
use crate::accounts;
use crate::app::{App, AppState};
use crate::caller::Caller;
use crate::csrf;
use crate::forum::Viewer;
use crate::language::Language;
use crate::problem::{Answer, Refusal};

/// Who reads.
pub(super) struct Reader {
    pub(super) caller: Option<Caller>,
    /// What they are called; empty for a visitor.
    pub(super) name: String,
    /// For the hidden field of forms; empty for a visitor.
    pub(super) token: String,
    pub(super) words: &'static Words,
    /// What the site is called.
    pub(super) site: String,
    /// `https://chat.example.org`
    pub(super) origin: String,
    /// Path and query of the page that is read.
    pub(super) here: String,
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        let here = parts.uri.path_and_query().map_or("/", |here| here.as_str());
        let visitor = Self::visitor(app, &parts.headers, here);
        match Self::known(app, &parts.headers).await {
            Ok(None) => Ok(visitor),
            Ok(Some(known)) => Ok(Self {
                caller: Some(known.caller),
                name: known.name,
                token: known.token,
                words: known.language.map_or(visitor.words, words::of),
                ..visitor
            }),
            Err(refusal) => Err(visitor.refuse(&refusal)),
        }
    }
}

struct Known {
    caller: Caller,
    name: String,
    token: String,
    language: Option<Language>,
}

impl Reader {
    fn visitor(app: &App, headers: &HeaderMap, here: &str) -> Self {
        Self {
            caller: None,
            name: String::new(),
            token: String::new(),
            words: words::of(Language::asked(headers)),
            site: app.site.get().name.clone(),
            origin: address::origin(app, headers),
            here: here.to_owned(),
        }
    }

    async fn known(app: &App, headers: &HeaderMap) -> Answer<Option<Known>> {
        let Some(caller) = Caller::of_page(app, headers).await? else { return Ok(None) };
        let me = accounts::me(app, caller.user_id).await?;
        let token = csrf::session_cookie(app, headers).map(|it| csrf::session_token(app, it));
        Ok(Some(Known {
            caller,
            name: me.user.name,
            token: token.unwrap_or_default(),
            language: me.locale.as_deref().and_then(Language::chosen),
        }))
    }

    /// For the slice's verbs.
    pub(super) fn viewer(&self) -> Viewer {
        Viewer::from(self.caller)
    }

    /// The way in, and back to this page.
    pub(super) fn login(&self) -> String {
        address::with("/login", &[("next", Some(&self.here))])
    }

    /// A time as people write it. Nobody has said in which zone the reader is.
    pub(super) fn time(&self, at: Timestamp) -> String {
        let form = self.words.time_form;
        let at = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
        at.strftime(form).to_string()
    }

    /// The page that says why there is none.
    pub(super) fn refuse(&self, refusal: &Refusal) -> Response {
        let words = self.words;
        let (title, text) = match refusal.code() {
            Code::NotFound => words.not_found,
            Code::Gone => words.gone,
            Code::RateLimited => words.too_often,
            Code::Malformed | Code::Invalid => words.bad_address,
            Code::Forbidden => words.forbidden,
            _ => words.failed,
        };
        let is_visitor = self.caller.is_none();
        let body = html! {
            h1 { (title) }
            p { (text) }
            @if refusal.code() == Code::NotFound && is_visitor {
                p { (words.perhaps_log_in) " " a href=(self.login()) { (words.log_in) } }
            }
            p { a href="/forum" { (words.to_the_forum) } }
        };
        let status = StatusCode::from_u16(refusal.code().status());
        let page = Page {
            status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            is_indexed: false,
            ..Page::new(title, &self.here, body)
        };
        let mut response = shell::answer(self, page);
        let headers = response.headers_mut();
        if let Some(wait) = refusal.clone().into_response().headers().get(header::RETRY_AFTER) {
            headers.insert(header::RETRY_AFTER, wait.clone());
        }
        response
    }
}

/// A page that there is not.
pub(super) async fn nothing(reader: Reader) -> Response {
    reader.refuse(&Code::NotFound.into())
}

/// A part of the path, whatever it is: what is none names nothing.
pub(super) struct Named(pub(super) String);

impl Named {
    /// The number that it is.
    ///
    /// # Errors
    /// 404.
    pub(super) fn number<T: std::str::FromStr>(&self) -> Answer<T> {
        self.0.parse().map_err(|_| Code::NotFound.into())
    }
}

impl FromRequestParts<AppState> for Named {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let name = Path::<String>::from_request_parts(parts, app).await;
        Ok(Self(name.map(|Path(name)| name).unwrap_or_default()))
    }
}

/// Parameters of an address; what does not fit is as if it were not there, for pages are linked from anywhere.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned + Default> FromRequestParts<AppState> for Asked<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let asked = Query::<T>::from_request_parts(parts, app).await;
        Ok(Self(asked.map(|Query(asked)| asked).unwrap_or_default()))
    }
}

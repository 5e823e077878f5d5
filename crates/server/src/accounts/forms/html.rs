//! The forms as HTML. maud escapes everything that is not written here.

use maud::{Markup, html};

use super::Words;
use crate::config::Registration;
use crate::{csrf, web_assets};

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Login,
    Register,
}

/// What a form shows.
pub(super) struct Form<'a> {
    pub(super) door: Door,
    pub(super) site: &'a str,
    pub(super) registration: Registration,
    /// For the hidden field.
    pub(super) token: &'a str,
    /// Where to go afterwards.
    pub(super) next: &'a str,
    pub(super) username: &'a str,
    pub(super) name: &'a str,
    pub(super) invitation: &'a str,
    /// What was wrong with the last attempt.
    pub(super) complaint: Option<&'a str>,
}

/// The form as HTML.
pub(super) fn render(form: &Form<'_>, words: &Words) -> Markup {
    let next = web_assets::encode_value(form.next);
    let (title, question, other, other_title) = match form.door {
        Door::Login => (words.log_in, words.no_account, "/register", words.register),
        Door::Register => (words.register, words.have_account, "/login", words.log_in),
    };
    html! {
        main.door-form lang=(words.language.tag()) {
            h1 { (form.site) }
            h2 { (title) }
            @if let Some(complaint) = form.complaint {
                p role="alert" { (complaint) }
            }
            @if form.door == Door::Register && form.registration == Registration::Closed {
                p { (words.closed) }
            } @else {
                (fields(form, words, title))
            }
            p { (question) " " a href={ (other) "?next=" (next) } { (other_title) } }
        }
    }
}

fn fields(form: &Form<'_>, words: &Words, title: &str) -> Markup {
    let is_new = form.door == Door::Register;
    html! {
        form method="post" action=(if is_new { "/register" } else { "/login" }) {
            input type="hidden" name=(csrf::FIELD) value=(form.token);
            input type="hidden" name="next" value=(form.next);
            label {
                span { (words.username) }
                input name="username" type="text" autocomplete="username" autocapitalize="none"
                    required value=(form.username);
            }
            @if is_new {
                label {
                    span { (words.name) }
                    input name="name" type="text" autocomplete="nickname" maxlength="64"
                        value=(form.name);
                }
            }
            label {
                span { (words.password) }
                input name="password" type="password"
                    autocomplete=(if is_new { "new-password" } else { "current-password" })
                    minlength=[is_new.then_some("8")] required;
            }
            @if is_new && form.registration == Registration::Invitation {
                label {
                    span { (words.invitation) }
                    input name="invitation" type="text" autocomplete="off" required
                        value=(form.invitation);
                }
            }
            button type="submit" { (title) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::forms::words_for;

    #[test]
    fn what_people_type_stays_text() {
        let evil = r#""><script>alert('x')</script>&"#;
        let form = Form {
            door: Door::Register,
            site: evil,
            registration: Registration::Invitation,
            token: "t",
            next: "/chats/1",
            username: evil,
            name: evil,
            invitation: evil,
            complaint: Some(evil),
        };
        let html = render(&form, words_for(&axum::http::HeaderMap::new())).into_string();
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains(r#""">"#), "{html}");
        assert_eq!(html.matches("&quot;&gt;&lt;script&gt;").count(), 5);
        assert!(html.contains(r#"name="csrfmiddlewaretoken" value="t""#));
    }
}

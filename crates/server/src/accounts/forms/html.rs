//! The forms as HTML. Everything that is not written here is escaped.

use std::fmt::Write as _;

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
pub(super) fn render(form: &Form<'_>, words: &Words) -> String {
    let (path, title) = match form.door {
        Door::Login => ("/login", words.log_in),
        Door::Register => ("/register", words.register),
    };
    let mut html = format!(
        r#"<main class="door-form" lang="{}"><h1>{}</h1><h2>{}</h2>"#,
        words.tag,
        escape(form.site),
        escape(title)
    );
    // Writing to a String cannot fail; so below.
    if let Some(complaint) = form.complaint {
        let _ = write!(html, r#"<p role="alert">{}</p>"#, escape(complaint));
    }
    if form.door == Door::Register && form.registration == Registration::Closed {
        let _ = write!(html, "<p>{}</p>", escape(words.closed));
    } else {
        fields(&mut html, form, words, path, title);
    }
    let next = web_assets::encode_value(form.next);
    let (question, other, other_title) = match form.door {
        Door::Login => (words.no_account, "/register", words.register),
        Door::Register => (words.have_account, "/login", words.log_in),
    };
    let _ = write!(
        html,
        r#"<p>{} <a href="{other}?next={next}">{}</a></p></main>"#,
        escape(question),
        escape(other_title)
    );
    html
}

fn fields(html: &mut String, form: &Form<'_>, words: &Words, path: &str, title: &str) {
    let _ = write!(
        html,
        r#"<form method="post" action="{path}"><input type="hidden" name="{}" value="{}"><input type="hidden" name="next" value="{}">"#,
        csrf::FIELD,
        escape(form.token),
        escape(form.next)
    );
    let username =
        r#"name="username" type="text" autocomplete="username" autocapitalize="none" required"#;
    field(html, words.username, username, form.username);
    if form.door == Door::Register {
        let name = r#"name="name" type="text" autocomplete="nickname" maxlength="64""#;
        field(html, words.name, name, form.name);
    }
    let password = match form.door {
        Door::Login => {
            r#"name="password" type="password" autocomplete="current-password" required"#
        }
        Door::Register => {
            r#"name="password" type="password" autocomplete="new-password" minlength="8" required"#
        }
    };
    field(html, words.password, password, "");
    if form.door == Door::Register && form.registration == Registration::Invitation {
        let invitation = r#"name="invitation" type="text" autocomplete="off" required"#;
        field(html, words.invitation, invitation, form.invitation);
    }
    let _ = write!(html, r#"<button type="submit">{}</button></form>"#, escape(title));
}

fn field(html: &mut String, label: &str, attributes: &str, value: &str) {
    let (label, value) = (escape(label), escape(value));
    let _ =
        write!(html, r#"<label><span>{label}</span><input {attributes} value="{value}"></label>"#);
}

/// Text as HTML, inside of elements and of quoted attributes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
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
        let html = render(&form, words_for(&axum::http::HeaderMap::new()));
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("alert('"), "{html}");
        assert_eq!(html.matches("&lt;script&gt;").count(), 5);
        assert!(html.contains(r#"name="csrfmiddlewaretoken" value="t""#));
    }
}

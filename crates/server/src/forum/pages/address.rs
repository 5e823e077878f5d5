//! Addresses of pages, as links, feeds and the sitemap name them.

use axum::http::{HeaderMap, header};
use protocol::{ArticleId, UserId};

use crate::app::App;
use crate::web_assets::encode_value;

/// `https://chat.example.org`: the configured one, else where the reader has found the server.
pub(super) fn origin(app: &App, headers: &HeaderMap) -> String {
    let network = &app.config.network;
    if let Some(url) = &network.public_url {
        return url.origin.clone();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match host.filter(|host| is_host(host)) {
        Some(host) => format!("http://{host}"),
        None => format!("http://{}", network.listen),
    }
}

/// What may stand in an address as it is; clients can send anything.
fn is_host(host: &str) -> bool {
    (1..=255).contains(&host.len())
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
}

pub(super) fn article(id: ArticleId) -> String {
    format!("/forum/articles/{id}")
}

pub(super) fn category(slug: &str) -> String {
    format!("/forum/{slug}")
}

pub(super) fn tag(tag: &str) -> String {
    format!("/forum/tags/{}", encode_value(tag))
}

pub(super) fn person(id: UserId) -> String {
    format!("/people/{id}")
}

/// A path with those parameters that have a value.
pub(super) fn with(path: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let mut address = path.to_owned();
    let given = parameters.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    for (n, (name, value)) in given.enumerate() {
        let sign = if n == 0 { '?' } else { '&' };
        address.push_str(&format!("{sign}{name}={}", encode_value(value)));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_whatever_is_in_them() {
        assert_eq!(tag("a/中 &"), "/forum/tags/a/%E4%B8%AD%20%26");
        assert_eq!(
            with("/x", &[("a", None), ("b", Some("1&2")), ("c", Some("3"))]),
            "/x?b=1%262&c=3"
        );
        assert!(is_host("chat.example.org:8080") && is_host("[::1]:80"));
        for bad in ["", "a b", "a\"", "a/b", "a<", "user@a"] {
            assert!(!is_host(bad), "{bad}");
        }
    }
}

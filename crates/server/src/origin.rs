//! Requests from other sites' pages are refused before anything else looks at them: every write, and the
//! upgrade to a WebSocket. Programs send neither `Origin` nor `Sec-Fetch-Site` and pass.

use axum::http::{HeaderMap, Method, header};
use protocol::Code;

use crate::config::PublicUrl;
use crate::problem::{Answer, Refusal};

/// Refuses a write or an upgrade from elsewhere.
///
/// # Errors
/// 403 `cross_origin`.
pub(crate) fn check(
    method: &Method,
    headers: &HeaderMap,
    public: Option<&PublicUrl>,
) -> Answer<()> {
    let guarded = !method.is_safe() || headers.contains_key(header::UPGRADE);
    if guarded && !is_same_origin(headers, public) {
        return Err(Refusal::new(Code::CrossOrigin));
    }
    Ok(())
}

fn is_same_origin(headers: &HeaderMap, public: Option<&PublicUrl>) -> bool {
    let site_ok = headers
        .get_all("sec-fetch-site")
        .iter()
        // `none`: typed in or bookmarked by the person.
        .all(|site| site == "same-origin" || site == "none");
    let origin_ok = headers.get_all(header::ORIGIN).iter().all(|origin| {
        origin.to_str().is_ok_and(|origin| match public {
            Some(public) => origin.eq_ignore_ascii_case(&public.origin),
            None => is_host(origin, headers),
        })
    });
    site_ok && origin_ok
}

/// Without a public URL the Host header says which origin this is; the scheme is then not known.
fn is_host(origin: &str, headers: &HeaderMap) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    matches!((authority, host), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_site_may_write() {
        let public = PublicUrl { origin: "https://chat.example.org".to_owned(), https: true };
        let same = |pairs: &[(&'static str, &str)], public: Option<&PublicUrl>| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            is_same_origin(&headers, public)
        };
        assert!(same(&[], Some(&public)));
        assert!(same(&[("origin", "https://chat.example.org")], Some(&public)));
        assert!(!same(&[("origin", "https://evil.example.org")], Some(&public)));
        assert!(!same(&[("origin", "null")], Some(&public)));
        assert!(!same(&[("origin", "http://chat.example.org")], Some(&public)));
        assert!(!same(&[("sec-fetch-site", "cross-site")], Some(&public)));
        assert!(!same(&[("sec-fetch-site", "same-site")], None));
        assert!(same(&[("sec-fetch-site", "same-origin")], None));
        assert!(same(&[("origin", "http://a:81"), ("host", "a:81")], None));
        assert!(!same(&[("origin", "http://a:82"), ("host", "a:81")], None));
        assert!(!same(&[("origin", "http://a:81")], None));
        let both = [("sec-fetch-site", "same-origin"), ("origin", "http://evil"), ("host", "a")];
        assert!(!same(&both, None));
    }
}

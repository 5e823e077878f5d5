//! The web client's files, embedded by `build.rs`, and its page for every place that the client knows.
//! The HTML forms that are put into that page are in `accounts/forms`.

use std::sync::LazyLock;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use protocol::Code;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::app::AppState;
use crate::caller::Credential;
use crate::problem::Refusal;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/web"]
struct Files;

/// Where the client's script puts itself; until then, and without script, what the server has put there.
const PLACE: &str = r#"<div id="app"></div>"#;
/// Files under it have their content's hash, or a version, in their name.
const HASHED: &str = "assets/";
/// Places of the client that need no login.
const PUBLIC: &[&str] = &["/setup"];
/// Places of the client that do, with everything below them that the server does not draw itself.
const PRIVATE: &[&str] = &[
    "/admin",
    "/cases",
    "/chats",
    "/contacts",
    "/forum",
    "/groups",
    "/join",
    "/notifications",
    "/settings",
];

/// The last route of all: a file, the client's page, or nothing.
pub(crate) async fn serve(State(app): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Refusal::new(Code::NotFound).into_response();
    }
    let path = request.uri().path();
    if let Some((name, file)) = file(path) {
        return answer(name, file, request.headers());
    }
    let is_under = |place: &&str| {
        path.strip_prefix(*place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if PUBLIC.iter().any(is_under) {
        return page("", StatusCode::OK);
    }
    if path != "/" && !PRIVATE.iter().any(is_under) {
        return Refusal::new(Code::NotFound).into_response();
    }
    if Credential::find(&app, request.headers()).is_some() {
        page("", StatusCode::OK)
    } else {
        Redirect::to(&format!("/login?next={}", encode(request.uri()))).into_response()
    }
}

/// A file of the client, by its path; never the page itself.
fn file(path: &str) -> Option<(&str, EmbeddedFile)> {
    let name = path.strip_prefix('/').filter(|name| *name != "index.html")?;
    Files::get(name).map(|file| (name, file))
}

fn answer(name: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let kept =
        if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = format!("\"{}\"", crate::settings::hex(&file.metadata.sha256_hash()[..16]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let about = [
        (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type(name))),
        (header::ETAG, HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))),
    ];
    // A compressing proxy marks the tag as weak.
    if known
        .is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
    {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, file.data).into_response()
}

/// By the name's ending; the client is made of these and no others.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("json" | "map") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The client's page with `inner` (HTML, escaped already) where the client will put itself. Never kept: it
/// names the newest files, and a form in it holds a token.
pub(crate) fn page(inner: &str, status: StatusCode) -> Response {
    let Some(file) = Files::get("index.html") else {
        return Refusal::internal("the embedded client has no index.html").into_response();
    };
    let html = String::from_utf8_lossy(&file.data);
    let html = html.replacen(PLACE, &format!(r#"<div id="app">{inner}</div>"#), 1);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Accept-Language, Cookie"),
    ];
    (status, headers, html).into_response()
}

/// A whole page that the server draws, in the client's own: the client takes over where there is script.
pub(crate) struct Document<'a> {
    /// The language's tag.
    pub(crate) lang: &'a str,
    /// As HTML: `<title>`, `<meta>` and `<link>` elements, instead of the client's own title and description.
    pub(crate) head: &'a str,
    /// As HTML: what stands where the client will put itself.
    pub(crate) body: &'a str,
}

/// The document as HTML; what is given is escaped already. Empty where there is no client.
pub(crate) fn document(document: &Document<'_>) -> String {
    static SHELL: LazyLock<[String; 3]> = LazyLock::new(shell);
    let [start, middle, end] = &*SHELL;
    let Document { lang, head, body } = document;
    format!(
        r#"<!doctype html><html lang="{lang}"><head>{start}{head}{middle}<div id="app">{body}</div>{end}"#
    )
}

/// The client's page without its language, title, description and what it says where there is no script: up to what
/// stands in the head, up to the place, and the rest.
fn shell() -> [String; 3] {
    let file = Files::get("index.html").map(|file| file.data).unwrap_or_default();
    let html = String::from_utf8_lossy(&file);
    let html = html.split_once("<head>").map_or("", |(_, rest)| rest);
    let html = cut(html, "<title>", "</title>");
    let html = cut(&html, r#"<meta name="description""#, ">");
    let html = cut(&html, "<noscript>", "</noscript>");
    let (head, body) = html.split_once("</head>").unwrap_or_default();
    let (before, after) = body.split_once(PLACE).unwrap_or_default();
    [head.to_owned(), format!("</head>{before}"), after.to_owned()]
}

/// Without what stands from `start` to `end`, once.
fn cut(html: &str, start: &str, end: &str) -> String {
    let Some((before, rest)) = html.split_once(start) else { return html.to_owned() };
    let after = rest.split_once(end).map_or("", |(_, after)| after);
    format!("{before}{after}")
}

/// `?next=` as it may be followed: a path of this site, else the front page.
pub(crate) fn local_path(next: Option<&str>) -> &str {
    let is_local = |next: &&str| {
        next.starts_with('/')
            // In front they name another host; further on, some make two slashes of "/.//".
            && !next.split('?').next().is_some_and(|path| path.contains("//"))
            // Browsers take a backslash for a slash, and drop tabs and line breaks.
            && !next.contains('\\')
            && next.chars().all(|c| c.is_ascii_graphic())
            && !["/login", "/register", "/logout"].iter().any(|door| next.starts_with(door))
    };
    next.filter(is_local).unwrap_or("/")
}

/// Path and query of this request, as the value of a query parameter.
fn encode(uri: &Uri) -> String {
    let text = uri.path_and_query().map_or("/", |path| path.as_str());
    encode_value(text)
}

/// Percent-encodes everything but what RFC 3986 calls unreserved, and `/`.
pub(crate) fn encode_value(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_page_has_a_place_for_the_forms() {
        let page = Files::get("index.html").unwrap();
        assert_eq!(String::from_utf8_lossy(&page.data).matches(PLACE).count(), 1);
    }

    #[test]
    fn a_document_stands_in_the_clients_page() {
        let html = document(&Document { lang: "zh-CN", head: "<title>T</title>", body: "<p>B" });
        assert_eq!(html.matches("<title>").count(), 1, "{html}");
        assert!(html.contains(r#"<meta charset="utf-8""#) && html.contains(r#"type="module""#));
        assert!(html.contains(r#"<div id="app"><p>B</div>"#) && html.ends_with("</html>\n"));
        assert!(!html.contains("noscript") && !html.contains(r#"name="description""#), "{html}");
        assert_eq!(html.matches("<head>").count() + html.matches("</head>").count(), 2);
    }

    #[test]
    fn next_leads_nowhere_else() {
        assert_eq!(local_path(Some("/chats/7?x=1")), "/chats/7?x=1");
        for bad in [
            "",
            "chats",
            "//evil.example",
            "/.//evil.example",
            "/chats/../..//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/login?next=/login",
            "javascript:alert(1)",
            "/\t/evil.example",
        ] {
            assert_eq!(local_path(Some(bad)), "/", "{bad:?}");
        }
        assert_eq!(local_path(None), "/");
        assert_eq!(encode_value("/chats/7?a=b&c=ä"), "/chats/7%3Fa%3Db%26c%3D%C3%A4");
    }
}

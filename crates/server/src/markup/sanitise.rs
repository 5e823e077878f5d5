//! What may be in the HTML of a text, as a list; everything else is taken out. What `write` makes is on it
//! already: this is the second lock, by a library that parses as browsers do.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::{highlight, languages};

const TAGS: [&str; 14] = [
    "p",
    "br",
    "strong",
    "em",
    "s",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "blockquote",
    "a",
    "span",
    "img",
];

/// The same for every text; made when the first one needs it.
static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(builder);

pub(super) fn sanitise(html: &str) -> String {
    BUILDER.clean(html).to_string()
}

fn builder() -> Builder<'static> {
    let spans = ["mention", "spoiler"].into_iter().chain(highlight::CLASSES);
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
            ("span", HashSet::from(["data-user-id"])),
            ("img", HashSet::from(["src", "alt"])),
        ]))
        .allowed_classes(HashMap::from([
            ("p", HashSet::from(["heading-1", "heading-2", "heading-3"])),
            ("span", spans.collect()),
            ("code", languages::classes().collect()),
            ("img", HashSet::from(["emoji"])),
        ]))
        .attribute_filter(|tag, attribute, value| {
            is_fit(tag, attribute, value).then_some(value.into())
        })
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        // Only pictures are relative, and `is_fit` knows those.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank");
    builder
}

fn is_fit(tag: &str, attribute: &str, value: &str) -> bool {
    match (tag, attribute) {
        ("a", "href") => super::address::is_allowed(value),
        ("img", "src") => value.strip_prefix("/emoji/").is_some_and(is_id),
        ("span", "data-user-id") | ("ol", "start") => {
            value.len() <= 20 && value.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => true,
    }
}

/// Ids of pictures are URL-safe base64.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

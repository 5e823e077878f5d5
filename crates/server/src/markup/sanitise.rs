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
static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| builder(is_fit));

pub(super) fn sanitise(html: &str) -> String {
    BUILDER.clean(html).to_string()
}

/// The same for articles and comments, with what they have beyond messages.
static POSTS: LazyLock<Builder<'static>> = LazyLock::new(post_builder);

pub(super) fn sanitise_post(html: &str) -> String {
    POSTS.clean(html).to_string()
}

fn post_builder() -> Builder<'static> {
    let mut builder = builder(is_fit_in_post);
    builder
        .add_tags(["h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td"])
        .add_tag_attributes("img", ["width", "height", "loading"])
        .add_allowed_classes("a", ["mention"])
        .link_rel(Some("noopener noreferrer nofollow ugc"))
        .rm_set_tag_attribute_value("a", "target");
    builder
}

fn is_fit_in_post(tag: &str, attribute: &str, value: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (tag, attribute) {
        ("a", "href") => {
            value.strip_prefix("/people/").is_some_and(is_number) || is_fit(tag, attribute, value)
        }
        ("img", "src") => {
            let place = value.strip_prefix("/api/v1/forum/articles/");
            let parts = place.and_then(|place| place.split_once("/images/"));
            parts.is_some_and(|(article, id)| is_number(article) && is_id(id))
                || is_fit(tag, attribute, value)
        }
        ("img", "width" | "height") => value.len() <= 6 && is_number(value),
        ("img", "loading") => value == "lazy",
        _ => is_fit(tag, attribute, value),
    }
}

/// `is_fit` looks at every attribute that may be there at all: tag, name, value.
fn builder(is_fit: fn(&str, &str, &str) -> bool) -> Builder<'static> {
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
        .attribute_filter(move |tag, attribute, value| {
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

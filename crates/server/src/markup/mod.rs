//! From what somebody typed to HTML that is safe to show: Markdown as people type it in a chat, with addresses,
//! mentions and custom emoji.
//!
//! # What it promises
//! * Nobody's text is mangled: a line break is a line break, and what only looks like Markdown (`>_<`,
//!   `snake_case`, `¯\_(ツ)_/¯`, `#topic`, `2*3*4`) stays as it is. Raw HTML and entities are shown as typed.
//! * Nothing in it runs, and showing it asks no other server for anything: images are links, and only pictures
//!   of this server's own emoji are shown. What is returned went through a sanitiser with a list of what may pass.
//! * Work and output are linear in the text; the output has at most [`MAX_HTML`] bytes.
//!
//! It goes in three steps. `prepare` sets aside what Markdown must not touch and guards the lines that only look
//! like Markdown; `write` turns the parser's events into HTML; `sanitise` lets through what is on its list.

mod address;
mod highlight;
mod languages;
mod post;
mod prepare;
mod sanitise;
mod spoilers;
#[cfg(test)]
mod tests;
mod write;

use std::collections::HashMap;

use protocol::Mention;

pub(crate) use post::{MAX_PICTURES, Post, PostPicture, picture_ids, render_post, usernames};

/// The longest HTML of one text, in bytes; what would be longer is shown as plain text.
pub(crate) const MAX_HTML: usize = 64 * 1024;

/// What mentions everybody, in a text.
const EVERYBODY: [&str; 3] = ["@all", "@全体成员", "@所有人"];

/// What the names in a text stand for.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    /// Each `@name` stands for somebody.
    pub(crate) mentions: &'a [Mention],
    /// `@all` stands for everybody.
    pub(crate) mentions_all: bool,
    /// Custom emoji: name → id.
    pub(crate) emoji: HashMap<String, String>,
}

/// The HTML of a text; `None` where it would say no more than the text does.
pub(crate) fn render(text: &str, names: &Names<'_>) -> Option<String> {
    if !may_say_more(text, names) {
        return None;
    }
    let prepared = prepare::prepare(text, names);
    let html = write::write(&prepared)?;
    Some(sanitise::sanitise(&html)).filter(|html| html.len() <= MAX_HTML)
}

/// Whether there is anything in it that could mean something: most of what people say ends here.
fn may_say_more(text: &str, names: &Names<'_>) -> bool {
    let is_mark = |pair: &[u8]| match pair[0] {
        b'*' | b'_' | b'`' | b'[' | b'<' => true,
        twice @ (b'~' | b'|') => pair[1] == twice,
        b'>' => pair[1] == b' ',
        b'#' => matches!(pair[1], b' ' | b'#'),
        b':' => pair[1] == b'/',
        _ => false,
    };
    names.mentions_all
        || !names.mentions.is_empty()
        || !names.emoji.is_empty()
        || text.as_bytes().windows(2).any(is_mark)
        || text.split('\n').any(|line| prepare::is_item(line.trim_start()))
}

/// Whether a text mentions everybody.
pub(crate) fn names_everybody(text: &str) -> bool {
    EVERYBODY.iter().any(|name| text.contains(name))
}

/// What may be names of custom emoji in a text, without their colons; each once, at most `most`.
pub(crate) fn emoji_names(text: &str, most: usize) -> Vec<&str> {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(':') {
        at += found;
        match emoji_at(&text[at..]) {
            Some(name) if !names.contains(&name) => {
                names.push(name);
                // The closing colon may open the next one.
                at += 1 + name.len();
            }
            _ => at += 1,
        }
        if names.len() == most {
            break;
        }
    }
    names
}

/// The name in `:name:` at the start of a text.
fn emoji_at(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(':')?;
    let end =
        rest.char_indices().take(MAX_EMOJI_NAME + 1).find(|(_, c)| !is_emoji_name_char(*c))?;
    let (name, is_closed) = (&rest[..end.0], end.1 == ':');
    (is_closed && is_emoji_name(name)).then_some(name)
}

/// The longest name of a custom emoji, in characters.
const MAX_EMOJI_NAME: usize = 32;

fn is_emoji_name_char(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '_' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Whether a custom emoji may be called so: 2 to 32 of `a`–`z`, `0`–`9`, `_` and Chinese characters (one of
/// those is enough), and not only digits, so that a time of day is none.
pub(crate) fn is_emoji_name(name: &str) -> bool {
    let chars = name.chars().count();
    let least = if name.is_ascii() { 2 } else { 1 };
    (least..=MAX_EMOJI_NAME).contains(&chars)
        && name.chars().all(is_emoji_name_char)
        && !name.bytes().all(|byte| byte.is_ascii_digit())
}

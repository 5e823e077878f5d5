//! Before Markdown is looked for: what it must not touch is set aside, and lines that only look like it are
//! guarded. Both leave characters in the text that Unicode keeps free for such use; `write` takes them out.

use protocol::{Mention, UserId};

use super::{EVERYBODY, Names, address, emoji_at};

/// Stands before a line that is no Markdown: takes no part in any, and is never shown.
pub(super) const GUARD: char = '\u{fdd0}';
/// Stands around the number of a [`Piece`].
pub(super) const MARK: char = '\u{fdd1}';
/// The most pieces of a text: links, mentions and emoji; what follows stays text.
const MAX_PIECES: usize = 500;

/// Something that Markdown does not look into.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Address(&'a str),
    /// With the `@`; of nobody in particular where it means everybody.
    Mention(Option<UserId>, &'a str),
    /// With the colons; and the id of the picture.
    Emoji(&'a str, &'a str),
}

impl<'a> Piece<'a> {
    /// As it was typed.
    pub(super) fn text(&self) -> &'a str {
        match self {
            Self::Address(text) | Self::Mention(_, text) | Self::Emoji(text, _) => text,
        }
    }
}

/// A text that is ready for the parser.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    pub(super) source: String,
    pub(super) pieces: Vec<Piece<'a>>,
}

pub(super) fn prepare<'a>(text: &'a str, names: &'a Names<'_>) -> Prepared<'a> {
    let mut prepared =
        Prepared { source: String::with_capacity(text.len() * 2), pieces: Vec::new() };
    let mut lines = Lines::default();
    // Longer names first: "@Ann Lee" is not "@Ann".
    let mut mentions: Vec<&Mention> = names.mentions.iter().collect();
    mentions.sort_by_key(|mention| std::cmp::Reverse(mention.name.len()));
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            prepared.source.push('\n');
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        match lines.kind(line) {
            Kind::Code => prepared.source.extend(line.chars().filter(|c| !is_ours(*c))),
            kind => {
                if kind == Kind::Guarded {
                    prepared.source.push(GUARD);
                }
                prepared.push_line(line, names, &mentions);
            }
        }
    }
    prepared
}

impl<'a> Prepared<'a> {
    /// One line, its pieces set aside.
    fn push_line(&mut self, line: &'a str, names: &'a Names<'_>, mentions: &[&'a Mention]) {
        let mut at = 0;
        let mut before = None;
        while let Some(c) = line[at..].chars().next() {
            let rest = &line[at..];
            let piece = match c {
                _ if self.pieces.len() >= MAX_PIECES => None,
                'h' | 'H' => address::length_at(rest).map(|end| Piece::Address(&rest[..end])),
                '@' if !before.is_some_and(|c: char| c.is_ascii_alphanumeric()) => {
                    mention_at(rest, names, mentions)
                }
                ':' => emoji_at(rest).and_then(|name| {
                    let id = names.emoji.get(name)?;
                    Some(Piece::Emoji(&rest[..name.len() + 2], id))
                }),
                _ => None,
            };
            if let Some(piece) = piece {
                at += piece.text().len();
                before = Some(MARK);
                self.source.push(MARK);
                self.source.push_str(&self.pieces.len().to_string());
                self.source.push(MARK);
                self.pieces.push(piece);
                continue;
            }
            at += c.len_utf8();
            let stars = if c == '*' { rest.len() - rest.trim_start_matches('*').len() } else { 0 };
            if stars > 0 {
                // The whole run at once.
                at += stars - 1;
                let after = line[at..].chars().next();
                self.push_stars(stars, before, after);
            } else if !is_ours(c) {
                self.source.push(c);
            }
            before = Some(c);
        }
    }

    /// CommonMark's rules for where emphasis may begin and end are made for words between blanks; Chinese has
    /// none: in `**注意：**请看` the second pair closes. Beside Chinese punctuation a guard makes it so.
    fn push_stars(&mut self, count: usize, before: Option<char>, after: Option<char>) {
        if before.is_some_and(is_wide_mark) {
            self.source.push(GUARD);
        }
        self.source.extend(std::iter::repeat_n('*', count));
        if after.is_some_and(is_wide_mark) {
            self.source.push(GUARD);
        }
    }
}

fn is_ours(c: char) -> bool {
    c == GUARD || c == MARK
}

fn is_wide_mark(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' | '“' | '”' | '‘' | '’' | '…' | '—')
}

/// A mention at the start of a text. `mentions`: longer names first.
fn mention_at<'a>(text: &'a str, names: &Names<'_>, mentions: &[&'a Mention]) -> Option<Piece<'a>> {
    let name = &text[1..];
    for mention in mentions {
        if let Some(rest) = name.strip_prefix(mention.name.as_str())
            && !goes_on(&mention.name, rest)
        {
            return Some(Piece::Mention(Some(mention.user_id), &text[..=mention.name.len()]));
        }
    }
    let everybody = EVERYBODY.into_iter().filter(|_| names.mentions_all);
    let found = everybody
        .into_iter()
        .find(|all| text.strip_prefix(all).is_some_and(|rest| !goes_on(all, rest)));
    found.map(|all| Piece::Mention(None, &text[..all.len()]))
}

/// Whether a word goes on after a name: "@anna" is not "@ann".
fn goes_on(name: &str, rest: &str) -> bool {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    is_latin(name.chars().next_back()) && is_latin(rest.chars().next())
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Whatever the parser makes of it.
    Open,
    /// Begins no block, whatever it looks like.
    Guarded,
    /// Inside of a code block.
    Code,
}

/// What the lines before this one were.
#[derive(Debug, Default)]
struct Lines {
    in_fence: bool,
    in_list: bool,
    in_quote: bool,
}

impl Lines {
    fn kind(&mut self, line: &str) -> Kind {
        let inner = line.trim_start_matches([' ', '\t', '>']);
        if let Some(info) = inner.strip_prefix("```") {
            let is_fence = !info.contains('`') && (!self.in_fence || info.trim().is_empty());
            self.in_fence ^= is_fence;
            if is_fence {
                return Kind::Open;
            }
        }
        if self.in_fence {
            return Kind::Code;
        }
        let start = line.trim_start_matches([' ', '\t']);
        let is_indented = start.len() < line.len();
        let was_list = self.in_list;
        let was_quote = std::mem::take(&mut self.in_quote);
        if start.is_empty() {
            return Kind::Open;
        }
        self.in_list = is_item(start) || (was_list && is_indented);
        self.in_quote = is_quote(if was_list { start } else { line }, was_quote);
        if self.in_quote {
            return Kind::Open;
        }
        let is_kept = is_item(start) || is_heading(start);
        if is_lookalike(start) || (is_indented && !is_kept && !was_list) {
            Kind::Guarded
        } else {
            Kind::Open
        }
    }
}

/// `> text`; a bare `>` only goes on with a quote.
fn is_quote(line: &str, was_quote: bool) -> bool {
    match line.strip_prefix('>') {
        Some("") => was_quote,
        Some(rest) => rest.starts_with(' ') && !rest.trim().is_empty(),
        None => false,
    }
}

/// `- text`, `* text`, `1. text`.
pub(super) fn is_item(line: &str) -> bool {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = match digits {
        0 => line.strip_prefix(['-', '*']),
        1..=3 => line[digits..].strip_prefix('.'),
        _ => None,
    };
    rest.is_some_and(|rest| rest.starts_with(' ') && !rest.trim().is_empty()) && !is_ruler(line)
}

/// `# text`.
fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=3).contains(&(line.len() - rest.len()))
        && rest.starts_with(' ')
        && !rest.trim_matches([' ', '#']).is_empty()
}

/// A row of the same marks: people draw lines with them, under what is no heading.
fn is_ruler(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | ' ' | '\t'))
}

/// What the parser would take for a block, though people hardly ever mean one.
fn is_lookalike(line: &str) -> bool {
    let is_definition = line.starts_with('[') && line.contains("]:");
    let is_numbered = line.starts_with(|c: char| c.is_ascii_digit());
    let is_marked = line.starts_with(['>', '+', '<', '#']) || is_numbered;
    is_definition
        || line.starts_with("~~~")
        || is_ruler(line)
        || (is_marked && !is_item(line) && !is_heading(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_only_look_like_markdown_are_guarded() {
        let kinds = |text: &str| {
            let mut lines = Lines::default();
            text.split('\n').map(|line| lines.kind(line)).collect::<Vec<_>>()
        };
        for line in [
            ">_<",
            ">:(",
            ">",
            "> ",
            "#topic",
            "#",
            "1.",
            "1) one",
            "+1",
            "+ one",
            "---",
            "===",
            "- - -",
            "***",
            "~~~ hi ~~~",
            "[a]: b",
            "<b>x</b>",
            "  art",
            "2024. It was",
        ] {
            assert_eq!(kinds(line), [Kind::Guarded], "{line}");
        }
        for line in ["> said", "# Title", "- one", "* one", "1. one", "  - one", "text", ""] {
            assert_eq!(kinds(line), [Kind::Open], "{line}");
        }
        assert_eq!(kinds("> a\n>\n> b"), [Kind::Open; 3]);
        assert_eq!(kinds("- a\n  more"), [Kind::Open; 2]);
        assert_eq!(
            kinds("```rust\n> x\n```\n>x"),
            [Kind::Open, Kind::Code, Kind::Open, Kind::Guarded]
        );
        assert_eq!(kinds("```x```\n>x"), [Kind::Open, Kind::Guarded]);
    }
}

//! How texts are compared: under which two spellings are the same. A text and a query go through the same fold, one
//! character at a time, so that every part of a text is found by what its reader sees.
//!
//! Compatibility forms are decomposed (full width, ligatures, circled digits), case is folded, accents of letters and
//! invisible characters are left out, traditional characters become simplified ones, and white space is one blank.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

use crate::text;

/// Goes up whenever the same text would fold otherwise: the index of searches is made anew then.
pub(crate) const RULES: i64 = 1;
/// Places found in one text at most.
const MAX_RANGES: usize = 100;

/// A folded text, which remembers where in the text each of its characters comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) chars: Vec<char>,
    /// For each of them `[start, end)` in characters of the text.
    pub(crate) spans: Vec<(u32, u32)>,
}

impl Folded {
    pub(crate) fn new(text: &str) -> Self {
        let mut folded = Self::default();
        for (place, c) in (0..).zip(text.chars()) {
            if c.is_ascii_alphanumeric() {
                folded.push(c.to_ascii_lowercase(), place);
            } else if is_ideograph(c) {
                folded.push(simplified(c), place);
            } else {
                folded.take(c, place);
            }
        }
        folded
    }

    fn take(&mut self, c: char, place: u32) {
        let cases = std::iter::once(c).nfkd().flat_map(char::to_lowercase).flat_map(text::fold);
        for part in cases.nfkd() {
            if part.is_whitespace() {
                if self.chars.last().is_none_or(|last| *last != ' ') {
                    self.push(' ', place);
                }
            } else if !is_left_out(part) {
                self.push(simplified(part), place);
            }
        }
        // What left nothing behind belongs to what stands before it.
        if let Some(span) = self.spans.last_mut()
            && span.1 == place
        {
            span.1 = place + 1;
        }
    }

    /// Adds a character; marks on the same letter stand in canonical order.
    fn push(&mut self, c: char, place: u32) {
        let class = if is_ideograph(c) { 0 } else { canonical_combining_class(c) };
        let mut at = self.chars.len();
        while class > 0 && at > 0 && canonical_combining_class(self.chars[at - 1]) > class {
            at -= 1;
        }
        self.chars.insert(at, c);
        self.spans.insert(at, (place, place + 1));
    }

    /// The parts between blanks.
    pub(crate) fn words(&self) -> impl Iterator<Item = &[char]> {
        self.chars.split(|c| *c == ' ').filter(|word| !word.is_empty())
    }

    /// Where a word stands, in characters of the text, ascending, at most 100 places; never overlapping.
    pub(crate) fn find(&self, word: &[char]) -> Vec<[u32; 2]> {
        let mut found = Vec::new();
        let mut at = 0;
        while at + word.len() <= self.chars.len() && found.len() < MAX_RANGES {
            if self.chars[at..].starts_with(word) && !word.is_empty() {
                found.push([self.spans[at].0, self.spans[at + word.len() - 1].1]);
                at += word.len();
            } else {
                at += 1;
            }
        }
        found
    }
}

/// A character of which nothing but its simplified form is to be had: it neither falls into parts nor has a case.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// Accents of letters, and characters that leave no ink: joiners, variation selectors, direction marks.
fn is_left_out(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{00AD}' | '\u{061C}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

/// The simplified form of a traditional character; any other as it is.
fn simplified(c: char) -> char {
    static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let lines = include_str!("simplified.txt").lines().filter(|line| !line.starts_with('#'));
        let pair = |line: &str| {
            let mut chars = line.chars();
            Some((chars.next()?, chars.next()?))
        };
        lines.filter_map(pair).collect()
    });
    if c < '\u{3400}' { c } else { TABLE.get(&c).copied().unwrap_or(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        Folded::new(text).chars.into_iter().collect()
    }

    #[test]
    fn spellings_that_mean_the_same_are_the_same() {
        for (one, other) in [
            ("ＡＢＣ１２", "abc12"),
            ("用iPhone拍", "用IPHONE拍"),
            ("頭髮發臺灣後裡", "头发发台湾后里"),
            ("看著", "看着"),
            ("Café", "cafe\u{301}"),
            ("café", "cafe"),
            ("STRASSE", "straße"),
            ("❤️", "❤"),
            ("👩\u{200D}🚀", "👩🚀"),
            ("豈", "岂"),
            ("ﾊﾞｽ", "バス"),
            ("한", "\u{1112}\u{1161}\u{11AB}"),
            ("a\u{3000}\n b", "a b"),
            ("①②", "12"),
            ("q\u{323}\u{5b0}\u{5b4}", "q\u{5b4}\u{5b0}\u{323}"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        assert_ne!(fold("か"), fold("が"));
        assert_eq!(fold("\u{200B}\u{FE0F}"), "");
    }

    #[test]
    fn the_short_way_of_ideographs_is_the_long_way() {
        for c in '\u{4E00}'..='\u{9FFF}' {
            let mut long = Folded::default();
            long.take(c, 0);
            assert_eq!(Folded::new(c.encode_utf8(&mut [0; 4])), long, "{c}");
        }
    }

    #[test]
    fn every_pair_of_the_table_ends_in_itself() {
        let table = include_str!("simplified.txt");
        let pairs: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(pairs.len() > 3_000);
        for pair in pairs {
            let chars: Vec<char> = pair.chars().collect();
            assert_eq!(chars.len(), 2, "{pair}");
            assert_eq!(simplified(chars[0]), chars[1]);
            assert_eq!(simplified(chars[1]), chars[1], "{pair}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let find = |text: &str, word: &str| Folded::new(text).find(&Folded::new(word).chars);
        assert_eq!(find("我用ｉＰｈｏｎｅ拍", "iphone"), [[2, 8]]);
        assert_eq!(find("❤️好❤️", "❤"), [[0, 2], [3, 5]]);
        assert_eq!(find("ﬁn", "fi"), [[0, 1]]);
        assert_eq!(find("哈哈哈", "哈哈"), [[0, 2]]);
        assert_eq!(find("cafe\u{301}s", "fe"), [[2, 5]]);
        assert_eq!(find("好", ""), Vec::<[u32; 2]>::new());
        assert_eq!(find(&"好".repeat(500), "好").len(), MAX_RANGES);
    }
}

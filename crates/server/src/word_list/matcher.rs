//! Looking for all words of the list in one pass over a text. Text and words are folded as in search, so that width,
//! case, accents, invisible characters and traditional forms hide nothing. Pure.

use aho_corasick::{AhoCorasick, MatchKind};
use protocol::{Word, WordAction};

use crate::fold::Folded;

/// The list, made ready.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    words: Vec<Ready>,
    /// Every word that begins at a place, the longest: `None` for an empty list.
    found: Option<AhoCorasick>,
}

#[derive(Debug)]
struct Ready {
    action: WordAction,
    replacement: Option<String>,
    /// It begins, and it ends, with a letter or digit of ASCII: there it has to be a whole word, or "class" would
    /// have "ass" in it. Chinese is written without blanks, and has no such bounds.
    bounded: (bool, bool),
}

/// What becomes of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It has none of the words.
    Clear,
    /// It is said like this.
    Replaced(String),
    /// A moderator has to look at it first.
    Hold,
    /// It is not said.
    Refuse,
}

impl Matcher {
    /// Makes a list ready. `None` when it is too large for that: the bounds of the list make sure it is not.
    pub(crate) fn new(words: &[Word]) -> Option<Self> {
        if words.is_empty() {
            return Some(Self::default());
        }
        let patterns: Vec<String> = words.iter().map(|word| folded(&word.pattern)).collect();
        let ready = words.iter().zip(&patterns).map(|(word, pattern)| Ready {
            action: word.action,
            replacement: word.replacement.clone(),
            bounded: (
                pattern.starts_with(|c: char| c.is_ascii_alphanumeric()),
                pattern.ends_with(|c: char| c.is_ascii_alphanumeric()),
            ),
        });
        let words = ready.collect();
        let found = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&patterns).ok()?;
        Some(Self { words, found: Some(found) })
    }

    /// What becomes of `text`; replaced, it has at most `most` characters, or it is refused.
    pub(crate) fn judge(&self, text: &str, most: usize) -> Verdict {
        let Some(found) = &self.found else { return Verdict::Clear };
        let folded = Folded::new(text);
        let line: String = folded.chars.iter().collect();
        // Where each character of the line begins, in bytes; ascending.
        let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
        let place = |byte: usize| starts.partition_point(|start| *start < byte);
        let (mut held, mut replaced) = (false, Vec::new());
        for one in found.find_overlapping_iter(&line) {
            let word = &self.words[one.pattern().as_usize()];
            let (from, until) = (place(one.start()), place(one.end()));
            let is_part = |at: Option<&char>| at.is_some_and(char::is_ascii_alphanumeric);
            let before = from.checked_sub(1).and_then(|at| folded.chars.get(at));
            if (word.bounded.0 && is_part(before))
                || (word.bounded.1 && is_part(folded.chars.get(until)))
            {
                continue;
            }
            match word.action {
                WordAction::Refuse => return Verdict::Refuse,
                WordAction::Hold => held = true,
                WordAction::Replace => {
                    let spans = &folded.spans[from..until];
                    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { continue };
                    replaced.push((first.0, last.1, one.pattern().as_usize()));
                }
            }
        }
        match (held, replaced.is_empty()) {
            (true, _) => Verdict::Hold,
            (false, true) => Verdict::Clear,
            (false, false) => {
                let text = self.rewrite(text, replaced);
                if text.chars().count() > most { Verdict::Refuse } else { Verdict::Replaced(text) }
            }
        }
    }

    /// `text` with other words at these places (`[from, until)` in characters); of those that overlap, the first
    /// and longest.
    fn rewrite(&self, text: &str, mut places: Vec<(u32, u32, usize)>) -> String {
        places.sort_unstable_by_key(|&(from, until, _)| (from, std::cmp::Reverse(until)));
        let chars: Vec<char> = text.chars().collect();
        let mut written = String::with_capacity(text.len());
        let mut at = 0;
        for (from, until, word) in places {
            let (from, until) = (from as usize, until as usize);
            if from < at {
                continue;
            }
            written.extend(&chars[at..from]);
            match &self.words[word].replacement {
                Some(replacement) => written.push_str(replacement),
                None => written.extend(std::iter::repeat_n('*', until - from)),
            }
            at = until;
        }
        written.extend(&chars[at..]);
        written
    }
}

/// What a pattern is compared as; empty when nothing of it can be looked for.
pub(crate) fn folded(pattern: &str) -> String {
    let folded: String = Folded::new(pattern).chars.into_iter().collect();
    folded.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Matcher {
        let word = |pattern: &str, action, replacement: Option<&str>| Word {
            pattern: pattern.into(),
            action,
            replacement: replacement.map(str::to_owned),
        };
        Matcher::new(&[
            word("ass", WordAction::Replace, None),
            word("坏话", WordAction::Replace, Some("好话")),
            word("坏话连篇", WordAction::Replace, Some("…")),
            word("台湾后里", WordAction::Hold, None),
            word("Casino", WordAction::Refuse, None),
        ])
        .unwrap()
    }

    #[test]
    fn spellings_hide_nothing_and_parts_of_words_are_no_words() {
        let judge = |text: &str| list().judge(text, 10_000);
        assert_eq!(judge("a class of its own"), Verdict::Clear);
        assert_eq!(judge("what an ＡＳＳ!"), Verdict::Replaced("what an ***!".into()));
        assert_eq!(judge("用ass拍"), Verdict::Replaced("用***拍".into()));
        assert_eq!(judge("他说壞\u{200B}話了"), Verdict::Replaced("他说好话了".into()));
        assert_eq!(judge("壞話連篇"), Verdict::Replaced("…".into()));
        assert_eq!(judge("坏话坏话"), Verdict::Replaced("好话好话".into()));
        assert_eq!(judge("坏话，臺灣後裡"), Verdict::Hold);
        assert_eq!(judge("臺灣後裡 cäsino"), Verdict::Refuse);
        assert_eq!(judge("casinos"), Verdict::Clear);
        assert_eq!(Matcher::new(&[]).unwrap().judge("casino", 10), Verdict::Clear);
    }

    #[test]
    fn what_grows_too_long_is_refused() {
        let word = Word {
            pattern: "x".into(),
            action: WordAction::Replace,
            replacement: Some("a long replacement".into()),
        };
        let list = Matcher::new(&[word]).unwrap();
        assert_eq!(list.judge("x x", 20), Verdict::Refuse);
        assert!(matches!(list.judge("x x", 100), Verdict::Replaced(_)));
    }
}

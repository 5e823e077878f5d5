//! What text is allowed where, in one place: trimming, forbidden characters, lengths, and the keys under which
//! names are unique. Lengths are in Unicode scalar values (`char`s).

use unicode_normalization::UnicodeNormalization;

use crate::problem::{Answer, Refusal};

/// A line of text: a name, a title, a note. Trimmed, without any control characters, bidirectional overrides,
/// invisible or unassigned-use characters; `least` to `most` characters.
///
/// # Errors
/// 422 `invalid`, naming `field`.
pub fn line(field: &str, text: &str, least: usize, most: usize) -> Answer<String> {
    let text = bounded(field, text, least, most)?;
    if text.chars().any(|c| c.is_control() || is_deceptive(c)) {
        return Err(Refusal::invalid(field, "contains characters that cannot be shown"));
    }
    if !text.is_empty() && !text.chars().any(is_visible) {
        return Err(Refusal::invalid(field, "has nothing to see in it"));
    }
    Ok(text)
}

/// What a file is called, made safe to show and to save: without any path, control or deceptive characters; at
/// most `most` characters, of which the ending stays. Empty when nothing is left.
#[must_use]
pub fn file_name(name: &str, most: usize) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && !is_deceptive(*c)).collect();
    let clean = clean.trim().trim_start_matches('.').trim_start();
    if !clean.chars().any(is_visible) {
        return String::new();
    }
    let length = clean.chars().count();
    if length <= most {
        return clean.to_owned();
    }
    let (stem, ending) = clean.rsplit_once('.').unwrap_or((clean, ""));
    let kept = ending.chars().count() + 1;
    if ending.is_empty() || kept > 16 || kept >= most {
        return clean.chars().take(most).collect();
    }
    let stem: String = stem.chars().take(most - kept).collect();
    format!("{stem}.{ending}")
}

/// What somebody says: trimmed, and beyond that kept to the letter. Only U+0000, which not every database
/// holds, is refused.
///
/// # Errors
/// 422 `invalid`, naming `field`.
pub fn speech(field: &str, text: &str, least: usize, most: usize) -> Answer<String> {
    let text = bounded(field, text, least, most)?;
    if text.contains('\0') {
        return Err(Refusal::invalid(field, "contains the character U+0000"));
    }
    Ok(text)
}

/// Several lines: a description, an announcement. Trimmed; control characters other than line feed and tab are
/// refused, carriage returns before a line feed dropped.
///
/// # Errors
/// 422 `invalid`, naming `field`.
pub fn block(field: &str, text: &str, least: usize, most: usize) -> Answer<String> {
    let text = text.replace("\r\n", "\n");
    let text = bounded(field, &text, least, most)?;
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Refusal::invalid(field, "contains control characters"));
    }
    Ok(text)
}

fn bounded(field: &str, text: &str, least: usize, most: usize) -> Answer<String> {
    let text = text.trim();
    // Bytes first: counting characters of a huge text is work that nobody needs.
    let chars = if text.len() > most.saturating_mul(4) { usize::MAX } else { text.chars().count() };
    if (least..=most).contains(&chars) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid(field, format!("must have {least} to {most} characters")))
    }
}

/// The key under which a name is unique: NFKC, case folded, inner white space made one blank.
#[must_use]
pub fn key(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).flat_map(fold).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A small letter as Unicode's full case folding has it: by way of its capitals, which turn "ß" into "ss" and
/// "ς" into "σ". The dotless "ı" is a letter of its own.
pub fn fold(c: char) -> impl Iterator<Item = char> {
    let own = (c == 'ı').then_some(c);
    let by_capitals = c.to_uppercase().flat_map(char::to_lowercase).filter(move |_| own.is_none());
    own.into_iter().chain(by_capitals)
}

/// The key under which usernames must also differ: what they look like (Unicode TR 39's skeleton).
/// Case is folded after it was taken: "I" looks like "l", "i" does not.
#[must_use]
pub fn skeleton(name: &str) -> String {
    let shown: String = name.nfkc().collect();
    let skeleton: String = unicode_security::confusable_detection::skeleton(&shown).collect();
    key(&skeleton)
}

/// Bidirectional controls, zero-width and other invisible characters, with which a name can pretend to be
/// another. The joiners U+200C and U+200D are among them: emoji sequences are not for names' uniqueness.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}'
        | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Whether a character leaves ink: neither white space nor a lone combining or variation mark, nor braille blank.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && c != '\u{2800}'
        && !matches!(c, '\u{FE00}'..='\u{FE0F}')
        && !unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_bounded_and_clean() {
        assert_eq!(line("name", "\u{3000} 张三\u{2003}", 1, 64).unwrap(), "张三");
        assert_eq!(line("name", "", 0, 64).unwrap(), "");
        for bad in [
            "",
            "   ",
            "a\u{0}b",
            "a\nb",
            "evil\u{202E}exe",
            "a\u{200B}b",
            "\u{2800}",
            "\u{301}",
            "\u{7f}",
            "\u{feff}x\u{feff}",
            "\u{3164}",
        ] {
            assert!(line("name", bad, 1, 64).is_err(), "{bad:?}");
        }
        assert!(line("name", &"字".repeat(64), 1, 64).is_ok());
        assert!(line("name", &"字".repeat(65), 1, 64).is_err());
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(block("text", " a\r\nb\tc \n", 1, 10).unwrap(), "a\nb\tc");
        assert_eq!(block("text", "👩\u{200D}🚀", 1, 10).unwrap(), "👩\u{200D}🚀");
        assert!(block("text", "a\u{0}b", 1, 10).is_err());
        assert!(block("text", "\n \t", 1, 10).is_err());
        assert!(block("text", &"x".repeat(1_000_000), 1, 10_000).is_err());
    }

    #[test]
    fn names_of_files_are_made_safe() {
        for (given, safe) in [
            ("报告 2026.pdf", "报告 2026.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ann\\a.txt", "a.txt"),
            ("evil\u{202E}gpj.exe", "evilgpj.exe"),
            ("a\0b\r\nc\u{200B}.txt", "abc.txt"),
            (".htaccess", "htaccess"),
            ("..", ""),
            ("\u{FFFD}\u{2800} ", ""),
            ("a/", ""),
        ] {
            assert_eq!(file_name(given, 255), safe, "{given:?}");
        }
        let long = file_name(&format!("{}.tar", "字".repeat(300)), 255);
        assert_eq!(long.chars().count(), 255);
        assert!(long.ends_with("字.tar"));
        assert_eq!(file_name(&"x".repeat(300), 255).len(), 255);
        assert_eq!(file_name(&format!("a.{}", "x".repeat(300)), 255).len(), 255);
    }

    #[test]
    fn speech_is_kept_to_the_letter() {
        let said = "\u{1b}[0m a\r\nb\tc\u{2028}\u{202e}\u{7f}\u{fffe}";
        assert_eq!(speech("text", &format!(" {said}\u{3000}\n"), 1, 100).unwrap(), said);
        assert!(speech("text", "a\u{0}b", 1, 10).is_err());
        assert!(speech("text", "\n \t", 1, 10).is_err());
    }

    #[test]
    fn names_that_are_or_look_the_same_share_a_key() {
        assert_eq!(key("ＡＬＩＣＥ"), key("alice"));
        assert_eq!(key("a  B"), key("A b"));
        for same in ["STRASSE", "straße", "STRAẞE", "ſtraſſe"] {
            assert_eq!(key(same), "strasse");
        }
        assert_eq!(key("ΌΣΟΣ"), key("όσος"));
        assert_eq!(key("ΐ"), "ΐ");
        assert_ne!(key("ı"), key("i"));
        assert_ne!(key("alice"), key("a1ice"));
        assert_eq!(skeleton("аlice"), skeleton("alice"), "Cyrillic а");
        assert_eq!(skeleton("a1ice"), skeleton("alice"));
        assert_ne!(skeleton("alice"), skeleton("bob"));
    }
}

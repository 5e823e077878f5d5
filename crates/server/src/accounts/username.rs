//! Usernames: what may be one, and when two of them are the same.

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{
    GeneralSecurityProfile as _, RestrictionLevel, RestrictionLevelDetection as _,
};

use crate::text;

/// A username that was looked at: 3 to 32 characters of letters and digits of any modern script (Chinese
/// included), `_`, `-` and `.` between them; not digits alone, since those are account numbers; not a
/// mixture of scripts that is made to deceive. Stored under NFKC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Username {
    /// As it is shown.
    pub(crate) text: String,
    /// NFKC and case folded: what it is found by.
    pub(crate) key: String,
    /// The confusable skeleton, case folded after it was taken ("I" looks like "l", "i" does not): two that
    /// look alike are one.
    pub(crate) skeleton: String,
}

impl Username {
    /// Reads a username, or says what is wrong with it.
    pub(crate) fn new(raw: &str) -> Result<Self, &'static str> {
        let text: String = raw.trim().nfkc().collect();
        if !(3..=32).contains(&text.chars().count()) {
            return Err("a username has 3 to 32 characters");
        }
        let letter = |c: char| c.is_alphanumeric() && c.identifier_allowed();
        if !text.chars().all(|c| letter(c) || matches!(c, '_' | '-' | '.')) {
            return Err("a username is made of letters, digits, '_', '-' and '.'");
        }
        if !text.starts_with(letter) || !text.ends_with(letter) {
            return Err("a username starts and ends with a letter or digit");
        }
        if text.chars().all(char::is_numeric) {
            return Err("a username of digits alone would look like an account number");
        }
        if !text.as_str().check_restriction_level(RestrictionLevel::HighlyRestrictive) {
            return Err("a username does not mix scripts that look alike");
        }
        let key = text::key(&text);
        let skeleton = text::skeleton(&text);
        Ok(Self { text, key, skeleton })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_scripts_are_taken() {
        for good in ["ann", "Ann_2", "a.b-c", "小明同学", "企鹅qq", "Владимир", "あいう", "ｂｏｂ"]
        {
            assert!(Username::new(good).is_ok(), "{good}: {:?}", Username::new(good));
        }
        assert_eq!(Username::new(" ｂｏｂ ").unwrap().text, "bob");
    }

    #[test]
    fn what_deceives_is_refused() {
        let long = "a".repeat(33);
        for bad in [
            "",
            "ab",
            &long,
            "a b c",
            "12345",
            "_ann",
            "ann.",
            "ann\u{202e}",
            "a\u{200b}nn",
            "a\0nn",
            "аnn",
            "ann😀",
            "<script>",
            "a/b",
            "a@b",
        ] {
            assert!(Username::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lookalikes_are_one() {
        let same = |a: &str, b: &str| {
            Username::new(a).unwrap().skeleton == Username::new(b).unwrap().skeleton
        };
        assert!(same("ANN", "ann"));
        assert!(same("paypal", "paypaI"));
        assert!(same("rn_bob", "m_bob"));
        assert!(same("scope", "ѕсоре"));
        assert!(!same("ann", "bob"));
    }
}

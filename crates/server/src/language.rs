//! The two languages that the server itself speaks, on pages that stand without script. The client's own words are
//! in `web/src/i18n`.

use axum::http::{HeaderMap, header};

/// A language of the server's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    /// Chinese for those who ask for it before English, English for everybody else.
    pub(crate) fn asked(headers: &HeaderMap) -> Self {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let mut tags =
            asked.unwrap_or_default().split(',').map(|tag| tag.trim().to_ascii_lowercase());
        let first = tags.find(|tag| tag.starts_with("zh") || tag.starts_with("en"));
        if first.is_some_and(|tag| tag.starts_with("zh")) { Self::Chinese } else { Self::English }
    }

    /// What an account has chosen (`zh` or `en`).
    pub(crate) fn chosen(locale: &str) -> Option<Self> {
        match locale {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The tag, as in `<html lang>`: the same as the client's.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_chooses_the_language() {
        let tag = |asked: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, asked.parse().unwrap());
            Language::asked(&headers).tag()
        };
        assert_eq!(tag("zh-CN,zh;q=0.9,en;q=0.8"), "zh-CN");
        assert_eq!(tag("en-US,zh;q=0.8"), "en");
        assert_eq!(tag("fr,zh-TW"), "zh-CN");
        assert_eq!(tag("fr"), "en");
        assert_eq!(Language::asked(&HeaderMap::new()), Language::English);
    }
}

//! What may stand in an article, a category, a comment: bounds and forms.

use protocol::{
    MAX_ARTICLE_CHARS, MAX_CLIENT_ID_CHARS, MAX_SUMMARY_CHARS, MAX_TAG_CHARS, MAX_TAGS,
    MAX_TITLE_CHARS, WorkingCopy,
};

use crate::{
    problem::{Answer, Refusal},
    text,
};

/// Joins emoji to one, as in a family: fine in a title, though invisible alone.
const JOINER: char = '\u{200d}';

/// A title: a line that may hold any emoji.
///
/// # Errors
/// 422 `title`.
pub(super) fn title(title: &str, least: usize) -> Answer<String> {
    text::line("title", &title.replace(JOINER, ""), least, MAX_TITLE_CHARS)?;
    // With its joiners it may be longer.
    text::block("title", title, least, MAX_TITLE_CHARS)
}

/// A summary; may be empty.
///
/// # Errors
/// 422 `summary`.
pub(super) fn summary(summary: &str) -> Answer<String> {
    text::block("summary", summary, 0, MAX_SUMMARY_CHARS)
}

/// The text of an article, with at least so many characters.
///
/// # Errors
/// 422 `text`.
pub(super) fn article_text(text: &str, least: usize) -> Answer<String> {
    text::speech("text", text, least, MAX_ARTICLE_CHARS)
}

/// Tags as they are kept: in small letters, each once, in the order given.
///
/// # Errors
/// 422 `tags`, or `tags.N`.
pub(super) fn tags(given: &[String]) -> Answer<Vec<String>> {
    if given.len() > MAX_TAGS {
        return Err(Refusal::invalid("tags", format!("must be at most {MAX_TAGS}")));
    }
    let mut tags: Vec<String> = Vec::with_capacity(given.len());
    for (n, tag) in given.iter().enumerate() {
        let field = format!("tags.{n}");
        let tag = self::tag(&field, tag)?;
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Ok(tags)
}

/// One tag. Whatever its case and width, it is the same; a `#` before it is left out.
///
/// # Errors
/// 422, naming `field`.
pub(super) fn tag(field: &str, tag: &str) -> Answer<String> {
    let tag = text::key(&text::line(field, tag.trim().trim_start_matches('#'), 1, MAX_TAG_CHARS)?);
    // Folding may make it longer ("ß"), and it stands in addresses.
    if !(1..=MAX_TAG_CHARS).contains(&tag.chars().count()) || tag.contains(['/', '\\', ',', '#']) {
        return Err(Refusal::invalid(field, "must have 1 to 32 characters without / \\ , #"));
    }
    Ok(tag)
}

/// An idempotency key, where one is given.
///
/// # Errors
/// 422 `client_id`.
pub(super) fn client_id(client_id: Option<&str>) -> Answer<()> {
    let Some(client_id) = client_id else { return Ok(()) };
    let printable = client_id.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if printable && (1..=MAX_CLIENT_ID_CHARS).contains(&client_id.len()) {
        return Ok(());
    }
    Err(Refusal::invalid("client_id", "must be 1 to 64 printable ASCII characters"))
}

/// A working copy: bounds only.
///
/// # Errors
/// 422.
pub(super) fn working_copy(copy: WorkingCopy) -> Answer<WorkingCopy> {
    Ok(WorkingCopy {
        title: title(&copy.title, 0)?,
        summary: summary(&copy.summary)?,
        text: article_text(&copy.text, 0)?,
        tags: tags(&copy.tags)?,
        ..copy
    })
}

/// Words that stand in addresses in place of a category's.
const KEPT_SLUGS: [&str; 6] = ["articles", "tags", "new", "drafts", "categories", "feed.atom"];

/// The name of a category in addresses.
///
/// # Errors
/// 422 `slug`.
pub(super) fn slug(slug: &str) -> Answer<String> {
    let is_char = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_good = (1..=64).contains(&slug.len())
        && slug.bytes().all(is_char)
        && !slug.bytes().all(|byte| byte.is_ascii_digit())
        && slug.bytes().any(|byte| byte != b'-')
        && !KEPT_SLUGS.contains(&slug);
    if is_good {
        return Ok(slug.to_owned());
    }
    let why = "must be 1 to 64 of a-z, 0-9 and -, not digits alone, and no word of the forum's own";
    Err(Refusal::invalid("slug", why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_folded_and_stand_once() {
        let given = ["Rust", "#rust", "ＲＵＳＴ", "中文 标签"].map(str::to_owned);
        assert_eq!(tags(&given).unwrap(), ["rust", "中文 标签"]);
        for bad in ["", "#", "a/b", "a,b", "a\u{202e}", &"x".repeat(33)] {
            assert!(tag("tags.0", bad).is_err(), "{bad:?}");
        }
        assert!(tags(&vec!["a".to_owned(); 11]).is_err());
    }

    #[test]
    fn slugs_stand_in_addresses() {
        for good in ["rust", "a-1", "1a"] {
            assert!(slug(good).is_ok(), "{good}");
        }
        for bad in ["", "12", "-", "A", "a b", "feed.atom", "new", "tags", "中", &"a".repeat(65)] {
            assert!(slug(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn titles_hold_emoji_and_nothing_that_deceives() {
        assert_eq!(title(" 👩\u{200d}🚀 出发 ", 1).unwrap(), "👩\u{200d}🚀 出发");
        for bad in ["", "a\nb", "a\u{202e}b", "\u{200d}", &"x".repeat(201)] {
            assert!(title(bad, 1).is_err(), "{bad:?}");
        }
    }
}

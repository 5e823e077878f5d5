//! What articles and comments of the forum have beyond messages: mentions are links to people; articles have real
//! headings, tables and pictures of their own. Everything else is as in messages, so that people learn one way of
//! writing.

use std::collections::HashMap;

use protocol::Mention;

use super::{Names, prepare, sanitise, write};

/// The longest HTML of an article or comment, in bytes; what would be longer is shown as plain text.
pub(crate) const MAX_POST_HTML: usize = 1536 * 1024;
/// What the address of a picture begins with, in the text of an article.
const PICTURE: &str = "upload:";
/// The most pictures of a text; what follows is shown as it was typed.
pub(crate) const MAX_PICTURES: usize = 100;

/// A picture that an article may show.
#[derive(Clone, Debug)]
pub(crate) struct PostPicture {
    /// Where it is served.
    pub(crate) url: String,
    /// In pixels, where it is known.
    pub(crate) size: Option<(u32, u32)>,
}

/// What is known of the forum where a text is shown.
#[derive(Debug, Default)]
pub(crate) struct Post<'a> {
    /// Each `@username` stands for somebody.
    pub(crate) mentions: &'a [Mention],
    /// By the id of the upload.
    pub(crate) pictures: HashMap<String, PostPicture>,
    /// With headings, tables and pictures.
    pub(crate) is_article: bool,
}

impl Post<'_> {
    /// The picture that an address in the text stands for.
    pub(super) fn picture(&self, target: &str) -> Option<&PostPicture> {
        self.pictures.get(target.strip_prefix(PICTURE)?)
    }
}

/// The HTML of an article or comment.
pub(crate) fn render_post(text: &str, post: &Post<'_>) -> String {
    let names = Names { mentions: post.mentions, ..Names::default() };
    let prepared = prepare::prepare(text, &names);
    let html = write::write_post(&prepared, post)
        .map(|html| sanitise::sanitise_post(&html))
        .filter(|html| html.len() <= MAX_POST_HTML);
    html.unwrap_or_else(|| plain(text))
}

/// As it was typed, with its paragraphs.
fn plain(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|part| !part.trim().is_empty());
    paragraphs
        .map(|part| format!("<p>{}</p>", write::escaped(part.trim()).replace('\n', "<br>")))
        .collect()
}

/// The ids of uploads that a text names as pictures, each once, at most [`MAX_PICTURES`].
pub(crate) fn picture_ids(text: &str) -> Vec<&str> {
    let mut ids = Vec::new();
    for (at, _) in text.match_indices("](upload:") {
        let rest = &text[at + 2 + PICTURE.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let id = &rest[..end];
        if !id.is_empty() && !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() == MAX_PICTURES {
            break;
        }
    }
    ids
}

/// What may be `@usernames` in a text, without the `@`; each once, at most `most`. A name goes on for as long as
/// characters of usernames follow, so of `@小明你好` all of its beginnings are meant.
pub(crate) fn usernames(text: &str, most: usize) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (at, _) in text.match_indices('@') {
        if text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let rest = &text[at + 1..];
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let ends = rest.char_indices().take(MAX_USERNAME).take_while(|(_, c)| is_name(*c));
        let mut end = ends.last().map_or(0, |(at, c)| at + c.len_utf8());
        while rest[..end].ends_with(['_', '-', '.']) {
            end -= 1;
        }
        let name = &rest[..end];
        let is_latin = name.is_ascii();
        for (cut, c) in name.char_indices() {
            let cut = cut + c.len_utf8();
            // A Latin name ends where the word does; without blanks between words, any beginning may be one.
            let part = &name[..cut];
            if (cut == name.len() || !is_latin) && part.chars().count() >= MIN_USERNAME {
                if !names.contains(&part) {
                    names.push(part);
                }
                if names.len() == most {
                    return names;
                }
            }
        }
    }
    names
}

/// Characters of a username.
const MIN_USERNAME: usize = 3;
/// Characters of a username.
const MAX_USERNAME: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::UserId;

    fn article(text: &str) -> String {
        let id = "0".repeat(26);
        let picture = PostPicture {
            url: format!("/api/v1/forum/articles/7/images/{id}"),
            size: Some((4, 3)),
        };
        let pictures = HashMap::from([(id, picture)]);
        render_post(text, &Post { pictures, is_article: true, ..Post::default() })
    }

    #[test]
    fn articles_have_headings_tables_and_pictures_of_their_own() {
        assert_eq!(article("# 标题\n\ntext"), "<h2>标题</h2><p>text</p>");
        let table = article("| a | b |\n|---|---|\n| 1 | **2** |");
        assert!(
            table.contains("<th>a</th>") && table.contains("<td><strong>2</strong></td>"),
            "{table}"
        );
        let shown = article(&format!("![一张\"图](upload:{})", "0".repeat(26)));
        assert!(shown.contains("width=\"4\"") && shown.contains("loading=\"lazy\""), "{shown}");
        assert!(shown.contains("alt=\"一张&quot;图\""), "{shown}");
        for other in ["![x](upload:other)", "![x](https://a.example/x.png)"] {
            assert!(!article(other).contains("<img"), "{other}");
        }
    }

    #[test]
    fn nothing_in_a_post_runs() {
        for text in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "![x](upload:\"onerror=alert(1))",
            "<img src=x onerror=alert(1)>",
            "# <svg onload=alert(1)>",
            "| <b onclick=x> | b |\n|---|---|\n| <i> | 2 |",
        ] {
            let html = article(text);
            assert!(
                !html.contains("<script") && !html.contains("<svg") && !html.contains("<b "),
                "{html}"
            );
            assert!(!html.contains("href=\"javascript") && !html.contains("<img"), "{html}");
        }
    }

    #[test]
    fn mentions_lead_to_people() {
        let mentions = [Mention { user_id: UserId(10_001), name: "ann".into() }];
        let post = Post { mentions: &mentions, ..Post::default() };
        let html = render_post("@ann 看 @anna", &post);
        assert!(html.contains("<a class=\"mention\" href=\"/people/10001\""), "{html}");
        assert!(html.contains("@anna") && html.matches("<a").count() == 1, "{html}");
        assert_eq!(usernames("@ann, mail@ann @小明你好 @x", 10), ["ann", "小明你", "小明你好"]);
        assert_eq!(usernames("@ann.", 10), ["ann"]);
    }

    #[test]
    fn a_comment_has_no_pictures_and_a_plain_text_its_paragraphs() {
        let html = render_post("a\nb\n\nc ![x](upload:y)", &Post::default());
        assert!(html.starts_with("<p>a<br>b</p>") && !html.contains("<img"), "{html}");
        assert_eq!(plain("a <b>\n\n\nc"), "<p>a &lt;b&gt;</p><p>c</p>");
        assert_eq!(picture_ids("![](upload:a1) [](upload:b) ![](upload:a1)"), ["a1", "b"]);
    }
}

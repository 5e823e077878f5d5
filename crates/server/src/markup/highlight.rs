//! Code blocks, their comments, strings, numbers and words marked by classes. One pass, no going back.

use super::{
    languages::{self, Language},
    write::escaped,
};

/// The longest code that is coloured, in bytes; what is longer is shown as it is.
const MAX_CODE: usize = 16 * 1024;

const COMMENT: &str = "hl-comment";
const STRING: &str = "hl-string";
const NUMBER: &str = "hl-number";
const KEYWORD: &str = "hl-keyword";
const ADDED: &str = "hl-added";
const REMOVED: &str = "hl-removed";

/// Every class that a part of code may have.
pub(super) const CLASSES: [&str; 6] = [COMMENT, STRING, NUMBER, KEYWORD, ADDED, REMOVED];

/// Writes a code block.
pub(super) fn write(html: &mut String, name: &str, code: &str) {
    let language = languages::find(name);
    let is_diff = matches!(name, "diff" | "patch");
    let class = if is_diff { Some(languages::DIFF) } else { language.map(|found| found.class) };
    match class {
        Some(class) => html.push_str(&format!("<pre><code class=\"{class}\">")),
        None => html.push_str("<pre><code>"),
    }
    match language {
        _ if code.len() > MAX_CODE => html.push_str(&escaped(code)),
        _ if is_diff => write_diff(html, code),
        Some(language) => write_code(html, language, code),
        None => html.push_str(&escaped(code)),
    }
    html.push_str("</code></pre>");
}

fn write_diff(html: &mut String, code: &str) {
    for (n, line) in code.split('\n').enumerate() {
        if n > 0 {
            html.push('\n');
        }
        match line.as_bytes().first() {
            Some(b'+') => mark(html, ADDED, line),
            Some(b'-') => mark(html, REMOVED, line),
            Some(b'@') => mark(html, COMMENT, line),
            _ => html.push_str(&escaped(line)),
        }
    }
}

fn write_code(html: &mut String, language: &Language, code: &str) {
    let mut at = 0;
    let mut plain = 0;
    while at < code.len() {
        let rest = &code[at..];
        let Some((class, length)) = token(language, rest) else {
            at += word_length(rest).max(rest.chars().next().map_or(1, char::len_utf8));
            continue;
        };
        html.push_str(&escaped(&code[plain..at]));
        mark(html, class, &rest[..length]);
        at += length;
        plain = at;
    }
    html.push_str(&escaped(&code[plain..]));
}

fn mark(html: &mut String, class: &str, text: &str) {
    html.push_str(&format!("<span class=\"{class}\">{}</span>", escaped(text)));
}

/// What a text starts with, if that is marked: its class and length.
fn token(language: &Language, text: &str) -> Option<(&'static str, usize)> {
    if let Some((open, close)) = language.block
        && let Some(rest) = text.strip_prefix(open)
    {
        let end = rest.find(close).map_or(text.len(), |end| open.len() + end + close.len());
        return Some((COMMENT, end));
    }
    if language.line.iter().any(|start| text.starts_with(start)) {
        let is_word = language
            .keywords
            .split(' ')
            .any(|word| word.starts_with('#') && text.starts_with(word));
        if !is_word {
            return Some((COMMENT, text.find('\n').unwrap_or(text.len())));
        }
    }
    let first = text.chars().next()?;
    if language.quotes.contains(first) {
        return string_length(text, first).map(|length| (STRING, length));
    }
    let length = word_length(text);
    let word = &text[..length];
    if first.is_ascii_digit() {
        return Some((NUMBER, length));
    }
    is_keyword(language, word).then_some((KEYWORD, length))
}

fn is_keyword(language: &Language, word: &str) -> bool {
    !word.is_empty()
        && language.keywords.split(' ').any(|keyword| {
            if language.is_caseless { keyword.eq_ignore_ascii_case(word) } else { keyword == word }
        })
}

/// A word or number, with the signs that start some of them.
fn word_length(text: &str) -> usize {
    let start = text.len() - text.trim_start_matches(['@', '#', '!']).len();
    let start = start.min(1);
    let is_in = |c: char| c.is_alphanumeric() || c == '_';
    let length = text[start..].find(|c| !is_in(c)).unwrap_or(text.len() - start);
    if length == 0 { 0 } else { start + length }
}

/// A string with its quotes: three of them reach over lines, one does not, unless it is a backtick.
fn string_length(text: &str, quote: char) -> Option<usize> {
    let mut triple = [0; 4];
    let one = quote.encode_utf8(&mut triple);
    let three = one.repeat(3);
    if quote != '`'
        && let Some(rest) = text.strip_prefix(&three)
    {
        return Some(rest.find(&three).map_or(text.len(), |end| end + 6));
    }
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' if quote != '`' => return Some(at),
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coloured(language: &str, code: &str) -> String {
        let mut html = String::new();
        write(&mut html, language, code);
        html.replace("<span class=\"hl-", "<").replace("</span>", "</>")
    }

    #[test]
    fn words_strings_numbers_and_comments_are_marked() {
        assert_eq!(
            coloured("Rust", "let x = 10; // \"no\"\nletter(\"a\\\"b\")"),
            "<pre><code class=\"language-rust\"><keyword\">let</> x = <number\">10</>; \
             <comment\">// &quot;no&quot;</>\nletter(<string\">&quot;a\\&quot;b&quot;</>)</code></pre>"
        );
        assert_eq!(
            coloured("py", "\"\"\"a\nb\"\"\" if"),
            "<pre><code class=\"language-python\"><string\">&quot;&quot;&quot;a\nb&quot;&quot;&quot;</> \
             <keyword\">if</></code></pre>"
        );
        assert!(coloured("sql", "Commit").contains("<keyword\">Commit</>"));
        assert!(coloured("c", "#include <x>").contains("<keyword\">#include</> &lt;x&gt;"));
        assert!(coloured("diff", "+a\n-b\n c").contains("<added\">+a</>\n<removed\">-b</>\n c"));
    }

    #[test]
    fn what_is_unknown_or_long_stays_as_it_is() {
        assert_eq!(coloured("brainfuck", "<>"), "<pre><code>&lt;&gt;</code></pre>");
        let long = "if ".repeat(MAX_CODE / 3 + 1);
        assert!(!coloured("rust", &long).contains("hl-"));
        assert!(coloured("rust", "\"never closed").contains("string"));
        assert!(coloured("c", "/* never closed").contains("comment"));
    }

    #[test]
    fn no_name_stands_for_two_languages() {
        let mut names: Vec<_> =
            languages::LANGUAGES.iter().flat_map(|language| language.names).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}

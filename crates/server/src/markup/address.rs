//! Web addresses in a text, by the same rules as the client's `links.ts`: what is no address stays text.

/// The longest address that is made a link, in bytes.
const MAX_ADDRESS: usize = 2_048;

/// The length of the address that a text starts with, in bytes.
pub(super) fn length_at(text: &str) -> Option<usize> {
    let start = scheme_length(text)?;
    // No further than an address may reach, so that a row of half addresses is not read over and over.
    let (end, c) = text[start..]
        .char_indices()
        .map(|(at, c)| (start + at, c))
        .find(|(at, c)| is_end(*c) || *at > MAX_ADDRESS)
        .unwrap_or((text.len(), ' '));
    let end = if is_end(c) { without_tail(&text[..end]) } else { return None };
    let host = text.get(start..end)?.split(['/', '?', '#']).next()?;
    let is_host = host.starts_with(char::is_alphanumeric) && !host.contains('@');
    is_host.then_some(end)
}

fn scheme_length(text: &str) -> Option<usize> {
    let is = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    ["https://", "http://"].into_iter().find(|scheme| is(scheme)).map(str::len)
}

/// Addresses end before white space, quotes, brackets and Chinese punctuation.
fn is_end(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || "<>\"'`[]|\\，。；！？、（）】《》「」『』“”‘’…".contains(c)
}

/// A full stop, a closing bracket or a mark of emphasis after an address belongs to the sentence. A bracket
/// that was opened inside of it is its own.
fn without_tail(address: &str) -> usize {
    let mut open = 0_i32;
    for byte in address.bytes() {
        open += i32::from(byte == b'(') - i32::from(byte == b')');
    }
    let mut end = address.len();
    while let Some(last) = address[..end].chars().next_back() {
        match last {
            ')' if open >= 0 => break,
            ')' => open += 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '}' | '*' | '_' | '~' => {}
            _ => break,
        }
        end -= last.len_utf8();
    }
    end
}

/// Whether a link may lead there.
pub(super) fn is_allowed(target: &str) -> bool {
    let target = target.trim_start().to_ascii_lowercase();
    ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, address) in [
            ("https://a.example/x_y_z?q=1#f, and", "https://a.example/x_y_z?q=1#f"),
            ("http://a.example).", "http://a.example"),
            ("https://a.example/Rook_(bird)。", "https://a.example/Rook_(bird)"),
            ("https://a.example/Rook_(bird)) more", "https://a.example/Rook_(bird)"),
            ("HTTPS://A.example/**", "HTTPS://A.example/"),
            ("https://a.example/路径，然后", "https://a.example/路径"),
            ("https://例子.example", "https://例子.example"),
        ] {
            assert_eq!(length_at(text).map(|end| &text[..end]), Some(address), "{text}");
        }
        for text in ["http://", "https:///x", "ftp://a.example", "http://user@a.example", "h"] {
            assert_eq!(length_at(text), None, "{text}");
        }
        assert_eq!(length_at(&format!("http://a.example/{}", "x".repeat(MAX_ADDRESS))), None);
    }
}

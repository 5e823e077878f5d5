//! Splits Rust source into code, comments and string literals; knows no other grammar.
//!
//! Good enough for rules that look for words: raw, byte and C strings, nested comments, and the
//! difference between a lifetime and a character.

/// What a stretch of source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Code,
    Comment,
    Text,
}

/// Consecutive bytes of one kind; together the pieces are the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) text: &'a str,
}

/// The pieces of `source`, in order.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let bytes = source.as_bytes();
    let mut pieces = Vec::new();
    let mut code_from = 0;
    let mut at = 0;
    while at < bytes.len() {
        let found = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => Some((Kind::Comment, line_end(bytes, at))),
            b'/' if bytes.get(at + 1) == Some(&b'*') => Some((Kind::Comment, block_end(bytes, at))),
            b'"' => Some((Kind::Text, text_end(bytes, at + 1))),
            b'r' if !in_word(bytes, at) => raw_end(bytes, at + 1).map(|end| (Kind::Text, end)),
            b'b' | b'c' if !in_word(bytes, at) && bytes.get(at + 1) == Some(&b'r') => {
                raw_end(bytes, at + 2).map(|end| (Kind::Text, end))
            }
            b'\'' => character_end(bytes, at).map(|end| (Kind::Text, end)),
            _ => None,
        };
        let Some((kind, end)) = found else {
            at += 1;
            continue;
        };
        push(&mut pieces, source, Kind::Code, code_from, at);
        push(&mut pieces, source, kind, at, end);
        at = end;
        code_from = end;
    }
    push(&mut pieces, source, Kind::Code, code_from, bytes.len());
    pieces
}

/// The source with everything but code blanked; offsets and lines stay the same.
pub(super) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    for piece in pieces(source) {
        if piece.kind == Kind::Code {
            code.push_str(piece.text);
        } else {
            code.extend(piece.text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        }
    }
    code
}

fn push<'a>(pieces: &mut Vec<Piece<'a>>, source: &'a str, kind: Kind, start: usize, end: usize) {
    if start < end {
        pieces.push(Piece { kind, start, text: &source[start..end] });
    }
}

fn in_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn block_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0;
    let mut at = at;
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" if depth == 1 => return at + 2,
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    bytes.len()
}

fn text_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// `from` is just after the `r`; `None` when this is no raw string (`r#type`, or a plain word).
fn raw_end(bytes: &[u8], from: usize) -> Option<usize> {
    let hashes = bytes[from..].iter().take_while(|byte| **byte == b'#').count();
    let open = from + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let mut closing = vec![b'"'];
    closing.resize(hashes + 1, b'#');
    let inside = &bytes[open + 1..];
    let length = inside.windows(closing.len()).position(|window| window == closing);
    Some(length.map_or(bytes.len(), |length| open + 1 + length + closing.len()))
}

/// `None` for a lifetime.
fn character_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        let rest = bytes.get(at + 3..)?;
        return rest.iter().position(|byte| *byte == b'\'').map(|length| at + 3 + length + 1);
    }
    // One character is at most four bytes of UTF-8.
    let first = *bytes.get(at + 1)?;
    let width = match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + width + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        let pieces = pieces(source).into_iter();
        pieces.filter(|piece| piece.kind == Kind::Text).map(|piece| piece.text).collect()
    }

    #[test]
    fn strings_of_every_form_are_found() {
        let source = r####"let a = "x\"y"; r#"a "quoted" b"#; br"z"; b"w"; r#type"####;
        assert_eq!(texts(source), [r#""x\"y""#, r##"r#"a "quoted" b"#"##, r#"br"z""#, r#""w""#]);
    }

    #[test]
    fn a_lifetime_is_not_a_character() {
        let source = r"fn f<'a>(x: &'a str) -> char { '\'' ; '\u{41}'; '字'; 'b' }";
        assert_eq!(texts(source), [r"'\''", r"'\u{41}'", "'字'", "'b'"]);
    }

    #[test]
    fn comments_are_blanked_and_lines_stay() {
        let source = "a // \"b\n/* c /* d */ e */ f \"g\nh\" i";
        let code = code_only(source);
        assert_eq!(code.len(), source.len());
        assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "f", "i"]);
        assert_eq!(code.lines().count(), source.lines().count());
    }
}

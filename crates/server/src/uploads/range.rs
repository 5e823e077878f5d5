//! The `Range` header: one range of bytes (RFC 9110, 14.1.2). Several at once are answered with the whole.

use std::ops::Range;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The whole: no range, several, or nothing that is understood.
    All,
    /// These bytes, at least one.
    Part(Range<u64>),
    /// Bytes that there are not.
    Nothing,
}

/// What a header asks of a file of `size` bytes.
pub(super) fn parse(header: &str, size: u64) -> Asked {
    let Some((unit, range)) = header.split_once('=') else { return Asked::All };
    let Some((first, last)) = range.trim().split_once('-') else { return Asked::All };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Asked::All;
    }
    let range = match (number(first), number(last)) {
        (Some(Some(first)), Some(Some(last))) if last < first => return Asked::All,
        (Some(Some(first)), Some(last)) => {
            first..last.map_or(size, |last| last.saturating_add(1)).min(size)
        }
        // The last bytes.
        (Some(None), Some(Some(count))) => size.saturating_sub(count)..size,
        _ => return Asked::All,
    };
    if range.is_empty() { Asked::Nothing } else { Asked::Part(range) }
}

/// `Some(None)` for nothing, `None` for what is no number.
fn number(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    // Beyond u64 is beyond every file.
    digits.then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_file() {
        for (header, expected) in [
            ("bytes=0-4", Asked::Part(0..5)),
            ("bytes=5-", Asked::Part(5..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-100", Asked::Part(0..10)),
            ("bytes=9-99999999999999999999999", Asked::Part(9..10)),
            ("Bytes = 1-1", Asked::Part(1..2)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=99-100", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=0-1,3-4", Asked::All),
            ("bytes=4-1", Asked::All),
            ("bytes=-", Asked::All),
            ("bytes=a-b", Asked::All),
            ("bytes=+1-2", Asked::All),
            ("items=0-4", Asked::All),
            ("bytes", Asked::All),
        ] {
            assert_eq!(parse(header, 10), expected, "{header}");
        }
        assert_eq!(parse("bytes=0-0", 0), Asked::Nothing);
    }
}

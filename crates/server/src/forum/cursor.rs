//! Places in a list, as clients get them: numbers with dots between them, which mean nothing to anybody else.

use protocol::Code;

use crate::problem::{Answer, Refusal};

/// The longest cursor that is read, in bytes; the path of a comment is the longest part of one.
const MAX_CURSOR: usize = 512;

/// The opaque form of numbers.
pub(super) fn write(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(".")
}

/// Reads what [`write()`] wrote of `N` numbers.
///
/// # Errors
/// 400 `malformed`, naming `before`.
pub(super) fn read<const N: usize>(text: &str) -> Answer<[i64; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split('.');
    for number in &mut numbers {
        *number = parts.next().and_then(|part| part.parse().ok()).ok_or_else(bad)?;
    }
    if parts.next().is_some() || text.len() > MAX_CURSOR { Err(bad()) } else { Ok(numbers) }
}

/// What is not from a page of the list.
pub(super) fn bad() -> Refusal {
    Refusal::new(Code::Malformed).field("before", "is not from a page of this list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_and_nonsense_is_refused() {
        assert_eq!(read::<3>(&write(&[1_000, -5, 7])).unwrap(), [1_000, -5, 7]);
        for bad in ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.99999999999999999999"] {
            assert_eq!(read::<3>(bad).unwrap_err().code(), Code::Malformed, "{bad}");
        }
    }
}

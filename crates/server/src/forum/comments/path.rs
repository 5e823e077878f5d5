//! The place of a comment in reading order, as a text that sorts by its bytes: the numbers of all comments from the
//! first one down to it. Each number is written with a letter for its length before it, so that a longer one, which
//! is higher, comes later.

use protocol::CommentId;

/// The place of a comment below the one at `parent`; below the article where that is empty.
pub(in crate::forum) fn below(parent: &str, id: CommentId) -> String {
    let digits = id.to_string();
    // Ids have at most 16 digits.
    let length = char::from(b'a' + u8::try_from(digits.len()).unwrap_or(u8::MAX - b'a'));
    format!("{parent}{length}{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_sort_in_reading_order() {
        let root = below("", CommentId(9));
        let answer = below(&root, CommentId(100));
        let order = [
            root.clone(),
            below(&root, CommentId(10)),
            answer.clone(),
            below(&answer, CommentId(101)),
            below(&answer, CommentId(9_007_199_254_740_991)),
            below(&root, CommentId(1_000)),
            below("", CommentId(11)),
            below("", CommentId(99)),
            below("", CommentId(102)),
        ];
        assert!(order.is_sorted(), "{order:?}");
    }
}

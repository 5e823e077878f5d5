//! Every Rust module begins with `//!`: what lives here, and what does not.

use super::{Finding, Tree};

/// Shorter than this says nothing.
const SHORTEST: usize = 12;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let ours = tree
        .ending(&[".rs"])
        .filter(|file| file.path.starts_with("crates/") || file.path.starts_with("xtask/"));
    ours.filter(|file| {
        let words = file.text.lines().next().and_then(|line| line.strip_prefix("//!"));
        words.is_none_or(|words| words.trim().len() < SHORTEST)
    })
    .map(|file| Finding::new(file, 1, "begins without `//!` and what lives here"))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_words_is_found() {
        let tree = Tree::of(&[
            ("crates/a/src/good.rs", "//! Rooms and who is in them.\n"),
            ("crates/a/src/none.rs", "use std::fmt;\n"),
            ("crates/a/src/late.rs", "\n//! Rooms and who is in them.\n"),
            ("xtask/src/mute.rs", "//! Rooms\n"),
            ("web/src/other.ts", "export {};\n"),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["crates/a/src/none.rs", "crates/a/src/late.rs", "xtask/src/mute.rs"]);
    }
}

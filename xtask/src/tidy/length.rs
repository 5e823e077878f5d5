//! No source file is longer than a person reads in one sitting.

use super::{Finding, Tree};

const LONGEST: usize = 400;
const ENDINGS: &[&str] = &[".rs", ".ts", ".svelte", ".css", ".mjs"];
const FOLDERS: &[&str] = &["crates/", "xtask/", "web/src/", "e2e/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.ending(ENDINGS)
        .filter(|file| FOLDERS.iter().any(|folder| file.path.starts_with(folder)))
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let message = format!("{lines} lines, more than {LONGEST}: make it a folder");
            (lines > LONGEST).then(|| Finding::new(file, LONGEST + 1, message))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_too_many_is_found() {
        let (most, more) = ("x\n".repeat(LONGEST), "x\n".repeat(LONGEST + 1));
        let tree = Tree::of(&[
            ("crates/a/src/most.rs", &most),
            ("crates/a/src/more.rs", &more),
            ("web/src/ui/More.svelte", &more),
            ("docs/long.md", &more),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["crates/a/src/more.rs", "web/src/ui/More.svelte"]);
    }
}

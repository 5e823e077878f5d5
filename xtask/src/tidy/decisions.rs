//! Decisions are numbered without gaps, each fits a page, and each says what it is about.

use super::{Finding, SourceFile, Tree};

const FOLDER: &str = "docs/decisions/";
const LONGEST: usize = 60;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut pages: Vec<&SourceFile> =
        tree.files.iter().filter(|file| file.path.starts_with(FOLDER)).collect();
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    for (index, file) in pages.into_iter().enumerate() {
        let name = &file.path[FOLDER.len()..];
        let number = format!("{:04}", index + 1);
        if !(name.starts_with(&format!("{number}-")) && name.ends_with(".md")) {
            let message = format!("the name should be {number}-title.md: numbers have no gaps");
            findings.push(Finding::new(file, 0, message));
        }
        if !file.text.starts_with(&format!("# {number} ")) {
            findings.push(Finding::new(file, 1, format!("the first line is `# {number} title`")));
        }
        let lines = file.text.lines().count();
        if lines > LONGEST {
            let message = format!("{lines} lines; a decision fits {LONGEST}");
            findings.push(Finding::new(file, LONGEST, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_twins_and_long_pages_are_found() {
        let long = format!("# 0003 c\n{}", "x\n".repeat(LONGEST));
        let tree = Tree::of(&[
            ("docs/decisions/0001-a.md", "# 0001 a\n"),
            ("docs/decisions/0001-b.md", "# 0001 b\n"),
            ("docs/decisions/0003-c.md", &long),
            ("docs/other.md", "anything"),
        ]);
        let paths: Vec<_> = check(&tree).into_iter().map(|f| (f.path, f.line)).collect();
        let twin = "docs/decisions/0001-b.md".to_owned();
        let long = "docs/decisions/0003-c.md".to_owned();
        assert_eq!(paths, [(twin.clone(), 0), (twin, 1), (long, LONGEST)]);
    }
}

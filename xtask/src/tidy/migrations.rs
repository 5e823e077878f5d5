//! Migrations are numbered without gaps and every one of them is run: a file that nothing
//! includes would be a change of the schema that never happens.

use super::{Finding, SourceFile, Tree};

const FOLDER: &str = "crates/database/src/migrations/";
const LIST: &str = "crates/database/src/migrate.rs";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut files: Vec<&SourceFile> =
        tree.files.iter().filter(|file| file.path.starts_with(FOLDER)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let list = tree.files.iter().find(|file| file.path == LIST);
    for (index, file) in files.into_iter().enumerate() {
        let name = &file.path[FOLDER.len()..];
        let number = format!("{:04}_", index + 1);
        if !(name.starts_with(&number) && name.ends_with(".sql")) {
            let message = format!("the name should be {number}what.sql: numbers have no gaps");
            findings.push(Finding::new(file, 0, message));
        }
        let included = format!("include_str!(\"migrations/{name}\")");
        if list.is_none_or(|list| !list.text.contains(&included)) {
            findings.push(Finding::new(file, 0, format!("is not listed in {LIST}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_and_a_forgotten_migration_are_found() {
        let tree = Tree::of(&[
            ("crates/database/src/migrations/0001_first.sql", ""),
            ("crates/database/src/migrations/0003_third.sql", ""),
            ("crates/database/src/migrate.rs", "include_str!(\"migrations/0001_first.sql\")"),
        ]);
        let findings = check(&tree);
        assert_eq!(findings.len(), 2);
        assert!(findings.iter().all(|finding| finding.path.ends_with("0003_third.sql")));
    }
}

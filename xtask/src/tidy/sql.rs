//! SQL stands only where tables are looked after.

use super::lexer::{self, Kind};
use super::{Finding, Tree, line_at};

/// Files of `delivery` that own the log's tables.
const DELIVERY: &[&str] = &["audience.rs", "log.rs", "trim.rs", "unit.rs", "writer.rs"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(&[".rs"]).filter(|file| !may_know_sql(&file.path)) {
        for piece in lexer::pieces(&file.text) {
            if piece.kind == Kind::Text && is_sql(piece.text) {
                let line = line_at(&file.text, piece.start);
                findings.push(Finding::new(file, line, "SQL belongs into a store.rs"));
            }
        }
    }
    findings
}

fn may_know_sql(path: &str) -> bool {
    let Some(inner) = path.strip_prefix("crates/") else { return true };
    let delivery = inner.strip_prefix("delivery/src/");
    inner.starts_with("database/")
        || inner.ends_with("/store.rs")
        || inner.contains("/store/")
        || delivery.is_some_and(|name| DELIVERY.contains(&name))
        || delivery.is_some_and(|name| name.starts_with("log/") || name.starts_with("unit/"))
}

/// Upper-case keywords in the order in which a statement has them.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphabetic()).collect();
    let starts = |first: &str, then: &str| {
        words
            .iter()
            .position(|word| *word == first)
            .is_some_and(|at| words[at..].iter().take(8).any(|word| *word == then))
    };
    starts("INSERT", "INTO")
        || starts("DELETE", "FROM")
        || starts("UPDATE", "SET")
        || starts("CREATE", "TABLE")
        || words.iter().position(|word| *word == "SELECT").is_some_and(|at| {
            // "SELECT 1" has no FROM, but nobody writes a lone SELECT in prose either.
            text.trim_start_matches(['"', 'r', '#', ' ', '\n']).starts_with("SELECT")
                || words[at..].contains(&"FROM")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_outside_a_store_are_found() {
        let source = r####"
            // "SELECT * FROM users" in a comment is prose
            let a = "SELECT 1";
            let b = r#"INSERT INTO users (id) VALUES ($1)"#;
            let c = "UPDATE users\n SET name = $1";
            let d = "WITH x AS (SELECT id FROM users) DELETE FROM users";
            let e = "Select a file, update it, delete from list";
            let f = "PLEASE UPDATE";
        "####;
        let tree = Tree::of(&[
            ("crates/server/src/messages/post.rs", source),
            ("crates/server/src/messages/store.rs", source),
            ("crates/server/src/messages/store/history.rs", source),
            ("crates/database/src/migrate.rs", source),
            ("crates/delivery/src/log.rs", source),
        ]);
        let lines: Vec<_> = check(&tree).into_iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [3, 4, 5, 6]);
        assert!(check(&tree).iter().all(|finding| finding.path.ends_with("post.rs")));
        let tree = Tree::of(&[("crates/delivery/src/hub.rs", "const A: &str = \"SELECT 1\";")]);
        assert_eq!(check(&tree).len(), 1);
    }
}

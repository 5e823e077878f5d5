//! Words that hide a problem: skipped tests, unfinished code, silenced lints, and tests that
//! sleep for luck.

use super::{Finding, SourceFile, Tree, lexer, line_at};

/// In all Rust code: the words, and what to do instead.
const ANYWHERE: &[(&str, &str)] = &[
    ("#[ignore", "a test runs or goes"),
    ("todo!", "finish it or leave it out"),
    ("unimplemented!", "finish it or leave it out"),
    ("#[allow(", "use #[expect(…, reason = …)]"),
    ("#![allow(", "use #![expect(…, reason = …)]"),
];

/// In tests only.
const IN_TESTS: &[(&str, &str)] =
    &[("sleep(", "wait for the thing itself, or move the test's clock")];

/// In the tests of the client and of the browser tests.
const IN_SCRIPT_TESTS: &[(&str, &str)] = &[
    ("waitForTimeout(", "wait for the thing itself"),
    (".skip(", "a test runs or goes"),
    (".only(", "all tests run"),
    ("test.todo(", "finish it or leave it out"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(&[".rs"]) {
        let code = lexer::code_only(&file.text);
        look(file, &code, 0, ANYWHERE, &mut findings);
        if let Some(from) = tests_from(&file.path, &code) {
            look(file, &code, from, IN_TESTS, &mut findings);
        }
    }
    for file in tree.ending(&[".test.ts", ".test.mjs"]) {
        look(file, &file.text, 0, IN_SCRIPT_TESTS, &mut findings);
    }
    findings
}

fn look(
    file: &SourceFile,
    code: &str,
    from: usize,
    words: &[(&str, &str)],
    findings: &mut Vec<Finding>,
) {
    for (word, instead) in words {
        for (offset, _) in code[from..].match_indices(word) {
            let line = line_at(code, from + offset);
            findings.push(Finding::new(file, line, format!("`{word}`: {instead}")));
        }
    }
}

/// Where the tests of a file begin: at its start for a file of tests, else at `#[cfg(test)]`.
fn tests_from(path: &str, code: &str) -> Option<usize> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if path.contains("/tests/") || name == "tests.rs" || name.ends_with("_tests.rs") {
        return Some(0);
    }
    code.find("#[cfg(test)]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, source: &str) -> Vec<usize> {
        let tree = Tree::of(&[(path, source)]);
        check(&tree).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn hidden_problems_are_found_in_code_and_not_in_prose() {
        let source = "// todo!\nlet a = \"#[ignore]\";\n#[ignore]\nfn f() { todo!() }\n";
        assert_eq!(lines("crates/a/src/a.rs", source), [3, 4]);
        assert_eq!(lines("crates/a/src/a.rs", "#[allow(dead_code)]\nfn f() {}"), [1]);
        assert!(lines("crates/a/src/a.rs", "#[expect(dead_code)]\nfn f() {}").is_empty());
    }

    #[test]
    fn sleeping_is_for_servers_not_for_tests() {
        let source = "fn sweep() { sleep(SECOND) }\n#[cfg(test)]\nmod tests {\nsleep(SECOND);\n}\n";
        assert_eq!(lines("crates/a/src/a.rs", source), [4]);
        assert_eq!(lines("crates/a/tests/story.rs", source), [1, 4]);
    }

    #[test]
    fn script_tests_neither_wait_blindly_nor_skip() {
        let source = "await page.waitForTimeout(500);\ntest.only('a', f);\n";
        assert_eq!(lines("e2e/tests/chat.test.mjs", source), [1, 2]);
        assert!(lines("e2e/lib/browser.mjs", source).is_empty());
    }
}

//! The numbers of every test runner, read from their closing lines and shown again at the end.

/// What ran, by runner.
#[derive(Debug, Default)]
pub(super) struct Tally {
    lines: Vec<String>,
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Numbers out of one closing line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Tally {
    /// Adds a runner's numbers and keeps its own closing words.
    pub(super) fn add(&mut self, runner: &str, closing: &str, count: Count) {
        self.lines.push(format!("{runner}: {}", closing.trim()));
        self.passed += count.passed;
        self.failed += count.failed;
        self.skipped += count.skipped;
    }

    /// Prints all closing lines, then one total. A step that failed without a failed test
    /// (a lint, say) still counts as `at_least` one failure.
    pub(super) fn print(&self, at_least: u64) {
        if self.lines.is_empty() && at_least == 0 {
            return;
        }
        for line in &self.lines {
            println!("{line}");
        }
        let failed = self.failed.max(at_least);
        println!("{} passed, {failed} failed, {} skipped", self.passed, self.skipped);
    }
}

/// `Summary [ 1.2s] 12 tests run: 11 passed (1 slow), 1 failed, 2 skipped`, of nextest.
pub(super) fn nextest(line: &str) -> Option<Count> {
    let (_, counts) = line.trim().strip_prefix("Summary [")?.split_once("run: ")?;
    Some(counted(counts))
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; …`, of rustdoc.
pub(super) fn rustdoc(line: &str) -> Option<Count> {
    let counts = line.trim().strip_prefix("test result: ")?.split_once(". ")?.1;
    Some(counted(counts))
}

/// `Tests  1 failed | 30 passed (31)`, of Vitest.
pub(super) fn vitest(line: &str) -> Option<Count> {
    let counts = line.trim().strip_prefix("Tests ")?;
    Some(counted(counts))
}

/// Node prints one number a line: `# pass 7` or `ℹ pass 7`.
pub(super) fn node(line: &str, count: &mut Count) {
    let mut words = line.split_whitespace().skip_while(|word| matches!(*word, "#" | "ℹ"));
    let (Some(word), Some(Ok(number)), None) =
        (words.next(), words.next().map(str::parse::<u64>), words.next())
    else {
        return;
    };
    match word {
        "pass" => count.passed = number,
        "fail" | "cancelled" => count.failed += number,
        "skipped" | "todo" => count.skipped += number,
        _ => {}
    }
}

/// Finds `N passed`, `N failed`, `N timed out`, `N skipped` and `N ignored` in any order.
fn counted(text: &str) -> Count {
    let mut count = Count::default();
    let words: Vec<&str> = text.split([' ', ',', ';', '|', '(', ')']).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    for pair in words.windows(2) {
        let Ok(number) = pair[0].parse::<u64>() else { continue };
        match pair[1] {
            "passed" => count.passed = number,
            "failed" | "timed" | "exec" => count.failed += number,
            "skipped" | "ignored" | "todo" => count.skipped += number,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u64, failed: u64, skipped: u64) -> Option<Count> {
        Some(Count { passed, failed, skipped })
    }

    #[test]
    fn closing_lines_are_read() {
        let line = "     Summary [   1.229s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 2 skipped";
        assert_eq!(nextest(line), count(10, 2, 2));
        let line = "     Summary [   0.002s] 7/12 tests run: 7 passed, 0 skipped";
        assert_eq!(nextest(line), count(7, 0, 0));
        let line = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(rustdoc(line), count(3, 0, 1));
        assert_eq!(vitest("      Tests  1 failed | 30 passed (31)"), count(30, 1, 0));
        assert_eq!(vitest(" Test Files  4 passed (4)"), None);
    }

    #[test]
    fn node_spreads_its_numbers_over_lines() {
        let mut total = Count::default();
        for line in ["ℹ tests 9", "ℹ pass 7", "# fail 1", "ℹ cancelled 1", "ℹ skipped 2", "ok 3"]
        {
            node(line, &mut total);
        }
        assert_eq!(Some(total), count(7, 2, 2));
    }
}

//! The steps that need Node.js: the client's own checks, and people in real browsers.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use super::tally::{self, Count, Tally};
use crate::{npm, process, workspace};

/// Formatting, types, unit tests and a build of the client.
pub(super) fn client(tally: &mut Tally) -> anyhow::Result<()> {
    let folder = workspace::root().join("web");
    npm::install(&folder)?;
    let script = |arguments: &[&str]| {
        let mut command = Command::new("npm");
        command.args(arguments).current_dir(&folder);
        command
    };
    process::run(&mut script(&["run", "lint"]))?;
    process::run(&mut script(&["run", "check"]))?;
    let mut closing = None;
    let outcome = process::run_watched(&mut script(&["run", "test"]), |line| {
        if let Some(count) = tally::vitest(line) {
            closing = Some((line.to_owned(), count));
        }
    });
    if let Some((line, count)) = closing {
        tally.add("vitest", &line, count);
    }
    outcome?;
    process::run(&mut script(&["run", "build"]))
}

/// The browser tests, against the binary in the development profile.
pub(super) fn browsers(tally: &mut Tally) -> anyhow::Result<()> {
    let folder = workspace::root().join("e2e");
    let tests = test_files(&folder.join("tests"))?;
    npm::install(&folder)?;
    let binary = workspace::build_server()?;

    let mut count = Count::default();
    let outcome = process::run_watched(
        Command::new("node")
            .args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
            .args(&tests)
            .env("ROOKERY_BIN", &binary)
            .current_dir(&folder),
        |line| tally::node(line, &mut count),
    );
    let words = format!("{} passed, {} failed", count.passed, count.failed);
    tally.add("browsers", &words, count);
    outcome?;
    anyhow::ensure!(count.passed > 0, "the browser tests ran no test");
    Ok(())
}

/// Paths of the test files, relative to `e2e`. A run without any is a failure, not a success.
fn test_files(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("there are no browser tests in {}", folder.display()))?;
    let mut files: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("tests/{name}"))
        .collect();
    files.sort();
    anyhow::ensure!(!files.is_empty(), "there are no browser tests in {}", folder.display());
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_browser_test_is_a_failure() {
        assert!(test_files(&workspace::root().join("docs")).is_err());
        assert!(test_files(&workspace::root().join("no-such-folder")).is_err());
    }
}

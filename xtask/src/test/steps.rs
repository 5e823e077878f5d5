//! The steps that only need cargo.

use std::process::Command;

use super::tally::{self, Count, Tally};
use crate::postgres::{Postgres, VARIABLE};
use crate::tools::{self, Tool};
use crate::{process, workspace};

fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root());
    command
}

pub(super) fn fmt(_: &mut Tally) -> anyhow::Result<()> {
    process::run(cargo().args(["fmt", "--all", "--check"]))
}

pub(super) fn lint(_: &mut Tally) -> anyhow::Result<()> {
    let scope = ["clippy", "--locked", "--workspace", "--all-targets"];
    process::run(cargo().args(scope).args(["--", "-D", "warnings"]))
}

pub(super) fn tidy(_: &mut Tally) -> anyhow::Result<()> {
    crate::tidy::run()
}

/// Advisories are left out: their database is fetched from outside the package registries.
pub(super) fn deny(_: &mut Tally) -> anyhow::Result<()> {
    let mut command = Command::new(tools::program(Tool::Deny));
    command.current_dir(workspace::root());
    process::run(command.args([
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ]))
}

/// All tests of all crates, against a PostgreSQL that lives as long as this step.
pub(super) fn rust(tally: &mut Tally) -> anyhow::Result<()> {
    let postgres = Postgres::start()?;
    let mut command = Command::new(tools::program(Tool::Nextest));
    command.current_dir(workspace::root()).env(VARIABLE, postgres.url());
    command.args(["nextest", "run", "--locked", "--workspace", "--profile", "ci"]);
    let mut closing = None;
    let outcome = process::run_watched(&mut command, |line| {
        if let Some(count) = tally::nextest(line) {
            closing = Some((line.to_owned(), count));
        }
    });
    if let Some((line, count)) = closing {
        tally.add("nextest", &line, count);
    }
    outcome
}

/// Links and examples in documents. Few crates have examples, so their numbers are added up.
pub(super) fn doc(tally: &mut Tally) -> anyhow::Result<()> {
    process::run(
        cargo()
            .args(["doc", "--locked", "--workspace", "--no-deps", "--document-private-items"])
            // These crates are read here, private parts included; nobody publishes them.
            .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"),
    )?;
    let mut total = Count::default();
    let outcome =
        process::run_watched(cargo().args(["test", "--locked", "--workspace", "--doc"]), |line| {
            if let Some(count) = tally::rustdoc(line) {
                total.passed += count.passed;
                total.failed += count.failed;
                total.skipped += count.skipped;
            }
        });
    if total != Count::default() {
        let words = format!("{} passed, {} failed", total.passed, total.failed);
        tally.add("examples", &words, total);
    }
    outcome
}

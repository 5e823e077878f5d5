//! `cargo xtask bench`: builds the server and the load generator for release and runs the one on the other.
//! What is measured, and the targets, are in `crates/bench`.

use std::process::Command;

use crate::{process, workspace};

/// Runs the benchmark with these arguments (`--quick`, `--only NAME`, `--json FILE`).
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let mut build = Command::new("cargo");
    build.current_dir(workspace::root()).args(["build", "--locked", "--release"]);
    process::run(build.args(["--package", "rookery", "--package", "rookery-bench"]))?;
    let built = workspace::target().join("release");
    let mut bench = Command::new(built.join("rookery-bench"));
    bench.arg("--server-bin").arg(built.join("rookery"));
    process::run(bench.args(arguments))
}

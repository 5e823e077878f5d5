//! The repository: its root, its build folder, its files under version control, and how its
//! binary is built.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::process;

/// The root of the repository, from where this crate was compiled.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// Cargo's build folder; `CARGO_TARGET_DIR` moves it.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Builds the `rookery` binary in the development profile and answers with its path.
///
/// The same targets, and so the same features, as the Rust tests: nothing is compiled twice.
pub(crate) fn build_server() -> anyhow::Result<PathBuf> {
    process::run(
        Command::new("cargo")
            .args(["build", "--locked", "--workspace", "--bins", "--tests"])
            .current_dir(root()),
    )?;
    built()
}

/// The same without the tests, for whoever runs none: much quicker after a change of the code.
pub(crate) fn build_server_alone() -> anyhow::Result<PathBuf> {
    process::run(
        Command::new("cargo")
            .args(["build", "--locked", "--package", "rookery", "--bin", "rookery"])
            .current_dir(root()),
    )?;
    built()
}

fn built() -> anyhow::Result<PathBuf> {
    let binary = target().join("debug/rookery");
    anyhow::ensure!(binary.is_file(), "{} was not built", binary.display());
    Ok(binary)
}

/// Paths, relative to the root, of all files that git tracks or would track.
pub(crate) fn tracked_files() -> anyhow::Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .context("tidy needs git to list the files")?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    let mut files: Vec<String> = listing
        .split('\0')
        .filter(|path| !path.is_empty() && root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

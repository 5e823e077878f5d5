//! Files that are made from the code and kept in the repository, so that a change of them is seen
//! in review: the description of the API, the client's types, the example of the settings.
//!
//! `cargo xtask generate` writes them. The test step `generated` does the same and fails when a
//! file was stale; by then it is right, and only has to be committed.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use crate::tools::{self, Need};
use crate::{npm, process, workspace};

/// What the binary prints about itself, and where it is kept.
const PRINTED: &[(&[&str], &str)] = &[
    (&["openapi"], "web/src/api/openapi.json"),
    (&["config", "example"], "docs/rookery.example.toml"),
];

/// Made by the client's own script `generate`, from the description of the API.
const TYPES: &str = "web/src/api/schema.d.ts";

/// `cargo xtask generate`.
pub(crate) fn run() -> anyhow::Result<()> {
    tools::prepare(&[Need::C, Need::Node])?;
    for path in write_all(&workspace::build_server_alone()?)? {
        println!("{path} has changed");
    }
    Ok(())
}

/// Fails when a file was stale.
pub(crate) fn check() -> anyhow::Result<()> {
    let stale = write_all(&workspace::build_server()?)?;
    let list = stale.join(", ");
    anyhow::ensure!(stale.is_empty(), "stale, and now written anew, to be committed: {list}");
    Ok(())
}

/// Writes all files, by what this binary prints; answers with those that have changed.
fn write_all(binary: &Path) -> anyhow::Result<Vec<&'static str>> {
    let mut changed = Vec::new();
    for (arguments, path) in PRINTED {
        let output =
            Command::new(binary).args(*arguments).output().context("starting the server")?;
        anyhow::ensure!(
            output.status.success(),
            "`rookery {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        if replace(&workspace::root().join(path), &output.stdout)? {
            changed.push(*path);
        }
    }
    let types = workspace::root().join(TYPES);
    let before = std::fs::read(&types).unwrap_or_default();
    let web = workspace::root().join("web");
    npm::install(&web)?;
    process::run(Command::new("npm").args(["run", "generate"]).current_dir(&web))?;
    if std::fs::read(&types).context("the client's types")? != before {
        changed.push(TYPES);
    }
    Ok(changed)
}

/// Writes `bytes` to `path` unless they are there already; says whether it did.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    anyhow::ensure!(!bytes.is_empty(), "nothing was printed for {}", path.display());
    if std::fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_stale_when_it_differs_and_fresh_after_that() {
        let folder = std::env::temp_dir().join(format!("xtask-generated-{}", std::process::id()));
        let path = folder.join("made.json");
        assert!(replace(&path, b"{}").unwrap());
        assert!(!replace(&path, b"{}").unwrap());
        assert!(replace(&path, b"{ }").unwrap());
        assert!(replace(&path, b"").is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

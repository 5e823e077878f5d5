//! Packages of the client and of the browser tests.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use crate::process;

/// `npm ci`, unless what is installed came from this very lock file.
pub(crate) fn install(folder: &Path) -> anyhow::Result<()> {
    let lock = std::fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let stamp = folder.join("node_modules/.rookery-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    process::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    std::fs::write(&stamp, lock).with_context(|| format!("writing {}", stamp.display()))
}

//! The process of a peer: started on loopback in a folder of its own, watched, and ended by its id.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::process;

/// A start that takes longer has failed.
const START_DEADLINE: Duration = Duration::from_secs(60);
/// After this a peer that was told to stop is killed.
const STOP_DEADLINE: Duration = Duration::from_secs(10);
/// Between two looks whether it listens.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Of its log, this much is shown when it fails, in bytes.
const SHOWN: usize = 600;

/// A running peer. Killed when it is dropped.
pub(super) struct Host {
    child: Child,
    pub(super) pid: u32,
    pub(super) address: SocketAddr,
}

impl Host {
    /// Starts `command`, which is to listen on `address`.
    pub(super) async fn start(
        mut command: Command,
        folder: &Path,
        address: SocketAddr,
    ) -> anyhow::Result<Self> {
        let log = folder.join("peer.log");
        let file = std::fs::File::create(&log)?;
        command.current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
        command.stdout(file.try_clone()?).stderr(file);
        let shown = command.as_std().get_program().to_owned();
        let mut child = command.spawn().with_context(|| format!("starting {}", shown.display()))?;
        let pid = child.id().context("the peer has ended")?;
        let until = Instant::now() + START_DEADLINE;
        while Instant::now() < until {
            if TcpStream::connect(address).await.is_ok() {
                return Ok(Self { child, pid, address });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the peer ended with {status}: {}", end_of(&log));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        bail!("the peer did not listen within {START_DEADLINE:?}: {}", end_of(&log))
    }

    /// Tells it to stop, and kills it if it does not.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        process::signal(self.pid, "TERM").await?;
        if tokio::time::timeout(STOP_DEADLINE, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(())
    }
}

/// Runs a command to its end, quietly.
pub(super) async fn run(mut command: Command, folder: &Path) -> anyhow::Result<String> {
    let shown = command.as_std().get_program().to_owned();
    command.current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.with_context(|| format!("starting {}", shown.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} failed: {}", shown.display(), said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of these programs that exists: some are outside of ordinary people's path.
pub(super) fn program(candidates: &[&str]) -> anyhow::Result<PathBuf> {
    let found = candidates.iter().map(PathBuf::from).find(|path| path.exists());
    found.with_context(|| format!("{} is not installed", candidates[0]))
}

/// The end of a peer's log, for whoever wonders why.
fn end_of(log: &Path) -> String {
    let log = std::fs::read(log).unwrap_or_default();
    String::from_utf8_lossy(&log[log.len().saturating_sub(SHOWN)..]).trim().to_owned()
}

/// Processor time of whole families, in seconds. One that ends meanwhile takes its time along.
pub(super) fn processor(roots: &[u32]) -> f64 {
    everybody(roots).filter_map(|pid| process::processor(pid).ok()).sum()
}

/// Proportional memory of whole families, in KiB.
pub(super) fn memory(roots: &[u32]) -> f64 {
    everybody(roots).filter_map(|pid| Some(process::memory(pid).ok()?.proportional)).sum()
}

fn everybody(roots: &[u32]) -> impl Iterator<Item = u32> {
    let mut all: Vec<u32> = roots.iter().flat_map(|root| process::family(*root)).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
}

//! The server under test: a process on an empty temporary directory, what it costs, and its end.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::http::Http;
use crate::process::{self, Memory};
use crate::seed::{Amount, Seeds};
use crate::trace::Trace;

/// A start that takes longer than this has failed.
const START_DEADLINE: Duration = Duration::from_secs(120);
/// So does a stop.
const STOP_DEADLINE: Duration = Duration::from_secs(60);
/// Between two questions whether it is ready: the resolution of the start time.
const READY_EVERY: Duration = Duration::from_millis(2);
/// Until what it no longer needs is given back to the system.
const SETTLES: Duration = Duration::from_secs(2);
/// Below those that the kernel gives to outgoing connections: while the server is down, no client that tries to
/// come back takes its port, or talks to itself.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// A data directory, and how to run the binary on it.
pub(crate) struct Site {
    binary: PathBuf,
    directory: tempfile::TempDir,
    pub(crate) address: SocketAddr,
}

impl Site {
    /// An empty one.
    pub(crate) fn new(binary: &Path) -> anyhow::Result<Self> {
        let binary = binary.canonicalize().with_context(|| binary.display().to_string())?;
        Ok(Self { binary, directory: tempfile::tempdir()?, address: free_address()? })
    }

    /// Fills it with people, groups and what they said.
    pub(crate) async fn seed(&self, amount: Amount) -> anyhow::Result<Seeds> {
        let out = self.directory.path().join("seeds");
        let mut command = self.command(None);
        command.args(["bench", "seed"]);
        for (name, value) in [
            ("--users", amount.users),
            ("--groups", amount.groups),
            ("--group-size", amount.group_size),
            ("--messages", amount.messages),
        ] {
            command.args([name, &value.to_string()]);
        }
        command.arg("--out").arg(&out).stdout(Stdio::null()).kill_on_drop(true);
        let status = command.status().await?;
        ensure!(status.success(), "seeding ended with {status}");
        Seeds::parse(&std::fs::read_to_string(out)?)
    }

    /// Starts the server; answers with how long it took until it could serve.
    pub(crate) async fn start(&self) -> anyhow::Result<(Server, Duration)> {
        self.launch(self.command(None)).await
    }

    /// Starts the server with its syncs of the disk written down.
    pub(crate) async fn start_traced(&self) -> anyhow::Result<(Server, Trace)> {
        let trace = Trace::new(&self.directory.path().join("syncs"));
        let (server, _) = self.launch(self.command(Some(&trace))).await?;
        Ok((server, trace))
    }

    async fn launch(&self, mut command: Command) -> anyhow::Result<(Server, Duration)> {
        let started = Instant::now();
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.directory.path().join("server.log"))?;
        command.stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| self.binary.display().to_string())?;
        while started.elapsed() < START_DEADLINE {
            if is_ready(self.address).await {
                let pid = child.id().context("the server has ended")?;
                return Ok((Server { child, pid }, started.elapsed()));
            }
            if let Some(status) = child.try_wait()? {
                bail!("the server ended with {status}: {}", self.log());
            }
            tokio::time::sleep(READY_EVERY).await;
        }
        bail!("the server was not ready within {START_DEADLINE:?}: {}", self.log())
    }

    fn command(&self, trace: Option<&Trace>) -> Command {
        let mut command = match trace {
            Some(trace) => trace.command(&self.binary),
            None => Command::new(&self.binary),
        };
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROOKERY_")) {
            command.env_remove(name);
        }
        command.current_dir(self.directory.path()).stdin(Stdio::null());
        command.env("ROOKERY_LISTEN", self.address.to_string());
        command.env("ROOKERY_DATA_DIR", self.directory.path().join("data"));
        command.env("ROOKERY_RATE_LIMIT", "off");
        command
    }

    /// The end of what it logged.
    fn log(&self) -> String {
        let log = std::fs::read(self.directory.path().join("server.log")).unwrap_or_default();
        String::from_utf8_lossy(&log[log.len().saturating_sub(2_000)..]).into_owned()
    }
}

/// An address of this machine on which nothing listens.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    // Starts elsewhere in each process, so that several do not ask for the same.
    let start = std::process::id() * 13 % u32::from(PORTS.end - PORTS.start);
    let start = PORTS.start + u16::try_from(start)?;
    let free = (start..PORTS.end).chain(PORTS.start..start).find_map(|port| {
        TcpListener::bind(("127.0.0.1", port)).and_then(|listener| listener.local_addr()).ok()
    });
    free.context("no port is free")
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut http) = Http::connect(address, "").await else { return false };
    matches!(http.exchange("GET /readyz", b"").await, Ok((200, _)))
}

/// A running server. Killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) pid: u32,
}

impl Server {
    /// Stops it by SIGTERM.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        process::signal(self.pid, "TERM").await?;
        let status = tokio::time::timeout(STOP_DEADLINE, self.child.wait()).await;
        let status = status.context("the server did not stop")??;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// `kill -9`.
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Processor time that it has used so far, in seconds.
    pub(crate) fn processor(&self) -> anyhow::Result<f64> {
        process::processor(self.pid)
    }

    /// Its memory now.
    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        process::memory(self.pid)
    }

    /// What it holds once it is done with what it was at. Waits for that, `at_most` so long.
    pub(crate) async fn memory_at_rest(&self, at_most: Duration) -> anyhow::Result<Memory> {
        tokio::time::sleep(SETTLES.min(at_most)).await;
        self.memory()
    }
}

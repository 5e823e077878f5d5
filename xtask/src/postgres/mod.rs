//! A throw-away PostgreSQL server for tests.
//!
//! The server belongs to a guard: a second process of this program, in a process group of its
//! own, which starts the server and holds the other end of a pipe. When this process goes, by
//! success, failure, panic, interrupt or kill, the pipe closes and the guard stops the server
//! and removes its files. So nothing here handles signals.

pub(crate) mod guard;

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;

use crate::process;
use crate::tools::{self, Need};

/// The verb by which this program starts itself as a guard.
pub(crate) const GUARD_VERB: &str = "postgres-guard";
/// Where tests find the server.
pub(crate) const VARIABLE: &str = "ROOKERY_TEST_POSTGRES_URL";

/// A running server; stopped and removed when dropped.
pub(crate) struct Postgres {
    guard: Child,
    url: String,
}

impl Postgres {
    /// Starts a new, empty server on a free loopback port.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let own = std::env::current_exe().context("where this program is")?;
        let mut guard = Command::new(own)
            .arg(GUARD_VERB)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .context("starting the guard of PostgreSQL")?;
        let mut url = String::new();
        let stdout = guard.stdout.take().context("the guard's output is piped")?;
        BufReader::new(stdout).read_line(&mut url).context("reading from the guard")?;
        if url.is_empty() {
            let status = guard.wait().context("waiting for the guard")?;
            anyhow::bail!("PostgreSQL did not start (guard: {status}); its messages are above");
        }
        Ok(Self { guard, url: url.trim().to_owned() })
    }

    /// `postgres://…` of the server's maintenance database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("waiting for the guard of PostgreSQL: {error}");
        }
    }
}

/// `cargo xtask postgres -- CMD ARGUMENTS`.
pub(crate) fn run_with(arguments: &[String]) -> anyhow::Result<()> {
    let words = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let (program, rest) =
        words.split_first().context("say what to run: cargo xtask postgres -- CMD")?;
    tools::prepare(&[Need::Postgres])?;
    let server = Postgres::start()?;
    println!("{VARIABLE}={}", server.url());
    let status = Command::new(program)
        .args(rest)
        .env(VARIABLE, server.url())
        .status()
        .with_context(|| format!("cannot start `{program}`"))?;
    anyhow::ensure!(status.success(), "`{program}` failed ({status})");
    Ok(())
}

/// Whether this process is root, which PostgreSQL refuses to run as.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
        || process::output_of("id", &["-u"]).as_deref() == Some("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_fails_the_verb() {
        assert!(run_with(&["--".to_owned()]).is_err());
    }
}

//! What the tests need on a machine: looked for, and installed where that can be done.
//!
//! `debian` knows packages and programs, `cargo_tools` the two cargo subcommands. Nothing is
//! installed when nothing is missing, and nothing that is installed starts by itself (`quiet`).

mod cargo_tools;
mod debian;
mod quiet;

use std::path::PathBuf;

/// The cargo subcommands that the tests need.
pub(crate) use cargo_tools::Tool;
/// The lowest PostgreSQL that Rookery supports, and where to look for it.
pub(crate) use debian::{PYTHON_PROGRAM, postgres_programs};

/// What a step needs besides Rust itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// A C compiler: SQLite is built from source.
    C,
    /// Node.js and npm: the client is built from source.
    Node,
    /// `initdb` and `postgres`.
    Postgres,
    /// Chromium, and a font for what the browser tests write in Chinese.
    Browser,
    /// For tests that look at system calls, and to count syncs.
    Strace,
    /// Peers of the benchmark.
    Nchan,
    /// The same.
    Prosody,
    /// The same.
    Ejabberd,
    /// For the peer that is written in it.
    Python,
    /// A cargo subcommand.
    Cargo(Tool),
}

/// Installs what is missing of `needs`, or says exactly what to install.
pub(crate) fn prepare(needs: &[Need]) -> anyhow::Result<()> {
    debian::prepare(needs)?;
    for need in needs {
        if let Need::Cargo(tool) = need {
            cargo_tools::prepare(*tool)?;
        }
    }
    Ok(())
}

/// The program to start for `tool`, after [`prepare`].
pub(crate) fn program(tool: Tool) -> PathBuf {
    cargo_tools::program(tool)
}

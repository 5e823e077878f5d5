//! `rookery-bench`: measures a Rookery binary and says how it stands to its targets, and to its peers.
//!
//! It knows the wire and nothing else of the server. *Invariant*: a figure is only printed after every message
//! behind it was seen to arrive exactly once and in order; otherwise the run fails.

mod http;
mod peer;
mod plan;
mod process;
mod report;
mod scan;
mod scenario;
mod seed;
mod server;
mod span;
mod sse;
mod trace;
mod websocket;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use plan::Plan;
use report::Report;

/// The most runs: each takes many minutes.
const MAX_RUNS: i64 = 20;

/// Measures a server: it is started on an empty temporary directory, loaded, and stopped.
#[derive(Debug, Parser)]
#[command(name = "rookery-bench")]
struct Arguments {
    /// The `rookery` binary to measure; a release build, if the figures are to mean something.
    #[arg(long)]
    server_bin: PathBuf,
    /// A tiny slice of everything, once, to see that the benchmark works.
    #[arg(long)]
    quick: bool,
    /// How often each figure is measured; what is shown is the median.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=MAX_RUNS))]
    runs: u32,
    /// Only the scenario of this name, or else those whose names contain it; peers are `peer: NAME`.
    #[arg(long)]
    only: Option<String>,
    /// Peers to run beside, on the same work, separated by commas; `all` for every one.
    #[arg(long, value_delimiter = ',')]
    peers: Vec<String>,
    /// Where the scripts of peers are.
    #[arg(long)]
    peer_scripts: Option<PathBuf>,
    /// A Python that has what a peer's script needs.
    #[arg(long)]
    peer_python: Option<PathBuf>,
    /// A PostgreSQL in which a peer may make a database for its archive: `postgres://…`.
    #[arg(long)]
    postgres: Option<String>,
    /// Date, commit and machine, to stand above the table.
    #[arg(long, default_value = "")]
    about: String,
    /// Writes the figures here too, as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Writes JSON, table and plots into this folder.
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let runs = usize::try_from(arguments.runs)?;
    let plan = if arguments.quick { Plan::quick() } else { Plan::full(runs) };
    // Two threads: the load client shares the machine with the server.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut report = Report::new(arguments.quick, &arguments.about);
    let only = arguments.only.as_deref().unwrap_or_default();
    let peers = peer::Setup {
        names: arguments.peers.clone(),
        scripts: arguments.peer_scripts.clone(),
        python: arguments.peer_python.clone(),
        postgres: arguments.postgres.clone(),
    };
    let binary = &arguments.server_bin;
    let outcome = runtime.block_on(async {
        let mut terminated = signal(SignalKind::terminate())?;
        let all = async {
            scenario::run_all(binary, &plan, only, &mut report).await?;
            peer::run_all(binary, &plan, &peers, only, &mut report).await
        };
        // What is running is dropped then, and with it the servers end and their folders go.
        tokio::select! {
            outcome = all => outcome,
            _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
            _ = terminated.recv() => anyhow::bail!("told to stop"),
        }
    });
    // What was measured before a failure is not lost: some of it took an hour.
    report.print();
    if let Some(path) = &arguments.json {
        report.write(path)?;
    }
    if let Some(folder) = &arguments.out {
        report.write_all(folder)?;
    }
    outcome
}

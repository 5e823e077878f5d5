//! `rookery-bench`: measures a Rookery binary and says how it stands to its targets.
//!
//! It knows the wire and nothing else of the server. *Invariant*: a figure is only printed after every message
//! behind it was seen to arrive exactly once and in order; otherwise the run fails.

mod http;
mod plan;
mod report;
mod scan;
mod scenario;
mod seed;
mod server;
mod span;
mod sse;
mod websocket;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use plan::Plan;
use report::Report;

/// Measures a server: it is started on an empty temporary directory, loaded, and stopped.
#[derive(Debug, Parser)]
#[command(name = "rookery-bench")]
struct Arguments {
    /// The `rookery` binary to measure; a release build, if the figures are to mean something.
    #[arg(long)]
    server_bin: PathBuf,
    /// A tiny slice of everything, to see that the benchmark works.
    #[arg(long)]
    quick: bool,
    /// Only scenarios whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Writes the figures here too, as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
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
    let plan = if arguments.quick { Plan::quick() } else { Plan::full() };
    // Two threads: the load client shares the machine with the server.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut report = Report::new(arguments.quick);
    let only = arguments.only.as_deref().unwrap_or_default();
    runtime.block_on(scenario::run_all(&arguments.server_bin, &plan, only, &mut report))?;
    report.print();
    match &arguments.json {
        Some(path) => report.write(path),
        None => Ok(()),
    }
}

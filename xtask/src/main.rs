//! Project tasks, run as `cargo xtask VERB`. This file only chooses the verb.
//!
//! Nothing here is shipped: the server, the client and the load generator do not depend on it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks")]

mod bench;
mod generated;
mod npm;
mod postgres;
mod process;
mod test;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test [STEP ...]    everything, or only: fmt tidy deny web lint rust generated doc e2e
cargo xtask bench [--quick]    measure a release build; also --only NAME, --runs N, --out DIR,
                               --peers [NAMES] (installed if need be), --dev (not a release build)
cargo xtask tidy               the rules of the house that no compiler checks
cargo xtask generate           write the files that are made from the code
cargo xtask postgres -- CMD    run CMD with a throw-away PostgreSQL in ROOKERY_TEST_POSTGRES_URL
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((verb, rest)) => run(verb, rest),
        None => {
            print!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: &str, rest: &[String]) -> anyhow::Result<()> {
    match verb {
        "test" => test::run(rest),
        "bench" => bench::run(rest),
        "tidy" => tidy::run(),
        "generate" => generated::run(),
        "postgres" => postgres::run_with(rest),
        postgres::GUARD_VERB => postgres::guard::run(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => anyhow::bail!("there is no `{other}`\n\n{HELP}"),
    }
}

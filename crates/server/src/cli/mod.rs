//! The command line: which commands there are, and what a person reads when one fails.

mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{
    Arg, ArgMatches, Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
};

use crate::config::{self, Config, SETTINGS};
use crate::router;

/// Self-hosted web chat.
#[derive(Debug, Parser)]
#[command(name = "rookery", version, disable_help_subcommand = true)]
struct Cli {
    /// The file of settings; ./rookery.toml when there is one.
    #[arg(long, global = true, env = "ROOKERY_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve; the same as no command at all.
    Serve,
    /// About the file of settings.
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Print the API's OpenAPI description.
    Openapi,
}

#[derive(Debug, Subcommand)]
enum ConfigVerb {
    /// Print a commented example.
    Example,
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let matches = command().get_matches();
    match run(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_error(&format!("rookery: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The derived commands with a flag for every setting.
fn command() -> Command {
    let flags = SETTINGS.iter().map(|setting| {
        Arg::new(setting.key)
            .long(setting.flag)
            .value_name(setting.shape)
            .help(format!("{} [env: {}]", setting.doc, setting.variable()))
            .global(true)
            .hide_short_help(true)
    });
    Cli::command().args(flags)
}

fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let cli = Cli::from_arg_matches(matches)?;
    let load = || {
        Config::load(cli.config.as_deref(), |setting| {
            matches.get_one::<String>(setting.key).cloned()
        })
    };
    match cli.command {
        None | Some(Verb::Serve) => serve::run(load()?),
        Some(Verb::Config(ConfigVerb::Example)) => {
            say(&config::example());
            Ok(())
        }
        Some(Verb::Openapi) => {
            say(&router::description());
            Ok(())
        }
    }
}

/// Prints for the person at the terminal. A closed pipe is no error.
#[expect(clippy::print_stdout, reason = "the one place that prints")]
fn say(text: &str) {
    println!("{}", text.trim_end());
}

#[expect(clippy::print_stderr, reason = "the one place that prints")]
fn say_error(text: &str) {
    eprintln!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_well_formed_and_flags_reach_every_one() {
        command().debug_assert();
        for words in
            [["rookery", "--listen", "a:1", "serve"], ["rookery", "serve", "--listen", "a:1"]]
        {
            let matches = command().try_get_matches_from(words).unwrap();
            assert_eq!(matches.get_one::<String>("listen").unwrap(), "a:1");
        }
    }
}

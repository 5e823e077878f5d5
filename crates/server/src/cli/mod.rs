//! The command line: which commands there are, and what a person reads when one fails.

mod call;
mod control;
mod demo;
mod doctor;
mod order;
mod seed;
mod serve;
mod verbs;

use std::io::{BufRead as _, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{
    Arg, ArgMatches, Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
};

use crate::backup;
use crate::config::{self, Config, SETTINGS};
use crate::router;
use call::Call;
use order::Order;

/// No password that is taken is longer.
const MAX_PASSWORD_BYTES: u64 = 4_096;

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
    /// About accounts. NAME is a username, or an account number.
    #[command(subcommand)]
    User(UserVerb),
    /// About site roles.
    #[command(subcommand)]
    Role(verbs::RoleVerb),
    /// About the settings that change while the server runs.
    #[command(subcommand)]
    Settings(verbs::SettingsVerb),
    /// About the audit log.
    #[command(subcommand)]
    Audit(verbs::AuditVerb),
    /// Make a request to the API as the operator: call GET /admin/overview
    Call {
        /// GET, POST, PUT, PATCH or DELETE.
        method: String,
        /// Under /api/v1, with its query.
        path: String,
        /// The body, in JSON.
        body: Option<String>,
    },
    /// About tokens, with which programs log in.
    #[command(subcommand)]
    Token(TokenVerb),
    /// Look whether everything is well.
    Doctor,
    /// Write everything into one new file, also while the server runs.
    Backup {
        /// The file; it must not exist yet.
        file: PathBuf,
    },
    /// Put a backup in place of the data, which is kept beside it. Refuses while the server runs.
    Restore {
        /// The file that `backup` wrote.
        file: PathBuf,
        /// Keep nothing of the data that is replaced.
        #[arg(long)]
        force: bool,
    },
    /// Fill an empty server with a small community that talks, to look around in.
    Demo,
    /// For load tests.
    #[command(subcommand)]
    Bench(BenchVerb),
    /// About the file of settings.
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Print the API's OpenAPI description.
    Openapi,
}

#[derive(Debug, Subcommand)]
enum UserVerb {
    /// Make an account; prints its number.
    Create {
        /// The username.
        name: String,
        /// May administer the site.
        #[arg(long)]
        admin: bool,
        /// Read the password from standard input; without it nobody logs in by password.
        #[arg(long)]
        password_stdin: bool,
    },
    #[command(flatten)]
    Other(verbs::UserVerb),
}

#[derive(Debug, Subcommand)]
enum TokenVerb {
    /// Make a token for an account; prints it.
    Create {
        /// The account's username.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
enum BenchVerb {
    /// Fill an empty database with people, friendships and groups, and with what they said.
    Seed {
        /// People.
        #[arg(long)]
        users: i64,
        /// Groups.
        #[arg(long, default_value_t = 0)]
        groups: i64,
        /// Members of each group.
        #[arg(long, default_value_t = 0)]
        group_size: i64,
        /// Messages, in Chinese and English, half of them in groups; searchable at once.
        #[arg(long, default_value_t = 0)]
        messages: i64,
        /// Where to write who they are: a line a user, a line a group.
        #[arg(long)]
        out: PathBuf,
    },
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
        Some(Verb::User(UserVerb::Create { name, admin, password_stdin })) => {
            let password = if password_stdin { Some(read_password()?) } else { None };
            give(load()?, Order::CreateUser { username: name, password, admin })
        }
        Some(Verb::User(UserVerb::Other(verb))) => print(verbs::user(&load()?, verb)),
        Some(Verb::Role(verb)) => print(verbs::role(&load()?, verb)),
        Some(Verb::Settings(verb)) => print(verbs::settings(&load()?, verb)),
        Some(Verb::Audit(verb)) => print(verbs::audit(&load()?, verb)),
        Some(Verb::Call { method, path, body }) => {
            let body = body.map(|text| serde_json::from_str(&text)).transpose();
            let body = body.context("the body is no JSON")?;
            give(load()?, Order::Call(Call::new(&method, path, body)))
        }
        Some(Verb::Token(TokenVerb::Create { name })) => {
            give(load()?, Order::CreateToken { username: name })
        }
        Some(Verb::Doctor) => give(load()?, Order::Doctor),
        Some(Verb::Backup { file }) => {
            // The running server has another working directory.
            let file = std::path::absolute(file)?;
            give(load()?, Order::Backup { file })
        }
        Some(Verb::Restore { file, force }) => {
            say(&backup::restore(&load()?, &file, force)?);
            Ok(())
        }
        Some(Verb::Demo) => {
            say(&demo::tell(load()?)?);
            Ok(())
        }
        Some(Verb::Bench(BenchVerb::Seed { users, groups, group_size, messages, out })) => {
            let plan = seed::Plan { users, groups, group_size, messages };
            say(&seed::seed(&load()?, plan, &out)?);
            Ok(())
        }
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

/// Prints what came of something, unless that is nothing.
fn print(done: anyhow::Result<String>) -> anyhow::Result<()> {
    let text = done?;
    if !text.is_empty() {
        say(&text);
    }
    Ok(())
}

/// Has an order carried out and prints what came of it.
fn give(config: Config, order: Order) -> anyhow::Result<()> {
    print(order::give(config, order))
}

/// The first line of standard input.
fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().take(MAX_PASSWORD_BYTES).read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    anyhow::ensure!(!password.is_empty(), "standard input holds no password");
    Ok(password.to_owned())
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

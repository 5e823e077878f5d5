//! `cargo xtask bench`: builds the server and the load generator for release and runs the one on the other, with peers
//! beside if they are asked for. What is measured, and the targets, are in `crates/bench`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use crate::postgres::Postgres;
use crate::tools::{self, Need, PYTHON_PROGRAM};
use crate::{npm, process, workspace};

/// What each peer needs besides its own script. Those of nchan are one server.
const PEERS: [(&str, &[Need]); 8] = [
    ("nchan-websocket", &[Need::Nchan]),
    ("nchan-sse", &[Need::Nchan]),
    ("nchan-long-poll", &[Need::Nchan]),
    ("ws", &[Need::Node]),
    ("socket.io", &[Need::Node]),
    ("ejabberd", &[Need::Ejabberd, Need::Postgres]),
    ("prosody", &[Need::Prosody]),
    ("webqq", &[Need::Python]),
];

/// What stands on the command line: our own part of it, and what the load generator gets.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// Not a release build: to work on the benchmark itself.
    is_dev: bool,
    /// `None` without `--peers`.
    peers: Option<Vec<String>>,
    rest: Vec<String>,
}

/// Runs the benchmark with these arguments.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let asked = parse(arguments)?;
    // Without it the run goes on, and says what it did not measure.
    report_failure("counting syncs", tools::prepare(&[Need::Strace]));
    let mut build = Command::new("cargo");
    build.current_dir(workspace::root()).args(["build", "--locked"]);
    build.args(["--package", "rookery", "--package", "rookery-bench"]);
    if !asked.is_dev {
        build.arg("--release");
    }
    process::run(&mut build)?;
    let built = workspace::target().join(if asked.is_dev { "debug" } else { "release" });
    let mut bench = Command::new(built.join("rookery-bench"));
    bench.arg("--server-bin").arg(built.join("rookery"));
    bench.arg("--about").arg(about(arguments, asked.is_dev));
    if !asked.rest.iter().any(|word| word == "--out") {
        bench.arg("--out").arg(workspace::target().join("bench"));
    }
    // Lives until the peers are done with it.
    let _postgres = match &asked.peers {
        Some(peers) => prepare_peers(peers, &mut bench),
        None => None,
    };
    process::run(bench.args(&asked.rest))
}

fn parse(arguments: &[String]) -> anyhow::Result<Asked> {
    let mut asked = Asked::default();
    let mut words = arguments.iter().peekable();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--dev" => asked.is_dev = true,
            "--peers" => {
                let names = words.next_if(|next| !next.starts_with("--"));
                let names = names.map_or("all", String::as_str);
                asked.peers = Some(chosen(names)?);
            }
            _ => asked.rest.push(word.clone()),
        }
    }
    Ok(asked)
}

/// The names, or all of them.
fn chosen(names: &str) -> anyhow::Result<Vec<String>> {
    let known = || PEERS.iter().map(|(name, _)| *name);
    if names == "all" {
        return Ok(known().map(str::to_owned).collect());
    }
    let names: Vec<String> = names.split(',').map(str::to_owned).collect();
    for name in &names {
        let list = known().collect::<Vec<_>>().join(" ");
        anyhow::ensure!(
            known().any(|one| one == name),
            "there is no peer `{name}`; there are: {list}"
        );
    }
    Ok(names)
}

/// Installs what the peers need. One that cannot be had is still asked for, so that the table says so.
fn prepare_peers(peers: &[String], bench: &mut Command) -> Option<Postgres> {
    for (name, needs) in PEERS.iter().filter(|(name, _)| peers.iter().any(|peer| peer == name)) {
        report_failure(name, tools::prepare(needs));
    }
    let is_asked = |names: &[&str]| peers.iter().any(|peer| names.contains(&peer.as_str()));
    let scripts = workspace::root().join("crates/bench/peers");
    if is_asked(&["ws", "socket.io"]) {
        report_failure("ws and socket.io", npm::install(&scripts));
    }
    if is_asked(&["webqq"]) {
        match prepare_python() {
            Ok(python) => drop(bench.arg("--peer-python").arg(python)),
            Err(error) => report_failure("webqq", Err(error)),
        }
    }
    bench.arg("--peers").arg(peers.join(",")).arg("--peer-scripts").arg(scripts);
    if !is_asked(&["ejabberd"]) {
        return None;
    }
    match Postgres::start() {
        Ok(postgres) => {
            bench.args(["--postgres", postgres.url()]);
            Some(postgres)
        }
        Err(error) => {
            report_failure("ejabberd", Err(error));
            None
        }
    }
}

/// A virtual environment with what the script needs; made anew when that has changed.
fn prepare_python() -> anyhow::Result<PathBuf> {
    let wanted = workspace::root().join("crates/bench/peers/webqq/requirements.txt");
    let folder = workspace::target().join("bench-python");
    let (stamp, python) = (folder.join("requirements.txt"), folder.join("bin/python"));
    let text = std::fs::read(&wanted).with_context(|| format!("reading {}", wanted.display()))?;
    if python.exists() && std::fs::read(&stamp).is_ok_and(|installed| installed == text) {
        return Ok(python);
    }
    process::run(Command::new(PYTHON_PROGRAM).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(&wanted))?;
    std::fs::write(&stamp, text).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(python)
}

fn report_failure(what: &str, outcome: anyhow::Result<()>) {
    if let Err(error) = outcome {
        println!("{what} will be left out: {error:#}");
    }
}

/// What a table needs to be believed: when, of what, on what, and how.
fn about(arguments: &[String], is_dev: bool) -> String {
    let said =
        |program: &str, words: &[&str]| process::output_of(program, words).unwrap_or_default();
    let git = |words: &[&str]| said("git", &[&["-C", env!("CARGO_MANIFEST_DIR")], words].concat());
    let changed = if git(&["status", "--porcelain"]).is_empty() { "" } else { ", with changes" };
    let build = if is_dev { ", a development build" } else { "" };
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory.lines().next().and_then(|line| line.split_whitespace().nth(1));
    let gib = kib.and_then(|kib| kib.parse::<u64>().ok()).map_or(0, |kib| kib / 1024 / 1024);
    format!(
        "{}, commit {}{changed}{build}; {} cores, {gib} GiB, {}, data on {}; `cargo xtask bench {}`",
        said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        git(&["rev-parse", "--short", "HEAD"]),
        said("nproc", &[]),
        said("uname", &["-s"]),
        said("stat", &["--file-system", "--format=%T", &std::env::temp_dir().to_string_lossy()]),
        arguments.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn peers_are_all_of_them_or_those_named() {
        let asked = parse(&words("--quick --peers --runs 2")).unwrap();
        assert_eq!(asked.peers.unwrap().len(), PEERS.len());
        assert_eq!(asked.rest, words("--quick --runs 2"));
        let asked = parse(&words("--dev --peers ws,prosody")).unwrap();
        assert_eq!((asked.is_dev, asked.peers), (true, Some(words("ws prosody"))));
        assert_eq!(parse(&words("--only idle")).unwrap().peers, None);
        assert!(parse(&words("--peers nobody")).is_err());
    }
}

//! The real binary, as an operator runs it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use database::{Engine, Target, testing::Scratch};

use super::Client;

/// An operator's machine: a data directory and a database, on which commands run.
pub(crate) struct Operator {
    pub(crate) folder: tempfile::TempDir,
    database: Scratch,
}

impl Operator {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: Scratch::new(engine) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `rookery WORDS`, not started yet.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let url = match self.database.target() {
            Target::Sqlite { .. } => format!("sqlite:{}", self.path("rookery.db").display()),
            Target::Postgres { url } => url.clone(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_rookery"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env("ROOKERY_DATABASE_URL", url)
            .env("ROOKERY_DATA_DIR", self.path("data"))
            .env("ROOKERY_LISTEN", "127.0.0.1:0");
        command
    }

    /// Runs a command to its end, with `input` on its standard input.
    pub(crate) fn run(&self, words: &[&str], input: &str) -> Output {
        let mut command = self.command(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// What a command prints; it has to succeed.
    pub(crate) fn prints(&self, words: &[&str], input: &str) -> String {
        let output = self.run(words, input);
        assert!(output.status.success(), "{words:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What a command complains about; it has to fail.
    pub(crate) fn complains(&self, words: &[&str]) -> String {
        let output = self.run(words, "");
        assert!(!output.status.success(), "{words:?} should fail");
        said(&output)
    }

    /// Starts a server and waits until it has said where it is.
    pub(crate) fn serve(&self, words: &[&str]) -> Server {
        Server::start(self.command(words), &self.path("log"))
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// What it printed for the person who started it.
    pub(crate) greeting: String,
    log: PathBuf,
}

impl Server {
    fn start(mut command: Command, log: &Path) -> Self {
        let out = std::fs::File::create(log).unwrap();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(out);
        let mut child = command.spawn().unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("Ready.") && reader.read_line(&mut greeting).unwrap() > 0 {}
        // Keeps the pipe empty, should the server print more.
        std::thread::spawn(move || drop(reader.read_to_end(&mut Vec::new())));
        let server = Self { child, greeting, log: log.to_owned() };
        assert!(server.greeting.contains("is at http://"), "{}{}", server.greeting, server.log());
        server
    }

    /// A browser of somebody who is not logged in.
    pub(crate) fn visitor(&self) -> Client {
        let (_, rest) = self.greeting.split_once("is at ").unwrap();
        Client::new(rest.lines().next().unwrap().to_owned())
    }

    /// The one-time token of the greeting.
    pub(crate) fn setup_token(&self) -> &str {
        let (_, rest) = self.greeting.split_once("/setup#token=").unwrap();
        rest.lines().next().unwrap()
    }

    /// Everything logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to stop as an init system does, and waits; how long it took.
    pub(crate) fn stop(mut self) -> (ExitStatus, Duration) {
        let started = now();
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        (self.child.wait().unwrap(), started.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[expect(clippy::disallowed_methods, reason = "measures a process from outside")]
fn now() -> Instant {
    Instant::now()
}

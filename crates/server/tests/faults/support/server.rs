//! The real binary: where it lives, and starting, killing and stopping it by its process id.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use database::{Engine, Target, testing::Scratch};

use super::{DEADLINE, until};

/// Below the ports that the kernel gives to outgoing connections: nobody takes one while a server is down.
const PORTS: std::ops::Range<u16> = 20_000..32_000;
/// Bytes of the server's log that are shown when a test fails.
const SHOWN_LOG: usize = 8_000;

/// A data directory, a database and a port: what stays when the process goes.
pub(crate) struct Place {
    /// What is put before the binary and its arguments (`nsenter …`).
    pub(crate) before: Vec<String>,
    /// Settings on top of the usual ones, as (variable, value).
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) data: PathBuf,
    port: u16,
    database: Option<Scratch>,
    directory: tempfile::TempDir,
}

impl Place {
    /// An empty one.
    pub(crate) fn new(engine: Engine) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let database = (engine == Engine::Postgres).then(|| Scratch::new(engine));
        let data = directory.path().join("data");
        let (before, settings) = (Vec::new(), Vec::new());
        Self { before, settings, data, port: free_port(), database, directory }
    }

    /// A directory for the test's own files, beside the data.
    pub(crate) fn scratch(&self) -> &Path {
        self.directory.path()
    }

    /// `http://127.0.0.1:port`
    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The binary with this place's settings and nothing of this process's own.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let binary = env!("CARGO_BIN_EXE_rookery").to_owned();
        let words: Vec<String> = self.before.iter().cloned().chain([binary]).collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(arguments).current_dir(self.scratch());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROOKERY_")) {
            command.env_remove(name);
        }
        command.env("ROOKERY_LISTEN", format!("127.0.0.1:{}", self.port));
        command.env("ROOKERY_DATA_DIR", &self.data).env("ROOKERY_RATE_LIMIT", "off");
        if let Some(Target::Postgres { url }) = self.database.as_ref().map(Scratch::target) {
            command.env("ROOKERY_DATABASE_URL", url);
        }
        command.envs(self.settings.iter().cloned());
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command to its end, whatever that is.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed.
    pub(crate) fn run_well(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "rookery {arguments:?}: {said}");
    }

    /// Where the database is, for what no client can write or see.
    pub(crate) fn target(&self) -> Target {
        let file = || Target::Sqlite { path: self.data.join("rookery.db") };
        self.database.as_ref().map_or_else(file, |scratch| scratch.target().clone())
    }

    fn log(&self) -> PathBuf {
        self.scratch().join("server.log")
    }
}

/// A running server, or one that was and may be again. Killed when it is dropped.
pub(crate) struct Server {
    pub(crate) place: Place,
    child: Option<Child>,
}

impl Server {
    /// Starts one and waits until it can serve.
    pub(crate) async fn start(place: Place) -> Self {
        let mut server = Self { place, child: None };
        server.spawn();
        server.ready().await;
        server
    }

    /// Starts the process and waits for nothing.
    pub(crate) fn spawn(&mut self) {
        assert!(self.child.is_none(), "there is one process at a time");
        let log = File::options().create(true).append(true).open(self.place.log()).unwrap();
        let mut command = self.place.command(&[]);
        command.stdout(log.try_clone().unwrap()).stderr(log);
        self.child = Some(command.spawn().unwrap());
    }

    /// Waits until it can serve.
    pub(crate) async fn ready(&mut self) {
        let http = reqwest::Client::new();
        let url = format!("{}/readyz", self.place.origin());
        let asking = until("the server is ready", DEADLINE, async || {
            let answer = http.get(&url).send().await.ok()?;
            (answer.status() == 200).then_some(())
        });
        let child = self.child.as_mut().expect("it was started");
        let gone = async {
            loop {
                if let Some(status) = child.try_wait().unwrap() {
                    panic!("the server ended before it was ready: {status}");
                }
                super::pause(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            () = asking => {}
            () = gone => {}
        }
    }

    /// `kill -9`, and waits until it is gone. False when it had ended by itself.
    pub(crate) fn kill(&mut self) -> bool {
        let Some(mut child) = self.child.take() else { return false };
        let lived = matches!(child.try_wait(), Ok(None));
        child.kill().unwrap();
        child.wait().unwrap();
        lived
    }

    /// SIGTERM; returns at once.
    pub(crate) fn terminate(&self) {
        let kill = format!("kill -TERM {}", self.pid());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Waits until the process has ended by itself.
    pub(crate) async fn ended(&mut self, deadline: Duration) -> ExitStatus {
        let child = std::sync::Mutex::new(self.child.take().expect("it was started"));
        until("the server ends", deadline, async || child.lock().unwrap().try_wait().unwrap()).await
    }

    /// The process id, while it runs.
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().expect("it was started").id()
    }

    /// Resident memory of the process that is its own, in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }
}

/// A line for each thread of a process: its name, where it waits in the kernel, and in which call.
fn threads_of(pid: u32) -> Vec<String> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let said = |path: &Path, name| std::fs::read_to_string(path.join(name)).unwrap_or_default();
    tasks
        .map(|task| ["comm", "wchan", "syscall"].map(|name| said(&task.path(), name)).join(" "))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(child) = &self.child
        {
            println!("--- the server's threads:\n{}", threads_of(child.id()).join("\n"));
        }
        self.kill();
        if std::thread::panicking() {
            let log = std::fs::read(self.place.log()).unwrap_or_default();
            let from = log.len().saturating_sub(SHOWN_LOG);
            println!("--- the server said:\n{}", String::from_utf8_lossy(&log[from..]));
        }
    }
}

/// A port that nothing listens on; different for tests of one process and likely so for tests of several.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start =
        u16::try_from(std::process::id() * 13 % u32::from(PORTS.end - PORTS.start)).unwrap();
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.start + (start + step) % (PORTS.end - PORTS.start);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

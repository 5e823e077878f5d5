//! Counting how often the server has the disk make its writes durable: strace writes down every `fsync` and
//! `fdatasync`. A run of its own, since a traced server is slower.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::Command;

/// A file with a line for each call.
pub(crate) struct Trace {
    file: PathBuf,
}

impl Trace {
    /// Into this file.
    pub(crate) fn new(file: &Path) -> Self {
        Self { file: file.to_owned() }
    }

    /// Why nothing can be traced here, if it cannot.
    pub(crate) async fn unavailable() -> Option<&'static str> {
        // Permission to trace is something else than having the program.
        let mut command = Command::new("strace");
        command.args(["-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"]);
        match command.stdout(Stdio::null()).stderr(Stdio::null()).status().await {
            Err(_) => Some("strace is not installed"),
            Ok(status) if status.success() => None,
            Ok(_) => Some("this system does not let strace trace"),
        }
    }

    /// Runs `program` traced. The tracer is the grandchild (`-D`): the process that is started is the program itself.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("strace");
        command.args(["-D", "-f", "--seccomp-bpf", "-qq", "-e", "trace=fsync,fdatasync", "-o"]);
        command.arg(&self.file).arg(program);
        command
    }

    /// How many calls there were so far.
    pub(crate) fn count(&self) -> anyhow::Result<usize> {
        let text = std::fs::read(&self.file).context("what strace wrote")?;
        Ok(String::from_utf8_lossy(&text).lines().filter(|line| is_call(line)).count())
    }
}

/// A call that is interrupted by another thread's stands in two lines; its beginning counts.
fn is_call(line: &str) -> bool {
    let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
    call.starts_with("fsync(") || call.starts_with("fdatasync(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_in_two_lines_counts_once() {
        let lines = [
            "12 fsync(13) = 0",
            "12 fdatasync(13 <unfinished ...>",
            "14 fsync(9) = 0",
            "12 <... fdatasync resumed>) = 0",
            "12 +++ exited with 0 +++",
        ];
        assert_eq!(lines.iter().filter(|line| is_call(line)).count(), 3);
    }
}

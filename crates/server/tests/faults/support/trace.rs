//! System calls of the server, as strace sees them: what it writes to disk, makes durable and says to the network, in
//! which order.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Writes of any kind, and what makes them durable.
const CALLS: &str = "trace=pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync";
/// Of each buffer, so many bytes are shown: more than a page of the database, or the rows of a set of sends.
const SHOWN: &str = "32768";

/// A file that strace writes.
pub(crate) struct Trace {
    file: PathBuf,
}

/// One call from its beginning to its end, as numbers of lines.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// With arguments and result.
    pub(crate) text: String,
    pub(crate) began: usize,
    pub(crate) ended: usize,
}

impl Trace {
    /// Into a file in `folder`. `None`, with the reason printed, where nothing can be traced: `cargo xtask test`
    /// installs strace, but a container may forbid what it does.
    pub(crate) fn new(folder: &Path) -> Option<Self> {
        let mut command = Command::new("strace");
        command.args(["-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"]);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        match status {
            Ok(status) if status.success() => Some(Self { file: folder.join("calls") }),
            _ => {
                println!("skipped: strace is missing, or may not trace here");
                None
            }
        }
    }

    /// What is put before the server's binary. The tracer is its grandchild (`-D`): the process that is started, and
    /// killed, is the server.
    pub(crate) fn before(&self) -> Vec<String> {
        let file = self.file.to_str().unwrap();
        let words = ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-yy", "-s", SHOWN, "-e", CALLS];
        words.iter().chain(&["-o", file]).map(|word| (*word).to_owned()).collect()
    }

    /// All calls so far, by their beginning. Complete once the server has ended.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let text = std::fs::read(&self.file).unwrap();
        calls_of(&String::from_utf8_lossy(&text))
    }
}

fn calls_of(text: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    // Thread → its call that has no end yet.
    let mut open: HashMap<&str, usize> = HashMap::new();
    for (line, text) in text.lines().enumerate() {
        let Some((thread, rest)) = text.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
            open.insert(thread, calls.len());
            calls.push(Call { text: begun.to_owned(), began: line, ended: usize::MAX });
        } else if rest.starts_with("<... ") {
            if let Some(call) = open.remove(thread).and_then(|index| calls.get_mut(index)) {
                call.text.push_str(rest);
                call.ended = line;
            }
        } else {
            calls.push(Call { text: rest.to_owned(), began: line, ended: line });
        }
    }
    calls
}

impl Call {
    /// Whether it made a file durable whose name ends like this, and succeeded.
    pub(crate) fn syncs(&self, file: &str) -> bool {
        let is_sync = self.text.starts_with("fsync(") || self.text.starts_with("fdatasync(");
        is_sync && self.text.contains(&format!("{file}>")) && self.text.ends_with("= 0")
    }

    /// Whether it wrote to a file whose name ends like this.
    pub(crate) fn writes(&self, file: &str) -> bool {
        self.text.starts_with("pwrite64(") && self.text.contains(&format!("{file}>"))
    }

    /// Whether it said something over a connection from this port.
    pub(crate) fn says_from(&self, port: u16) -> bool {
        self.text.contains(&format!("<TCP:[127.0.0.1:{port}->"))
    }

    /// Whether it said something over a connection to this port.
    pub(crate) fn says_to(&self, port: u16) -> bool {
        let head = self.text.split(">,").next().unwrap_or_default();
        head.contains("<TCP:[") && head.ends_with(&format!(":{port}]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_in_two_lines_is_one() {
        let text = "7 fsync(3</a/x-wal> <unfinished ...>\n\
                    8 writev(5<TCP:[127.0.0.1:80->127.0.0.1:9]>, [{}]) = 4\n\
                    7 <... fsync resumed>) = 0\n\
                    8 sendto(4<TCP:[127.0.0.1:9->127.0.0.1:5432]>, \"Q\", 1) = 1";
        let calls = calls_of(text);
        assert_eq!(calls.len(), 3);
        assert!(calls[0].syncs("x-wal") && !calls[0].syncs("y-wal"));
        assert_eq!((calls[0].began, calls[0].ended), (0, 2));
        assert!(calls[1].says_from(80) && !calls[1].says_to(80));
        assert!(calls[2].says_to(5432) && !calls[2].says_to(9));
    }
}

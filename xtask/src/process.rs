//! Running other programs: their output is passed on at once, a heartbeat fills long silences,
//! and a failure names the command.

use std::io::{Read as _, Write as _};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// After this long without output a line says that the command is still running.
const SILENCE: Duration = Duration::from_secs(30);

/// The time now, for progress messages only.
#[expect(clippy::disallowed_methods, reason = "reports how long real programs took")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Runs `command` to its end, output shown. Fails when it cannot start or exits non-zero.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    run_watched(command, |_| {})
}

/// Like [`run`]; `on_line` also sees every line of output, without colours.
pub(crate) fn run_watched(
    command: &mut Command,
    mut on_line: impl FnMut(&str),
) -> anyhow::Result<()> {
    let shown = describe(command);
    println!("$ {shown}");
    let (mut reader, writer) = std::io::pipe().context("no pipe")?;
    command.stdout(writer.try_clone().context("no pipe")?).stderr(writer);
    command.stdin(std::process::Stdio::null());
    let mut child = command.spawn().with_context(|| format!("cannot start `{shown}`"))?;
    // Closes this side's copies of the pipe: the reader below ends when the child's do.
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());

    let heartbeat = Heartbeat::start(shown.clone());
    let mut line = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error).context("reading the output of a command"),
        };
        heartbeat.touch();
        let mut out = std::io::stdout().lock();
        out.write_all(&buffer[..count]).and_then(|()| out.flush()).context("standard output")?;
        for &byte in &buffer[..count] {
            if byte == b'\n' {
                on_line(&without_colours(&String::from_utf8_lossy(&line)));
                line.clear();
            } else {
                line.push(byte);
            }
        }
    }
    if !line.is_empty() {
        on_line(&without_colours(&String::from_utf8_lossy(&line)));
    }
    let status = child.wait().with_context(|| format!("waiting for `{shown}`"))?;
    drop(heartbeat);
    anyhow::ensure!(status.success(), "`{shown}` failed ({status})");
    Ok(())
}

/// Standard output of a short, quiet command, trimmed; `None` when it cannot run or fails.
pub(crate) fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn describe(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or(&program).to_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}

/// Removes terminal escapes of the form `ESC [ … letter`, the only ones that cargo, nextest and
/// node print.
pub(crate) fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else if character != '\r' {
            plain.push(character);
        }
    }
    plain
}

/// Prints a line whenever nothing else was printed for [`SILENCE`]; ends when dropped.
struct Heartbeat {
    last: Arc<Mutex<Instant>>,
    _stop: mpsc::Sender<()>,
}

impl Heartbeat {
    fn start(what: String) -> Self {
        let started = now();
        let last = Arc::new(Mutex::new(started));
        let (stop, stopped) = mpsc::channel();
        let seen = Arc::clone(&last);
        std::thread::spawn(move || Self::beat(&what, started, &seen, &stopped));
        Self { last, _stop: stop }
    }

    fn touch(&self) {
        *self.last.lock().expect("no holder of this lock can panic") = now();
    }

    fn beat(what: &str, started: Instant, last: &Mutex<Instant>, stopped: &Receiver<()>) {
        while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(Duration::from_secs(5)) {
            let mut last = last.lock().expect("no holder of this lock can panic");
            if last.elapsed() >= SILENCE {
                println!("  … {} s: still running `{what}`", started.elapsed().as_secs());
                *last = now();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_seen_without_colours_and_failures_are_named() {
        let mut lines = Vec::new();
        let script = r"printf '\033[1;32mok\033[0m\nlast' ; exit 3";
        let outcome = run_watched(Command::new("sh").args(["-c", script]), |line| {
            lines.push(line.to_owned());
        });
        assert_eq!(lines, ["ok", "last"]);
        assert!(outcome.unwrap_err().to_string().contains("exit status: 3"));
    }

    #[test]
    fn a_missing_program_is_an_error_not_a_panic() {
        assert!(run(&mut Command::new("no-such-program-anywhere")).is_err());
        assert_eq!(output_of("no-such-program-anywhere", &[]), None);
    }
}

//! PostgreSQL's own tools, driven: `pg_dump` and `pg_restore`.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::Command;

/// Dumps the database into `file`.
pub(super) async fn dump(url: &str, file: &Path) -> anyhow::Result<()> {
    let (url, password) = split_password(url);
    let mut command = Command::new("pg_dump");
    command.arg("--format=custom").arg("--no-owner").arg("--file").arg(file);
    command.arg("--dbname").arg(url);
    run(command, password).await
}

/// Replaces what is in the database by what is in `file`, in one transaction.
pub(super) async fn restore(url: &str, file: &Path) -> anyhow::Result<()> {
    let (url, password) = split_password(url);
    let mut command = Command::new("pg_restore");
    command.args(["--clean", "--if-exists", "--no-owner", "--single-transaction"]);
    command.arg("--dbname").arg(url).arg(file);
    run(command, password).await
}

/// Reads a dump's table of contents.
pub(super) fn verify(file: &Path) -> anyhow::Result<()> {
    let listed = std::process::Command::new("pg_restore").arg("--list").arg(file).output();
    let listed = listed.context("starting `pg_restore` (install PostgreSQL's client programs)")?;
    let has_users = String::from_utf8_lossy(&listed.stdout).contains("TABLE DATA public users");
    anyhow::ensure!(listed.status.success() && has_users, "the dump cannot be read back");
    Ok(())
}

async fn run(mut command: Command, password: Option<String>) -> anyhow::Result<()> {
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    let ended = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    let ended = ended
        .with_context(|| format!("starting `{name}` (install PostgreSQL's client programs)"))?;
    let said = String::from_utf8_lossy(&ended.stderr);
    anyhow::ensure!(ended.status.success(), "`{name}` failed: {}", said.trim());
    Ok(())
}

/// The URL without its password, and the password: other users of the machine see arguments, but not the
/// environment.
fn split_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let Some((login, place)) = rest.split_once('@') else { return (url.to_owned(), None) };
    let Some((user, password)) = login.split_once(':') else { return (url.to_owned(), None) };
    (format!("{scheme}://{user}@{place}"), Some(percent_decode(password)))
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match decoded.filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_taken_out_of_the_url() {
        let split = |url| split_password(url);
        let secret = Some(String::from("p@ss"));
        assert_eq!(split("postgres://u:p%40ss@h/d"), (String::from("postgres://u@h/d"), secret));
        assert_eq!(split("postgres://u@h/d").1, None);
        assert_eq!(split("postgres:///d?host=/run").1, None);
    }
}

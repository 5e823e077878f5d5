//! Commands reach a running server through a socket in its data directory (mode 0600): one line of JSON each
//! way. Whoever may open the socket may do everything, as whoever may open the database.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixListener;

use super::order::{self, Order};
use crate::app::AppState;
use crate::data_dir::DataDir;

/// An order is shorter than this: the longest has a list of words in it.
const MAX_LINE_BYTES: u64 = 2 * 1024 * 1024;
/// Who connects and says nothing is left alone after this.
const LINE_DEADLINE: Duration = Duration::from_secs(10);

/// What became of an order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// What to print.
    Done(String),
    /// Why it was not done.
    Failed(String),
}

/// Opens the socket of a server and serves it until the task is dropped.
///
/// # Errors
/// When the socket cannot be made.
pub(crate) fn listen(app: AppState) -> anyhow::Result<()> {
    let path = DataDir::control_socket(&app.config.storage.data_dir);
    // The lock of the directory is ours, so a socket that lies there is a dead server's.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("removing {}", path.display()));
        }
        _ => {}
    }
    let listener =
        UnixListener::bind(&path).with_context(|| format!("making {}", path.display()))?;
    // The directory is 0700, so nobody gets in between these two lines.
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    tokio::spawn(async move {
        // One order at a time: they are an operator's, and rare.
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    if let Err(error) = answer(&app, stream).await {
                        tracing::debug!(%error, "an order broke off");
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the control socket is closed");
                    return;
                }
            }
        }
    });
    Ok(())
}

async fn answer(app: &AppState, mut stream: tokio::net::UnixStream) -> anyhow::Result<()> {
    let (reading, mut writing) = stream.split();
    let mut line = String::new();
    let mut reading = tokio::io::BufReader::new(reading.take(MAX_LINE_BYTES));
    tokio::time::timeout(LINE_DEADLINE, reading.read_line(&mut line)).await??;
    let order: Order = serde_json::from_str(&line)?;
    let outcome = match order::perform(app, order).await {
        Ok(text) => Outcome::Done(text),
        Err(error) => Outcome::Failed(format!("{error:#}")),
    };
    let mut text = serde_json::to_vec(&outcome)?;
    text.push(b'\n');
    writing.write_all(&text).await?;
    Ok(())
}

/// Hands an order to the server that runs on `data_dir`; `None` when none does.
///
/// # Errors
/// What the server says, or when it breaks off.
pub(super) fn ask(data_dir: &Path, order: &Order) -> anyhow::Result<Option<String>> {
    let path = DataDir::control_socket(data_dir);
    let Ok(mut stream) = UnixStream::connect(&path) else { return Ok(None) };
    let mut text = serde_json::to_vec(order)?;
    text.push(b'\n');
    stream.write_all(&text).context("talking to the running server")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).context("listening to the running server")?;
    match serde_json::from_str(&line).context("the running server broke off")? {
        Outcome::Done(text) => Ok(Some(text)),
        Outcome::Failed(why) => Err(anyhow::anyhow!(why)),
    }
}

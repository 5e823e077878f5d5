//! `rookery doctor`: looks at what usually goes wrong, and says what to do about it.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use super::backup::figures;
use crate::app::AppState;

/// Findings, one a line; fails if any of them is bad.
///
/// # Errors
/// The same lines, when something is wrong.
pub(super) async fn examine(app: &AppState) -> anyhow::Result<String> {
    let mut report = String::new();
    let mut healthy = true;
    let mut note = |ok: bool, text: String| {
        healthy &= ok;
        // Writing to a String cannot fail.
        let _ = writeln!(report, "{} {text}", if ok { "ok  " } else { "BAD " });
    };
    let data_dir = &app.config.storage.data_dir;
    match std::fs::metadata(data_dir) {
        Ok(found) => {
            let mode = found.permissions().mode() & 0o777;
            let text =
                format!("{} has mode {mode:o} (others must not read it)", data_dir.display());
            note(mode.trailing_zeros() >= 6, text);
        }
        Err(error) => note(false, format!("{}: {error}", data_dir.display())),
    }
    match app.database.read(figures).await {
        Ok(found) => note(
            true,
            format!(
                "the database ({:?}) holds {} users, {} conversations, {} messages; the log is at {}",
                app.database.engine(),
                found.users,
                found.conversations,
                found.messages,
                found.position,
            ),
        ),
        Err(error) => note(false, format!("the database does not answer: {error}")),
    }
    match app.database.read(super::backup::check_integrity).await {
        Ok(()) => note(true, String::from("the database is sound")),
        Err(error) => note(false, format!("the database is damaged: {error}")),
    }
    let storage = app.uploads.storage.describe();
    match app.uploads.probe(app).await {
        Ok(()) => note(true, format!("uploads are kept in {storage}, which takes and gives files")),
        Err(why) => note(false, format!("uploads cannot be kept in {storage}: {why:#}")),
    }
    let network = &app.config.network;
    let exposed = !network.listen.ip().is_loopback() && !app.config.is_https();
    let text = if exposed {
        "listens beyond this machine without TLS: put a proxy in front and set public_url"
    } else {
        "passwords do not cross a network in the clear"
    };
    note(!exposed, String::from(text));
    note(true, format!("rate limits are {}", if app.config.rate_limit { "on" } else { "off" }));
    if healthy { Ok(report) } else { Err(anyhow::anyhow!("not everything is well:\n{report}")) }
}

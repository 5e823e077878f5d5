//! What usually goes wrong, looked at: for `rookery doctor`, and for those who look after the server in the browser.

use std::os::unix::fs::PermissionsExt as _;

use crate::app::App;
use crate::backup::{check_integrity, figures};

/// What was found about one thing.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// What was looked at, in one word.
    pub(crate) name: &'static str,
    /// Whether it is well.
    pub(crate) ok: bool,
    /// What was found, and what to do when it is not well. No secrets.
    pub(crate) detail: String,
}

/// Looks at everything that takes no long time.
pub(crate) async fn glance(app: &App) -> Vec<Finding> {
    let find = |name, ok, detail| Finding { name, ok, detail };
    let mut found = Vec::new();
    let data_dir = &app.config.storage.data_dir;
    found.push(match std::fs::metadata(data_dir) {
        Ok(folder) => {
            let mode = folder.permissions().mode() & 0o777;
            let detail =
                format!("{} has mode {mode:o} (others must not read it)", data_dir.display());
            find("data_dir", mode.trailing_zeros() >= 6, detail)
        }
        Err(error) => find("data_dir", false, format!("{}: {error}", data_dir.display())),
    });
    found.push(match app.database.read(figures).await {
        Ok(found) => {
            let detail = format!(
                "the database ({:?}) holds {} users, {} conversations, {} messages; the log is at {}",
                app.database.engine(),
                found.users,
                found.conversations,
                found.messages,
                found.position,
            );
            find("database", true, detail)
        }
        Err(error) => find("database", false, format!("the database does not answer: {error}")),
    });
    let storage = app.uploads.storage.describe();
    found.push(match app.uploads.probe(app).await {
        Ok(()) => {
            let detail = format!("uploads are kept in {storage}, which takes and gives files");
            find("uploads", true, detail)
        }
        Err(why) => find("uploads", false, format!("uploads cannot be kept in {storage}: {why:#}")),
    });
    let network = &app.config.network;
    let exposed = !network.listen.ip().is_loopback() && !app.config.is_https();
    let text = if exposed {
        "listens beyond this machine without TLS: put a proxy in front and set public_url"
    } else {
        "passwords do not cross a network in the clear"
    };
    found.push(find("network", !exposed, text.to_owned()));
    let limits = format!("rate limits are {}", if app.config.rate_limit { "on" } else { "off" });
    found.push(find("rate_limits", true, limits));
    found
}

/// The same, and whether the database is sound, for which all of it is read.
pub(crate) async fn examine(app: &App) -> Vec<Finding> {
    let mut found = glance(app).await;
    found.push(match app.database.read(check_integrity).await {
        Ok(()) => {
            Finding { name: "integrity", ok: true, detail: "the database is sound".to_owned() }
        }
        Err(error) => {
            let detail = format!("the database is damaged: {error}");
            Finding { name: "integrity", ok: false, detail }
        }
    });
    found
}

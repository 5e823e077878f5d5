//! `rookery doctor`: looks at what usually goes wrong (`crate::health`), and says what to do about it.

use std::fmt::Write as _;

use crate::app::AppState;
use crate::health;

/// Findings, one a line; fails if any of them is bad.
///
/// # Errors
/// The same lines, when something is wrong.
pub(super) async fn examine(app: &AppState) -> anyhow::Result<String> {
    let mut report = String::new();
    let findings = health::examine(app).await;
    for found in &findings {
        // Writing to a String cannot fail.
        let _ = writeln!(report, "{} {}", if found.ok { "ok  " } else { "BAD " }, found.detail);
    }
    if findings.iter().all(|found| found.ok) {
        Ok(report)
    } else {
        Err(anyhow::anyhow!("not everything is well:\n{report}"))
    }
}

//! Starting: how long until it can serve, and what an empty server occupies.

use crate::report::{Report, Target};
use crate::server::Site;

/// On a directory that does not exist yet, and again on what the first start made.
pub(super) async fn empty(site: &Site, report: &mut Report) -> anyhow::Result<()> {
    let (server, first) = site.start().await?;
    server.stop().await?;
    let (server, again) = site.start().await?;
    let (resident, own) = server.memory()?;
    server.stop().await?;
    let (name, millis) = ("empty", |time: std::time::Duration| time.as_secs_f64() * 1e3);
    report.add(name, "first start to ready", millis(first), "ms", Target::None);
    report.add(name, "start to ready", millis(again), "ms", Target::AtMost(1_000.0));
    report.add(name, "resident (VmRSS)", resident / 1024.0, "MiB", Target::AtMost(30.0));
    report.add(name, "of it its own (RssAnon)", own / 1024.0, "MiB", Target::None);
    Ok(())
}

/// On what the other scenarios left behind.
pub(super) async fn filled(site: &Site, report: &mut Report) -> anyhow::Result<()> {
    let (server, time) = site.start().await?;
    let (resident, _) = server.memory()?;
    server.stop().await?;
    let name = "start, after all of the above";
    let millis = time.as_secs_f64() * 1e3;
    report.add(name, "start to ready", millis, "ms", Target::AtMost(1_000.0));
    report.add(name, "resident (VmRSS)", resident / 1024.0, "MiB", Target::None);
    Ok(())
}

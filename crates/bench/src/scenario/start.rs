//! Starting: how long until it can serve, and what an empty server occupies.

use super::EMPTY;
use crate::plan::Plan;
use crate::report::{Report, Target};
use crate::server::Site;

/// On a directory that does not exist yet, and again on what the first start made.
pub(super) async fn empty(site: &Site, plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    let (server, first) = site.start().await?;
    server.stop().await?;
    let (server, again) = site.start().await?;
    let memory = server.memory_at_rest(plan.idle_time).await?;
    server.stop().await?;
    let (name, millis) = (EMPTY, |time: std::time::Duration| time.as_secs_f64() * 1e3);
    report.add(name, "first start to ready", millis(first), "ms", Target::None);
    report.add(name, "start to ready", millis(again), "ms", Target::AtMost(1_000.0, 300.0));
    let (resident, own) = (memory.resident / 1024.0, memory.own / 1024.0);
    report.add(name, "resident (VmRSS)", resident, "MiB", Target::AtMost(30.0, 15.0));
    report.add(name, "of it its own (RssAnon)", own, "MiB", Target::None);
    let proportional = memory.proportional / 1024.0;
    report.add(name, "proportional (Pss)", proportional, "MiB", Target::None);
    Ok(())
}

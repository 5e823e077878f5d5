//! What is measured, in order. One file a kind of load; what they share is in `load.rs`.

mod fanout;
mod idle;
mod load;
mod pairs;
mod start;
mod steady;
mod storm;

use std::path::Path;

use crate::plan::Plan;
use crate::report::{Report, progress};
use crate::seed::Seeds;
use crate::server::{Server, Site};

/// A running server, who lives on it, and how much is asked of it.
struct Stage<'a> {
    site: &'a Site,
    seeds: &'a Seeds,
    plan: &'a Plan,
    server: Server,
}

/// Runs every scenario whose name contains `only`.
///
/// # Errors
/// When anything failed, above all when a message was lost, repeated or out of order.
pub(crate) async fn run_all(
    binary: &Path,
    plan: &Plan,
    only: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let wanted = |name: &str| name.contains(only);
    if wanted("empty") {
        progress("empty");
        start::empty(&Site::new(binary)?, report).await?;
    }
    for members in plan.groups.into_iter().filter(|members| wanted(&format!("group of {members}")))
    {
        progress(&format!("seeding a group of {members}"));
        let site = Site::new(binary)?;
        // Everybody but the sender listens; people come in pairs.
        let seeds = site.seed(members.next_multiple_of(2), members).await?;
        let mut stage = Stage { site: &site, seeds: &seeds, plan, server: site.start().await?.0 };
        for channel in load::Channel::ALL {
            progress(&format!("group of {members}, {}", channel.name()));
            fanout::run(&mut stage, channel, report).await?;
        }
        stage.server.stop().await?;
    }
    let rest = ["1:1", "steady", "idle", "storm", "start"];
    if rest.into_iter().any(wanted) {
        progress("seeding people");
        let site = Site::new(binary)?;
        let seeds = site.seed(plan.users, 2).await?;
        people(&site, &seeds, plan, &wanted, report).await?;
    }
    Ok(())
}

/// The scenarios on one large site.
async fn people(
    site: &Site,
    seeds: &Seeds,
    plan: &Plan,
    wanted: &impl Fn(&str) -> bool,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut stage = Stage { site, seeds, plan, server: site.start().await?.0 };
    for how in pairs::How::ALL.into_iter().filter(|how| wanted(how.name())) {
        progress(how.name());
        pairs::run(&mut stage, how, report).await?;
    }
    if wanted("steady") {
        progress("steady");
        steady::run(&mut stage, report).await?;
    }
    for channel in load::Channel::ALL.into_iter().filter(|_| wanted("idle")) {
        progress(&format!("idle, {}", channel.name()));
        // Afresh: what earlier scenarios left in memory must not count.
        stage.server.stop().await?;
        stage.server = site.start().await?.0;
        idle::run(&mut stage, channel, report).await?;
    }
    if wanted("storm") {
        progress("storm");
        stage.server = storm::run(stage.server, site, seeds, plan, report).await?;
    }
    stage.server.stop().await?;
    if wanted("start") {
        progress("start");
        start::filled(site, report).await?;
    }
    Ok(())
}

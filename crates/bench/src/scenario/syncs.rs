//! How often the disk is made to keep what was written, a message: alone, and with many at once, when one sync serves
//! many. A run of its own, since a server that is traced is slower.

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::load;
use super::{SYNCS, Stage};
use crate::report::{Report, Target};
use crate::trace::Trace;

/// Sends at a time in the second part.
const AT_ONCE: usize = 100;

pub(super) async fn run<'a>(stage: Stage<'a>, report: &mut Report) -> anyhow::Result<Stage<'a>> {
    if let Some(why) = Trace::unavailable().await {
        report.not_measured(SYNCS, why);
        return Ok(stage);
    }
    let Stage { site, seeds, plan, server } = stage;
    server.stop().await?;
    let (server, trace) = site.start_traced().await?;
    let mut done = trace.count()?;
    for (figure, people) in [("a message, one at a time", 1), ("a message, 100 at once", AT_ONCE)] {
        let mut senders = JoinSet::new();
        for (person, _) in seeds.pairs(people) {
            let (person, direct, since) = (person.clone(), person.direct, Instant::now());
            // One after another each, until the number is reached.
            let count = plan.synced.div_ceil(people);
            senders.spawn(load::post_some(site.address, person, direct, since, count));
        }
        let messages = load::total(&load::collect(senders).await?);
        let now = trace.count()?;
        let each = (now - done) as f64 / messages as f64;
        done = now;
        report.add(SYNCS, figure, each, "fsyncs", Target::None);
    }
    Ok(Stage { site, seeds, plan, server })
}

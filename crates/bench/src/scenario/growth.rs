//! What depends on how much is stored, at one size of the log: seeding, starting, catching up, sending, reading.

use std::path::Path;

use anyhow::{Context as _, ensure};
use protocol::{Cursor, Position};
use tokio::time::Instant;

use super::pairs::{self, How};
use super::{Stage, grouped, millis, pages, percentile};
use crate::http::Http;
use crate::plan::Plan;
use crate::report::{LOG_COST, LOG_MEMORY, Report, Target, progress};
use crate::scan;
use crate::seed::Amount;
use crate::server::Site;

/// The target of the start is stated for a log of this size.
const STATED: usize = 1_000_000;
/// Batches that somebody needs to catch up, at most: each has 500 events.
const MAX_BATCHES: usize = 1_000;

/// Of the scenario.
pub(super) fn name(size: usize) -> String {
    format!("log of {}", grouped(size))
}

/// All runs on one size.
pub(super) async fn run(
    binary: &Path,
    plan: &Plan,
    size: usize,
    report: &mut Report,
) -> anyhow::Result<()> {
    let name = name(size);
    progress(&format!("seeding a {name} messages"));
    let site = Site::new(binary)?;
    let started = Instant::now();
    let seeds = site.seed(Amount { messages: size, ..plan.log.people }).await?;
    let rate = size as f64 / started.elapsed().as_secs_f64();
    report.add(&name, "seeded and indexed, people included", rate, "/s", Target::None);
    for run in 1..=plan.runs {
        progress(&format!("{name}, run {run}"));
        let (server, ready) = site.start().await?;
        let mut stage = Stage { site: &site, seeds: &seeds, plan, server };
        let target = if size == STATED { Target::AtMost(1_000.0, 300.0) } else { Target::None };
        report.add(&name, "start to ready", ready.as_secs_f64() * 1e3, "ms", target);
        memory(&stage, &name, size, "after the start", report).await?;
        for (how, behind) in plan.log.behind {
            if behind < i64::try_from(size)? {
                catch_up(&stage, &name, size, (how, behind), report).await?;
            }
        }
        pages::run(&mut stage, &name, size, report).await?;
        let cost = pairs::talk(&stage, How::WebSocket).await?.cost();
        report.add(&name, "server CPU a send", cost, "µs", Target::None);
        report.point(LOG_COST, "a message 1:1", size as f64, cost);
        memory(&stage, &name, size, "after all of it", report).await?;
        stage.server.stop().await?;
    }
    Ok(())
}

async fn memory(
    stage: &Stage<'_>,
    name: &str,
    size: usize,
    when: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let memory = stage.server.memory_at_rest(stage.plan.idle_time).await?;
    let mib = memory.proportional / 1_024.0;
    report.add(name, &format!("memory {when} (Pss)"), mib, "MiB", Target::None);
    report.point(LOG_MEMORY, when, size as f64, mib);
    Ok(())
}

/// Many people come back, one after another, each from so many positions behind the head.
async fn catch_up(
    stage: &Stage<'_>,
    name: &str,
    size: usize,
    (how, behind): (&str, i64),
    report: &mut Report,
) -> anyhow::Result<()> {
    let (mut took, mut events) = (Vec::new(), 0);
    let before = stage.server.processor()?;
    for person in stage.seeds.spread(stage.plan.log.catch_ups) {
        let mut http = Http::connect(stage.site.address, &person.token).await?;
        let body = http.succeed("GET /api/v1/events", b"").await?;
        let head: Cursor = scan::cursor(&body)?.parse().context("the head's cursor")?;
        let mut cursor =
            Cursor { epoch: head.epoch.clone(), position: Position(head.position.get() - behind) };
        let started = Instant::now();
        for _ in 0..MAX_BATCHES {
            let line = format!("GET /api/v1/events?cursor={cursor}");
            let body = http.succeed(&line, b"").await?;
            scan::messages(&body, |_| {
                events += 1;
                Ok(())
            })?;
            let next: Cursor = scan::cursor(&body)?.parse().context("a batch's cursor")?;
            ensure!(next.position > cursor.position, "catching up stands still at {cursor}");
            cursor = next;
            if cursor.position >= head.position {
                break;
            }
        }
        ensure!(cursor.position >= head.position, "catching up does not end");
        took.push(u64::try_from(started.elapsed().as_nanos())?);
    }
    let used = stage.server.processor()? - before;
    ensure!(events > 0, "nobody who came back had missed anything");
    took.sort_unstable();
    let (people, what) = (took.len() as f64, format!("catch-up, {how}"));
    let mut add = |figure: &str, value, unit| {
        report.add(name, &format!("{what}: {figure}"), value, unit, Target::None);
    };
    add("messages each", f64::from(events) / people, "");
    add("p50", millis(percentile(&took, 50)?), "ms");
    add("p99", millis(percentile(&took, 99)?), "ms");
    add("server CPU", used * 1e6 / people, "µs");
    report.point(LOG_COST, &what, size as f64, used * 1e6 / people);
    Ok(())
}

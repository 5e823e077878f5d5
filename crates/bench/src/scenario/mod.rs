//! What is measured, in order. One file a kind of load; what they share is in `load.rs`.

mod fanout;
mod growth;
mod idle;
mod load;
mod overload;
mod pages;
mod pairs;
mod start;
mod steady;
mod storm;
mod syncs;

use std::path::Path;

use anyhow::Context as _;

use crate::plan::Plan;
use crate::report::{Report, progress};
use crate::seed::{Amount, Seeds};
use crate::server::{Server, Site};

/// A running server, who lives on it, and how much is asked of it.
struct Stage<'a> {
    site: &'a Site,
    seeds: &'a Seeds,
    plan: &'a Plan,
    server: Server,
}

impl Stage<'_> {
    /// Starts the server anew: what earlier scenarios left in memory must not count.
    async fn restart(self) -> anyhow::Result<Self> {
        self.server.stop().await?;
        Ok(Self { server: self.site.start().await?.0, ..self })
    }
}

/// Runs the scenario that is named `only`, or else every one whose name contains it, as often as the plan says.
///
/// # Errors
/// When anything failed, above all when a message was lost, repeated or out of order.
pub(crate) async fn run_all(
    binary: &Path,
    plan: &Plan,
    only: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let is_whole = names(plan).iter().any(|name| name == only);
    let wanted = |name: &str| name == only || (!is_whole && name.contains(only));
    if wanted(EMPTY) {
        progress(EMPTY);
        for _ in 0..plan.runs {
            start::empty(&Site::new(binary)?, plan, report).await?;
        }
    }
    for &members in plan.groups {
        let mut channels = load::Channel::ALL.to_vec();
        channels.retain(|channel| wanted(&fanout::name(members, *channel)));
        if !channels.is_empty() {
            group(binary, plan, members, &channels, report).await?;
        }
    }
    if people_names(plan).iter().any(|name| wanted(name)) {
        progress("seeding people");
        let site = Site::new(binary)?;
        let amount = Amount { users: plan.users, groups: 1, group_size: 2, messages: 0 };
        let seeds = site.seed(amount).await?;
        let stage = Stage { site: &site, seeds: &seeds, plan, server: site.start().await?.0 };
        people(stage, &wanted, report).await?;
    }
    for &size in plan.log.sizes.iter().filter(|size| wanted(&growth::name(**size))) {
        growth::run(binary, plan, size, report).await?;
    }
    Ok(())
}

const EMPTY: &str = "empty";
const STEADY: &str = "steady, WebSocket";
const MIXED: &str = "mixed, WebSocket";
const STORM: &str = "storm, WebSocket";
const OVERLOAD: &str = "overload";
const SYNCS: &str = "syncs";

/// Of all scenarios.
fn names(plan: &Plan) -> Vec<String> {
    let mut names = people_names(plan);
    names.push(EMPTY.to_owned());
    for &members in plan.groups {
        names.extend(load::Channel::ALL.map(|channel| fanout::name(members, channel)));
    }
    names.extend(plan.log.sizes.iter().map(|size| growth::name(*size)));
    names
}

/// Of those on one large site.
fn people_names(plan: &Plan) -> Vec<String> {
    let mut names: Vec<String> = [STEADY, MIXED, STORM, OVERLOAD, SYNCS].map(str::to_owned).into();
    names.extend(pairs::How::ALL.map(|how| how.name().to_owned()));
    names.extend(idle_ones(plan, &|_| true).map(|(channel, count)| idle::name(channel, count)));
    names
}

/// How people wait, and how many of them.
fn idle_ones<'a>(
    plan: &'a Plan,
    wanted: &'a impl Fn(&str) -> bool,
) -> impl Iterator<Item = (load::Channel, usize)> + 'a {
    let all = load::Channel::ALL.into_iter();
    all.flat_map(|channel| plan.idle.iter().map(move |count| (channel, *count)))
        .filter(|(channel, count)| wanted(&idle::name(*channel, *count)))
}

/// A group on a site of its own.
async fn group(
    binary: &Path,
    plan: &Plan,
    members: usize,
    channels: &[load::Channel],
    report: &mut Report,
) -> anyhow::Result<()> {
    progress(&format!("seeding a group of {}", grouped(members)));
    let site = Site::new(binary)?;
    // Everybody but the sender listens; people come in pairs.
    let users = members.next_multiple_of(2);
    let seeds = site.seed(Amount { users, groups: 1, group_size: members, messages: 0 }).await?;
    let mut stage = Stage { site: &site, seeds: &seeds, plan, server: site.start().await?.0 };
    for run in 1..=plan.runs {
        for &channel in channels {
            progress(&format!("{}, run {run}", fanout::name(members, channel)));
            fanout::run(&mut stage, channel, report).await?;
        }
    }
    stage.server.stop().await
}

/// The scenarios on one large site.
async fn people(
    mut stage: Stage<'_>,
    wanted: &impl Fn(&str) -> bool,
    report: &mut Report,
) -> anyhow::Result<()> {
    for run in 1..=stage.plan.runs {
        for how in pairs::How::ALL.into_iter().filter(|how| wanted(how.name())) {
            progress(&format!("{}, run {run}", how.name()));
            pairs::run(&mut stage, how, report).await?;
        }
        if wanted(STEADY) {
            progress(&format!("{STEADY}, run {run}"));
            steady::alone(&mut stage, report).await?;
        }
        if wanted(MIXED) {
            progress(&format!("{MIXED}, run {run}"));
            stage = stage.restart().await?;
            steady::mixed(&mut stage, report).await?;
        }
        for (channel, count) in idle_ones(stage.plan, wanted) {
            progress(&format!("{}, run {run}", idle::name(channel, count)));
            stage = stage.restart().await?;
            idle::run(&mut stage, channel, count, report).await?;
        }
        if wanted(STORM) {
            progress(&format!("{STORM}, run {run}"));
            stage = storm::run(stage, report).await?;
        }
        if wanted(OVERLOAD) {
            progress(&format!("{OVERLOAD}, run {run}"));
            stage = stage.restart().await?;
            overload::run(&mut stage, report).await?;
        }
    }
    if wanted(SYNCS) {
        progress(SYNCS);
        stage = syncs::run(stage, report).await?;
    }
    stage.server.stop().await
}

/// 10000 as 10,000.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Of sorted numbers.
fn percentile(sorted: &[u64], percent: usize) -> anyhow::Result<u64> {
    sorted.get(sorted.len() * percent / 100).copied().context("nothing was measured")
}

/// Of nanoseconds.
fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        let texts = [7, 100, 1_000, 10_000_000].map(grouped);
        assert_eq!(texts, ["7", "100", "1,000", "10,000,000"]);
    }

    #[test]
    fn a_percentile_is_one_of_the_numbers() {
        let numbers: Vec<u64> = (1..=100).collect();
        assert_eq!(percentile(&numbers, 50).unwrap(), 51);
        assert_eq!(percentile(&numbers, 99).unwrap(), 100);
        assert!(percentile(&[], 50).is_err());
    }
}

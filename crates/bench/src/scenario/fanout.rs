//! One member of a group talks as fast as the server takes it; all others listen over one transport.

use anyhow::Context as _;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::load::{self, Channel, Receivers};
use super::{Stage, grouped};
use crate::report::{Report, Target};

/// Of the scenario.
pub(super) fn name(members: usize, channel: Channel) -> String {
    format!("group of {}, {}", grouped(members), channel.name())
}

pub(super) async fn run(
    stage: &mut Stage<'_>,
    channel: Channel,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (server, plan) = (stage.site.address, stage.plan);
    let group = stage.seeds.groups.first().context("there is a group")?;
    let mut members = stage.seeds.members(group);
    let sender = members.next().context("the group has members")?.clone();
    let mut receivers = Receivers::new();
    let mut listening = 0;
    for member in members {
        receivers.add(server, channel, member, group.id).await?;
        listening += 1;
    }
    let (started, before) = (Instant::now(), stage.server.processor()?);
    let (since, end) = (receivers.since, started + plan.time);
    let mut senders = JoinSet::new();
    senders.spawn(load::send_by_socket(server, sender, group.id, plan.window, since, end));
    let acknowledged = load::collect(senders).await?;
    let deliveries = load::total(&acknowledged) * listening;
    receivers.wait(deliveries).await?;
    let seconds = started.elapsed().as_secs_f64();
    let used = stage.server.processor()? - before;
    receivers.check(&acknowledged).await?;

    let name = name(group.members.len(), channel);
    let (rate, cost) = match (channel, group.members.len()) {
        (Channel::WebSocket, 200 | 1_000) => {
            (Target::AtLeast(200_000.0, 300_000.0), Target::AtMost(4.0, 2.0))
        }
        (Channel::Sse, 200 | 1_000) => (Target::None, Target::AtMost(5.0, 3.0)),
        (Channel::LongPoll, 200 | 1_000) => (Target::None, Target::AtMost(12.0, 8.0)),
        // Stated for these two sizes only.
        _ => (Target::None, Target::None),
    };
    let deliveries = deliveries as f64;
    report.add(&name, "deliveries", deliveries, "", Target::None);
    report.add(&name, "rate", deliveries / seconds, "/s", rate);
    report.add(&name, "server CPU a delivery", used * 1e6 / deliveries, "µs", cost);
    Ok(())
}

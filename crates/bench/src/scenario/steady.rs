//! Latency: many pairs at a fixed rate, whatever the server does (an open loop), so that a stall counts for all
//! that it delays. Alone, or among nine times as many sockets that wait.

use std::time::Duration;

use anyhow::ensure;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use super::idle::park;
use super::load::{self, Channel, Connection, Receivers};
use super::{MIXED, STEADY, Stage, millis, percentile};
use crate::report::{Report, Target};
use crate::websocket;

/// Nobody but those who talk.
pub(super) async fn alone(stage: &mut Stage<'_>, report: &mut Report) -> anyhow::Result<()> {
    let targets = (Target::AtMost(0.6, 0.35), Target::AtMost(3.0, 1.0));
    run(stage, STEADY, stage.plan.steady_pairs, targets, report).await
}

/// A tenth of the sockets talks, the others wait.
pub(super) async fn mixed(stage: &mut Stage<'_>, report: &mut Report) -> anyhow::Result<()> {
    let (name, sockets) = (MIXED, stage.plan.mixed);
    let pairs = (sockets / 20).max(1);
    let idle: Vec<_> = stage.seeds.people.iter().take(sockets).skip(pairs * 2).cloned().collect();
    let mut waiting = park(stage.site.address, Channel::WebSocket, idle).await?;
    run(stage, name, pairs, (Target::None, Target::None), report).await?;
    for connection in &mut waiting {
        ensure!(connection.is_waiting(), "a connection ended while others talked");
    }
    report.add(name, "sockets that wait", waiting.len() as f64, "", Target::None);
    Ok(())
}

async fn run(
    stage: &mut Stage<'_>,
    name: &str,
    pairs: usize,
    (p50, p99): (Target, Target),
    report: &mut Report,
) -> anyhow::Result<()> {
    let (server, plan) = (stage.site.address, stage.plan);
    let mut receivers = Receivers::new();
    let mut writers = Vec::new();
    let mut acknowledging = JoinSet::new();
    let sends = (f64::from(plan.steady_rate) * plan.time.as_secs_f64()) as u64;
    for (index, (person, friend)) in stage.seeds.pairs(pairs).enumerate() {
        receivers.add(server, Channel::WebSocket, friend, friend.direct).await?;
        let connection = Connection::open(server, Channel::WebSocket, &person.token).await?;
        let Connection::WebSocket(reader, writer) = connection else {
            unreachable!("it was opened as one")
        };
        writers.push((person.direct, writer));
        let expected = share(sends, pairs, index);
        acknowledging.spawn(acknowledgements(reader, person.direct, expected));
    }

    let (since, before) = (receivers.since, stage.server.processor()?);
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / plan.steady_rate);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let started = Instant::now();
    for number in 0..sends {
        ticks.tick().await;
        let index = usize::try_from(number)? % writers.len();
        let (conversation, writer) = &mut writers[index];
        writer.add(load::send_frame(*conversation, since).as_bytes());
        writer.flush().await?;
    }
    let acknowledged = load::collect(acknowledging).await?;
    receivers.wait(sends).await?;
    let used = stage.server.processor()? - before;
    let seconds = started.elapsed().as_secs_f64();
    let memory = stage.server.memory()?.proportional / 1_024.0;
    let mut delays = receivers.check(&acknowledged).await?;
    delays.sort_unstable();

    report.add(name, "pairs", writers.len() as f64, "", Target::None);
    report.add(name, "rate", sends as f64 / seconds, "/s", Target::None);
    report.add(name, "latency p50", millis(percentile(&delays, 50)?), "ms", p50);
    report.add(name, "latency p99", millis(percentile(&delays, 99)?), "ms", p99);
    report.add(name, "server CPU a message", used * 1e6 / sends as f64, "µs", Target::None);
    report.add(name, "memory meanwhile (Pss)", memory, "MiB", Target::None);
    Ok(())
}

/// Of `sends` dealt in turn, what falls to one.
fn share(sends: u64, among: usize, index: usize) -> u64 {
    let among = among as u64;
    sends / among + u64::from((index as u64) < sends % among)
}

async fn acknowledgements(
    mut reader: websocket::Reader,
    conversation: i64,
    expected: u64,
) -> anyhow::Result<(i64, Vec<i64>)> {
    let mut seqs = Vec::new();
    while (seqs.len() as u64) < expected {
        seqs.extend(load::acknowledged(reader.next().await?)?);
    }
    Ok((conversation, seqs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_are_dealt_without_a_rest() {
        let shares: Vec<_> = (0..4).map(|index| share(10, 4, index)).collect();
        assert_eq!(shares, [3, 3, 2, 2]);
    }
}

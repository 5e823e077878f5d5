//! Latency: many pairs at a fixed rate, whatever the server does (an open loop), so that a stall counts for all
//! that it delays.

use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use super::Stage;
use super::load::{self, Channel, Connection, Receivers};
use crate::report::{Report, Target};
use crate::websocket;

pub(super) async fn run(stage: &mut Stage<'_>, report: &mut Report) -> anyhow::Result<()> {
    let (server, plan) = (stage.site.address, stage.plan);
    let mut receivers = Receivers::new();
    let mut writers = Vec::new();
    let mut acknowledging = JoinSet::new();
    let sends = u64::from(plan.steady_rate) * plan.time.as_secs();
    for (index, (person, friend)) in stage.seeds.pairs(plan.steady_pairs).enumerate() {
        receivers.add(server, Channel::WebSocket, friend, friend.direct).await?;
        let connection = Connection::open(server, Channel::WebSocket, &person.token).await?;
        let Connection::WebSocket(reader, writer) = connection else {
            unreachable!("it was opened as one")
        };
        writers.push((person.direct, writer));
        let expected = share(sends, plan.steady_pairs, index);
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
    let mut delays = receivers.check(&acknowledged).await?;
    delays.sort_unstable();

    let name = "steady, WebSocket";
    report.add(name, "pairs", writers.len() as f64, "", Target::None);
    report.add(name, "rate", sends as f64 / seconds, "/s", Target::None);
    report.add(name, "latency p50", percentile(&delays, 50)?, "ms", Target::AtMost(0.6));
    report.add(name, "latency p99", percentile(&delays, 99)?, "ms", Target::AtMost(3.0));
    report.add(name, "server CPU a message", used * 1e6 / sends as f64, "µs", Target::None);
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

/// In milliseconds, of sorted nanoseconds.
fn percentile(sorted: &[u64], percent: usize) -> anyhow::Result<f64> {
    let nanos = sorted.get(sorted.len() * percent / 100).context("nothing arrived")?;
    Ok(*nanos as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_are_dealt_without_a_rest() {
        let shares: Vec<_> = (0..4).map(|index| share(10, 4, index)).collect();
        assert_eq!(shares, [3, 3, 2, 2]);
        let millis: Vec<u64> = (1..=100).map(|ms| ms * 1_000_000).collect();
        assert_eq!(percentile(&millis, 50).unwrap(), 51.0);
        assert_eq!(percentile(&millis, 99).unwrap(), 100.0);
        assert!(percentile(&[], 50).is_err());
    }
}

//! What a waiting connection costs: memory, and processor time while nothing happens.

use std::net::SocketAddr;

use anyhow::ensure;

use super::load::{Channel, Connection};
use super::{Stage, grouped};
use crate::report::{CONNECTIONS, Report, Target};
use crate::scenario::storm::all;
use crate::seed::Person;

/// Targets are stated for so many.
const STATED: usize = 10_000;

/// Of the scenario.
pub(super) fn name(channel: Channel, count: usize) -> String {
    format!("idle, {}, {}", channel.name(), grouped(count))
}

pub(super) async fn run(
    stage: &mut Stage<'_>,
    channel: Channel,
    count: usize,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (server, plan) = (stage.site.address, stage.plan);
    let people: Vec<Person> = stage.seeds.people.iter().take(count).cloned().collect();
    let empty = stage.server.memory_at_rest(plan.idle_time).await?;
    let mut connections = park(server, channel, people).await?;
    let full = stage.server.memory_at_rest(plan.idle_time).await?;
    let before = stage.server.processor()?;
    tokio::time::sleep(plan.idle_time).await;
    let used = stage.server.processor()? - before;
    for connection in &mut connections {
        ensure!(connection.is_waiting(), "a connection ended while it waited");
    }

    let name = name(channel, count);
    let targets = match channel {
        _ if count != STATED => (Target::None, Target::None),
        Channel::WebSocket => (Target::AtMost(5.0, 2.0), Target::AtMost(2.0, 0.5)),
        Channel::Sse | Channel::LongPoll => (Target::AtMost(10.0, 4.0), Target::AtMost(2.0, 0.5)),
    };
    let each = |kib: f64| kib / connections.len() as f64;
    let share = used / plan.idle_time.as_secs_f64() * 100.0;
    report.add(&name, "connections", connections.len() as f64, "", Target::None);
    report.add(&name, "resident (VmRSS)", full.resident / 1_024.0, "MiB", Target::None);
    report.add(&name, "resident a connection", each(full.resident), "KiB", Target::None);
    let proportional = each(full.proportional);
    report.add(&name, "proportional a connection (Pss)", proportional, "KiB", targets.0);
    let growth = each(full.proportional - empty.proportional);
    report.add(&name, "of it growth", growth, "KiB", Target::None);
    report.add(&name, "CPU while idle", share, "% of a core", targets.1);
    let mib = full.proportional / 1_024.0;
    report.point(CONNECTIONS, channel.name(), connections.len() as f64, mib);
    Ok(())
}

/// Connects one device of each, and has it wait.
pub(super) async fn park(
    server: SocketAddr,
    channel: Channel,
    people: Vec<Person>,
) -> anyhow::Result<Vec<Connection>> {
    all(people.into_iter(), move |person| async move {
        let mut connection = Connection::open(server, channel, &person.token).await?;
        connection.park().await?;
        Ok(connection)
    })
    .await
}

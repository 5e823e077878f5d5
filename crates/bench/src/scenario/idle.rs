//! What a waiting connection costs: memory, and processor time while nothing happens.

use std::net::SocketAddr;

use anyhow::ensure;
use tokio::time::Duration;

use super::Stage;
use super::load::{Channel, Connection};
use crate::report::{Report, Target};
use crate::scenario::storm::all;
use crate::seed::Person;

/// After the last connection, until what connecting itself needed is done with.
const SETTLES: Duration = Duration::from_secs(2);

pub(super) async fn run(
    stage: &mut Stage<'_>,
    channel: Channel,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (server, plan) = (stage.site.address, stage.plan);
    let mut people: Vec<Person> = stage.seeds.people.iter().take(plan.idle).cloned().collect();
    let (_, empty) = stage.server.memory()?;
    let rest = people.split_off(plan.idle.div_ceil(10).min(people.len()));
    let mut connections = park(server, channel, people).await?;
    tokio::time::sleep(SETTLES.min(plan.idle_time)).await;
    let (few, (resident, _)) = (connections.len(), stage.server.memory()?);
    connections.extend(park(server, channel, rest).await?);
    tokio::time::sleep(SETTLES.min(plan.idle_time)).await;
    let (before, (_, full)) = (stage.server.processor()?, stage.server.memory()?);
    tokio::time::sleep(plan.idle_time).await;
    let used = stage.server.processor()? - before;
    for connection in &mut connections {
        ensure!(connection.is_waiting(), "a connection ended while it waited");
    }

    let name = format!("idle, {}", channel.name());
    let (count, limit) = (
        connections.len() as f64,
        match channel {
            Channel::WebSocket => 5.0,
            Channel::Sse | Channel::LongPoll => 10.0,
        },
    );
    let share = used / plan.idle_time.as_secs_f64() * 100.0;
    report.add(&name, "a tenth of the connections", few as f64, "", Target::None);
    report.add(&name, "resident with these (VmRSS)", resident / 1_024.0, "MiB", Target::None);
    report.add(&name, "connections", count, "", Target::None);
    report.add(&name, "memory a connection", full / count, "KiB", Target::AtMost(limit));
    report.add(&name, "growth a connection", (full - empty) / count, "KiB", Target::None);
    report.add(&name, "CPU while idle", share, "% of a core", Target::AtMost(2.0));
    Ok(())
}

/// Connects one device of each, and has it wait.
async fn park(
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

//! The server dies with all sockets open; it is started again, and everybody comes back when they were told to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::{STORM, Stage};
use crate::report::{Report, Target};
use crate::seed::Person;
use crate::{scan, websocket};

/// Connections that are made at a time when a scenario sets up.
const AT_A_TIME: usize = 64;
/// Everybody must be back within this, or the run fails.
const GIVES_UP: Duration = Duration::from_secs(120);

/// Does something for everybody, some at a time; fails when one of them does.
pub(super) async fn all<I, F, T>(
    people: impl Iterator<Item = Person>,
    mut what: I,
) -> anyhow::Result<Vec<T>>
where
    I: FnMut(Person) -> F,
    F: Future<Output = anyhow::Result<T>> + Send + 'static,
    T: Send + 'static,
{
    let places = Arc::new(Semaphore::new(AT_A_TIME));
    let mut tasks = JoinSet::new();
    for person in people {
        let place = Arc::clone(&places).acquire_owned().await?;
        let doing = what(person);
        tasks.spawn(async move {
            let done = doing.await;
            drop(place);
            done
        });
    }
    let mut done = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        done.push(ended??);
    }
    Ok(done)
}

/// Somebody with an open socket, and what they need to come back.
struct Device {
    person: Person,
    reader: websocket::Reader,
    _writer: websocket::Writer,
    cursor: String,
    retry_in: Duration,
}

impl Device {
    async fn open(server: SocketAddr, person: Person, cursor: &str) -> anyhow::Result<Self> {
        let (mut reader, writer) = websocket::connect(server, &person.token, cursor).await?;
        let hello: serde_json::Value = serde_json::from_slice(reader.next().await?)?;
        let cursor = hello["cursor"].as_str().context("hello has a cursor")?.to_owned();
        let retry_in = hello["retry_in"].as_u64().context("hello says when to come back")?;
        let retry_in = Duration::from_millis(retry_in);
        Ok(Self { person, reader, _writer: writer, cursor, retry_in })
    }

    /// Waits until the socket breaks, and comes back. Gives how many tries it took.
    async fn come_back(mut self, server: SocketAddr) -> anyhow::Result<u64> {
        while let Ok(frame) = self.reader.next().await {
            // Friends who come and go are told of by frames without messages.
            scan::messages(frame, |_| Ok(()))?;
        }
        for tries in 1.. {
            tokio::time::sleep(self.retry_in).await;
            if Self::open(server, self.person.clone(), &self.cursor).await.is_ok() {
                return Ok(tries);
            }
        }
        unreachable!("it is tried without end, until the scenario gives up")
    }
}

/// Kills the server and starts another; gives the stage with that one.
pub(super) async fn run<'a>(stage: Stage<'a>, report: &mut Report) -> anyhow::Result<Stage<'a>> {
    let Stage { site, seeds, plan, server } = stage;
    let address = site.address;
    let mut http = crate::http::Http::connect(address, &seeds.people[0].token).await?;
    let body = http.succeed("GET /api/v1/events", b"").await?;
    let head: Arc<str> = scan::cursor(&body)?.into();
    let devices = all(seeds.people.iter().take(plan.storm).cloned(), move |person| {
        let head = Arc::clone(&head);
        async move { Device::open(address, person, &head).await }
    })
    .await?;

    let count = devices.len() as f64;
    let mut returning = JoinSet::new();
    for device in devices {
        returning.spawn(device.come_back(address));
    }
    let cut = Instant::now();
    server.kill().await?;
    let (server, start) = site.start().await?;
    let mut tries = 0;
    let back = async {
        while let Some(ended) = returning.join_next().await {
            tries += ended??;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(GIVES_UP, back).await.context("not everybody came back")??;
    let seconds = cut.elapsed().as_secs_f64();

    let name = STORM;
    report.add(name, "sockets", count, "", Target::None);
    report.add(name, "all are back after", seconds, "s", Target::AtMost(30.0, 10.0));
    report.add(name, "start within it", start.as_secs_f64(), "s", Target::None);
    report.add(name, "tries a socket", tries as f64 / count, "", Target::None);
    report.add(name, "server CPU a socket", server.processor()? * 1e6 / count, "µs", Target::None);
    Ok(Stage { site, seeds, plan, server })
}

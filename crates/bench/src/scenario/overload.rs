//! Overload: first what the server can do (a closed loop of POSTs), then three times as much, whatever it answers (an
//! open loop), then little again. Those served must have been served once; the others are told to come again.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use super::load::{self, post_of};
use super::storm::all;
use super::{OVERLOAD, Stage, millis, percentile};
use crate::http::{Head, Http};
use crate::report::{Report, Target};
use crate::seed::Person;

/// Between two looks at what is due.
const TICK: Duration = Duration::from_millis(1);
/// Between two looks at the server's memory.
const MEMORY_EVERY: Duration = Duration::from_millis(100);
/// A connection that was not used for so long is made anew: the server closes it after ten seconds, and a send that
/// meets the closing would not know what has become of it.
const STALE: Duration = Duration::from_secs(3);
/// What recovery is watched under, as a part of the capacity.
const LITTLE: f64 = 0.1;

/// Somebody with a connection who is told when to send.
struct Sender {
    server: SocketAddr,
    http: Http,
    /// When it was last used.
    used: Instant,
    person: Person,
    /// Of the conversation, before anything was sent.
    first: i64,
    /// Acknowledged so far.
    served: i64,
}

/// What came of a load.
#[derive(Debug, Default)]
struct Outcome {
    offered: u64,
    /// Of these, not sent, since all connections were waiting for answers.
    held_back: u64,
    /// Nanoseconds from when a send was due until it was acknowledged, sorted.
    served: Vec<u64>,
    refused: u64,
    /// Of these, without a `Retry-After`.
    without_word: u64,
    /// MiB.
    peak: f64,
    seconds: f64,
}

pub(super) async fn run(stage: &mut Stage<'_>, report: &mut Report) -> anyhow::Result<()> {
    let (address, bounds, plan) = (stage.site.address, stage.plan.overload, stage.plan);
    let capacity = capacity(stage).await?;
    let people = one_of_each_pair(stage, bounds.open);
    let senders = all(people, move |person| Sender::connect(address, person)).await?;
    let resident = |kib: f64| kib / 1_024.0;
    let before = resident(stage.server.memory()?.resident);
    let (over, senders) = offer(stage, senders, capacity * bounds.factor, plan.time).await?;
    let (after, senders) = offer(stage, senders, capacity * LITTLE, bounds.recovery).await?;
    let end = resident(stage.server.memory()?.resident);
    for mut sender in senders {
        let last = sender.last_seq().await?;
        let made = last - sender.first;
        let (served, place) = (sender.served, sender.person.direct);
        ensure!(made == served, "{made} messages in {place}, and {served} acknowledged");
    }
    ensure!(over.without_word == 0, "{} refused without `Retry-After`", over.without_word);
    ensure!(after.refused == 0, "{} refused after the overload", after.refused);

    // Sends are due for as long as the plan says; answers come until the last one is there.
    let offered = |count: u64| count as f64 / plan.time.as_secs_f64();
    let answered = |count: u64| count as f64 / over.seconds;
    let mut add =
        |figure: &str, value, unit| report.add(OVERLOAD, figure, value, unit, Target::None);
    add("capacity, closed loop", capacity, "/s");
    add("offered", offered(over.offered), "/s");
    add("of it held back by the client", offered(over.held_back), "/s");
    add("served", answered(over.served.len() as u64), "/s");
    add("refused, with Retry-After", answered(over.refused), "/s");
    add("latency p50 of those served", millis(percentile(&over.served, 50)?), "ms");
    add("latency p99 of those served", millis(percentile(&over.served, 99)?), "ms");
    add("resident before", before, "MiB");
    add("resident at most", over.peak, "MiB");
    add("resident afterwards", end, "MiB");
    add("latency p50 afterwards", millis(percentile(&after.served, 50)?), "ms");
    add("latency p99 afterwards", millis(percentile(&after.served, 99)?), "ms");
    Ok(())
}

/// Each conversation has one sender only, so that what was served in it can be counted.
fn one_of_each_pair(stage: &Stage<'_>, most: usize) -> std::vec::IntoIter<Person> {
    let people: Vec<Person> = stage.seeds.pairs(most).map(|(one, _)| one.clone()).collect();
    people.into_iter()
}

/// How many messages a second can be sent by POST, each sender waiting for the answer.
async fn capacity(stage: &Stage<'_>) -> anyhow::Result<f64> {
    let started = Instant::now();
    let end = started + stage.plan.time;
    let mut sending = JoinSet::new();
    for person in one_of_each_pair(stage, stage.plan.overload.closed) {
        let direct = person.direct;
        sending.spawn(load::send_by_post(stage.site.address, person, direct, started, end));
    }
    let messages = load::total(&load::collect(sending).await?);
    Ok(messages as f64 / started.elapsed().as_secs_f64())
}

/// Offers `rate` sends a second for `time`, and waits for all answers. Gives the senders back.
async fn offer(
    stage: &Stage<'_>,
    senders: Vec<Sender>,
    rate: f64,
    time: Duration,
) -> anyhow::Result<(Outcome, Vec<Sender>)> {
    let mut outcome = Outcome::default();
    // Holds every sender that is free; all of them at most.
    let mut free = senders;
    let all_of_them = free.len();
    let (done, mut ended) = mpsc::unbounded_channel();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (started, mut looked) = (Instant::now(), Instant::now());
    while started.elapsed() < time {
        ticks.tick().await;
        let due = (started.elapsed().as_secs_f64() * rate) as u64;
        while outcome.offered < due {
            // When it was due, not when there was time for it.
            let since = started + Duration::from_secs_f64(outcome.offered as f64 / rate);
            outcome.offered += 1;
            match free.pop() {
                Some(sender) => drop(tokio::spawn(send(sender, since, done.clone()))),
                None => outcome.held_back += 1,
            }
        }
        while let Ok(answer) = ended.try_recv() {
            free.push(outcome.take(answer)?);
        }
        if looked.elapsed() >= MEMORY_EVERY {
            looked = Instant::now();
            outcome.peak = outcome.peak.max(stage.server.memory()?.resident / 1_024.0);
        }
    }
    while free.len() < all_of_them {
        free.push(outcome.take(ended.recv().await.context("a sender is gone")?)?);
    }
    outcome.seconds = started.elapsed().as_secs_f64();
    outcome.peak = outcome.peak.max(stage.server.memory()?.resident / 1_024.0);
    outcome.served.sort_unstable();
    Ok((outcome, free))
}

/// What a sender was told, and the sender.
struct Answer {
    sender: Sender,
    status: u16,
    retry_after: Option<u64>,
    took: u64,
}

async fn send(
    mut sender: Sender,
    since: Instant,
    done: mpsc::UnboundedSender<anyhow::Result<Answer>>,
) {
    let (line, body) = post_of(sender.person.direct, since);
    let answer = match sender.ask(&line, body.as_bytes()).await {
        Err(error) => Err(error.context("a send got no answer")),
        Ok((head, _)) => Ok(Answer {
            sender,
            status: head.status,
            retry_after: head.retry_after,
            took: u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX),
        }),
    };
    // Nobody listens any more when the run has failed.
    let _ = done.send(answer);
}

impl Outcome {
    fn take(&mut self, answer: anyhow::Result<Answer>) -> anyhow::Result<Sender> {
        let mut answer = answer?;
        match answer.status {
            201 => {
                self.served.push(answer.took);
                answer.sender.served += 1;
            }
            429 | 503 => {
                self.refused += 1;
                self.without_word += u64::from(answer.retry_after.is_none());
            }
            other => anyhow::bail!("a send under load got {other}"),
        }
        Ok(answer.sender)
    }
}

impl Sender {
    async fn connect(server: SocketAddr, person: Person) -> anyhow::Result<Self> {
        let http = Http::connect(server, &person.token).await?;
        let mut sender = Self { server, http, used: Instant::now(), person, first: 0, served: 0 };
        sender.first = sender.last_seq().await?;
        Ok(sender)
    }

    /// One exchange, over the connection if it is fresh.
    async fn ask(&mut self, line: &str, body: &[u8]) -> anyhow::Result<(Head, Vec<u8>)> {
        if self.used.elapsed() >= STALE {
            self.http = Http::connect(self.server, &self.person.token).await?;
        }
        let answer = self.http.exchange_with(line, "", body).await;
        self.used = Instant::now();
        answer
    }

    /// The seq of the newest message in their conversation.
    async fn last_seq(&mut self) -> anyhow::Result<i64> {
        let line = format!("GET /api/v1/conversations/{}", self.person.direct);
        let (head, body) = self.ask(&line, b"").await?;
        ensure!(head.status == 200, "a conversation got {}", head.status);
        let answer: serde_json::Value = serde_json::from_slice(&body)?;
        answer["last_seq"].as_i64().context("a conversation has a last seq")
    }
}

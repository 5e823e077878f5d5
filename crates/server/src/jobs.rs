//! What happens by itself, now and then. Each job ends when the server goes down. What each of them did last is known
//! ([`Runs`]), those of the slices included, so that an operator sees one that fails.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use database::Error;
use protocol::Timestamp;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::app::{App, AppState};

/// How often counters of rate limits that nobody has used lately are forgotten.
const LIMITS_EVERY: Duration = Duration::from_secs(60);
/// How often the log is trimmed; also at the start.
const TRIM_EVERY: Duration = Duration::from_secs(60 * 60);
/// How often those who are online are counted.
const COUNT_EVERY: Duration = Duration::from_secs(20);

/// What a job did last.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// How often it runs.
    pub(crate) every: Duration,
    /// When it began last.
    pub(crate) last_at: Timestamp,
    /// How long that took, in milliseconds.
    pub(crate) last_ms: i64,
    /// What went wrong then.
    pub(crate) last_error: Option<String>,
    /// How often it has run since the start.
    pub(crate) runs: u64,
}

/// What the jobs of this node did last; as many as there are jobs.
#[derive(Debug, Default)]
pub(crate) struct Runs(Mutex<BTreeMap<&'static str, Run>>);

impl Runs {
    /// A job has run. `name` is one of a few words in the code.
    pub(crate) fn ran<E: std::fmt::Display>(
        &self,
        name: &'static str,
        every: Duration,
        (from, until): (Timestamp, Timestamp),
        outcome: Result<(), E>,
    ) {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = runs.get(name).map_or(0, |run| run.runs);
        let last_ms = until.millis().saturating_sub(from.millis());
        let last_error = outcome.err().map(|error| error.to_string());
        let run = Run { every, last_at: from, last_ms, last_error, runs: count + 1 };
        runs.insert(name, run);
    }

    /// All jobs that have run, by name.
    pub(crate) fn all(&self) -> BTreeMap<&'static str, Run> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Runs one turn of a job, and keeps what became of it.
pub(crate) async fn turn<E: std::fmt::Display>(
    app: &App,
    name: &'static str,
    every: Duration,
    work: impl Future<Output = Result<(), E>>,
) {
    let from = app.clock.now();
    let outcome = work.await;
    if let Err(error) = &outcome {
        tracing::warn!(%error, job = name, "a job failed");
    }
    app.runs.ran(name, every, (from, app.clock.now()), outcome);
}

/// Starts the jobs. Call inside a tokio runtime.
pub fn start(app: &AppState) {
    tokio::spawn(forget_idle_limits(AppState::clone(app)));
    tokio::spawn(trim(AppState::clone(app)));
    tokio::spawn(count_online(AppState::clone(app)));
}

async fn forget_idle_limits(app: AppState) {
    let mut ticks = ticks(LIMITS_EVERY);
    while next(&app, &mut ticks).await {
        let work = async {
            app.limits.forget_idle();
            Ok::<_, Error>(())
        };
        turn(&app, "forget_idle_limits", LIMITS_EVERY, work).await;
    }
}

async fn trim(app: AppState) {
    let mut ticks = ticks(TRIM_EVERY);
    while next(&app, &mut ticks).await {
        let work = app.delivery.trim(app.config.log.retention_days);
        turn(&app, "trim_log", TRIM_EVERY, work).await;
    }
}

async fn count_online(app: AppState) {
    let mut ticks = ticks(COUNT_EVERY);
    while next(&app, &mut ticks).await {
        let online = app.delivery.stats().online;
        let work = async {
            app.figures.saw_online(app.clock.now(), online);
            Ok::<_, Error>(())
        };
        turn(&app, "count_online", COUNT_EVERY, work).await;
    }
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Waits for the next tick; `false` when the server goes down.
async fn next(app: &App, ticks: &mut Interval) -> bool {
    ticks.tick().await;
    !app.delivery.is_shutting_down()
}

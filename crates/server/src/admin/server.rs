//! The server itself: its jobs, and where its data is.

use protocol::{Permission, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::{app::App, caller::Caller, jobs::Run, problem::Answer, uploads};

/// What a job did last.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Job {
    name: &'static str,
    /// How often it runs, in seconds.
    every_seconds: f64,
    /// When it began last.
    last_at: Timestamp,
    /// How long that took, in milliseconds.
    last_ms: i64,
    /// What went wrong then.
    last_error: Option<String>,
    /// How often it has run since the start of the server.
    runs: u64,
}

/// What happens by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Jobs {
    /// Those that have run since the start, by name.
    jobs: Vec<Job>,
}

/// The jobs of the server.
///
/// # Errors
/// `forbidden`.
pub(super) fn jobs(app: &App, caller: &Caller) -> Answer<Jobs> {
    caller.require(Permission::OperateServer)?;
    let job = |(name, run): (&'static str, Run)| Job {
        name,
        every_seconds: run.every.as_secs_f64(),
        last_at: run.last_at,
        last_ms: run.last_ms,
        last_error: run.last_error,
        runs: run.runs,
    };
    Ok(Jobs { jobs: app.runs.all().into_iter().map(job).collect() })
}

/// Where the data is, and how much there is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StorageState {
    /// `sqlite` or `postgres`.
    engine: &'static str,
    data_dir: String,
    database_bytes: i64,
    /// Where uploads are, without any secret.
    uploads_in: String,
    uploads: i64,
    uploads_bytes: i64,
    /// Uploads that were not sent yet or are in no message any more, and will be thrown away.
    uploads_waiting: i64,
    /// The newest position of the log.
    log_head: i64,
    /// For how many days events are kept.
    log_retention_days: u32,
}

/// Where the data is.
///
/// # Errors
/// `forbidden`.
pub(super) async fn storage(app: &App, caller: &Caller) -> Answer<StorageState> {
    caller.require(Permission::OperateServer)?;
    let read = |db: &mut database::Connection| {
        Answer::Ok((store::database_bytes(db)?, uploads::totals(db)?))
    };
    let (database_bytes, totals) = app.delivery.read(read).await?;
    Ok(StorageState {
        engine: match app.database.engine() {
            database::Engine::Sqlite => "sqlite",
            database::Engine::Postgres => "postgres",
        },
        data_dir: app.config.storage.data_dir.display().to_string(),
        database_bytes,
        uploads_in: app.uploads.storage.describe(),
        uploads: totals.count,
        uploads_bytes: totals.bytes,
        uploads_waiting: totals.waiting,
        log_head: app.delivery.stats().head,
        log_retention_days: app.config.log.retention_days,
    })
}

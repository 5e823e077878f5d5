//! Downloading a backup: the file that `rookery backup` writes, to an admin who has just given their password. What
//! proves that is a ticket, good once and for a minute, so that the browser itself can fetch the file.
//!
//! It is made beside the data and read from a snapshot: nobody who writes waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use futures_util::stream;
use protocol::{Code, Permission, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use utoipa::ToSchema;

use super::users::require_admin;
use crate::{
    accounts,
    app::App,
    audit::{self, Act},
    backup,
    caller::Caller,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// For how long a ticket is good, in milliseconds.
const GOOD_FOR_MS: i64 = 60_000;
/// Tickets that are good at a time.
const MAX_TICKETS: usize = 100;
/// Bytes that are read of the file at a time.
const CHUNK: usize = 64 * 1024;

/// Who may download a backup for now.
#[derive(Debug)]
pub(crate) struct Tickets {
    good: Mutex<HashMap<String, (UserId, Timestamp)>>,
    /// One download at a time: each takes as much room as the data, three times.
    turn: Arc<Semaphore>,
}

impl Default for Tickets {
    fn default() -> Self {
        Self { good: Mutex::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

/// Who asks, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    /// One's password.
    password: String,
}

/// What opens one download.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ticket {
    /// For `GET /admin/backup?ticket=…`, once.
    ticket: String,
    /// Until when.
    expires_at: Timestamp,
}

/// Gives an admin a ticket.
///
/// # Errors
/// `forbidden`, `wrong_credentials`, `rate_limited`.
pub(super) async fn ticket(
    app: &Arc<App>,
    caller: &Caller,
    confirmation: Confirmation,
) -> Answer<Ticket> {
    check(app, caller).await?;
    app.limits.account(Limit::Login, caller.user_id)?;
    accounts::check_password(app, caller.user_id, confirmation.password).await?;
    let (ticket, now) = (app.random.lowercase(32), app.clock.now());
    let expires_at = now.plus_millis(GOOD_FOR_MS);
    let mut good = app.tickets.good.lock().unwrap_or_else(PoisonError::into_inner);
    good.retain(|_, (_, until)| *until > now);
    if good.len() >= MAX_TICKETS {
        return Err(Code::RateLimited.into());
    }
    good.insert(ticket.clone(), (caller.user_id, expires_at));
    Ok(Ticket { ticket, expires_at })
}

async fn check(app: &App, caller: &Caller) -> Answer<()> {
    caller.require(Permission::OperateServer)?;
    let caller = *caller;
    app.delivery.read(move |db| require_admin(db, &caller)).await
}

/// A backup as it is streamed: the file goes when this does.
struct Download {
    file: tokio::fs::File,
    _folder: tempfile::TempDir,
    _turn: OwnedSemaphorePermit,
}

/// Writes a backup and hands it out.
///
/// # Errors
/// `forbidden` for another ticket than one's own, good one; `locked` while another backup is downloaded;
/// `unavailable` when it could not be written.
pub(super) async fn download(app: &Arc<App>, caller: &Caller, ticket: &str) -> Answer<Body> {
    check(app, caller).await?;
    let now = app.clock.now();
    let found = app.tickets.good.lock().unwrap_or_else(PoisonError::into_inner).remove(ticket);
    if found.is_none_or(|(user, until)| user != caller.user_id || until <= now) {
        let why = "This ticket is not, or no longer, good: ask for another one";
        return Err(Refusal::new(Code::Forbidden).detail(why));
    }
    let turn = Arc::clone(&app.tickets.turn).try_acquire_owned();
    let turn =
        turn.map_err(|_| Refusal::new(Code::Locked).detail("Another backup is being downloaded"))?;
    let folder = tempfile::Builder::new()
        .prefix(".backup-")
        .tempdir_in(&app.config.storage.data_dir)
        .map_err(Refusal::internal)?;
    let path = folder.path().join("rookery.backup");
    backup::write(app, &path).await.map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a backup could not be written");
        let why = "The backup could not be written; the server's log says why";
        Refusal::new(Code::Unavailable).detail(why)
    })?;
    let (actor, action, subject) = (caller.user_id, "backup.downloaded", "site");
    let record = app.delivery.write(move |unit| {
        unit.lock()?;
        Answer::Ok(audit::record(unit, &Act { actor, action, subject, details: json!({}) })?)
    });
    record.await?;
    let file = tokio::fs::File::open(&path).await.map_err(Refusal::internal)?;
    let download = Download { file, _folder: folder, _turn: turn };
    let chunks = stream::try_unfold(download, async |mut download| {
        let mut bytes = vec![0; CHUNK];
        let read = download.file.read(&mut bytes).await?;
        bytes.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((Bytes::from(bytes), download)))
    });
    Ok(Body::from_stream(chunks))
}

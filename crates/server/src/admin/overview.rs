//! The state of the site at a glance.

use protocol::{Permission, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::{
    app::App,
    caller::Caller,
    health::{self, Finding},
    moderation,
    problem::Answer,
    uploads,
};

/// What was found about one thing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// What was looked at.
    name: &'static str,
    /// Whether it is well.
    ok: bool,
    /// What was found. Only those who operate the server are told.
    detail: String,
}

/// What is stored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StorageUse {
    database_bytes: i64,
    uploads_bytes: i64,
    /// How many uploads there are.
    uploads: i64,
}

/// The state of the site.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Overview {
    version: &'static str,
    started_at: Timestamp,
    /// People who are connected now.
    online: usize,
    /// Accounts that are there.
    users: i64,
    groups: i64,
    conversations: i64,
    /// Messages that were ever sent.
    messages: i64,
    /// Each minute of the last hour, the oldest first.
    messages_a_minute: Vec<u64>,
    /// The most people online in each minute of the last hour, the oldest first.
    online_an_hour: Vec<u64>,
    storage: StorageUse,
    health: Vec<Health>,
    /// Cases that the caller is to decide; at most 1,000 are counted.
    open_cases: i64,
}

/// The state of the site, for those who operate the server or manage users.
///
/// # Errors
/// `forbidden`.
pub(super) async fn overview(app: &App, caller: &Caller) -> Answer<Overview> {
    let operates = caller.permissions.contains(Permission::OperateServer);
    if !operates {
        caller.require(Permission::ManageUsers)?;
    }
    let (caller, now) = (*caller, app.clock.now());
    let read = move |db: &mut database::Connection| {
        let counts = store::counts(db)?;
        let (database_bytes, uploads) = (store::database_bytes(db)?, uploads::totals(db)?);
        Answer::Ok((counts, database_bytes, uploads, moderation::count_open(db, &caller)?))
    };
    let (counts, database_bytes, uploads, open_cases) = app.delivery.read(read).await?;
    let found = health::glance(app).await;
    let (messages_a_minute, online_an_hour) = app.figures.last_hour(now);
    Ok(Overview {
        version: env!("CARGO_PKG_VERSION"),
        started_at: app.figures.started_at,
        online: app.delivery.stats().online,
        users: counts.users,
        groups: counts.groups,
        conversations: counts.conversations,
        messages: counts.messages,
        messages_a_minute,
        online_an_hour,
        storage: StorageUse {
            database_bytes,
            uploads_bytes: uploads.bytes,
            uploads: uploads.count,
        },
        health: found.into_iter().map(|one| view(one, operates)).collect(),
        open_cases,
    })
}

/// Paths and errors of the machine are for those who operate it.
fn view(found: Finding, operates: bool) -> Health {
    let detail = if operates { found.detail } else { String::new() };
    Health { name: found.name, ok: found.ok, detail }
}

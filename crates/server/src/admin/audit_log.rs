//! Reading the audit log, and verifying it.

use protocol::{Permission, Timestamp, User, UserId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    accounts,
    app::App,
    audit::{self, Filter, Verified},
    caller::Caller,
    problem::Answer,
    settings::hex,
};

/// What somebody did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// 1, 2, 3 … without a gap.
    n: i64,
    at: Timestamp,
    /// Who; null for the operator at the command line.
    actor: Option<User>,
    /// What, as `noun.past_verb`.
    action: String,
    /// To what, as `noun:number`, or `site`.
    subject: String,
    /// Whatever else is known.
    details: Value,
}

/// Entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPage {
    /// The newest first.
    entries: Vec<AuditEntry>,
    /// For the next page, as `before`; null on the last.
    cursor: Option<String>,
}

/// A page of the audit log.
///
/// # Errors
/// `forbidden`.
pub(super) async fn page(
    app: &App,
    caller: &Caller,
    filter: Filter,
    limit: usize,
) -> Answer<AuditPage> {
    caller.require(Permission::ReadAuditLog)?;
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
            let mut rows = audit::newest(db, &filter, most)?;
            let has_more = rows.len() > limit;
            rows.truncate(limit);
            let cursor = rows.last().filter(|_| has_more).map(|entry| entry.n.to_string());
            let actors: Vec<UserId> = rows.iter().map(|entry| entry.actor).collect();
            let actors = accounts::public_users(db, &delivery, &actors)?;
            let entries = rows
                .into_iter()
                .map(|entry| AuditEntry {
                    n: entry.n,
                    at: entry.at,
                    actor: actors.get(&entry.actor).cloned(),
                    action: entry.action,
                    subject: entry.subject,
                    details: serde_json::from_str(&entry.details).unwrap_or(Value::Null),
                })
                .collect();
            Ok(AuditPage { entries, cursor })
        })
        .await
}

/// Whether the log is whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verification {
    /// Every entry follows from the one before.
    whole: bool,
    /// How many there are, up to the first that does not follow.
    entries: i64,
    /// The first that does not follow.
    broken_at: Option<i64>,
    /// The hash of the newest, in hexadecimal digits: kept elsewhere, it shows that the log was not made anew.
    last_hash: Option<String>,
}

/// Goes through the whole log.
///
/// # Errors
/// `forbidden`.
pub(super) async fn verify(app: &App, caller: &Caller) -> Answer<Verification> {
    caller.require(Permission::ReadAuditLog)?;
    let verified = app.delivery.read(|db| Answer::Ok(audit::verify(db)?)).await?;
    Ok(match verified {
        Verified::Whole { entries, last } => {
            let last_hash = Some(hex(&last));
            Verification { whole: true, entries, broken_at: None, last_hash }
        }
        Verified::Broken { at } => {
            let broken_at = Some(at);
            Verification { whole: false, entries: at - 1, broken_at, last_hash: None }
        }
    })
}

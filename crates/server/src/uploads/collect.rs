//! What nobody needs is thrown away: uploads that were not sent in time, files and objects that no upload names.
//! In steps of bounded size, each its own unit.

use std::sync::Weak;
use std::time::Duration;

use futures_util::StreamExt as _;
use protocol::Timestamp;
use tokio::time::MissedTickBehavior;

use super::store;
use crate::{app::App, jobs, problem::Answer};

/// Uploads thrown away in one step.
const STEP: i64 = 100;
/// Steps of one round; what is left waits for the next one.
const MAX_STEPS: usize = 100;
/// Names that are looked up at a time.
const NAMES: usize = 500;
/// Files and objects that no upload names are left alone for a day: one may just be on its way.
const SPARED_MS: i64 = 24 * 60 * 60 * 1_000;

/// How often uploads are looked through.
const EVERY: Duration = Duration::from_secs(60);
/// Orphans are looked for in every so many-th round: once an hour, and soon after the start.
const ROUNDS: u64 = 60;

/// Collects now and then, for as long as the server lives.
pub(crate) async fn collect(app: Weak<App>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 0_u64.. {
        ticks.tick().await;
        let Some(app) = app.upgrade().filter(|app| !app.delivery.is_shutting_down()) else {
            return;
        };
        jobs::turn(&app, "collect_uploads", EVERY, async {
            collect_expired(&app).await?;
            if round % ROUNDS == 1 {
                collect_orphans(&app).await?;
            }
            Answer::Ok(())
        })
        .await;
    }
}

/// Throws away uploads whose time is over: begun or made complete a day ago and not sent, or in no message any
/// more. How many.
///
/// # Errors
/// Those of the database.
pub async fn collect_expired(app: &App) -> Answer<usize> {
    let mut count = 0;
    for _ in 0..MAX_STEPS {
        let gone = app
            .delivery
            .write(|unit| {
                let now = unit.now();
                let gone = store::expired(unit.db(), now, STEP)?;
                for one in &gone {
                    store::delete(unit.db(), &one.id)?;
                }
                Ok::<_, database::Error>(gone)
            })
            .await?;
        if gone.is_empty() {
            break;
        }
        count += gone.len();
        for one in gone {
            throw_away(app, &one.id, one.objects).await;
        }
    }
    Ok(count)
}

/// Removes what an upload that is in no table any more has left. What cannot be removed now is an orphan, and
/// found later.
pub(super) async fn throw_away(app: &App, id: &str, objects: Vec<String>) {
    if let Err(error) = app.uploads.staging.remove(id).await {
        tracing::warn!(%error, "a staged file could not be removed");
    }
    for key in objects {
        if let Err(error) = app.uploads.storage.delete(&key).await {
            tracing::warn!(%error, "an object could not be removed");
        }
    }
}

/// Removes objects that no upload names, and staged files of none that is still arriving: those of one that is
/// complete stay when the server was killed before it had removed them. How many.
///
/// # Errors
/// Those of the database; what the storage refuses is logged.
pub async fn collect_orphans(app: &App) -> Answer<usize> {
    let before = Timestamp(app.clock.now().millis() - SPARED_MS);
    Ok(collect_files(app, before).await? + collect_objects(app, before).await?)
}

async fn collect_files(app: &App, before: Timestamp) -> Answer<usize> {
    let staging = app.uploads.staging.clone();
    let listed = tokio::task::spawn_blocking(move || staging.idle(before.millis(), NAMES)).await;
    let names = match listed {
        Ok(Ok(names)) => names,
        Ok(Err(error)) => return Err(super::staging::failed(&error)),
        Err(error) => return Err(crate::problem::Refusal::internal(error)),
    };
    let ids: Vec<String> =
        names.iter().map(|name| name.split('.').next().unwrap_or(name).to_owned()).collect();
    let unknown = app.delivery.read(move |db| store::not_arriving(db, &ids)).await?;
    for id in &unknown {
        throw_away(app, id, Vec::new()).await;
    }
    Ok(unknown.len())
}

async fn collect_objects(app: &App, before: Timestamp) -> Answer<usize> {
    let storage = &app.uploads.storage;
    let mut batches = storage.list().chunks(NAMES);
    let mut count = 0;
    while let Some(batch) = batches.next().await {
        let mut keys = Vec::new();
        for found in batch {
            match found {
                Ok(found) if found.at_ms < before.millis() => keys.push(found.key),
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the storage of uploads cannot be listed");
                    return Ok(count);
                }
            }
        }
        let unknown = app.delivery.read(move |db| store::unknown_objects(db, &keys)).await?;
        for key in unknown {
            match storage.delete(&key).await {
                Ok(()) => count += 1,
                Err(error) => tracing::warn!(%error, "an object could not be removed"),
            }
        }
    }
    Ok(count)
}

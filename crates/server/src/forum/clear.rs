//! What happens by itself: views are stored, the comments of removed articles are taken away, and those of articles that
//! are published again are handed to the search index, some at a time.

use std::{sync::Weak, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use super::store;
use crate::{
    app::{App, AppState},
    jobs,
    problem::Answer,
};

/// How often.
const EVERY: Duration = Duration::from_secs(10);
/// Comments taken away, or handed to the search index, in one unit.
pub(super) const STEP: i64 = 500;

/// Runs for as long as the server is there; views that were not stored when it ends are lost.
pub(crate) async fn follow(app: Weak<App>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(app) = app.upgrade().filter(|app| !app.delivery.is_shutting_down()) else {
            return;
        };
        jobs::turn(&app, "tidy_up_forum", EVERY, tidy_up(&app)).await;
    }
}

/// One round.
///
/// # Errors
/// Those of the database.
pub async fn tidy_up(app: &AppState) -> Answer<()> {
    let views = app.views.take(app.clock.now());
    if !views.is_empty() {
        app.delivery.write(move |unit| Answer::Ok(store::count_views(unit.db(), &views)?)).await?;
    }
    while app.delivery.read(|db| Answer::Ok(store::to_clear(db)?)).await?.is_some() {
        if app.delivery.is_shutting_down() {
            return Ok(());
        }
        let step = |unit: &mut delivery::Unit<'_>| {
            let Some(article) = store::to_clear(unit.db())? else { return Ok(()) };
            Answer::Ok(store::clear(unit.db(), article, STEP)?)
        };
        app.delivery.write(step).await?;
    }
    while app.delivery.read(|db| Answer::Ok(store::to_index(db)?)).await?.is_some() {
        if app.delivery.is_shutting_down() {
            return Ok(());
        }
        let step = |unit: &mut delivery::Unit<'_>| {
            let Some((article, after)) = store::to_index(unit.db())? else { return Ok(()) };
            Answer::Ok(store::index_after(unit.db(), article, after, STEP)?)
        };
        app.delivery.write(step).await?;
    }
    Ok(())
}

//! What happens by itself: views are stored, and the comments of removed articles are taken away, some at a time.

use std::{sync::Weak, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use super::store;
use crate::{
    app::{App, AppState},
    problem::Answer,
};

/// How often.
const EVERY: Duration = Duration::from_secs(10);
/// Comments taken away in one unit.
const STEP: i64 = 500;

/// Runs for as long as the server is there; views that were not stored when it ends are lost.
pub(crate) async fn follow(app: Weak<App>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(app) = app.upgrade().filter(|app| !app.delivery.is_shutting_down()) else {
            return;
        };
        if let Err(error) = tidy_up(&app).await {
            tracing::warn!(%error, "the forum could not be tidied up");
        }
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
    Ok(())
}

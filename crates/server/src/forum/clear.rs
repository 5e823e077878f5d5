//! What happens by itself: views are stored; what is left of removed articles and comments is taken away, and the comments
//! of articles that are published again are handed to the search index, some at a time.

use std::{sync::Weak, time::Duration};

use database::{Connection, Error};
use delivery::Unit;
use tokio::time::{MissedTickBehavior, interval};

use super::store;
use crate::{
    app::{App, AppState},
    jobs, notifications,
    problem::Answer,
};

/// How often.
const EVERY: Duration = Duration::from_secs(10);
/// Likes or comments taken away, or comments handed to the search index, in one unit.
pub(super) const STEP: i64 = 500;
/// Articles whose views are stored in one unit.
const VIEWS: usize = 500;

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

/// What may be too much for one unit, and goes in steps. What is left to do stands in the database: a server that ended in
/// the middle goes on when it starts.
struct Chore {
    is_left: fn(&mut Connection) -> Result<bool, Error>,
    /// One unit.
    step: fn(&mut Unit<'_>) -> Answer<()>,
}

const CHORES: [Chore; 4] = [
    Chore {
        is_left: |db| Ok(notifications::to_forget(db)?.is_some()),
        step: notifications::forget_some,
    },
    Chore { is_left: |db| Ok(store::to_clear(db)?.is_some()), step: clear },
    Chore {
        is_left: store::has_stray_likes,
        step: |unit| Ok(store::clear_likes(unit.db(), STEP)?),
    },
    Chore { is_left: |db| Ok(store::to_index(db)?.is_some()), step: index },
];

fn clear(unit: &mut Unit<'_>) -> Answer<()> {
    let Some(article) = store::to_clear(unit.db())? else { return Ok(()) };
    Ok(store::clear(unit.db(), article, STEP)?)
}

fn index(unit: &mut Unit<'_>) -> Answer<()> {
    let Some((article, after)) = store::to_index(unit.db())? else { return Ok(()) };
    Ok(store::index_after(unit.db(), article, after, STEP)?)
}

/// One round.
///
/// # Errors
/// Those of the database.
pub async fn tidy_up(app: &AppState) -> Answer<()> {
    let views = app.views.take(app.clock.now());
    for some in views.chunks(VIEWS) {
        let some = some.to_vec();
        app.delivery.write(move |unit| Answer::Ok(store::count_views(unit.db(), &some)?)).await?;
    }
    for Chore { is_left, step } in CHORES {
        while app.delivery.read(move |db| Answer::Ok(is_left(db)?)).await? {
            if app.delivery.is_shutting_down() {
                return Ok(());
            }
            app.delivery.write(step).await?;
        }
    }
    Ok(())
}

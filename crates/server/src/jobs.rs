//! What happens by itself, now and then. Each job ends when the server goes down.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::app::AppState;

/// How often counters of rate limits that nobody has used lately are forgotten.
const LIMITS_EVERY: Duration = Duration::from_secs(60);
/// How often the log is trimmed; also at the start.
const TRIM_EVERY: Duration = Duration::from_secs(60 * 60);

/// Starts the jobs. Call inside a tokio runtime.
pub fn start(app: &AppState) {
    tokio::spawn(forget_idle_limits(AppState::clone(app)));
    tokio::spawn(trim(AppState::clone(app)));
}

async fn forget_idle_limits(app: AppState) {
    let mut ticks = interval(LIMITS_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !app.delivery.is_shutting_down() {
        ticks.tick().await;
        app.limits.forget_idle();
    }
}

async fn trim(app: AppState) {
    let mut ticks = interval(TRIM_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !app.delivery.is_shutting_down() {
        ticks.tick().await;
        if let Err(error) = app.delivery.trim(app.config.log.retention_days).await {
            tracing::warn!(%error, "the log could not be trimmed");
        }
    }
}

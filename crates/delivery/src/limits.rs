//! The bounds of delivery, each with its reason.

use std::time::Duration;

/// How much of everything there may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Units that wait for the writer; one more is refused as unavailable.
    pub waiting_units: usize,
    /// Units in one commit: enough to share an fsync, few enough that the first need not wait long.
    pub units_per_commit: usize,
    /// Events kept in memory.
    pub tail_events: usize,
    /// Bytes of events kept in memory.
    pub tail_bytes: usize,
    /// Positions of the log that one query looks through: bounds the work of a reader who was long away.
    pub window: i64,
    /// Windows that one batch looks through before it answers with the cursor it has reached.
    pub windows_per_batch: usize,
    /// Parked long polls of one device; one more answers the oldest.
    pub polls_per_device: usize,
    /// Connected sessions of one user; one more ends the oldest.
    pub sessions_per_user: usize,
    /// Users without a connection whose audience is kept (and kept up to date), so that a reconnect needs
    /// no query.
    pub idle_users: usize,
    /// Ephemeral signals that wait for one session; the oldest is dropped.
    pub signals_per_session: usize,
    /// Ephemeral signals remembered for those who poll.
    pub signals_in_force: usize,
    /// How often the sweep looks for sessions whose wake was lost.
    pub sweep: Duration,
    /// How long after the last connection a user still counts as online: a poll comes back within this.
    pub presence_grace: Duration,
    /// What a client is told to wait before it comes back, at least and at most (jittered).
    pub retry_in: std::ops::Range<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            waiting_units: 4_096,
            units_per_commit: 256,
            tail_events: 32_768,
            tail_bytes: 16 * 1024 * 1024,
            window: 16_384,
            windows_per_batch: 16,
            polls_per_device: 8,
            sessions_per_user: 64,
            idle_users: 16_384,
            signals_per_session: 32,
            signals_in_force: 1_024,
            sweep: Duration::from_secs(2),
            presence_grace: Duration::from_secs(20),
            retry_in: 500..3_000,
        }
    }
}

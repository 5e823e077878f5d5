//! How much of everything a run does: all of it bounded, in number and in time.

use std::time::Duration;

/// The sizes of all scenarios.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// People in the main data directory; even.
    pub(crate) users: usize,
    /// Members of the groups, each in a data directory of its own.
    pub(crate) groups: [usize; 2],
    /// Pairs that talk as fast as they can.
    pub(crate) pairs: usize,
    /// Sends of one pair that are unanswered at a time; at most 32, by the contract.
    pub(crate) window: usize,
    /// How long a scenario sends.
    pub(crate) time: Duration,
    /// Pairs that talk at a fixed rate, and the rate of all together, in messages a second.
    pub(crate) steady_pairs: usize,
    pub(crate) steady_rate: u32,
    /// Waiting connections of each kind.
    pub(crate) idle: usize,
    /// How long they are watched.
    pub(crate) idle_time: Duration,
    /// Sockets that are cut and come back.
    pub(crate) storm: usize,
}

impl Plan {
    /// As the targets are stated.
    pub(crate) fn full() -> Self {
        Self {
            users: 20_000,
            groups: [200, 1_000],
            pairs: 100,
            window: 16,
            time: Duration::from_secs(5),
            steady_pairs: 1_000,
            steady_rate: 500,
            idle: 10_000,
            idle_time: Duration::from_secs(10),
            storm: 15_000,
        }
    }

    /// Two of everything, for a second.
    pub(crate) fn quick() -> Self {
        Self {
            users: 8,
            groups: [4, 6],
            pairs: 2,
            window: 4,
            time: Duration::from_secs(1),
            steady_pairs: 2,
            steady_rate: 50,
            idle: 4,
            idle_time: Duration::from_secs(1),
            storm: 4,
        }
    }
}

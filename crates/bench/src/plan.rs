//! How much of everything a run does: all of it bounded, in number and in time.

use std::time::Duration;

use crate::seed::Amount;

/// The sizes of all scenarios.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// A slice that shows that the benchmark works, and nothing else.
    pub(crate) quick: bool,
    /// How often each scenario is measured.
    pub(crate) runs: usize,
    /// People in the main data directory; even.
    pub(crate) users: usize,
    /// Members of the groups, each in a data directory of its own.
    pub(crate) groups: &'static [usize],
    /// Pairs that talk as fast as they can.
    pub(crate) pairs: usize,
    /// Sends of one pair that are unanswered at a time; at most 32, by the contract.
    pub(crate) window: usize,
    /// How long a scenario sends.
    pub(crate) time: Duration,
    /// Pairs that talk at a fixed rate, and the rate of all together, in messages a second.
    pub(crate) steady_pairs: usize,
    pub(crate) steady_rate: u32,
    /// Of the mixed load: sockets in all; a tenth of them talks, at the same fixed rate.
    pub(crate) mixed: usize,
    /// Waiting connections of each kind.
    pub(crate) idle: &'static [usize],
    /// How long they are watched.
    pub(crate) idle_time: Duration,
    /// Sockets that are cut and come back.
    pub(crate) storm: usize,
    /// Sends whose syncs are counted.
    pub(crate) synced: usize,
    pub(crate) overload: Overload,
    pub(crate) log: Log,
    pub(crate) peers: Peers,
}

/// More than the server can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overload {
    /// Connections that find out the capacity; and those among which the load is dealt, at most.
    pub(crate) closed: usize,
    pub(crate) open: usize,
    /// How many times the capacity is offered.
    pub(crate) factor: f64,
    /// How long what comes after it is watched.
    pub(crate) recovery: Duration,
}

/// What grows with the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Log {
    /// Messages in it, ascending; each in a data directory of its own.
    pub(crate) sizes: &'static [usize],
    /// Who said them.
    pub(crate) people: Amount,
    /// People who catch up, each from so many positions behind: out of memory, and out of the database.
    pub(crate) catch_ups: usize,
    pub(crate) behind: [(&'static str, i64); 2],
    /// Requests of each kind, each of another person.
    pub(crate) requests: usize,
}

/// The work that all peers do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peers {
    pub(crate) pairs: usize,
    pub(crate) group: usize,
    pub(crate) idle: usize,
    pub(crate) window: u64,
    pub(crate) time: Duration,
}

impl Peers {
    /// Accounts that the work needs.
    pub(crate) fn people(self) -> usize {
        (self.pairs + self.idle).max(self.group) * 2
    }
}

impl Plan {
    /// As the targets are stated.
    pub(crate) fn full(runs: usize) -> Self {
        Self {
            quick: false,
            runs,
            users: 20_000,
            groups: &[100, 200, 1_000, 10_000],
            pairs: 100,
            window: 16,
            time: Duration::from_secs(5),
            steady_pairs: 1_000,
            steady_rate: 500,
            mixed: 10_000,
            idle: &[1_000, 10_000, 15_000],
            idle_time: Duration::from_secs(10),
            storm: 15_000,
            synced: 1_000,
            overload: Overload {
                closed: 200,
                open: 8_000,
                factor: 3.0,
                recovery: Duration::from_secs(5),
            },
            log: Log {
                sizes: &[10_000, 100_000, 1_000_000, 10_000_000],
                people: Amount { users: 20_000, groups: 2_000, group_size: 100, messages: 0 },
                catch_ups: 500,
                behind: [("1,000 behind", 1_000), ("100,000 behind", 100_000)],
                requests: 2_000,
            },
            peers: Peers {
                pairs: 100,
                group: 200,
                idle: 1_000,
                window: 16,
                time: Duration::from_secs(5),
            },
        }
    }

    /// Two of everything, for a moment.
    pub(crate) fn quick() -> Self {
        Self {
            quick: true,
            runs: 1,
            users: 20,
            groups: &[4, 6],
            pairs: 2,
            window: 4,
            time: Duration::from_millis(300),
            steady_pairs: 2,
            steady_rate: 50,
            mixed: 10,
            idle: &[4],
            idle_time: Duration::from_millis(300),
            storm: 4,
            synced: 10,
            overload: Overload {
                closed: 2,
                open: 20,
                factor: 3.0,
                recovery: Duration::from_millis(300),
            },
            log: Log {
                sizes: &[200, 400],
                people: Amount { users: 10, groups: 2, group_size: 4, messages: 0 },
                catch_ups: 4,
                behind: [("50 behind", 50), ("150 behind", 150)],
                requests: 10,
            },
            peers: Peers {
                pairs: 2,
                group: 4,
                idle: 4,
                window: 4,
                time: Duration::from_millis(300),
            },
        }
    }
}

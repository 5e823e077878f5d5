//! What this node knows, shared by its sessions; and what it does when a group is committed.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use database::{Connection, Database};

use crate::{
    Clock, Limits, Random,
    hub::Hub,
    log,
    presence::Presences,
    session::End,
    signal::Signals,
    tail::Tail,
    unit::Group,
    user::{Shared, User},
    writer::Publish,
};

/// What this node knows, shared by its sessions.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) limits: Limits,
    pub(crate) epoch: String,
    pub(crate) trimmed: AtomicI64,
    pub(crate) tail: Tail,
    pub(crate) hub: Hub,
    pub(crate) signals: Signals,
    pub(crate) presences: Presences,
    pub(crate) shutting_down: AtomicBool,
    pub(crate) commits: AtomicU64,
    pub(crate) units: AtomicU64,
    pub(crate) commit_micros: AtomicU64,
}

impl Node {
    pub(crate) fn trimmed(&self) -> i64 {
        self.trimmed.load(Ordering::Acquire)
    }

    pub(crate) fn disconnect(&self, user: &Arc<User>, shared: &Arc<Shared>) {
        if self.hub.disconnect(user, shared) {
            let grace = i64::try_from(self.limits.presence_grace.as_millis()).unwrap_or(i64::MAX);
            self.presences.disconnected(user.id, self.clock.now().plus_millis(grace));
        }
    }

    pub(crate) fn shutting_down(&self) -> End {
        End::ShuttingDown { retry_in: self.retry_in() }
    }

    pub(crate) fn retry_in(&self) -> u64 {
        let range = &self.limits.retry_in;
        range.start + self.random.below(range.end.saturating_sub(range.start))
    }
}

impl Publish for Node {
    fn publish(&self, group: Group, units: usize, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.commit_micros.fetch_add(micros, Ordering::Relaxed);
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.units.fetch_add(units as u64, Ordering::Relaxed);
        if let Some(first) = group.events.first()
            && first.position != self.tail.head() + 1
        {
            // Somebody else has written since: what is known here is behind the log.
            self.tail.restart(first.position - 1);
            self.hub.forget_audiences();
        }
        for (position, payload) in &group.replaced {
            self.tail.replace(*position, payload);
        }
        self.tail.push(&group.events);
        let mut streams: Vec<i64> = group.events.iter().map(|event| event.stream).collect();
        let head = group.events.last().map_or(0, |event| event.position);
        if !streams.is_empty() || !group.changes.is_empty() {
            self.hub.publish(&mut streams, &group.changes, &self.tail, head);
        }
        if let Some(head) = &group.head {
            self.trimmed.fetch_max(head.trimmed, Ordering::AcqRel);
        }
        for device in group.ended {
            self.hub.end_device(device);
        }
    }

    fn resync(&self, db: &mut Connection) {
        match log::head(db) {
            Ok(head) if head.position == self.tail.head() => {}
            Ok(head) => {
                self.tail.restart(head.position);
                self.tail.advance(head.position);
                self.hub.forget_audiences();
            }
            // The next successful commit finds out by its first position.
            Err(error) => {
                tracing::warn!(%error, "the head could not be read after a failed commit")
            }
        }
    }
}

/// Looks after presence, and wakes whoever missed a wake, until the node is gone.
pub(crate) async fn sweep(node: Weak<Node>) {
    let mut swept = 0;
    let Some(every) = node.upgrade().map(|node| node.limits.sweep) else { return };
    let mut ticks = tokio::time::interval(every.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(node) = node.upgrade() else { return };
        node.presences.sweep(node.clock.now());
        let head = node.tail.head();
        if head != swept {
            node.hub.sweep(&node.tail);
            swept = head;
        }
    }
}

//! The writer thread: runs units one after another, many to a commit, in such a way that one that fails takes no other
//! along; then publishes, then answers. One fsync serves all units that were waiting.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use database::{Connection, Error};
use tokio::time::Instant;

use crate::{
    Clock,
    unit::{Group, Unit},
};

/// What to do once a group is durable: on the writer thread, before anybody is answered.
pub(crate) trait Publish: Send + Sync + 'static {
    /// Shows a committed group to readers.
    /// `took` is what writing and syncing took.
    fn publish(&self, group: Group, units: usize, took: Duration);
    /// A commit failed in a way that leaves its outcome open: what is in memory may be behind the log.
    fn resync(&self, db: &mut Connection);
}

/// A unit that waits, whatever its types.
trait Job: Send {
    /// Runs the closure; `false` when it refused, so that what it did is rolled back.
    fn run(&mut self, unit: &mut Unit<'_>) -> bool;
    /// Replaces the outcome: the group was not committed. A refusal too, as it may have been decided by what
    /// an earlier unit of the group had written.
    fn fail(&mut self, error: Error);
    /// Hands the outcome on.
    fn answer(self: Box<Self>);
}

struct UnitJob<F, T, E, R> {
    run: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: R,
}

impl<F, T, E, R> Job for UnitJob<F, T, E, R>
where
    F: FnOnce(&mut Unit<'_>) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, unit: &mut Unit<'_>) -> bool {
        self.outcome = self.run.take().map(|run| run(unit));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn fail(&mut self, error: Error) {
        self.outcome = Some(Err(E::from(error)));
    }

    fn answer(self: Box<Self>) {
        let Self { outcome, reply, .. } = *self;
        reply(outcome.unwrap_or_else(|| Err(E::from(Error::Unavailable("never run".to_owned())))));
    }
}

/// Nobody has written for so long: the database may forget what made writing faster.
const IDLE: Duration = Duration::from_secs(1);

enum Work {
    Unit(Box<dyn Job>),
    Stop,
}

/// The way to the writer thread.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: SyncSender<Work>,
    thread: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Work")
    }
}

impl Writer {
    /// Starts the thread. `waiting` units may wait, `per_commit` share a commit.
    pub(crate) fn start(
        db: Connection,
        clock: Clock,
        publisher: Arc<dyn Publish>,
        waiting: usize,
        per_commit: usize,
    ) -> Result<Self, Error> {
        let (queue, work) = sync_channel(waiting);
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || Loop { db, clock, publisher, per_commit }.run(&work))
            .map_err(|error| Error::Unavailable(format!("no writer thread: {error}")))?;
        Ok(Self { queue, thread: std::sync::Mutex::new(Some(thread)) })
    }

    /// Queues a unit. `reply` is called on the writer thread once the outcome is final; or at once, here,
    /// when too many units wait.
    pub(crate) fn submit<T, E>(
        &self,
        run: impl FnOnce(&mut Unit<'_>) -> Result<T, E> + Send + 'static,
        reply: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let job = Box::new(UnitJob { run: Some(run), outcome: None, reply });
        let (job, why) = match self.queue.try_send(Work::Unit(job)) {
            Ok(()) => return,
            Err(TrySendError::Full(job)) => (job, "too many writes are waiting"),
            Err(TrySendError::Disconnected(job)) => (job, "the writer has stopped"),
        };
        if let Work::Unit(mut job) = job {
            job.fail(Error::Unavailable(why.to_owned()));
            job.answer();
        }
    }

    /// Lets the thread finish what is queued, checkpoint and end. Blocks.
    pub(crate) fn stop(&self) {
        let _ = self.queue.send(Work::Stop);
        if let Some(thread) = crate::tail::lock(&self.thread).take() {
            // Err: it panicked, which was reported when it happened.
            let _ = thread.join();
        }
    }
}

/// The thread's own state.
struct Loop {
    db: Connection,
    clock: Clock,
    publisher: Arc<dyn Publish>,
    per_commit: usize,
}

impl Loop {
    fn run(mut self, work: &Receiver<Work>) {
        let mut stopping = false;
        while !stopping {
            let Some(first) = self.wait(work) else { break };
            stopping = self.group(first, work);
        }
        if let Err(error) = self.db.checkpoint() {
            tracing::warn!(%error, "the last checkpoint failed; the next start does it");
        }
    }

    /// The next unit; none at the end. While nobody writes, what the database remembered for it is given back.
    fn wait(&mut self, work: &Receiver<Work>) -> Option<Box<dyn Job>> {
        let next = match work.recv_timeout(IDLE) {
            Err(RecvTimeoutError::Timeout) => {
                if let Err(error) = self.db.release_memory() {
                    tracing::warn!(%error, "the database gave no memory back");
                }
                work.recv().ok()
            }
            next => next.ok(),
        };
        match next? {
            Work::Unit(job) => Some(job),
            Work::Stop => None,
        }
    }

    /// One commit. Answers whether the thread was asked to stop meanwhile.
    fn group(&mut self, first: Box<dyn Job>, work: &Receiver<Work>) -> bool {
        let mut jobs: Vec<Box<dyn Job>> = Vec::new();
        if let Err(error) = self.db.begin() {
            answer_all(vec![first], Some(&error));
            return false;
        }
        let mut group = Group::default();
        let mut next = Some(first);
        let mut stopping = false;
        let mut lost = None;
        let mut holds_others = false;
        while let Some(mut job) = next.take() {
            let outcome = self.unit(&mut *job, &mut group, holds_others);
            jobs.push(job);
            match outcome {
                Ok(kept) => holds_others |= kept,
                Err(error) => {
                    lost = Some(error);
                    break;
                }
            }
            if jobs.len() < self.per_commit {
                match work.try_recv() {
                    Ok(Work::Unit(job)) => next = Some(job),
                    Ok(Work::Stop) => stopping = true,
                    Err(_) => {}
                }
            }
        }
        let began = Instant::now();
        let written = match lost {
            Some(error) => Err(error),
            None => group.write(&mut self.db),
        };
        match written {
            Ok(()) => match self.db.commit() {
                Ok(()) => {
                    self.publisher.publish(group, jobs.len(), began.elapsed());
                    answer_all(jobs, None);
                    if let Err(error) = self.db.checkpoint_if_due() {
                        tracing::warn!(%error, "a checkpoint failed; a later one does its work");
                    }
                }
                Err(error) => {
                    // Whoever asked for a unit logs what became of it.
                    tracing::debug!(%error, "a commit failed; nothing of it is acknowledged");
                    self.publisher.resync(&mut self.db);
                    answer_all(jobs, Some(&error));
                }
            },
            Err(error) => {
                tracing::debug!(%error, "a group could not be written; nothing of it is acknowledged");
                self.roll_back();
                answer_all(jobs, Some(&error));
            }
        }
        stopping
    }

    /// One unit: in a savepoint where the transaction holds others already; alone, it can go with all of the
    /// transaction, and what it writes need not be kept twice. Whether it was kept; an error means that the whole
    /// transaction is lost.
    fn unit(
        &mut self,
        job: &mut dyn Job,
        group: &mut Group,
        holds_others: bool,
    ) -> Result<bool, Error> {
        let mark = group.mark();
        if holds_others {
            self.db.savepoint()?;
        }
        let now = self.clock.now();
        let kept =
            catch_unwind(AssertUnwindSafe(|| job.run(&mut Unit::new(&mut self.db, group, now))))
                .unwrap_or_else(|_| {
                    tracing::error!("a unit panicked and was rolled back");
                    job.fail(Error::Sql("the unit panicked".to_owned()));
                    false
                });
        if !self.db.in_transaction() {
            // SQLite rolls all of it back by itself when the disk is full, and PostgreSQL when it is gone: this says why.
            return Err(self.db.rollback_to().err().unwrap_or(Error::Full));
        }
        if !kept {
            group.roll_back(mark);
        }
        match (kept, holds_others) {
            (true, true) => self.db.release()?,
            (true, false) => {}
            (false, true) => self.db.rollback_to()?,
            (false, false) => {
                self.db.rollback()?;
                self.db.begin()?;
            }
        }
        Ok(kept)
    }

    fn roll_back(&mut self) {
        if self.db.in_transaction()
            && let Err(error) = self.db.rollback()
        {
            tracing::warn!(%error, "rolling back failed");
        }
    }
}

fn answer_all(jobs: Vec<Box<dyn Job>>, error: Option<&Error>) {
    for mut job in jobs {
        if let Some(error) = error {
            job.fail(error.clone());
        }
        // A reply that panics (a bug) must not take the writer with it.
        if catch_unwind(AssertUnwindSafe(|| job.answer())).is_err() {
            tracing::error!("a reply panicked");
        }
    }
}

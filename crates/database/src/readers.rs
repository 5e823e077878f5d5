//! The reader threads: a fixed few, each with a connection of its own, and one bounded queue of
//! closures before them. What a closure may do is `connection.rs`'s matter.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::connection::Role;
use crate::{Connection, Error, Target};

/// Reads that may wait for a thread; more are refused.
const WAITING: usize = 1024;

/// Gets a connection, or why there is none.
type Job = Box<dyn FnOnce(Result<&mut Connection, Error>) + Send>;

/// The threads and their queue; dropping it ends them after the reads they are at.
pub(crate) struct Readers {
    queue: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Queue {
    // A std Mutex: held for a push or a pop only, and nothing awaits meanwhile.
    state: Mutex<State>,
    filled: Condvar,
}

struct State {
    waiting: VecDeque<Job>,
    closed: bool,
}

impl Readers {
    pub(crate) fn start(target: &Target, count: usize) -> Result<Readers, Error> {
        let state = Mutex::new(State { waiting: VecDeque::new(), closed: false });
        let queue = Arc::new(Queue { state, filled: Condvar::new() });
        let readers = Readers { queue: Arc::clone(&queue), threads: Mutex::default() };
        for number in 1..=count.max(1) {
            let (queue, target) = (Arc::clone(&queue), target.clone());
            let thread = std::thread::Builder::new()
                .name(format!("reader-{number}"))
                .spawn(move || serve(&queue, || Connection::open(&target, Role::Reader, None)))
                .map_err(|error| Error::Unavailable(format!("no thread for reading: {error}")))?;
            lock(&readers.threads).push(thread);
        }
        Ok(readers)
    }

    /// Queues a job; it runs once, unless the queue is closed first.
    pub(crate) fn submit(&self, job: Job) -> Result<(), Error> {
        let mut state = lock(&self.queue.state);
        if state.closed {
            return Err(Error::Unavailable("the database is closed".into()));
        }
        if state.waiting.len() >= WAITING {
            return Err(Error::Unavailable("too many reads are waiting".into()));
        }
        state.waiting.push_back(job);
        drop(state);
        self.queue.filled.notify_one();
        Ok(())
    }

    /// Refuses further reads and forgets those that wait.
    fn close(&self) {
        let mut state = lock(&self.queue.state);
        state.closed = true;
        let forgotten = std::mem::take(&mut state.waiting);
        drop(state);
        self.queue.filled.notify_all();
        drop(forgotten);
    }

    /// Closes and waits until the threads have let go of their connections.
    pub(crate) fn join(&self) {
        self.close();
        for thread in lock(&self.threads).drain(..) {
            // A reader thread catches panics; if it ended by one all the same, it has ended.
            let _ = thread.join();
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.close();
    }
}

fn serve(queue: &Queue, open: impl Fn() -> Result<Connection, Error>) {
    let mut connection = None;
    while let Some(job) = queue.next() {
        // Also what opens a connection: a thread that ended would be missed for ever.
        let outcome = catch_unwind(AssertUnwindSafe(|| turn(&mut connection, &open, job)));
        if !outcome.unwrap_or(false) {
            connection = None;
        }
    }
}

/// One job. Whether the connection can be used for the next.
fn turn(
    connection: &mut Option<Connection>,
    open: impl Fn() -> Result<Connection, Error>,
    job: Job,
) -> bool {
    let ready = match connection {
        Some(ready) => Ok(ready),
        None => open().map(|new| connection.insert(new)),
    };
    job(ready);
    match connection {
        Some(used) => used.rollback().is_ok(),
        None => false,
    }
}

impl Queue {
    fn next(&self) -> Option<Job> {
        let mut state = lock(&self.state);
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.waiting.pop_front() {
                return Some(job);
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What these locks guard is whole at every instant, so a panic elsewhere does no harm to it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_panic_while_opening_costs_one_read_and_no_thread() {
        let state = Mutex::new(State { waiting: VecDeque::new(), closed: false });
        let queue = Arc::new(Queue { state, filled: Condvar::new() });
        let readers = Readers { queue: Arc::clone(&queue), threads: Mutex::default() };
        let opened = AtomicUsize::new(0);
        let open = move || match opened.fetch_add(1, Ordering::Relaxed) {
            0 => panic!("on purpose"),
            _ => Err(Error::Unavailable("not now".into())),
        };
        let thread = std::thread::spawn(move || serve(&queue, open));
        let asked = || {
            let (answer, answered) = mpsc::channel();
            readers.submit(Box::new(move |ready| answer.send(ready.is_err()).unwrap())).unwrap();
            answered.recv()
        };
        assert_eq!(asked(), Err(mpsc::RecvError), "given up");
        assert_eq!(asked(), Ok(true), "asked, without a connection");
        readers.close();
        thread.join().unwrap();
    }
}

//! One SQL text, two engines: SQLite and PostgreSQL.
//!
//! A [`Database`] gives out one writing [`Connection`] ([`Database::writer`]), for the writer thread of
//! `delivery`, and runs reads as closures on a few threads, each in one snapshot
//! ([`Database::read`]). It knows its schema (`migrations/`), but no feature: SQL over the
//! tables is in the `store.rs` files of the slices and in `delivery`.
//!
//! # Writing SQL for both
//! - Parameters are `$1`, `$2`, …; each may appear several times, and all that are given must appear.
//! - Columns are 64-bit integers, text and blobs. Cast sums: `CAST(SUM(x) AS BIGINT)`.
//!   Write casts as `CAST(x AS BIGINT)`: `INTEGER` has 32 bits in PostgreSQL.
//! - `LIKE` distinguishes case on both; write `ESCAPE '\'` out.
//! - Text compares and sorts by its UTF-8 bytes on both.
//! - A failed statement fails the transaction on both; see [`Connection`].
//!
//! PostgreSQL is reached without TLS: over a Unix socket, loopback or a private network.

mod config;
mod connection;
mod error;
mod migrate;
mod postgres;
mod readers;
mod row;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod value;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc;

pub use config::{Config, Target};
pub use connection::Connection;
pub use error::Error;
pub use row::{FromValue, Row};
pub use value::Value;

use connection::{Role, WriterPlace};
use readers::Readers;

/// The kinds of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server, 15 or later.
    Postgres,
}

/// A handle to an open database; clones share its reader threads.
///
/// Its methods may be called from anywhere; a [`Connection`] of PostgreSQL must be used and
/// dropped on a plain thread.
#[derive(Clone)]
pub struct Database {
    shared: Arc<Shared>,
}

struct Shared {
    target: Target,
    readers: Readers,
    /// Whether the writing connection is given out.
    writing: Arc<AtomicBool>,
}

impl std::fmt::Debug for Database {
    /// The engine only: an address may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Database").field(&self.engine()).finish()
    }
}

impl Database {
    /// Opens the database, brings its schema up to date and starts the reader threads.
    ///
    /// # Errors
    /// [`Error::Config`] for a target or engine that will not do, [`Error::Migration`] for a schema
    /// of another program, [`Error::Unavailable`] if it cannot be reached.
    pub fn open(config: &Config) -> Result<Database, Error> {
        let Config { target, readers, now_ms } = config;
        on_plain_thread(|| migrate(target, *now_ms))?;
        let readers = Readers::start(target, *readers)?;
        let writing = Arc::default();
        Ok(Database { shared: Arc::new(Shared { target: target.clone(), readers, writing }) })
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.shared.target.engine()
    }

    /// Opens the writing connection. There is one at a time; on PostgreSQL an advisory lock makes it
    /// the only one of all servers on that database.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if there is one already, here or on another server.
    pub fn writer(&self) -> Result<Connection, Error> {
        let place = WriterPlace::take(&self.shared.writing)
            .ok_or_else(|| Error::Unavailable("the database has a writer already".into()))?;
        let target = &self.shared.target;
        on_plain_thread(|| Connection::open(target, Role::Writer, Some(place)))
    }

    /// Runs `read` on a reader thread, in one read-only transaction: it sees one snapshot.
    ///
    /// If this future is dropped before the closure's turn, the closure is not run.
    ///
    /// # Errors
    /// What `read` says; [`Error::Unavailable`] if 1,024 reads wait already, the closure panicked, or
    /// the database is closed.
    pub async fn read<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (answer, answered) = tokio::sync::oneshot::channel();
        self.shared.readers.submit(Box::new(move |connection| {
            if !answer.is_closed() {
                // The caller may have gone meanwhile; nobody misses the answer then.
                let _ = answer.send(in_snapshot(connection, read));
            }
        }))?;
        answered.await.unwrap_or_else(|_| Err(unanswered().into()))
    }

    /// The same as [`read`](Self::read) for callers outside an async runtime.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_blocking<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (answer, answered) = mpsc::sync_channel(1);
        self.shared.readers.submit(Box::new(move |connection| {
            // The caller waits below; it is gone only if its thread is.
            let _ = answer.send(in_snapshot(connection, read));
        }))?;
        answered.recv().unwrap_or_else(|_| Err(unanswered().into()))
    }

    /// Refuses further reads, drops those that wait, and returns when the reader threads have ended:
    /// for shutdown, before the writer's last checkpoint.
    pub fn close(&self) {
        self.shared.readers.join();
    }
}

fn unanswered() -> Error {
    Error::Unavailable("the read was given up: it panicked, or the database was closed".into())
}

fn in_snapshot<T, E: From<Error>>(
    connection: Result<&mut Connection, Error>,
    read: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    let connection = connection?;
    connection.begin()?;
    // The reader thread ends the transaction, also after a panic.
    read(connection)
}

fn migrate(target: &Target, now_ms: i64) -> Result<(), Error> {
    if target.engine() == Engine::Postgres {
        // A command may look while a server holds the writer's lock; only a change needs it.
        let mut reader = Connection::open(target, Role::Reader, None)?;
        if migrate::is_current(&mut reader, migrate::MIGRATIONS)? {
            return Ok(());
        }
    }
    let mut writer = Connection::open(target, Role::Writer, None)?;
    migrate::run(&mut writer, migrate::MIGRATIONS, now_ms)
}

/// PostgreSQL's client waits with a runtime of its own, which panics inside another: callers may be
/// in one.
fn on_plain_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(work).join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

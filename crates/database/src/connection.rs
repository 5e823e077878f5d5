//! One connection and its transactions: the rules that hold on both engines. What differs between
//! the engines is in `sqlite.rs` and `postgres.rs`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Engine, Error, Row, Target, Value, postgres, sqlite};

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one that writes and checkpoints.
    Writer,
    /// Sees one snapshot a transaction and cannot change anything.
    Reader,
}

/// A synchronous connection; it belongs to one thread at a time, never inside an async runtime.
///
/// **A failed statement fails its transaction**, on both engines alike: everything after it is
/// refused with the first error until [`rollback_to`](Self::rollback_to) the savepoint or
/// [`rollback`](Self::rollback), and [`commit`](Self::commit) then rolls back and says that error.
/// So wrap in a savepoint what may fail while the rest goes on.
pub struct Connection {
    session: Session,
    role: Role,
    /// Begun and not yet committed or rolled back by the caller.
    begun: bool,
    /// The error that failed the transaction.
    failed: Option<Error>,
    /// How many were run.
    statements: u64,
    /// Held by the writer: frees its place when dropped.
    _place: Option<WriterPlace>,
}

enum Session {
    Sqlite(sqlite::Session),
    Postgres(Box<postgres::Session>),
}

impl Connection {
    pub(crate) fn open(
        target: &Target,
        role: Role,
        place: Option<WriterPlace>,
    ) -> Result<Connection, Error> {
        let session = match target {
            Target::Sqlite { path } => Session::Sqlite(sqlite::Session::open(path, role)?),
            Target::Postgres { url } => {
                Session::Postgres(Box::new(postgres::Session::open(url, role)?))
            }
        };
        Ok(Connection { session, role, begun: false, failed: None, statements: 0, _place: place })
    }

    /// The engine behind it, for the few statements that have a text per engine.
    pub fn engine(&self) -> Engine {
        match self.session {
            Session::Sqlite(_) => Engine::Sqlite,
            Session::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many statements this connection has run, savepoints included: tests hold bounds on it.
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// All rows of a query; bound it with `LIMIT`.
    ///
    /// # Errors
    /// As [`Error`] says; [`Error::Decode`] for a column that is no integer, text or blob.
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        self.query_each(sql, [params])
    }

    /// All rows of a query that is run for one row of parameters after the other, and counts as one. On SQLite this
    /// is the fast way to ask for a set; on PostgreSQL each row costs a round trip, so give it the set as one
    /// parameter there.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn query_each<P: AsRef<[Value]>>(
        &mut self,
        sql: &str,
        params: impl IntoIterator<Item = P>,
    ) -> Result<Vec<Row>, Error> {
        self.run(|session| match session {
            Session::Sqlite(s) => s.query(sql, params),
            Session::Postgres(s) => {
                let mut rows = Vec::new();
                for params in params {
                    rows.extend(s.query(sql, params.as_ref())?);
                }
                Ok(rows)
            }
        })
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub fn query_optional(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The first row.
    ///
    /// # Errors
    /// [`Error::NoRow`] if there is none, which does not fail the transaction; else as [`query`](Self::query).
    pub fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row, Error> {
        self.query_optional(sql, params)?.ok_or(Error::NoRow)
    }

    /// Runs an `INSERT`, `UPDATE` or `DELETE`; the number of rows it changed.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        self.execute_each(sql, [params])
    }

    /// The same for one row of parameters after the other; it counts as one. When to use it is said at
    /// [`query_each`](Self::query_each). Outside of a transaction, what was done before an error stays.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub fn execute_each<P: AsRef<[Value]>>(
        &mut self,
        sql: &str,
        params: impl IntoIterator<Item = P>,
    ) -> Result<u64, Error> {
        self.run(|session| match session {
            Session::Sqlite(s) => s.execute(sql, params),
            Session::Postgres(s) => {
                let mut changed = 0;
                for params in params {
                    changed += s.execute(sql, params.as_ref())?;
                }
                Ok(changed)
            }
        })
    }

    /// Runs several statements, separated by semicolons, without parameters.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.run(|session| session.batch(sql))
    }

    /// Begins a transaction: on the writer one that writes, on a reader one snapshot.
    ///
    /// Connects again if the connection was lost before.
    ///
    /// # Errors
    /// [`Error::Sql`] inside a transaction; [`Error::Unavailable`] if the database cannot be reached.
    pub fn begin(&mut self) -> Result<(), Error> {
        if self.begun {
            return Err(Error::Sql("a transaction inside a transaction".into()));
        }
        let begin = match (&mut self.session, self.role) {
            (Session::Sqlite(_), Role::Writer) => "BEGIN IMMEDIATE",
            (Session::Sqlite(_), Role::Reader) => "BEGIN DEFERRED",
            (Session::Postgres(s), role) => {
                s.ensure()?;
                match role {
                    Role::Writer => "BEGIN",
                    Role::Reader => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                }
            }
        };
        self.session.command(begin)?;
        self.begun = true;
        Ok(())
    }

    /// Makes the transaction durable. Whatever the outcome, none is open afterwards.
    ///
    /// # Errors
    /// The error that failed the transaction before; [`Error::Full`], [`Error::Unavailable`]:
    /// nothing may be acknowledged.
    pub fn commit(&mut self) -> Result<(), Error> {
        if !self.begun {
            return Err(Error::Sql("a commit without a transaction".into()));
        }
        if let Some(error) = self.failed.take() {
            self.abandon();
            return Err(error);
        }
        let committed = self.session.command("COMMIT");
        if committed.is_err() {
            self.abandon();
            return committed;
        }
        self.begun = false;
        if let (Session::Sqlite(session), Role::Writer) = (&mut self.session, self.role) {
            // The commit is durable; a checkpoint that fails is tried again at the next.
            let _ = session.checkpoint_if_overdue();
        }
        Ok(())
    }

    /// Throws the transaction away; nothing happens if there is none.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the connection is lost; the transaction is gone then, too.
    pub fn rollback(&mut self) -> Result<(), Error> {
        let open = self.begun && self.session.in_transaction();
        self.begun = false;
        self.failed = None;
        if open { self.session.command("ROLLBACK") } else { Ok(()) }
    }

    /// Sets the savepoint; there is one at a time.
    ///
    /// # Errors
    /// As for any statement.
    pub fn savepoint(&mut self) -> Result<(), Error> {
        self.within("SAVEPOINT unit")
    }

    /// Keeps what was done since the savepoint, as part of the transaction.
    ///
    /// # Errors
    /// As for any statement.
    pub fn release(&mut self) -> Result<(), Error> {
        self.within("RELEASE SAVEPOINT unit")
    }

    /// Undoes what was done since the savepoint and removes it; the transaction goes on.
    ///
    /// # Errors
    /// The error that ended the whole transaction (a full disk can do that, or a lost connection):
    /// then [`rollback`](Self::rollback) is all that is left.
    pub fn rollback_to(&mut self) -> Result<(), Error> {
        if !self.in_transaction() {
            let ended = || Error::Unavailable("the transaction has ended".into());
            return Err(self.failed.clone().unwrap_or_else(ended));
        }
        let failed = self.failed.take();
        let undone = match &mut self.session {
            Session::Sqlite(s) => s
                .command("ROLLBACK TO SAVEPOINT unit")
                .and_then(|()| s.command("RELEASE SAVEPOINT unit")),
            // One round trip for both.
            Session::Postgres(s) => s.batch("ROLLBACK TO SAVEPOINT unit; RELEASE SAVEPOINT unit"),
        };
        if let Err(error) = &undone {
            self.failed = failed.or_else(|| Some(error.clone()));
        }
        undone
    }

    /// Whether a transaction is open in the engine. A full disk may end one by itself.
    pub fn in_transaction(&self) -> bool {
        self.begun && self.session.in_transaction()
    }

    /// Folds SQLite's whole write-ahead log back into the file and truncates it: for shutdown.
    /// Nothing on PostgreSQL.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if a reader is in the way (nothing is lost), or as for any write.
    pub fn checkpoint(&mut self) -> Result<(), Error> {
        match (&mut self.session, self.role) {
            (Session::Postgres(_), _) => Ok(()),
            (_, Role::Reader) => Err(Error::Sql("only the writer checkpoints".into())),
            (Session::Sqlite(s), Role::Writer) => match s.truncate_log()? {
                true => Ok(()),
                false => Err(Error::Unavailable("a reader holds the write-ahead log".into())),
            },
        }
    }

    /// Folds SQLite's write-ahead log back if it grew by 4 MiB since the last time. Call it between
    /// transactions, after the waiting callers have their answers: it takes a few milliseconds.
    /// A commit does it by itself only at four times that. Nothing on PostgreSQL or a reader.
    ///
    /// # Errors
    /// As for any write; what was committed stays durable.
    pub fn checkpoint_if_due(&mut self) -> Result<(), Error> {
        match (&mut self.session, self.role) {
            (Session::Sqlite(s), Role::Writer) if !self.begun => s.checkpoint_if_due(),
            _ => Ok(()),
        }
    }

    /// Gives back what SQLite keeps in memory to be faster with the next statement; nothing inside a transaction, or on
    /// PostgreSQL. What is needed again is read from the operating system's cache.
    ///
    /// # Errors
    /// As for any statement.
    pub fn release_memory(&mut self) -> Result<(), Error> {
        match &mut self.session {
            Session::Sqlite(session) if !self.begun => session.batch("PRAGMA shrink_memory"),
            _ => Ok(()),
        }
    }

    /// Copies a SQLite database, as it is at this moment, to a file that does not exist yet (mode
    /// 0600). Others go on writing.
    ///
    /// # Errors
    /// [`Error::Unsupported`] on PostgreSQL, which has `pg_dump`; [`Error::Unavailable`] if the file exists.
    pub fn backup_to(&mut self, path: &Path) -> Result<(), Error> {
        match &self.session {
            Session::Sqlite(session) => session.backup_to(path),
            Session::Postgres(_) => Err(Error::Unsupported("use pg_dump to back up PostgreSQL")),
        }
    }

    /// A statement that needs a transaction.
    fn within(&mut self, sql: &str) -> Result<(), Error> {
        if !self.begun {
            return Err(Error::Sql("a savepoint outside a transaction".into()));
        }
        self.run(|session| session.command(sql))
    }

    fn run<T>(
        &mut self,
        statement: impl FnOnce(&mut Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if !self.begun
            && let Session::Postgres(session) = &mut self.session
        {
            session.ensure()?;
        }
        self.statements += 1;
        let result = statement(&mut self.session);
        if self.begun
            && let Err(error) = &result
        {
            self.failed = Some(error.clone());
        }
        result
    }

    /// Rolls back where the error that matters is already known.
    fn abandon(&mut self) {
        // If this fails too, the engine has rolled back or the connection is lost: the same.
        let _ = self.rollback();
    }
}

impl Session {
    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Session::Sqlite(s) => s.batch(sql),
            Session::Postgres(s) => s.batch(sql),
        }
    }

    /// One statement that is often repeated: SQLite keeps it prepared.
    fn command(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Session::Sqlite(s) => s.command(sql),
            Session::Postgres(s) => s.batch(sql),
        }
    }

    /// Given that one was begun: whether the engine still has it open.
    fn in_transaction(&self) -> bool {
        match self {
            Session::Sqlite(s) => s.in_transaction(),
            Session::Postgres(s) => s.is_connected(),
        }
    }
}

/// The one place for a writer in this process, for one [`Database`](crate::Database).
pub(crate) struct WriterPlace(Arc<AtomicBool>);

impl WriterPlace {
    /// Takes the place, unless it is taken.
    pub(crate) fn take(taken: &Arc<AtomicBool>) -> Option<WriterPlace> {
        let was_taken = taken.swap(true, Ordering::AcqRel);
        (!was_taken).then(|| WriterPlace(Arc::clone(taken)))
    }
}

impl Drop for WriterPlace {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

//! SQLite: how a connection is set up, how a statement runs, what its errors mean, and when the
//! write-ahead log is folded back. Transactions and their rules are in `connection.rs`.

use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use rusqlite::hooks::Wal;
use rusqlite::types::ValueRef;
use rusqlite::{OpenFlags, ffi};

use crate::connection::Role;
use crate::{Error, Row, Value};

/// 3.51.3: before it, two connections that checkpoint at once can corrupt the write-ahead log.
const OLDEST: i32 = 3_051_003;
/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a truncating checkpoint waits for readers: the writer stands still meanwhile.
const TRUNCATE_WAIT: Duration = Duration::from_millis(50);
/// Statements kept prepared, a connection.
const STATEMENTS: usize = 128;
/// Page caches of the writer and of a reader, KiB; the operating system's cache stands behind them. The writer's has
/// room for the ends of the indexes of some hundred conversations that are talked in at once.
const WRITER_CACHE_KIB: i64 = 16 * 1024;
const READER_CACHE_KIB: i64 = 256;
/// Frames (pages of 4 KiB) by which the write-ahead log grows before a passive checkpoint: 4 MiB.
const PASSIVE_FRAMES: i64 = 1024;
/// Growth after which a commit checkpoints by itself, whoever forgot to: 16 MiB.
const OVERDUE_FRAMES: i64 = 4 * PASSIVE_FRAMES;
/// Frames from which the log is truncated, briefly waiting for readers: 64 MiB.
const TRUNCATE_FRAMES: i64 = 16 * PASSIVE_FRAMES;

/// One row without parameters.
const NO_PARAMS: [[Value; 0]; 1] = [[]];

pub(crate) struct Session {
    connection: rusqlite::Connection,
    path: PathBuf,
    /// Frames in the log after the last commit or checkpoint, as SQLite says by itself: asking costs as much as a send.
    frames: Arc<AtomicI64>,
    /// Frames in the log at the last checkpoint; growth is counted from here.
    checkpointed_at: i64,
}

impl Session {
    /// Opens the file, making it (readable by its owner only) for the writer.
    pub(crate) fn open(path: &Path, role: Role) -> Result<Session, Error> {
        if rusqlite::version_number() < OLDEST {
            return Err(Error::Config(format!(
                "SQLite {} is older than 3.51.3",
                rusqlite::version()
            )));
        }
        if role == Role::Writer {
            create_private(path, false)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(error)?;
        let frames = Arc::default();
        let mut session = Session { connection, path: path.to_owned(), frames, checkpointed_at: 0 };
        session.configure(role).map_err(error)?;
        Ok(session)
    }

    fn configure(&mut self, role: Role) -> rusqlite::Result<()> {
        let c = &mut self.connection;
        c.busy_timeout(BUSY_TIMEOUT)?;
        c.set_prepared_statement_cache_capacity(STATEMENTS);
        if role == Role::Writer {
            let mode: String =
                c.pragma_update_and_check(None, "journal_mode", "wal", |r| r.get(0))?;
            if mode != "wal" {
                return Err(rusqlite::Error::SqliteFailure(
                    ffi::Error::new(ffi::SQLITE_CANTOPEN),
                    Some(format!("the file system allows no write-ahead log (mode {mode})")),
                ));
            }
        } else {
            // Only the writer checkpoints, also when the last reader outlives it.
            c.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        }
        c.pragma_update(None, "synchronous", "FULL")?;
        c.pragma_update(None, "foreign_keys", true)?;
        c.pragma_update(None, "temp_store", "MEMORY")?;
        let cache = if role == Role::Writer { WRITER_CACHE_KIB } else { READER_CACHE_KIB };
        c.pragma_update(None, "cache_size", -cache)?;
        c.pragma_update(None, "case_sensitive_like", true)?;
        // A statement keeps its plan whatever it is bound to: making it anew costs more than most of them take.
        c.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        for (name, value) in [
            ("mmap_size", 0),
            ("wal_autocheckpoint", 0),
            ("journal_size_limit", TRUNCATE_FRAMES * 4096),
        ] {
            c.pragma_update_and_check(None, name, value, |_| Ok(()))?;
        }
        if role == Role::Writer {
            // After `wal_autocheckpoint`, which is such a hook itself.
            let frames = Arc::clone(&self.frames);
            c.wal_hook(Some(move |_: &mut Wal, now: i32| {
                frames.store(i64::from(now), Ordering::Relaxed);
                Ok(())
            }))?;
        }
        c.pragma_update(None, "query_only", role == Role::Reader)
    }

    pub(crate) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.connection.execute_batch(sql).map_err(error)
    }

    /// One statement that returns nothing, kept prepared.
    pub(crate) fn command(&mut self, sql: &str) -> Result<(), Error> {
        self.execute(sql, NO_PARAMS).map(drop)
    }

    /// All rows of a query, for one row of parameters after the other.
    pub(crate) fn query<P: AsRef<[Value]>>(
        &mut self,
        sql: &str,
        params: impl IntoIterator<Item = P>,
    ) -> Result<Vec<Row>, Error> {
        let mut statement = self.connection.prepare_cached(&numbered(sql)).map_err(error)?;
        let columns = statement.column_count();
        let mut result = Vec::new();
        for params in params {
            bind(&mut statement, params.as_ref())?;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next().map_err(error)? {
                let values = (0..columns).map(|index| column(row, index));
                result.push(Row::new(values.collect::<Result<_, _>>()?));
            }
        }
        Ok(result)
    }

    /// Changes rows, for one row of parameters after the other; how many in all.
    pub(crate) fn execute<P: AsRef<[Value]>>(
        &mut self,
        sql: &str,
        params: impl IntoIterator<Item = P>,
    ) -> Result<u64, Error> {
        let mut statement = self.connection.prepare_cached(&numbered(sql)).map_err(error)?;
        let reads_only = statement.readonly();
        let mut changed = 0;
        for params in params {
            bind(&mut statement, params.as_ref())?;
            let mut rows = statement.raw_query();
            while rows.next().map_err(error)?.is_some() {}
            drop(rows);
            changed += if reads_only { 0 } else { self.connection.changes() };
        }
        Ok(changed)
    }

    /// Truncates the log. `false` if readers were in the way.
    pub(crate) fn truncate_log(&mut self) -> Result<bool, Error> {
        self.connection.busy_timeout(TRUNCATE_WAIT).map_err(error)?;
        let outcome = self.checkpoint("TRUNCATE");
        self.connection.busy_timeout(BUSY_TIMEOUT).map_err(error)?;
        let (busy, frames) = outcome?;
        self.checkpointed_at = frames;
        Ok(!busy)
    }

    /// Checkpoints if the log grew by 4 MiB since the last time.
    pub(crate) fn checkpoint_if_due(&mut self) -> Result<(), Error> {
        self.checkpoint_after(PASSIVE_FRAMES)
    }

    /// Checkpoints if the log grew by 16 MiB since the last time: nobody calls `checkpoint_if_due`.
    pub(crate) fn checkpoint_if_overdue(&mut self) -> Result<(), Error> {
        self.checkpoint_after(OVERDUE_FRAMES)
    }

    fn checkpoint_after(&mut self, growth: i64) -> Result<(), Error> {
        let frames = self.frames.load(Ordering::Relaxed);
        if frames < self.checkpointed_at {
            // The log was wholly folded back, and has started again from its beginning.
            self.checkpointed_at = 0;
        }
        if frames - self.checkpointed_at < growth {
            return Ok(());
        }
        if frames >= TRUNCATE_FRAMES {
            self.truncate_log()?;
        } else {
            self.checkpointed_at = self.checkpoint("PASSIVE")?.1;
        }
        Ok(())
    }

    /// Whether it was in the way of others, and the frames now in the log.
    fn checkpoint(&self, mode: &str) -> Result<(bool, i64), Error> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let mut statement = self.connection.prepare_cached(&sql).map_err(error)?;
        let (busy, frames) =
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(error)?;
        self.frames.store(frames, Ordering::Relaxed);
        Ok((busy, frames))
    }

    /// Copies the database as it is now into a new file, in one step; writing goes on meanwhile.
    pub(crate) fn backup_to(&self, path: &Path) -> Result<(), Error> {
        if path == self.path {
            return Err(Error::Config("a backup onto the database itself".into()));
        }
        create_private(path, true)?;
        let copied = self.copy_into(path);
        if copied.is_err() {
            // A half-made copy is worse than none; that it cannot be removed changes nothing.
            let _ = std::fs::remove_file(path);
        }
        copied
    }

    fn copy_into(&self, path: &Path) -> Result<(), Error> {
        let mut copy = rusqlite::Connection::open(path).map_err(error)?;
        let backup = rusqlite::backup::Backup::new(&self.connection, &mut copy).map_err(error)?;
        match backup.step(-1).map_err(error)? {
            rusqlite::backup::StepResult::Done => {}
            _ => return Err(Error::Unavailable("the database is locked".into())),
        }
        drop(backup);
        // One file, without a log beside it.
        copy.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(())).map_err(error)
    }
}

/// The text with SQLite's own placeholders: `$1` would be a name to it, numbered by first appearance, and
/// each looked up by going through all of them.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        // Anything else after it is a path into JSON (`'$.text'`).
        out.push(if after.starts_with(|next: char| next.is_ascii_digit()) { '?' } else { '$' });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value]) -> Result<(), Error> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(Error::Sql(format!("{} parameters given, {wanted} used", params.len())));
    }
    for (index, value) in (1..).zip(params) {
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
            Value::Integer(number) => statement.raw_bind_parameter(index, number),
            Value::Text(text) => statement.raw_bind_parameter(index, text),
            Value::Blob(bytes) => statement.raw_bind_parameter(index, bytes),
        }
        .map_err(error)?;
    }
    Ok(())
}

fn column(row: &rusqlite::Row<'_>, index: usize) -> Result<Value, Error> {
    let name = || row.as_ref().column_name(index).unwrap_or("?").to_owned();
    Ok(match row.get_ref(index).map_err(error)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Text(bytes) => match str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => return Err(Error::Decode(format!("{} is not UTF-8", name()))),
        },
        ValueRef::Real(_) => return Err(Error::Decode(format!("{} is a real number", name()))),
    })
}

/// Makes the file with mode 0600. An existing one is kept, or refused if it has to be `fresh`.
fn create_private(path: &Path, fresh: bool) -> Result<(), Error> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).create_new(fresh).truncate(false).mode(0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::StorageFull => Err(Error::Full),
        Err(error) => Err(Error::Unavailable(format!("{}: {error}", path.display()))),
    }
}

fn error(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let Some(failure) = error.sqlite_error() else {
        return Error::Sql(error.to_string());
    };
    match (failure.code, failure.extended_code) {
        // SQLite says FULL for ENOSPC itself, but not where it grows the log's shared memory.
        (Code::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => Error::Full,
        (Code::ConstraintViolation, ffi::SQLITE_CONSTRAINT_NOTNULL) => {
            Error::Sql(error.to_string())
        }
        (Code::ConstraintViolation, _) => Error::Conflict,
        // Writing on a reader is a bug; the other codes of this kind are about the file.
        (Code::ReadOnly, ffi::SQLITE_READONLY) => Error::Sql(error.to_string()),
        (
            Code::ReadOnly
            | Code::DatabaseBusy
            | Code::DatabaseLocked
            | Code::SystemIoFailure
            | Code::CannotOpen
            | Code::DatabaseCorrupt
            | Code::NotADatabase
            | Code::OutOfMemory
            | Code::OperationInterrupted
            | Code::FileLockingProtocolFailed
            | Code::PermissionDenied,
            _,
        ) => Error::Unavailable(error.to_string()),
        _ => Error::Sql(error.to_string()),
    }
}

//! What holds on both engines: values, parameters, transactions, snapshots, constraints, the writer's
//! place, the reader threads. Each test is run on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::mpsc;

use database::testing::Scratch;
use database::{Connection, Database, Engine, Error, Value, params};

/// One test on each engine, given a fresh database with a table `t (a INTEGER, b TEXT, c BLOB)`.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod sqlite { $(#[test] fn $name() { super::run(database::Engine::Sqlite, super::$name); })* }
        mod postgres { $(#[test] fn $name() { super::run(database::Engine::Postgres, super::$name); })* }
    };
}

on_both! {
    values_come_back parameters_go_by_number booleans_are_integers integers_stay_wide
    wrong_types_are_errors execute_counts_rows
    savepoint_undoes_only_its_own_part failed_statement_fails_its_transaction
    rollback_leaves_nothing constraints_are_conflicts text_sorts_by_bytes
    one_writer_at_a_time reader_sees_one_snapshot reader_cannot_write
    reader_survives_a_panic abandoned_read_is_skipped queue_is_bounded closed_database_refuses
}

fn run(engine: Engine, test: fn(&Scratch, &Database, &mut Connection)) {
    let scratch = Scratch::new(engine);
    let database = scratch.open().unwrap();
    let mut writer = database.writer().unwrap();
    let types = match engine {
        Engine::Sqlite => ("INTEGER", "BLOB"),
        Engine::Postgres => ("BIGINT", "BYTEA"),
    };
    let table =
        format!("CREATE TABLE t (a {} UNIQUE CHECK (a <> 13), b TEXT, c {})", types.0, types.1);
    writer.batch(&table).unwrap();
    test(&scratch, &database, &mut writer);
}

fn count(connection: &mut Connection) -> i64 {
    connection.query_one("SELECT COUNT(*) FROM t", params![]).unwrap().get(0).unwrap()
}

fn values_come_back(_: &Scratch, _: &Database, writer: &mut Connection) {
    let text = "鸟 🐦 'quote' \u{202e}\u{10ffff}\n";
    let blob: Vec<u8> = (0..=255).collect();
    for number in [i64::MIN, -1, 0, 1, i64::MAX] {
        let sql = "INSERT INTO t (a, b, c) VALUES ($1, $2, $3) RETURNING a, b, c";
        let row = writer.query_one(sql, params![number, text, blob.as_slice()]).unwrap();
        assert_eq!(row.get::<i64>(0).unwrap(), number);
        assert_eq!(row.get::<String>(1).unwrap(), text);
        assert_eq!(row.get::<Vec<u8>>(2).unwrap(), blob);
    }
    writer.execute("DELETE FROM t", params![]).unwrap();
    let nothing = params![None::<i64>, Value::Null, None::<Vec<u8>>];
    writer.execute("INSERT INTO t (a, b, c) VALUES ($1, $2, $3)", nothing).unwrap();
    let row = writer.query_one("SELECT a, b, c FROM t", params![]).unwrap();
    assert_eq!(row.get::<Option<i64>>(0).unwrap(), None);
    assert_eq!(row.get::<Option<String>>(1).unwrap(), None);
    assert_eq!(row.get::<Option<Vec<u8>>>(2).unwrap(), None);
    // The same statement again, now with values where NULL was.
    writer
        .execute("INSERT INTO t (a, b, c) VALUES ($1, $2, $3)", params![1, "", [0u8; 0]])
        .unwrap();
    let row = writer.query_one("SELECT b, c FROM t WHERE a = $1", params![1]).unwrap();
    assert_eq!((row.text(0).unwrap(), row.get::<Vec<u8>>(1).unwrap()), ("", vec![]));
}

fn parameters_go_by_number(_: &Scratch, _: &Database, writer: &mut Connection) {
    let row = writer.query_one("SELECT $2, $1, $1, $2", params!["one", "two"]).unwrap();
    let texts: Vec<_> = (0..4).map(|index| row.text(index).unwrap()).collect();
    assert_eq!(texts, ["two", "one", "one", "two"]);
    let twelve: Vec<Value> = (1..=12).map(Value::from).collect();
    let row =
        writer.query_one("SELECT $12, $11, $1, $2+$3+$4+$5+$6+$7+$8+$9+$10", &twelve).unwrap();
    let numbers: Vec<i64> = (0..4).map(|index| row.get(index).unwrap()).collect();
    assert_eq!(numbers, [12, 11, 1, 54]);
    assert!(matches!(writer.query("SELECT $1", params![]), Err(Error::Sql(_))));
    if writer.engine() == Engine::Sqlite {
        // PostgreSQL lets it pass; that it fails on one engine finds the mistake.
        assert!(matches!(writer.query("SELECT $1", params![1, 2]), Err(Error::Sql(_))));
    }
}

fn booleans_are_integers(_: &Scratch, _: &Database, writer: &mut Connection) {
    let row = writer.query_one("SELECT $1 = 1, $1 = 2, $2 IS NULL", params![true, 5]).unwrap();
    assert!(row.get::<bool>(0).unwrap());
    assert_eq!(row.get::<i64>(1).unwrap(), 0);
    assert!(!row.get::<bool>(2).unwrap());
}

fn integers_stay_wide(_: &Scratch, _: &Database, writer: &mut Connection) {
    let row = writer.query_one("SELECT $1 + 1, $1 - 1", params![1_i64 << 40]).unwrap();
    assert_eq!(row.get::<i64>(0).unwrap(), (1 << 40) + 1);
    assert_eq!(row.get::<i64>(1).unwrap(), (1 << 40) - 1);
}

fn wrong_types_are_errors(_: &Scratch, _: &Database, writer: &mut Connection) {
    let row = writer.query_one("SELECT $1, 'text', $2", params![-1, None::<i64>]).unwrap();
    assert!(matches!(row.get::<String>(0), Err(Error::Decode(_))));
    assert!(matches!(row.get::<u32>(0), Err(Error::Decode(_))));
    assert!(matches!(row.get::<bool>(0), Err(Error::Decode(_))));
    assert!(matches!(row.get::<i64>(1), Err(Error::Decode(_))));
    assert!(matches!(row.get::<i64>(2), Err(Error::Decode(_))));
    assert!(matches!(row.get::<i64>(3), Err(Error::Decode(_))));
    let odd = writer.query_one("SELECT CAST(1.5 AS REAL) AS odd", params![]);
    assert!(matches!(&odd, Err(Error::Decode(text)) if text.contains("odd")), "{odd:?}");
    assert!(matches!(writer.query_one("SELECT a FROM t", params![]), Err(Error::NoRow)));
    assert!(matches!(writer.query("SELECT nothing FROM t", params![]), Err(Error::Sql(_))));
}

fn execute_counts_rows(_: &Scratch, _: &Database, writer: &mut Connection) {
    let sql = "INSERT INTO t (a) VALUES (1), (2), (3)";
    assert_eq!(writer.execute(sql, params![]).unwrap(), 3);
    assert_eq!(writer.execute("UPDATE t SET b = $1 WHERE a > $2", params!["x", 1]).unwrap(), 2);
    assert_eq!(writer.execute("DELETE FROM t WHERE a = $1", params![9]).unwrap(), 0);
    let sql = "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING";
    assert_eq!(writer.execute(sql, params![3]).unwrap(), 0);
}

fn savepoint_undoes_only_its_own_part(_: &Scratch, _: &Database, writer: &mut Connection) {
    assert!(matches!(writer.savepoint(), Err(Error::Sql(_))));
    writer.begin().unwrap();
    assert!(matches!(writer.begin(), Err(Error::Sql(_))));
    for (number, keep) in [(1, true), (2, false), (3, true)] {
        writer.savepoint().unwrap();
        writer.execute("INSERT INTO t (a) VALUES ($1)", params![number]).unwrap();
        if keep { writer.release().unwrap() } else { writer.rollback_to().unwrap() }
    }
    // A unit that fails by a conflict, and one after it that does not.
    writer.savepoint().unwrap();
    assert!(writer.execute("INSERT INTO t (a) VALUES (1)", params![]).is_err());
    writer.rollback_to().unwrap();
    writer.savepoint().unwrap();
    writer.execute("INSERT INTO t (a) VALUES (4)", params![]).unwrap();
    writer.release().unwrap();
    assert!(writer.in_transaction());
    writer.commit().unwrap();
    assert!(!writer.in_transaction());
    let rows = writer.query("SELECT a FROM t ORDER BY a", params![]).unwrap();
    let kept: Vec<i64> = rows.iter().map(|row| row.get(0).unwrap()).collect();
    assert_eq!(kept, [1, 3, 4]);
}

fn failed_statement_fails_its_transaction(_: &Scratch, _: &Database, writer: &mut Connection) {
    writer.begin().unwrap();
    writer.execute("INSERT INTO t (a) VALUES (1)", params![]).unwrap();
    assert!(matches!(
        writer.execute("INSERT INTO t (a) VALUES (1)", params![]),
        Err(Error::Conflict)
    ));
    assert!(matches!(writer.query("SELECT 1", params![]), Err(Error::Conflict)));
    assert!(matches!(writer.commit(), Err(Error::Conflict)));
    assert!(!writer.in_transaction());
    assert_eq!(count(writer), 0);
    writer.begin().unwrap();
    writer.execute("INSERT INTO t (a) VALUES (2)", params![]).unwrap();
    writer.commit().unwrap();
    assert_eq!(count(writer), 1);
}

fn rollback_leaves_nothing(_: &Scratch, _: &Database, writer: &mut Connection) {
    writer.rollback().unwrap();
    writer.begin().unwrap();
    writer.execute("INSERT INTO t (a) VALUES (1)", params![]).unwrap();
    writer.rollback().unwrap();
    assert!(!writer.in_transaction());
    assert_eq!(count(writer), 0);
    assert!(matches!(writer.commit(), Err(Error::Sql(_))));
}

fn constraints_are_conflicts(_: &Scratch, _: &Database, writer: &mut Connection) {
    let insert = "INSERT INTO t (a) VALUES ($1)";
    writer.execute(insert, params![1]).unwrap();
    assert!(matches!(writer.execute(insert, params![1]), Err(Error::Conflict)));
    assert!(matches!(writer.execute(insert, params![13]), Err(Error::Conflict)));
    let orphan = "INSERT INTO blocks (user_id, blocked_id, created_at) VALUES (1, 2, 3)";
    assert!(matches!(writer.execute(orphan, params![]), Err(Error::Conflict)));
    // A column left out is no conflict but a mistake in the statement.
    let hole = "INSERT INTO counters (name) VALUES ('x')";
    assert!(matches!(writer.execute(hole, params![]), Err(Error::Sql(_))));
}

fn text_sorts_by_bytes(_: &Scratch, _: &Database, writer: &mut Connection) {
    for name in ["b", "A", "é", "B", "a", "鸟"] {
        let sql = "INSERT INTO settings (key, value) VALUES ($1, $1)";
        writer.execute(sql, params![name]).unwrap();
    }
    let rows = writer.query("SELECT key FROM settings ORDER BY key", params![]).unwrap();
    let names: Vec<_> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(names, ["A", "B", "a", "b", "é", "鸟"]);
    let like = r"SELECT key FROM settings WHERE key LIKE $1 ESCAPE '\'";
    assert_eq!(writer.query(like, params!["a%"]).unwrap().len(), 1);
}

fn one_writer_at_a_time(scratch: &Scratch, database: &Database, _: &mut Connection) {
    assert!(matches!(database.writer(), Err(Error::Unavailable(_))));
    if database.engine() == Engine::Postgres {
        // Another server: the advisory lock is what stops it.
        let other = scratch.open().unwrap();
        assert!(
            matches!(other.writer(), Err(Error::Unavailable(text)) if text.contains("another"))
        );
    }
}

fn reader_sees_one_snapshot(_: &Scratch, database: &Database, writer: &mut Connection) {
    let (looked, has_looked) = mpsc::channel();
    let (written, has_written) = mpsc::channel();
    let reading = std::thread::spawn({
        let database = database.clone();
        move || {
            database.read_blocking(move |reader| {
                let before = count(reader);
                looked.send(()).unwrap();
                has_written.recv().unwrap();
                Ok::<_, Error>((before, count(reader)))
            })
        }
    });
    has_looked.recv().unwrap();
    writer.execute("INSERT INTO t (a) VALUES (1)", params![]).unwrap();
    written.send(()).unwrap();
    assert_eq!(reading.join().unwrap().unwrap(), (0, 0));
    assert_eq!(database.read_blocking(|reader| Ok::<_, Error>(count(reader))).unwrap(), 1);
}

fn reader_cannot_write(_: &Scratch, database: &Database, _: &mut Connection) {
    let written = database.read_blocking(|reader| reader.execute("DELETE FROM t", params![]));
    assert!(matches!(written, Err(Error::Sql(_))), "{written:?}");
}

fn reader_survives_a_panic(_: &Scratch, database: &Database, _: &mut Connection) {
    // More often than there are threads.
    for _ in 0..9 {
        let answer = database.read_blocking(|reader| -> Result<(), Error> {
            count(reader);
            panic!("on purpose");
        });
        assert!(matches!(answer, Err(Error::Unavailable(_))));
    }
    assert_eq!(database.read_blocking(|reader| Ok::<_, Error>(count(reader))).unwrap(), 0);
}

/// Keeps all four reader threads busy until the returned sender is dropped.
fn occupy(database: &Database) -> (mpsc::Sender<()>, Vec<std::thread::JoinHandle<()>>) {
    let (release, released) = mpsc::channel::<()>();
    let released = std::sync::Arc::new(std::sync::Mutex::new(released));
    let (busy, is_busy) = mpsc::channel();
    let threads = (0..4).map(|_| {
        let (database, busy, released) = (database.clone(), busy.clone(), released.clone());
        std::thread::spawn(move || {
            let waited = database.read_blocking(move |_| {
                busy.send(()).unwrap();
                // Disconnected, for each in turn.
                released.lock().unwrap().recv().unwrap_err();
                Ok::<_, Error>(())
            });
            waited.unwrap();
        })
    });
    let threads = threads.collect();
    (0..4).for_each(|_| is_busy.recv().unwrap());
    (release, threads)
}

fn abandoned_read_is_skipped(_: &Scratch, database: &Database, _: &mut Connection) {
    let (release, threads) = occupy(database);
    let (ran, has_run) = mpsc::channel::<()>();
    let mut abandoned = Box::pin(database.read(move |_| {
        ran.send(()).unwrap();
        Ok::<_, Error>(())
    }));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(abandoned.as_mut().poll(&mut context).is_pending());
    drop(abandoned);
    drop(release);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    database.read_blocking(|_| Ok::<_, Error>(())).unwrap();
    database.close();
    assert_eq!(has_run.recv(), Err(mpsc::RecvError));
}

fn queue_is_bounded(_: &Scratch, database: &Database, _: &mut Connection) {
    let (release, threads) = occupy(database);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut reads = Vec::new();
    for _ in 0..1024 {
        let mut read = Box::pin(database.read(|_| Ok::<_, Error>(())));
        assert!(read.as_mut().poll(&mut context).is_pending());
        reads.push(read);
    }
    let one_more = database.read_blocking(|_| Ok::<_, Error>(()));
    assert!(matches!(one_more, Err(Error::Unavailable(_))));
    drop(release);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    reads.into_iter().for_each(|read| runtime.block_on(read).unwrap());
}

fn closed_database_refuses(_: &Scratch, database: &Database, writer: &mut Connection) {
    database.close();
    assert!(matches!(database.read_blocking(|_| Ok::<_, Error>(())), Err(Error::Unavailable(_))));
    writer.checkpoint().unwrap();
}

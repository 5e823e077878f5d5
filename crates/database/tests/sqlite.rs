//! What is SQLite's own: a full disk, checkpoints, backup, file modes, settings.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt;

use database::testing::Scratch;
use database::{Config, Connection, Database, Engine, Error, Target, params};

fn start() -> (Scratch, Database, Connection) {
    let scratch = Scratch::new(Engine::Sqlite);
    let database = scratch.open().unwrap();
    let mut writer = database.writer().unwrap();
    writer.batch("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)").unwrap();
    (scratch, database, writer)
}

fn path(scratch: &Scratch) -> std::path::PathBuf {
    match scratch.target() {
        Target::Sqlite { path } => path.clone(),
        Target::Postgres { .. } => panic!("not on this engine"),
    }
}

fn log_size(scratch: &Scratch) -> u64 {
    let mut log = path(scratch).into_os_string();
    log.push("-wal");
    std::fs::metadata(log).map_or(0, |log| log.len())
}

fn insert(writer: &mut Connection, size: usize) -> Result<u64, Error> {
    writer.execute("INSERT INTO t (b) VALUES ($1)", params![vec![7; size]])
}

fn count(connection: &mut Connection) -> i64 {
    connection.query_one("SELECT COUNT(*) FROM t", params![]).unwrap().get(0).unwrap()
}

#[test]
fn full_disk_refuses_and_recovers() {
    let (_scratch, database, mut writer) = start();
    insert(&mut writer, 10).unwrap();
    let pages: i64 = writer.query_one("PRAGMA page_count", params![]).unwrap().get(0).unwrap();
    writer.batch(&format!("PRAGMA max_page_count = {}", pages + 2)).unwrap();

    writer.begin().unwrap();
    writer.savepoint().unwrap();
    insert(&mut writer, 10).unwrap();
    writer.release().unwrap();
    writer.savepoint().unwrap();
    assert!(matches!(insert(&mut writer, 1 << 20), Err(Error::Full)));
    // SQLite may have ended the whole transaction; either way nothing is written outside one.
    if writer.in_transaction() {
        writer.rollback_to().unwrap();
        writer.rollback().unwrap();
    } else {
        assert!(matches!(writer.rollback_to(), Err(Error::Full)));
        assert!(matches!(insert(&mut writer, 10), Err(Error::Full)));
        assert!(matches!(writer.commit(), Err(Error::Full)));
    }
    assert_eq!(count(&mut writer), 1);
    assert_eq!(database.read_blocking(|reader| Ok::<_, Error>(count(reader))).unwrap(), 1);

    writer.batch("PRAGMA max_page_count = 1000000").unwrap();
    writer.begin().unwrap();
    insert(&mut writer, 1 << 20).unwrap();
    writer.commit().unwrap();
    assert_eq!(count(&mut writer), 2);
}

#[test]
fn settings_are_durable_ones() {
    let (scratch, database, mut writer) = start();
    let mut setting = |name: &str| -> String {
        let row = writer.query_one(&format!("PRAGMA {name}"), params![]).unwrap();
        row.get::<i64>(0).map_or_else(|_| row.get(0).unwrap(), |number| number.to_string())
    };
    assert_eq!(setting("journal_mode"), "wal");
    assert_eq!(setting("synchronous"), "2");
    assert_eq!(setting("foreign_keys"), "1");
    assert_eq!(setting("wal_autocheckpoint"), "0");
    let query_only =
        database.read_blocking(|reader| reader.query_one("PRAGMA query_only", params![]));
    assert_eq!(query_only.unwrap().get::<i64>(0).unwrap(), 1);
    assert_eq!(std::fs::metadata(path(&scratch)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn write_ahead_log_is_folded_back() {
    let (scratch, database, mut writer) = start();
    insert(&mut writer, 6 << 20).unwrap();
    let grown = log_size(&scratch);
    assert!(grown > 6 << 20);
    writer.checkpoint_if_due().unwrap();
    // Folded back as a whole, so the log is written from its beginning again.
    insert(&mut writer, 3 << 20).unwrap();
    assert_eq!(log_size(&scratch), grown);

    // Nobody asks, and yet it does not grow for ever.
    for _ in 0..40 {
        writer.begin().unwrap();
        insert(&mut writer, 1 << 20).unwrap();
        writer.commit().unwrap();
    }
    assert!(log_size(&scratch) < 24 << 20, "{}", log_size(&scratch));

    database.close();
    writer.checkpoint().unwrap();
    assert_eq!(log_size(&scratch), 0);
    assert_eq!(count(&mut writer), 42);
}

#[test]
fn checkpoint_waits_for_no_reader() {
    let (_scratch, database, mut writer) = start();
    let (looked, has_looked) = std::sync::mpsc::channel();
    let (finish, may_finish) = std::sync::mpsc::channel::<()>();
    let reading = std::thread::spawn(move || {
        database.read_blocking(move |reader| {
            looked.send(count(reader)).unwrap();
            may_finish.recv().unwrap();
            Ok::<_, Error>(count(reader))
        })
    });
    assert_eq!(has_looked.recv().unwrap(), 0);
    // Past 64 MiB, where the log is to be truncated and cannot be.
    for _ in 0..70 {
        insert(&mut writer, 1 << 20).unwrap();
        writer.checkpoint_if_due().unwrap();
    }
    assert!(matches!(writer.checkpoint(), Err(Error::Unavailable(_))));
    finish.send(()).unwrap();
    assert_eq!(reading.join().unwrap().unwrap(), 0);
    writer.checkpoint().unwrap();
    assert_eq!(count(&mut writer), 70);
}

#[test]
fn backup_is_one_readable_file() {
    let (scratch, database, mut writer) = start();
    insert(&mut writer, 100_000).unwrap();
    let copy = path(&scratch).with_extension("backup");
    // Uncommitted work is not in it, and does not hinder it.
    writer.begin().unwrap();
    insert(&mut writer, 10).unwrap();
    let to = copy.clone();
    database.read_blocking(move |reader| reader.backup_to(&to)).unwrap();
    writer.commit().unwrap();

    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let again = copy.clone();
    let refused = database.read_blocking(move |reader| reader.backup_to(&again));
    assert!(matches!(refused, Err(Error::Unavailable(_))));

    let restored = Database::open(&Config::new(Target::Sqlite { path: copy }, 2)).unwrap();
    let (rows, sound) = restored
        .read_blocking(|reader| {
            let check = reader.query_one("PRAGMA integrity_check", params![])?;
            Ok::<_, Error>((count(reader), check.get::<String>(0)?))
        })
        .unwrap();
    assert_eq!((rows, sound.as_str()), (1, "ok"));
}

//! What is PostgreSQL's own: a connection that is lost, and use from within an async runtime.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use database::testing::Scratch;
use database::{Connection, Engine, Error, Target, params};

fn cut(scratch: &Scratch, backend: i64) {
    let Target::Postgres { url } = scratch.target() else { panic!("not on this engine") };
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    // Waits until the backend has ended, up to five seconds.
    let sql = "SELECT pg_terminate_backend($1, 5000)";
    let ended: bool = client.query_one(sql, &[&i32::try_from(backend).unwrap()]).unwrap().get(0);
    assert!(ended);
}

fn backend(connection: &mut Connection) -> i64 {
    connection.query_one("SELECT pg_backend_pid()", params![]).unwrap().get(0).unwrap()
}

#[test]
fn writer_comes_back_with_its_lock() {
    let scratch = Scratch::new(Engine::Postgres);
    let database = scratch.open().unwrap();
    let mut writer = database.writer().unwrap();
    writer.begin().unwrap();
    let insert = "INSERT INTO settings (key, value) VALUES ('a', 'b')";
    writer.execute(insert, params![]).unwrap();
    cut(&scratch, backend(&mut writer));
    assert!(matches!(writer.execute(insert, params![]), Err(Error::Unavailable(_))));
    assert!(!writer.in_transaction());
    assert!(matches!(writer.rollback_to(), Err(Error::Unavailable(_))));
    assert!(matches!(writer.commit(), Err(Error::Unavailable(_))));

    writer.begin().unwrap();
    let rows = writer.query("SELECT key FROM settings", params![]).unwrap();
    assert!(rows.is_empty(), "what was lost is not there");
    writer.execute(insert, params![]).unwrap();
    writer.commit().unwrap();
    let other = scratch.open().unwrap();
    assert!(matches!(other.writer(), Err(Error::Unavailable(_))), "the lock is held again");
    drop(writer);
    other.writer().unwrap();
}

#[test]
fn commit_on_a_lost_connection_fails() {
    let scratch = Scratch::new(Engine::Postgres);
    let database = scratch.open().unwrap();
    let mut writer = database.writer().unwrap();
    writer.begin().unwrap();
    cut(&scratch, backend(&mut writer));
    assert!(matches!(writer.commit(), Err(Error::Unavailable(_))));
    writer.begin().unwrap();
    writer.commit().unwrap();
}

#[test]
fn reader_comes_back() {
    let scratch = Scratch::new(Engine::Postgres);
    let mut config = database::Config::new(scratch.target().clone(), 1);
    config.readers = 1;
    let database = database::Database::open(&config).unwrap();
    let pid = database.read_blocking(|reader| Ok::<_, Error>(backend(reader))).unwrap();
    cut(&scratch, pid);
    let mut after = database.read_blocking(|reader| reader.query_one("SELECT 1", params![]));
    if matches!(after, Err(Error::Unavailable(_))) {
        // The one that saw the loss.
        after = database.read_blocking(|reader| reader.query_one("SELECT 1", params![]));
    }
    assert_eq!(after.unwrap().get::<i64>(0).unwrap(), 1);
}

#[test]
fn works_from_within_a_runtime() {
    let scratch = Scratch::new(Engine::Postgres);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let writer = runtime.block_on(async {
        let database = scratch.open().unwrap();
        let writer = database.writer().unwrap();
        let row = database.read(|reader| reader.query_one("SELECT 1", params![])).await.unwrap();
        assert_eq!(row.get::<i64>(0).unwrap(), 1);
        writer
    });
    drop(writer);
}

#[test]
fn backup_is_left_to_pg_dump() {
    let scratch = Scratch::new(Engine::Postgres);
    let database = scratch.open().unwrap();
    let path = std::env::temp_dir().join("never-made.backup");
    let refused = database.read_blocking(move |reader| reader.backup_to(&path));
    assert!(matches!(refused, Err(Error::Unsupported(_))));
}

//! Brings a database's schema to what this program needs. One text for both engines; a migration
//! that was applied is never edited, and its checksum holds us to that.
//!
//! What only one engine has stands after a line `-- only sqlite` or `-- only postgres`, up to the next such line
//! or a line `-- both engines`; it is that engine's own SQL, in which no types are translated.

use sha2::{Digest, Sha256};

use crate::{Connection, Engine, Error, params};

pub(crate) struct Migration {
    /// 1, 2, 3 … without a gap.
    version: i64,
    name: &'static str,
    sql: &'static str,
}

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "foundation",
        sql: include_str!("migrations/0001_foundation.sql"),
    },
    Migration { version: 2, name: "chat", sql: include_str!("migrations/0002_chat.sql") },
    Migration { version: 3, name: "site", sql: include_str!("migrations/0003_site.sql") },
    Migration { version: 4, name: "forum", sql: include_str!("migrations/0004_forum.sql") },
    Migration {
        version: 5,
        name: "moderation",
        sql: include_str!("migrations/0005_moderation.sql"),
    },
    Migration {
        version: 6,
        name: "index_steps",
        sql: include_str!("migrations/0006_index_steps.sql"),
    },
    Migration {
        version: 7,
        name: "forum_steps",
        sql: include_str!("migrations/0007_forum_steps.sql"),
    },
    Migration {
        version: 8,
        name: "search_merges",
        sql: include_str!("migrations/0008_search_merges.sql"),
    },
    Migration { version: 9, name: "admins", sql: include_str!("migrations/0009_admins.sql") },
];

/// Applies what is missing, all in one transaction of the writing connection.
pub(crate) fn run(
    connection: &mut Connection,
    migrations: &[Migration],
    now_ms: i64,
) -> Result<(), Error> {
    connection.begin()?;
    let applied = apply_missing(connection, migrations, now_ms);
    match applied {
        Ok(()) => connection.commit(),
        Err(error) => {
            // The first error says what is wrong; the rollback has nothing to add.
            let _ = connection.rollback();
            Err(error)
        }
    }
}

/// Whether a run would change nothing.
///
/// # Errors
/// [`Error::Migration`] if the database is newer than this program or was made by other texts.
pub(crate) fn is_current(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<bool, Error> {
    if !has_table(connection)? {
        return Ok(false);
    }
    let applied = connection.query(
        "SELECT version, name, checksum FROM schema_migrations ORDER BY version",
        params![],
    )?;
    for row in &applied {
        let (version, name): (i64, String) = (row.get(0)?, row.get(1)?);
        let Some(known) = migrations.iter().find(|known| known.version == version) else {
            return Err(Error::Migration(format!(
                "the database is newer than this program: it has migration {version} ({name})"
            )));
        };
        if row.text(2)? != known.checksum() {
            return Err(Error::Migration(format!(
                "migration {version} ({name}) was applied with another text than this program has"
            )));
        }
    }
    Ok(applied.len() == migrations.len())
}

fn apply_missing(
    connection: &mut Connection,
    migrations: &[Migration],
    now_ms: i64,
) -> Result<(), Error> {
    if is_current(connection, migrations)? {
        return Ok(());
    }
    let table = "CREATE TABLE IF NOT EXISTS schema_migrations (
        version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL,
        checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)";
    connection.batch(&text_for(connection.engine(), table))?;
    for migration in migrations {
        let version = migration.version;
        let known = "SELECT 1 FROM schema_migrations WHERE version = $1";
        if connection.query_optional(known, params![version])?.is_some() {
            continue;
        }
        connection.batch(&text_for(connection.engine(), migration.sql)).map_err(
            |error| match error {
                Error::Sql(text) => Error::Migration(format!("migration {version}: {text}")),
                other => other,
            },
        )?;
        connection.execute(
            "INSERT INTO schema_migrations (version, name, checksum, applied_at)
             VALUES ($1, $2, $3, $4)",
            params![version, migration.name, migration.checksum(), now_ms],
        )?;
    }
    Ok(())
}

fn has_table(connection: &mut Connection) -> Result<bool, Error> {
    let sql = match connection.engine() {
        Engine::Sqlite => {
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'"
        }
        Engine::Postgres => "SELECT 1 WHERE to_regclass('schema_migrations') IS NOT NULL",
    };
    Ok(connection.query_optional(sql, params![])?.is_some())
}

impl Migration {
    fn checksum(&self) -> String {
        Sha256::digest(self.sql).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The same schema in the engine's own words.
fn text_for(engine: Engine, sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut part = String::new();
    // Of both engines, until a line says otherwise.
    let mut only = None;
    for line in sql.split_inclusive('\n').chain(["-- both engines"]) {
        let next = match line.trim_end() {
            "-- only sqlite" => Some(Engine::Sqlite),
            "-- only postgres" => Some(Engine::Postgres),
            "-- both engines" => None,
            _ => {
                part.push_str(line);
                continue;
            }
        };
        match only {
            None if engine == Engine::Postgres => out.push_str(&translated(&part)),
            Some(other) if other != engine => {}
            _ => out.push_str(&part),
        }
        part.clear();
        only = next;
    }
    out
}

/// In PostgreSQL's words: types by whole word, upper case only, and text that compares by bytes, as it does in
/// SQLite. Comments are left out.
fn translated(sql: &str) -> String {
    let lines = sql.split('\n').map(|line| line.split("--").next().unwrap_or(line));
    let code = lines.collect::<Vec<_>>().join("\n").replace(" WITHOUT ROWID", "");
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(code.len());
    let mut rest = code.as_str();
    while !rest.is_empty() {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        out.push_str(match word {
            "INTEGER" => "BIGINT",
            "BLOB" => "BYTEA",
            "TEXT" => "TEXT COLLATE \"C\"",
            other => other,
        });
        let gap = after.find(is_word).unwrap_or(after.len());
        out.push_str(&after[..gap]);
        rest = &after[gap..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use crate::connection::Role;
    use crate::testing::Scratch;

    const FIRST: Migration =
        Migration { version: 1, name: "first", sql: "CREATE TABLE a (b INTEGER, c BLOB);" };
    const SECOND: Migration = Migration {
        version: 2,
        name: "second",
        sql: "CREATE TABLE d (e TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO d (e) VALUES ('x');",
    };
    const BROKEN: Migration =
        Migration { version: 2, name: "broken", sql: "DROP TABLE a; DROP TABLE nothing;" };

    fn on_both(test: fn(&mut Connection)) {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let scratch = Scratch::new(engine);
            let database = scratch.open().unwrap();
            let mut writer = database.writer().unwrap();
            // Only the runner's own table stands in the way of an empty database.
            writer.batch("DROP TABLE schema_migrations").unwrap();
            test(&mut writer);
        }
    }

    fn applied(writer: &mut Connection) -> Vec<(i64, i64)> {
        let sql = "SELECT version, applied_at FROM schema_migrations ORDER BY version";
        let rows = writer.query(sql, params![]).unwrap();
        rows.iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap())).collect()
    }

    #[test]
    fn each_is_applied_once() {
        on_both(|writer| {
            assert!(!is_current(writer, &[FIRST]).unwrap());
            run(writer, &[FIRST], 5).unwrap();
            run(writer, &[FIRST], 6).unwrap();
            assert!(!is_current(writer, &[FIRST, SECOND]).unwrap());
            run(writer, &[FIRST, SECOND], 7).unwrap();
            run(writer, &[FIRST, SECOND], 8).unwrap();
            assert_eq!(applied(writer), [(1, 5), (2, 7)]);
            assert_eq!(writer.query("SELECT e FROM d", params![]).unwrap().len(), 1);
        });
    }

    #[test]
    fn another_text_is_refused() {
        on_both(|writer| {
            run(writer, &[FIRST], 5).unwrap();
            let edited = Migration { sql: "CREATE TABLE a (b INTEGER);", ..FIRST };
            let refused = run(writer, &[edited], 6);
            assert!(
                matches!(refused, Err(Error::Migration(text)) if text.contains("another text"))
            );
        });
    }

    #[test]
    fn a_newer_database_is_refused() {
        on_both(|writer| {
            run(writer, &[FIRST, SECOND], 5).unwrap();
            let refused = run(writer, &[FIRST], 6);
            assert!(matches!(refused, Err(Error::Migration(text)) if text.contains("newer")));
        });
    }

    #[test]
    fn a_broken_one_leaves_nothing() {
        on_both(|writer| {
            run(writer, &[FIRST], 5).unwrap();
            assert!(matches!(run(writer, &[FIRST, BROKEN], 6), Err(Error::Migration(_))));
            assert_eq!(applied(writer), [(1, 5)]);
            assert!(writer.query("SELECT b, c FROM a", params![]).unwrap().is_empty());
        });
    }

    #[test]
    fn the_real_ones_are_numbered_and_seeded() {
        let versions: Vec<_> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        assert!(versions.iter().copied().eq(1..=i64::try_from(versions.len()).unwrap()));
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let scratch = Scratch::new(engine);
            let first: Database = scratch.open().unwrap();
            let again = scratch.open().unwrap();
            drop(first);
            let sql = "SELECT value FROM counters WHERE name = $1";
            let value = again.read_blocking(move |reader| reader.query_one(sql, params!["user"]));
            assert_eq!(value.unwrap().get::<i64>(0).unwrap(), 10_000);
        }
    }

    /// A group of two with something said in it, as the first release stored it.
    const OF_THE_FOUNDATION: &str = "
        INSERT INTO users (id, username, username_key, username_skeleton, name, name_key, created_at)
            VALUES (10001, 'ann', 'ann', 'ann', 'Ann', 'ann', 1), (10002, 'ben', 'ben', 'ben', 'Ben', 'ben', 1);
        INSERT INTO conversations (id, kind, last_seq, last_ordinal, last_message_at, created_at)
            VALUES (100001, 'group', 1, 1, 2, 1);
        INSERT INTO groups (conversation_id, name, name_key, open_name_key, announcement, owner_id,
                            member_count, created_at)
            VALUES (100001, 'Club', 'club', 'club', 'Friday at 7', 10001, 2, 1);
        INSERT INTO members (user_id, conversation_id, role, pinned, muted, joined_at)
            VALUES (10001, 100001, 'owner', 1, 0, 1), (10002, 100001, 'member', 0, 1, 1);
        INSERT INTO messages (id, conversation_id, seq, position, ordinal, sender_id, client_id, digest,
                              kind, text, sent_at)
            VALUES (1, 100001, 1, 3, 1, 10001, 'a', NULL, 'text', 'hello', 2);
    ";

    #[test]
    fn a_database_of_the_foundation_keeps_what_is_in_it() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let scratch = Scratch::new(engine);
            let mut writer = Connection::open(scratch.target(), Role::Writer, None).unwrap();
            run(&mut writer, &MIGRATIONS[..1], 5).unwrap();
            writer.batch(OF_THE_FOUNDATION).unwrap();
            run(&mut writer, MIGRATIONS, 6).unwrap();
            assert_eq!(applied(&mut writer)[..2], [(1, 5), (2, 6)]);
            let sql = "SELECT pinned, muted, archived_ordinal, marked_unread FROM members
                       WHERE user_id = 10002 AND conversation_id = 100001";
            let own = writer.query_one(sql, params![]).unwrap();
            let number = |n| own.get::<Option<i64>>(n).unwrap();
            assert_eq!([0, 1, 2, 3].map(number), [Some(0), Some(1), None, Some(0)]);
            let sql = "SELECT text, author_id, n FROM announcements WHERE conversation_id = 100001";
            let announced = writer.query_one(sql, params![]).unwrap();
            assert_eq!(announced.text(0).unwrap(), "Friday at 7");
            let numbers = [1, 2].map(|n| announced.get::<i64>(n).unwrap());
            assert_eq!(numbers, [10_001, 1], "the owner's");
            let sql = "SELECT text, details FROM messages WHERE id = 1";
            let said = writer.query_one(sql, params![]).unwrap();
            assert_eq!(said.text(0).unwrap(), "hello");
            assert_eq!(said.get::<Option<String>>(1).unwrap(), None);
        }
    }

    #[test]
    fn types_are_translated_by_whole_word() {
        let sql = "a INTEGER, -- INTEGER\nb BLOB, c TEXT) WITHOUT ROWID; INTEGERS 'text'";
        let translated = "a BIGINT, \nb BYTEA, c TEXT COLLATE \"C\"); INTEGERS 'text'";
        assert_eq!(text_for(Engine::Postgres, sql), translated);
        assert_eq!(text_for(Engine::Sqlite, sql), sql);
    }

    #[test]
    fn what_only_one_engine_has_is_left_to_it() {
        let sql = "a INTEGER\n-- only sqlite\nb INTEGER -- x\n-- only postgres\nc INTEGER[]\n\
                   -- both engines\nd INTEGER\n-- only sqlite\ne";
        assert_eq!(text_for(Engine::Sqlite, sql), "a INTEGER\nb INTEGER -- x\nd INTEGER\ne");
        assert_eq!(text_for(Engine::Postgres, sql), "a BIGINT\nc INTEGER[]\nd BIGINT\n");
    }
}

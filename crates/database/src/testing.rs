//! A scratch database for one test, on either engine. Behind the feature `testing`; no data of
//! anybody's is ever here.

use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};

use crate::{Config, Database, Engine, Error, Target};

/// Names the PostgreSQL server in which tests make their databases.
pub const POSTGRES_VARIABLE: &str = "ROOKERY_TEST_POSTGRES_URL";

/// An empty database that is removed when this is dropped.
pub struct Scratch {
    target: Target,
    /// Holds SQLite's file; removes itself.
    _directory: Option<tempfile::TempDir>,
    /// PostgreSQL's server, and the database's name there.
    made: Option<(String, String)>,
}

impl Scratch {
    /// Makes one.
    ///
    /// # Panics
    /// If it cannot be made; above all without [`POSTGRES_VARIABLE`], since a test that is
    /// silently skipped tests nothing.
    pub fn new(engine: Engine) -> Scratch {
        match engine {
            Engine::Sqlite => {
                let directory = tempfile::tempdir().expect("a temporary directory can be made");
                let target = Target::Sqlite { path: directory.path().join("rookery.db") };
                Scratch { target, _directory: Some(directory), made: None }
            }
            Engine::Postgres => {
                let server = std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
                    panic!("{POSTGRES_VARIABLE} is not set: run `cargo xtask test`, or `cargo xtask postgres -- CMD`")
                });
                let name = fresh_name();
                let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
                on_server(&server, &create).expect("the test server makes databases");
                let target = Target::Postgres { url: with_database(&server, &name) };
                Scratch { target, _directory: None, made: Some((server, name)) }
            }
        }
    }

    /// Where it is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Opens it, with the schema, as of the first millisecond of 1970.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open(&self) -> Result<Database, Error> {
        Database::open(&Config::new(self.target.clone(), 1))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.made {
            // A database left behind in a throw-away server is no reason to fail a test.
            let _ = on_server(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// Unique among the tests that run at once: by process, and by number within it.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("scratch_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn on_server(server: &str, sql: &str) -> Result<(), postgres::Error> {
    crate::on_plain_thread(|| Client::connect(server, NoTls)?.batch_execute(sql))
}

/// The URL with another database: `postgres://authority[/database][?parameters]`.
fn with_database(url: &str, name: &str) -> String {
    let (base, parameters) = url.split_once('?').unwrap_or((url, ""));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{}/{name}{mark}{parameters}", &base[..end])
}

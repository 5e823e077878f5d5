//! Where the database is and how it is to be opened. Reading flags and files is the server's matter.

use std::fmt;
use std::path::PathBuf;

use crate::{Engine, Error};

/// Reader threads when nothing else is asked for.
const DEFAULT_READERS: usize = 4;

/// Which database to use.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file; it is made if it does not exist, its directory is not.
    Sqlite {
        /// Path of the file.
        path: PathBuf,
    },
    /// A PostgreSQL server, 15 or later, without TLS: keep it on this machine or a private network.
    Postgres {
        /// `postgres://user:password@host:port/database`.
        url: String,
    },
}

impl Target {
    /// Reads `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// A relative path is relative to the working directory.
    ///
    /// # Errors
    /// [`Error::Config`] for anything else.
    pub fn parse(url: &str) -> Result<Target, Error> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if path.is_empty() || path == ":memory:" || path.contains('?') {
                return Err(Error::Config(
                    "a SQLite URL is sqlite:PATH, the path of a file".into(),
                ));
            }
            return Ok(Target::Sqlite { path: PathBuf::from(path) });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Target::Postgres { url: url.to_owned() });
        }
        Err(Error::Config(
            "a database URL starts with sqlite:, postgres:// or postgresql://".into(),
        ))
    }

    /// The engine that this target needs.
    pub fn engine(&self) -> Engine {
        match self {
            Target::Sqlite { .. } => Engine::Sqlite,
            Target::Postgres { .. } => Engine::Postgres,
        }
    }
}

/// Leaves out the URL of PostgreSQL, which may hold a password.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            Target::Postgres { .. } => f.debug_struct("Postgres").finish_non_exhaustive(),
        }
    }
}

/// How to open a database.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which database.
    pub target: Target,
    /// Reader threads, each with a connection that is opened at its first read. At least 1.
    pub readers: usize,
    /// The time now in milliseconds since 1970 UTC; stamped on migrations.
    pub now_ms: i64,
}

impl Config {
    /// The usual configuration for `target`.
    pub fn new(target: Target, now_ms: i64) -> Config {
        Config { target, readers: DEFAULT_READERS, now_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let sqlite = |path: &str| Target::Sqlite { path: path.into() };
        assert_eq!(Target::parse("sqlite:a/b.db").unwrap(), sqlite("a/b.db"));
        assert_eq!(Target::parse("sqlite:/a/b.db").unwrap(), sqlite("/a/b.db"));
        assert_eq!(Target::parse("sqlite://a/b.db").unwrap(), sqlite("a/b.db"));
        assert_eq!(Target::parse("sqlite:///a/b.db").unwrap(), sqlite("/a/b.db"));
        for url in ["postgres://u:p@h/d", "postgresql:///d?host=/run"] {
            assert_eq!(Target::parse(url).unwrap(), Target::Postgres { url: url.into() });
        }
        for url in ["", "sqlite:", "sqlite://", "sqlite::memory:", "sqlite:a?mode=ro", "mysql://h"]
        {
            assert!(matches!(Target::parse(url), Err(Error::Config(_))), "{url}");
        }
    }

    #[test]
    fn debug_holds_no_password() {
        let target = Target::parse("postgres://u:hunter2@h/d").unwrap();
        assert!(!format!("{:?}", Config::new(target, 0)).contains("hunter2"));
    }
}

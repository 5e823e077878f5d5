//! What can go wrong with a database, in the few kinds that a caller treats differently.
//! How an engine's own errors map to them stands in `sqlite.rs` and `postgres.rs`.

/// A failed call to the database. Messages never hold values of rows or parameters' contents.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The disk is full. Nothing of the statement or commit has been kept; reading goes on.
    #[error("the database's disk is full")]
    Full,
    /// A unique, foreign key or check constraint refused the change.
    #[error("a constraint of the database refused the change")]
    Conflict,
    /// The database cannot be used now: busy, connection lost, I/O or fsync failed, queue full or
    /// closed. After a failed commit it is unknown on PostgreSQL whether the changes were kept.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A column has another type than the caller expected.
    #[error("a row could not be read: {0}")]
    Decode(String),
    /// `query_one` found no row.
    #[error("a row was expected and there was none")]
    NoRow,
    /// The statement or its use is wrong: a bug in the caller.
    #[error("a statement failed: {0}")]
    Sql(String),
    /// The configuration is wrong, or the engine is too old.
    #[error("{0}")]
    Config(String),
    /// The database's schema does not fit this program.
    #[error("{0}")]
    Migration(String),
    /// This engine cannot do that.
    #[error("{0}")]
    Unsupported(&'static str),
}

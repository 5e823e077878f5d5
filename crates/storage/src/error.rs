//! What can go wrong with a storage.

use std::io;

/// Why a storage did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such object.
    #[error("there is no such object")]
    NotFound,
    /// The disk or the bucket is full.
    #[error("the storage is full")]
    Full,
    /// It does not answer, or refuses; what it said.
    #[error("the storage does not work: {0}")]
    Unavailable(String),
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        if let object_store::Error::NotFound { .. } = error { Self::NotFound } else { told(&error) }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => told(&error),
        }
    }
}

/// With what caused it: an object store says little itself.
fn told(error: &dyn std::error::Error) -> Error {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    Error::Unavailable(text)
}

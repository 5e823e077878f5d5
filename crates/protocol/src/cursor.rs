//! A place in the log that a device has read up to: `epoch` + `position`.
//!
//! Why the epoch: after a restore from backup the log may count the same positions again for other events. A
//! device at position 900 that meets a log restored to 700 must not wait until 901 comes round and silently
//! miss 701 to 900. The restore writes a new epoch, and a cursor of another epoch is answered with `reset`.

use std::{fmt, str::FromStr};

use crate::Position;

/// An opaque string to clients: `<epoch>.<position>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// 1 to 32 characters of `[0-9a-z]`, drawn at random when the log is made or restored.
    pub epoch: String,
    /// Everything up to and including this position has been looked through.
    pub position: Position,
}

/// Not a cursor that any server has handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedCursor;

impl fmt::Display for MalformedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("malformed cursor")
    }
}

impl std::error::Error for MalformedCursor {}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.position)
    }
}

impl FromStr for Cursor {
    type Err = MalformedCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, position) = text.split_once('.').ok_or(MalformedCursor)?;
        let epoch_ok = (1..=32).contains(&epoch.len())
            && epoch.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
        let digits_ok =
            (1..=16).contains(&position.len()) && position.bytes().all(|b| b.is_ascii_digit());
        if !epoch_ok || !digits_ok {
            return Err(MalformedCursor);
        }
        let position = position.parse().map_err(|_| MalformedCursor)?;
        Ok(Self { epoch: epoch.to_owned(), position })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_nonsense_is_refused() {
        let cursor = Cursor { epoch: "k3f9".into(), position: Position(42) };
        assert_eq!(cursor.to_string(), "k3f9.42");
        assert_eq!("k3f9.42".parse(), Ok(cursor));
        for bad in [
            "",
            ".",
            "k",
            "k.",
            ".1",
            "k.-1",
            "k.+1",
            "K.1",
            "k.99999999999999999999",
            "k.1.2",
            "k. 1",
        ] {
            assert_eq!(bad.parse::<Cursor>(), Err(MalformedCursor), "{bad}");
        }
    }
}

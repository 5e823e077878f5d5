//! The heart: the event log, the hub and the sessions.

mod clock;

pub use clock::{Clock, Random};

//! The heart: an append-only event log, and devices that read it by cursor.
//!
//! # The story of one event
//!
//! A feature asks [`Delivery::write`] to run a closure. The closure gets a [`Unit`]: it checks, changes rows,
//! and [`Unit::append`]s an event to a stream (a conversation, or one user's private stream). Many units
//! share one commit. Only after that commit is durable does the writer thread publish: the encoded events go
//! into the [tail], the audience of connected users is brought up to date, and the [hub] wakes
//! the sessions concerned. A wake carries nothing; it means "look again".
//!
//! A [`Session`] is one connected device. It holds a cursor, and [`Session::next_batch`] reads what lies after
//! it: from the tail if the tail still reaches back that far, else from the [log]. Catching up and
//! live delivery are this one call, and all transports make it. What the user may see is decided by the
//! positions at which they were admitted and dismissed, in log order, never by what is true "now".
//!
//! Typing, presence and profile changes are ephemeral: they travel beside the log, best effort.
//!
//! # Invariants
//!
//! * Nothing here knows HTTP, or any feature.
//! * Commit is the only publisher; a reply to a writer is given after publishing, so that whoever was told
//!   "sent" finds it in the next request.
//! * A wake may be lost, repeated or late: a slow sweep finds whoever has something to read.
//! * Every queue, batch and table has a bound, in [`Limits`] or beside it.
//! * Lock order: `Hub::index`, then one user's audience, then one stream of the tail. Nothing awaits or
//!   touches the database while holding any of them.

mod audience;
mod batch;
mod clock;
mod delivery;
mod hub;
mod limits;
mod log;
mod node;
mod presence;
mod session;
mod signal;
mod tail;
mod unit;
mod user;
mod wake;
mod writer;

pub use audience::Since;
pub use batch::EncodedBatch;
pub use clock::{Clock, Random};
pub use delivery::{Delivery, Stats};
pub use hub::{Device, DeviceId, Transport};
pub use limits::Limits;
pub use session::{End, Next, Session};
pub use unit::{Stream, Unit};
pub use wake::Wakes;

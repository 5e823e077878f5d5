//! Notifications: what a person is told outside of any conversation. Higher slices say what happened
//! ([`notify()`]) in the unit in which it happens; this one keeps it, counts what is unread, and tells devices.
//!
//! Events: `notification.created` and `notification.read`, on the private stream. Both carry the number of unread
//! ones, so that no device has to count.
//!
//! *Invariants*
//! * A notification names things and holds no text of theirs: what the reader may see of them is asked when it is
//!   shown, so nothing that was hidden or removed lives on here.
//! * Nobody is told of what they did themselves, nor of what is done by somebody whom they blocked.
//! * A person has at most [`MAX_KEPT`]; older ones go.
//! * What was told of an article that can be read no longer is shown from that unit on to nobody, and is taken away some
//!   at a time.

mod list;
mod notify;
pub(crate) mod routes;
mod store;

pub(crate) use notify::{Told, forget_article, forget_comment, forget_reader, forget_some, notify};
pub(crate) use store::to_forget;

/// The most notifications of a person.
const MAX_KEPT: i64 = 1_000;

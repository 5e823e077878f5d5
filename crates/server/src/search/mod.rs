//! Search: messages, people, groups, members of a conversation, files by their names, articles and comments. No events.
//!
//! *Invariants*
//! * Nothing of a send waits for the index: it is filled behind, from `messages` by their dense ids, and from the
//!   queues `message_changes`, `name_changes` and `post_changes`, which the slices below write in the unit of the change.
//! * A search sees everything that was acknowledged before it: what the index has not taken up is read through.
//! * What is answered is read as it is now, by the rights of now: the index only offers candidates.
//! * Both engines give the same results: they offer exactly those that have the numbers asked for, and what is
//!   found is decided here (`crate::fold`, `sounds.rs`).
//! * The work of one request is bounded; a page may be short, and goes on with its cursor.

mod grams;
mod indexer;
mod members;
mod messages;
mod names;
mod posts;
#[cfg(test)]
mod recall;
pub(crate) mod routes;
mod run;
mod sounds;
mod store;

use crate::fold;

pub use indexer::{catch_up, follow};

pub(crate) use indexer::{prepare, seed};

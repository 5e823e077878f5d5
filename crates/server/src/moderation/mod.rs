//! Moderation: what people report, the cases that moderators decide, appeals, and the list of words.
//!
//! A case gathers everything about one thing (`crate::review`). A decision acts on it by the functions of the slice
//! whose it is, closes the case, tells the person concerned and those who reported, and is recorded, all in one
//! unit. People are told by notifications; what waits for moderators is told to them by `crate::review`.
//!
//! *Invariants*
//! * Of two moderators who decide a case at once, one does; the other gets a 409.
//! * A moderator sees what was reported and a little around it, and nothing else of a conversation.
//! * Nobody acts on those who may do what they may not (`accounts::check_below`).
//! * What a person said is told to nobody by a notification, an audit entry or a log line.

mod appeal;
mod carry_out;
mod cases;
mod decide;
mod people;
mod report;
pub(crate) mod routes;
mod store;
mod subject;
mod words;

pub(crate) use decide::NewDecision;
pub(crate) use people::{act_on, count_open};

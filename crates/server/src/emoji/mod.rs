//! Custom emoji and stickers: small pictures with names, of the whole site or of a group.
//!
//! # Invariants
//! * Among those of a place and kind that were not removed, a name is there once.
//! * A picture never changes, and stays for as long as the database: messages that show it outlive the emoji.
//! * What is stored was encoded here, from pixels; but one that moves is as it came, without what is not the picture,
//!   and has a still picture beside it.
//!
//! There is no event: messages carry what they show, and pickers ask for the list when they are opened.

mod add;
mod list;
mod remove;
pub(crate) mod routes;
mod store;

pub(crate) use list::is_id;
pub(crate) use store::{named, sticker};

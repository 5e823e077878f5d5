//! `/groups`: extract, call, reply.

mod announcements;
mod group;
mod links;
mod members;
mod requests;

pub(crate) use announcements::*;
pub(crate) use group::*;
pub(crate) use links::*;
pub(crate) use members::*;
pub(crate) use requests::*;

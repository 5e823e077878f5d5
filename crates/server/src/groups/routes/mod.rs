//! `/groups`: extract, call, reply.

mod group;
mod members;
mod requests;

pub(crate) use group::*;
pub(crate) use members::*;
pub(crate) use requests::*;

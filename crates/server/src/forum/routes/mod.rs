//! `/forum/…`: extract, call, reply.

pub(crate) mod articles;
pub(crate) mod categories;
pub(crate) mod chat;
pub(crate) mod comments;
pub(crate) mod writing;

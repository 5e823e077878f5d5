//! What stands for a person when a request arrives: a browser's session or a program's token.
//!
//! *Invariant*: what [`Devices`] remembers is removed on the writer thread, right after the commit that ends a
//! device and before anybody is told that it has ended. There is no time to live: an entry is right until it
//! is removed. With several nodes, the ring that announces a commit has to carry ended devices to the others.

mod authenticate;
mod known;
mod revoke;
mod sessions;
mod store;
mod tokens;

pub use authenticate::{authenticate, has_ended};
pub(crate) use known::Devices;
pub(crate) use revoke::{Ended, revoking};
pub(crate) use sessions::{
    NewSession, Origin, end, end_current, end_former, end_session, list, open, replace_all,
};
pub(crate) use store::{delete_sessions, delete_tokens, sessions_of, token_ids};
pub use tokens::{create_token, create_token_for};
pub(crate) use tokens::{list_tokens, revoke_token};

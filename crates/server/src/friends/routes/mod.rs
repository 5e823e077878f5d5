//! What friends answer over HTTP: extract, call, reply. No SQL, no rules. The table is in `router/table.rs`.

pub(crate) mod blocks;
pub(crate) mod friendships;
pub(crate) mod profile;
pub(crate) mod requests;

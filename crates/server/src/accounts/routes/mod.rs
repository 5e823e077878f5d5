//! What accounts answer over HTTP: extract, call, reply. No SQL, no rules. The table is in `router/table.rs`.

pub(crate) mod invitations;
pub(crate) mod profiles;
pub(crate) mod roles;
pub(crate) mod sessions;

//! What those who look after the site see and do: people, groups, settings, the audit log, and the server itself; and
//! what everybody may do with all that is theirs: take it along, or delete it.
//!
//! It reads across the tables of the slices below, and changes things by their functions only. Events: `site.updated`
//! on the site's stream. Every act is recorded in the audit log, in the unit that does it.
//!
//! *Invariants*
//! * Every route names the permission that opens it, and its row in the permission matrix says so.
//! * A backup is everything there is: only an admin gets one, who has just given their password.
//! * No secret is in an answer, but for a new password, which is shown once.

mod audit_log;
mod backup;
mod delete_account;
mod export;
mod groups;
mod logo;
mod overview;
mod posts;
pub(crate) mod routes;
mod server;
mod sessions;
mod settings;
mod store;
mod users;

pub(crate) use backup::Tickets;

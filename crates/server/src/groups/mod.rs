//! Groups (群): a conversation with a name and rules. This slice owns the rules: who comes in, who goes, who may
//! change what. Who is in is kept by `conversations`.
//!
//! Events: `member.joined`, `member.left`, `member.updated`, `group.updated` and `group.dissolved` on the
//! conversation's stream; `join_request.*` on the private streams of owner, admins and the one who asks.
//! What members should read of is also a notice in the conversation.
//!
//! *Invariants*
//! * Every rule is checked in the unit that acts on it, with the log's head locked.
//! * `member_count` is the number of members who are in, and never above `max_members`.
//! * There is exactly one owner.
//! * Whoever leaves sees their own leaving, and nothing after it.

mod announcements;
mod change;
mod create;
mod discussion;
mod dissolve;
mod find;
mod forget;
mod join;
mod leave;
mod links;
mod members;
mod name;
mod notice;
mod requests;
mod rights;
pub(crate) mod routes;
mod store;
mod transfer;

pub(crate) use discussion::{Talked, discuss, discussion, public_since};
pub(crate) use dissolve::dissolve_by_moderators;
pub(crate) use forget::forget_member;
pub(crate) use store::{groups_of, open_group, page};

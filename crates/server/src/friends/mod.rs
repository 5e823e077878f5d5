//! Friends: requests, friendships with remark and folder, blocks; and telling friends of presence and profiles.
//!
//! Events, each on the private streams of those concerned: `friend_request.created`, `.declined`,
//! `.withdrawn` and `friend.added`, `.removed` to both; `friend.updated`, `block.added`, `.removed` to the one
//! who did it. The one blocked is told of nothing but the end of the friendship.
//!
//! # Invariants
//! * A friendship is two rows, made and deleted in one unit.
//! * Between two people there is no friendship, and no request, while one blocks the other.
//! * At most one request waits between two people: the second one, the other way round, makes them friends.
//! * Every unit here locks the head of the log before it looks, so that of two accepts exactly one wins.
//! * Becoming friends clears the group of a temporary session between the two: it does not come back when they
//!   part. `friend.added` says it; `conversations` has no event for it.

mod answer;
mod befriend;
mod block;
mod forget;
mod friendship;
mod presence;
mod profile;
mod request;
pub(crate) mod routes;
mod store;
mod view;

pub(crate) use forget::forget;
pub use presence::announce_presence;
pub(crate) use store::blocks;
pub use store::{are_friends, friend_ids, is_blocked, remarks};

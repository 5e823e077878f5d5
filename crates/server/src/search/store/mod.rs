//! All SQL of search: the index, how far it is, and what may be found of the tables of the slices below.

mod index;
mod messages;
mod names;
mod offers;
mod posts;
mod state;

use database::Error;
use serde::Serialize;

pub(super) use index::{Wanted, clear, matching_in, matching_names, merge, put, remove};
pub(super) use messages::{
    Filter, Measured, Visible, after, conversations, messages, newest, own_conversations, sizes,
    visible,
};
pub(super) use names::{
    Named, acquaintances, change_all_names, changed_names, friends, group_names, groups,
    own_groups, settle_name, users,
};
pub(super) use offers::{NUMBERING, Offers, message_document};
pub(super) use posts::{
    PostKind, PostText, change_all_posts, changed_posts, newest_post, public_posts, settle_post,
};
pub(super) use state::{changed, set_state, settle_change, state};

/// A set as the one parameter that both engines can unnest.
fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Sql(error.to_string()))
}

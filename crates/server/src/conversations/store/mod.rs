//! All SQL over conversations, direct pairs and members; of messages, what the slices above need as well: adding
//! some, and reading one back. The table of groups is only read here, for what a list shows.

mod direct;
mod drafts;
mod marks;
mod members;
mod mentions;
mod messages;
mod receipts;
mod saved;
mod settings;
mod views;

pub(super) use direct::{add_direct, direct_of, set_via};
pub(super) use drafts::{draft, set_draft};
pub(super) use marks::{
    Mark, Moved, defer_read, mark_of, move_marks, pending_reads, set_mark, settle_read,
};
pub(super) use members::set_last_position;
pub(super) use mentions::{add_mentions, replace_mentions, unread_mentions};
pub(super) use messages::{
    Head, NewRow, add_change, add_copy, bump, copies, heads, insert_messages, json, update_message,
};
pub(super) use receipts::receipts;
pub(super) use saved::{add_saved, saved_of};
pub(super) use settings::{set_settings, settings};
pub(super) use views::{Place, ViewRow, view_of, views_page};

pub(crate) use members::{
    MemberRow, Membership, add_conversation, close, enter, is_group, leaders, leave, member,
    members, read_everything, roles_among, set_member,
};
pub(crate) use messages::{MESSAGE_BYTES, MESSAGE_COLUMNS, message_at};
pub(crate) use receipts::readers;
pub(crate) use saved::{forget_own, is_saved};
pub(crate) use views::{GROUP_COLUMNS, group_at};

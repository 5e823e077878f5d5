//! Conversations: two people, a group, or oneself (saved messages). This slice owns who is in them (`members`), the one conversation of
//! a pair, read marks, everybody's own settings, and how a conversation looks to one member.
//!
//! Events: `conversation.created`, `conversation.updated`, `conversation.read` and `draft.updated`, all on private
//! streams; and `message.created`, through [`record_messages`], which every message and notice goes through. A message that
//! changes goes through [`rewrite_message`], which leaves no copy of what it was; what is put on it, through
//! [`note_message`].
//!
//! *Invariants*
//! * One direct conversation a pair, for ever; both are members of it for ever. The same for saved messages.
//! * `members.left_at` and the audience of the log change in the same unit.
//! * `unread` is a subtraction: the conversation's `last_ordinal` less the member's `read_ordinal`.
//! * A list is a fixed number of statements, whatever its length.
//!
//! What a group allows is decided in `groups`; who may speak, in `messages`.

mod drafts;
mod list;
mod open;
mod read;
mod record;
mod rewrite;
mod room;
pub(crate) mod routes;
mod settings;
mod store;
mod view;

pub use read::{ReadMarks, tell_pending};

pub(crate) use open::announce;
pub(crate) use read::read;
pub(crate) use record::{Content, Draft, record_messages, record_notice};
pub(crate) use rewrite::{note_message, rewrite_message};
pub(crate) use room::Room;
pub(crate) use store::{
    GROUP_COLUMNS, MESSAGE_BYTES, MESSAGE_COLUMNS, MemberRow, Membership, add_conversation, close,
    enter, forget_own, group_at, is_group, is_saved, leaders, leave, member, members, message_at,
    read_everything, readers, roles_among, set_member,
};

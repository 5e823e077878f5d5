//! Conversations as one member sees them, and pages of them and of their messages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Group, Member, Message, Seq, Timestamp, User};

/// The most unread mentions that a conversation lists.
pub const MAX_UNREAD_MENTIONS: usize = 100;

/// Two people, a group, or oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Two people; there is only ever one for a pair.
    Direct,
    /// A group.
    Group,
    /// One's own, with nobody else in it: saved messages.
    Saved,
}

/// A conversation, as the caller sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    /// Names it.
    pub id: ConversationId,
    /// Two people, a group, or oneself.
    pub kind: ConversationKind,
    /// The peer's remark or name; the group's name; for saved messages clients put it in the reader's language.
    pub title: String,
    /// On direct conversations: the other person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<User>,
    /// On direct conversations: up to where the peer has read, as far as the peer lets others know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer_read_seq: Option<Seq>,
    /// On temporary sessions (临时会话): the group that these two share. Absent for friends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via_group_id: Option<ConversationId>,
    /// On groups: the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// On groups: the caller's own membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Member>,
    /// The newest message that the caller may see.
    pub last_message: Option<Message>,
    /// The newest seq; 0 when nothing was said.
    pub last_seq: Seq,
    /// Read up to here, by the caller.
    pub read_seq: Seq,
    /// Messages after `read_seq`, without notices.
    pub unread: i64,
    /// Those of them that mention the caller, or everybody: ascending, the first [`MAX_UNREAD_MENTIONS`].
    #[serde(default)]
    pub mentions: Vec<Seq>,
    /// Kept on top by the caller.
    pub pinned: bool,
    /// Silent for the caller.
    pub muted: bool,
    /// Put away by the caller: until somebody says something, unless it is muted.
    pub archived: bool,
    /// To be looked at again by the caller, who marked it so; until it is read.
    pub marked_unread: bool,
    /// What the caller has typed and not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
}

/// What somebody has typed and not sent, on whichever of their devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    /// Up to 10,000 characters, never empty.
    pub text: String,
    /// When it was stored.
    pub updated_at: Timestamp,
}

/// The caller's own settings of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationSettings {
    /// The conversation.
    pub id: ConversationId,
    /// Kept on top.
    pub pinned: bool,
    /// Silent.
    pub muted: bool,
    /// Put away: until somebody says something, unless it is muted.
    pub archived: bool,
    /// Marked to be looked at again.
    pub marked_unread: bool,
    /// On direct conversations: the group of a temporary session, if it is one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_group_id: Option<ConversationId>,
}

/// A page of conversations, latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationPage {
    /// The page: pinned ones first, then by their newest message, latest first.
    pub conversations: Vec<Conversation>,
    /// Taken before the list was read: events after it complete the list.
    pub cursor: String,
    /// To be given as `before` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// A page of messages, ascending by `seq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessagePage {
    /// The page: fewer than asked for where they are large (a megabyte of text and whatever else they carry), but
    /// never none while there are more.
    pub messages: Vec<Message>,
    /// Whether there are more in the direction asked for; around a message, older ones.
    pub has_more: bool,
    /// Around a message, and after one: whether there are newer ones than these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_newer: Option<bool>,
    /// The messages that those of the page answer, as they are now: those that the caller may see and that are
    /// not in the page themselves; without some of them where they are large. Ascending by `seq`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quoted: Vec<Message>,
}

//! What one may do to a message and ask about it, once it is there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Mention, Message, Seq, Timestamp, User, UserId};

/// The most edits of one message.
pub const MAX_EDITS: i64 = 100;
/// The most pinned messages of one conversation.
pub const MAX_PINS: i64 = 100;
/// The most readers of a message that are named; `count` counts all.
pub const MAX_READERS: i64 = 500;

/// What a message is to say from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditMessage {
    /// As of a send; may be empty where there are attachments.
    #[schema(max_length = 10000)]
    pub text: String,
    /// As of a send; and those whom the message mentions already, also when they are no members any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// As of a send; also where the message mentions everybody already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentions_all: bool,
}

/// What a message said before it was edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Edit {
    /// Its text then.
    pub text: String,
    /// As of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// When it was replaced by what followed.
    pub edited_at: Timestamp,
}

/// All that a message said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EditList {
    /// Oldest first; at most [`MAX_EDITS`], and fewer where they are large.
    pub edits: Vec<Edit>,
    /// To be given as `from` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// What is pinned in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PinList {
    /// The one pinned last first; at most [`MAX_PINS`], and fewer where they are large.
    pub pins: Vec<Message>,
    /// To be given as `before` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// Who has read a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReaderList {
    /// Those who let others know, and were there when it was sent. By account number, without its sender; at most
    /// [`MAX_READERS`].
    pub readers: Vec<User>,
    /// How many there are.
    pub count: i64,
}

/// How far everybody lets the others know that they have read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptList {
    /// The members, without the caller, by account number.
    pub receipts: Vec<Receipt>,
}

/// How far one member lets the others know that they have read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// Who.
    pub user_id: UserId,
    /// Up to here.
    pub seq: Seq,
    /// What was said before they came does not count.
    pub joined_at: Timestamp,
}

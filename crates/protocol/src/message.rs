//! Messages, and the notices among them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Details, MessageId, Seq, Timestamp, UserId};

/// The longest `client_id`, in printable ASCII characters.
pub const MAX_CLIENT_ID_CHARS: usize = 64;
/// The longest text, in Unicode scalar values.
pub const MAX_TEXT_CHARS: usize = 10_000;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Somebody said something.
    Text,
    /// Something happened in the conversation ("A joined"); never counted as unread.
    Notice,
}

/// What a notice says, for clients to put in the reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeCode {
    /// `user_id` joined by themselves.
    Joined,
    /// `user_id` was brought in or accepted by `actor_id`.
    Added,
    /// `user_id` left.
    Left,
    /// `user_id` was removed by `actor_id`.
    Removed,
    /// The group was renamed by `actor_id`; `text` of the notice is the new name.
    Renamed,
    /// The group was handed to `user_id` by `actor_id`.
    Transferred,
    /// `actor_id` wrote a new announcement.
    Announced,
    /// `actor_id` silenced everybody.
    AllMuted,
    /// `actor_id` let everybody speak again.
    AllUnmuted,
    /// `actor_id` pinned the message at `seq`.
    Pinned,
}

/// The meaning of a notice; the message's `text` says the same in plain English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// What happened.
    pub code: NoticeCode,
    /// Whom it concerns, with their name at that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The name of `user_id` at that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<UserId>,
    /// The name of `actor_id` at that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// The new name, for `renamed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which message, for `pinned`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
}

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Dense over all messages of the server.
    pub id: MessageId,
    /// Where it was said.
    pub conversation_id: ConversationId,
    /// Its place there.
    pub seq: Seq,
    /// Who said it; for a notice, who caused it.
    pub sender_id: UserId,
    /// The idempotency key under which it was sent; absent (`null`) on notices.
    pub client_id: Option<String>,
    /// When the server took it; never goes back within a conversation.
    pub sent_at: Timestamp,
    /// Text or notice.
    pub kind: MessageKind,
    /// What was typed, to the letter: up to 10,000 Unicode scalar values; empty where something else was sent,
    /// and once it is recalled.
    pub text: String,
    /// On notices only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Everything else that it may carry.
    #[serde(flatten)]
    pub details: Details,
}

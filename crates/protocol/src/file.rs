//! Files of a conversation, apart from what was said around them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Attachment, Seq, Timestamp, UserId};

/// Something that is attached to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SharedFile {
    /// The message's place in its conversation.
    pub seq: Seq,
    /// The attachment's place in the message, as in its address.
    pub n: u32,
    /// Who sent it there.
    pub sender_id: UserId,
    /// When.
    pub sent_at: Timestamp,
    /// What it is.
    pub attachment: Attachment,
}

/// A page of what is attached to the messages of a conversation, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FilePage {
    /// The page: fewer than asked for where their messages are large, but never none while there are more.
    pub files: Vec<SharedFile>,
    /// To be given as `before` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

//! What a client sends to have something said.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Mention, Seq};

/// Something to be said. A retry has the same `client_id` and says the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// The idempotency key: 1 to 64 printable ASCII characters, unique per account. Use a UUID.
    #[schema(min_length = 1, max_length = 64)]
    pub client_id: String,
    /// 1 to 10,000 Unicode scalar values, after trimming. May be empty where something else is sent.
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub text: String,
    /// The message of this conversation that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Own uploads that are complete; each is sent once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<NewAttachment>,
    /// Members whom the text names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// Mentions everybody: for owner and admins of a group.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentions_all: bool,
    /// Messages to be passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward: Option<Forward>,
    /// A sticker of the site, or of a group that the sender is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker_id: Option<String>,
}

/// An upload to go with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttachment {
    /// Which.
    pub upload_id: String,
    /// It is a voice message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
}

/// What a recording looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// In milliseconds; up to ten minutes.
    pub duration_ms: u32,
    /// Loudness over time: 1 to 64 values.
    pub waveform: Vec<u8>,
}

/// Messages to be passed on, of a conversation that the sender may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forward {
    /// Where they were said.
    pub conversation_id: ConversationId,
    /// Which; 1 to 100, each once.
    pub seqs: Vec<Seq>,
}

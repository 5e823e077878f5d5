//! What a message may carry besides its text. Everything here is absent from the JSON where there is nothing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Seq, Timestamp, UserId};

/// The most attachments of one message.
pub const MAX_ATTACHMENTS: usize = 20;
/// The most people that one message mentions.
pub const MAX_MENTIONS: usize = 50;
/// The most messages forwarded as one.
pub const MAX_FORWARDED: usize = 100;
/// The most different reactions to one message.
pub const MAX_REACTIONS: usize = 20;
/// The most reactions to one message, of everybody together.
pub const MAX_REACTORS: usize = 1_000;

/// What a message may carry besides its text; on the wire these are fields of the message itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Details {
    /// What the server made of `text` (Markdown, mentions, custom emoji), sanitised. Absent where it would say
    /// no more than the plain text does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Its sender or a group admin took it back: `text` is empty then, and nothing else of it is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled: Option<Mark>,
    /// It was not its sender, whom `recalled` names then, but the moderators of the site.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moderated: bool,
    /// The message of the same conversation that it answers: a pointer, so that a quote shows that message as
    /// it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Images, sounds, videos and files, in the sender's order; at most [`MAX_ATTACHMENTS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Whom it mentions; at most [`MAX_MENTIONS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// It mentions everybody in the group.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentions_all: bool,
    /// What it passes on: one message, or a record of several in their order; at most [`MAX_FORWARDED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forwarded: Vec<Forwarded>,
    /// It is a sticker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker: Option<Sticker>,
    /// Ascending by `emoji`; at most [`MAX_REACTIONS`] of them, by at most [`MAX_REACTORS`] people together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// It is pinned in its conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Mark>,
}

impl Details {
    /// Whether there are none: the message is its text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Who did something to a message, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mark {
    /// Who.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
}

/// Somebody named in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mention {
    /// Who.
    pub user_id: UserId,
    /// What follows the `@` in the text; 1 to 64 characters.
    pub name: String,
}

/// What an attachment is, and so how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// Shown in place.
    Image,
    /// Played in place.
    Audio,
    /// Played in place.
    Video,
    /// A voice message: recorded, with a waveform.
    Voice,
    /// Anything else: to be downloaded.
    File,
}

/// Something that came with a message. Its address is its place: `…/messages/{seq}/attachments/{n}`, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// How it is shown.
    pub kind: AttachmentKind,
    /// The file's name; 1 to 255 characters, without any path.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// What its bytes say; `application/octet-stream` where they say nothing known.
    pub content_type: String,
    /// Of images and videos, in pixels, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of images and videos, in pixels, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Of sounds and videos, in milliseconds, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u32>,
    /// Of voice messages: loudness over time, up to 64 values of 0 to 255.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waveform: Vec<u8>,
    /// Whether `…/attachments/{n}/preview` has a smaller picture of it.
    pub preview: bool,
}

/// A message that was passed on: a copy, made when it was forwarded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Forwarded {
    /// Who said it.
    pub sender_id: UserId,
    /// Their name when it was forwarded.
    pub sender_name: String,
    /// When it was said.
    pub sent_at: Timestamp,
    /// What was said.
    pub text: String,
    /// As of a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// As of a message; their addresses count on after the message's own attachments, through all that is
    /// forwarded with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// It was a sticker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker: Option<Sticker>,
}

/// A sticker that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sticker {
    /// Names it.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its picture.
    pub url: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A reaction to a message, and who reacted so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    /// One Unicode emoji, or `:name:` of a custom one.
    pub emoji: String,
    /// Ascending; never empty.
    pub user_ids: Vec<UserId>,
}

/// One person's reaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OneReaction {
    /// One Unicode emoji, or `:name:` of a custom one.
    pub emoji: String,
    /// Whose.
    pub user_id: UserId,
}

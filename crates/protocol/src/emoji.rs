//! Custom emoji and stickers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ConversationId;

/// The most custom emoji, and the most stickers, of the site or of one group.
pub const MAX_EMOJI: i64 = 500;

/// How a picture is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmojiKind {
    /// Within a text, as `:name:`.
    Emoji,
    /// A message of its own.
    Sticker,
}

/// A custom emoji or a sticker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Emoji {
    /// Names it; of a sticker, what is sent as `sticker_id`.
    pub id: String,
    /// 2 to 32 of `a`–`z`, `0`–`9`, `_` and Chinese characters (one of those is enough), not only digits.
    pub name: String,
    /// Its picture; never changes. Where it moves, `/still` behind it is a picture that does not; elsewhere, the same.
    pub url: String,
    /// How it is used.
    pub kind: EmojiKind,
    /// Whose it is; absent for those of the whole site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<ConversationId>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What somebody may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EmojiList {
    /// The site's first, then group by group, by name.
    pub emoji: Vec<Emoji>,
}

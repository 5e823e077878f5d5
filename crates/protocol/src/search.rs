//! What a search finds.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ArticleSummary, Comment, ConversationId, ConversationKind, Group, Message, User};

/// Where words stand in a text: `[start, end)` in Unicode scalar values, ascending, at most 100.
pub type Ranges = Vec<[u32; 2]>;

/// What was found. What was not asked for is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SearchResults {
    /// Messages, the newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<FoundMessages>,
    /// People: friends first, then those in one's groups; no more than asked for, without further pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<FoundPerson>>,
    /// Groups: one's own first; no more than asked for, without further pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<FoundGroup>>,
    /// Messages that have files with such names, the newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FoundMessages>,
    /// Articles of the forum that everybody can read, the newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub articles: Option<Vec<FoundArticle>>,
    /// What to give as `before` for the next page of articles; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub articles_next: Option<String>,
    /// Comments on such articles, the newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<Vec<FoundComment>>,
    /// What to give as `before` for the next page of comments; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments_next: Option<String>,
    /// The senders of the messages, and the other ones of direct conversations; in no particular order.
    pub users: Vec<User>,
    /// The conversations of the messages; in no particular order.
    pub conversations: Vec<FoundIn>,
}

/// A page of messages, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundMessages {
    /// May be fewer than asked for, or none, while there are more: one request looks at so much and no more.
    pub hits: Vec<FoundMessage>,
    /// What to give as `before` for the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A message that was found, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundMessage {
    /// The message.
    pub message: Message,
    /// The place, among what it forwards, of the message in which the words stand; absent where they stand in
    /// its own text, or in the name of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<usize>,
    /// The place of the file whose name has the words, as in the file's address; absent where a text has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<usize>,
    /// Where the words stand in that text or name.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub ranges: Ranges,
}

/// A conversation in which something was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundIn {
    /// Which.
    pub id: ConversationId,
    /// Of which kind.
    pub kind: ConversationKind,
    /// The group's name, or what the searcher calls the other one; empty where clients have a word for it.
    pub title: String,
    /// The other one of a direct conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<User>,
}

/// How the searcher knows somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Acquaintance {
    /// A friend, or oneself.
    Friend,
    /// Somebody in one of the searcher's groups.
    GroupMember,
    /// Anybody else.
    Stranger,
}

/// Which of somebody's names was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// The number of an account or group.
    Id,
    /// What the searcher calls a friend.
    Remark,
    /// The name.
    Name,
    /// The username.
    Username,
}

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundPerson {
    /// Who.
    pub user: User,
    /// What the searcher calls them, if they are a friend; may be empty.
    pub remark: String,
    /// How the searcher knows them.
    pub acquaintance: Acquaintance,
    /// By which of their names they were found.
    pub by: NameKind,
    /// Where in that name.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub ranges: Ranges,
}

/// A group that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundGroup {
    /// What anybody may see of it.
    pub group: Group,
    /// The searcher is in it.
    pub is_member: bool,
    /// By its number or by its name.
    pub by: NameKind,
    /// Where in that.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub ranges: Ranges,
}

/// An article that was found. The words are somewhere in its title, summary and text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundArticle {
    /// The article.
    pub article: ArticleSummary,
    /// Where the words stand in its title.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub title_ranges: Ranges,
    /// A part of its text, or of its summary, around the first of the words; at most 200 characters.
    pub excerpt: String,
    /// Where the words stand in the excerpt.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub ranges: Ranges,
}

/// A comment that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundComment {
    /// The comment.
    pub comment: Comment,
    /// The title of its article.
    pub article_title: String,
    /// Where the words stand in its text.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub ranges: Ranges,
}

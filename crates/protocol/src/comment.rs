//! Comments on articles of the forum, as they are read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ArticleId, CommentId, Timestamp, User};

/// The longest text of a comment, in Unicode scalar values.
pub const MAX_COMMENT_CHARS: usize = 10_000;
/// How deep comments answer each other; whoever answers the deepest stands beside it.
pub const MAX_COMMENT_DEPTH: i64 = 12;

/// In which order comments stand that answer no other one. Answers stand below what they answer, the oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentSort {
    /// As they were written.
    #[default]
    Oldest,
    /// Written last.
    Newest,
    /// Most likes.
    Liked,
}

/// Who can read a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentStatus {
    /// Everybody who can read the article.
    Visible,
    /// Nobody: what is left keeps the answers in their places.
    Deleted,
    /// Moderators.
    Hidden,
}

/// What the caller may do with a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommentRights {
    /// Change it.
    pub edit: bool,
    /// Delete it.
    pub delete: bool,
    /// Hide it and show it again.
    pub moderate: bool,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Comment {
    /// Names it.
    pub id: CommentId,
    /// Of which article.
    pub article_id: ArticleId,
    /// What it answers; absent (`null`) where that is the article itself.
    pub parent_id: Option<CommentId>,
    /// 0 for one that answers the article; at most [`MAX_COMMENT_DEPTH`].
    pub depth: i64,
    /// Who wrote it; absent (`null`) where that is not to be seen any more.
    pub author: Option<User>,
    /// As it was typed; empty where it is not to be seen any more.
    pub text: String,
    /// What the server made of it, sanitised; empty where the text is.
    pub html: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed; absent (`null`) where it was not.
    pub modified_at: Option<Timestamp>,
    /// How many people like it.
    pub likes: i64,
    /// The caller is one of them.
    pub liked: bool,
    /// Who can read it.
    pub status: CommentStatus,
    /// What the caller may do.
    pub may: CommentRights,
}

/// A page of comments, in reading order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommentPage {
    /// Each answer stands after what it answers.
    pub comments: Vec<Comment>,
    /// To be given as `before` for the next page; absent (`null`) on the last.
    pub cursor: Option<String>,
}

//! What the site tells a person outside of any conversation: answers and likes to what they wrote in the forum,
//! and what moderators decided about them. In the client all of it stands behind one bell.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ArticleId, CaseId, CommentId, NotificationId, Timestamp, User};

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// Somebody commented on the reader's article.
    ArticleCommented,
    /// Somebody likes the reader's article. Likes that were not read yet are one notification.
    ArticleLiked,
    /// Somebody answered the reader's comment.
    CommentAnswered,
    /// Somebody likes the reader's comment; as with articles.
    CommentLiked,
    /// Somebody mentioned the reader in an article.
    ArticleMentioned,
    /// Somebody mentioned the reader in a comment.
    CommentMentioned,
    /// Somebody wants to quote messages of the reader in an article, and asks for consent.
    QuoteConsentAsked,
    /// Somebody whom the reader asked for consent to a quote gave it.
    QuoteConsentGiven,
    /// Somebody whom the reader asked for consent to a quote refused it.
    QuoteConsentRefused,
    /// A moderator decided something about the reader or what they wrote; `case_id` leads to it.
    ModerationDecided,
    /// A moderator looked at what the reader reported; `case_id` leads to it.
    ReportAnswered,
    /// Somebody appealed against a decision of the reader, a moderator.
    AppealMade,
}

/// One notification. It names things and holds none of their text: what the reader may still see of them is asked
/// when it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// Names it; later ones are higher.
    pub id: NotificationId,
    /// What it is about.
    pub kind: NotificationKind,
    /// When it last changed.
    pub at: Timestamp,
    /// Who did it, the latest of them; absent where it is not told, as with moderators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<User>,
    /// How many people did it; more than 1 only with likes.
    pub count: i64,
    /// The article that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article_id: Option<ArticleId>,
    /// The comment in that article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    /// The case of a moderator's decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// Whether the reader has seen it.
    pub read: bool,
}

/// A page of notifications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationPage {
    /// The newest first.
    pub notifications: Vec<Notification>,
    /// How many are unread, at most 1,000.
    pub unread: i64,
    /// Whether older ones follow; give the last one's id as `before`.
    pub has_more: bool,
}

//! The forum: categories and articles, as they are read. What is asked for stands beside the routes, but for what
//! several of them take. Comments: `comment.rs`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ArticleId, CategoryId, ConversationId, Timestamp, User};

/// The longest title, in Unicode scalar values.
pub const MAX_TITLE_CHARS: usize = 200;
/// The longest summary, in Unicode scalar values.
pub const MAX_SUMMARY_CHARS: usize = 500;
/// The longest text of an article, in Unicode scalar values.
pub const MAX_ARTICLE_CHARS: usize = 100_000;
/// The most tags of an article.
pub const MAX_TAGS: usize = 10;
/// The longest tag, in Unicode scalar values.
pub const MAX_TAG_CHARS: usize = 32;
/// The most former versions that are kept of an article; the oldest goes when there is one more.
pub const MAX_ARTICLE_EDITS: i64 = 100;
/// The most categories there are.
pub const MAX_CATEGORIES: usize = 200;
/// The most moderators of one category.
pub const MAX_CATEGORY_MODERATORS: usize = 50;

/// A part of the forum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Names it.
    pub id: CategoryId,
    /// Its name in addresses: 1 to 64 of `a`–`z`, `0`–`9` and `-`, unique.
    pub slug: String,
    /// 1 to 64 characters.
    pub name: String,
    /// Up to 255 characters; may be empty.
    pub description: String,
    /// Categories stand in this order, the lowest first.
    pub position: i64,
    /// Whether it stands in the menu at the top.
    pub in_top_menu: bool,
    /// Those who look after it.
    pub moderators: Vec<User>,
    /// How many articles can be read there.
    pub articles: i64,
}

/// All categories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryList {
    /// In their order.
    pub categories: Vec<Category>,
}

/// In which category something stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryName {
    /// Which.
    pub id: CategoryId,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
}

/// Who can read an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArticleStatus {
    /// Its author.
    Draft,
    /// Everybody.
    Published,
    /// Its author and the moderators of its category.
    Hidden,
}

/// In which order articles stand. Pinned ones come first, then those of a higher priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArticleSort {
    /// Published last.
    #[default]
    Newest,
    /// Published or commented on last.
    Active,
    /// Most likes.
    Liked,
}

/// The picture at the head of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeadImage {
    /// The picture.
    pub url: String,
    /// A smaller one; the same address where there is none.
    pub preview_url: String,
    /// In pixels, as shown; absent (`null`) where it is not known.
    pub width: Option<u32>,
    /// In pixels, as shown; absent (`null`) where it is not known.
    pub height: Option<u32>,
}

/// An article as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticleSummary {
    /// Names it.
    pub id: ArticleId,
    /// Where it stands.
    pub category: CategoryName,
    /// Who wrote it.
    pub author: User,
    /// 1 to 200 characters.
    pub title: String,
    /// Up to 500 characters; may be empty.
    pub summary: String,
    /// The picture at its head; absent (`null`) where there is none.
    pub head_image: Option<HeadImage>,
    /// Who can read it.
    pub status: ArticleStatus,
    /// It stands before those that are not.
    pub pinned: bool,
    /// 0 to 100; higher ones stand first.
    pub priority: i64,
    /// At most 10, each 1 to 32 characters, in small letters.
    pub tags: Vec<String>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When everybody could read it first; absent (`null`) where nobody could.
    pub published_at: Option<Timestamp>,
    /// When title, summary or text last changed after that; absent (`null`) where they did not.
    pub modified_at: Option<Timestamp>,
    /// When it was published or commented on last.
    pub active_at: Timestamp,
    /// How often it was read: a reader counts once an hour.
    pub views: i64,
    /// How many comments can be read.
    pub comments: i64,
    /// How many people like it.
    pub likes: i64,
    /// The caller is one of them.
    pub liked: bool,
}

/// A page of articles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticlePage {
    /// In the order asked for.
    pub articles: Vec<ArticleSummary>,
    /// To be given as `before` for the next page; absent (`null`) on the last.
    pub cursor: Option<String>,
}

/// How often a tag is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tag {
    /// The tag.
    pub name: String,
    /// How many articles that everybody can read have it.
    pub articles: i64,
}

/// The tags of the forum, or of one category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TagList {
    /// The most used first, at most 100.
    pub tags: Vec<Tag>,
}

/// What the caller may do with an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticleRights {
    /// Change and publish it: its author.
    pub edit: bool,
    /// Pin, hide, move and remove it.
    pub moderate: bool,
    /// Comment on it.
    pub comment: bool,
}

/// The group in which an article is talked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Discussion {
    /// The group's conversation.
    pub conversation_id: ConversationId,
    /// How many are in it.
    pub members: i64,
    /// The caller is one of them.
    pub joined: bool,
}

/// An article, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Article {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: ArticleSummary,
    /// As it was typed: Markdown.
    pub text: String,
    /// What the server made of it, sanitised.
    pub html: String,
    /// Goes up with every change; give it along with a change to have that refused when another came before.
    pub revision: i64,
    /// How many former versions are kept.
    pub edits: i64,
    /// Where it is talked about; absent (`null`) where it is not.
    pub discussion: Option<Discussion>,
    /// What the caller may do.
    pub may: ArticleRights,
    /// The working copy; for its author alone, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<SavedCopy>,
    /// Whom it quotes; for its author alone, where it was made from messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<Quotes>,
}

/// What an editor saves by itself: it need not be complete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingCopy {
    /// Up to 200 characters; may be empty.
    #[schema(max_length = 200)]
    pub title: String,
    /// Up to 500 characters; may be empty.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub summary: String,
    /// Up to 100,000 characters; may be empty.
    #[schema(max_length = 100_000)]
    pub text: String,
    /// At most 10, each 1 to 32 characters.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub tags: Vec<String>,
    /// Where it is to stand.
    pub category_id: Option<CategoryId>,
    /// An upload of one's own.
    pub head_image_id: Option<String>,
}

/// A working copy as it was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedCopy {
    /// Up to 200 characters; may be empty.
    pub title: String,
    /// Up to 500 characters; may be empty.
    pub summary: String,
    /// Up to 100,000 characters; may be empty.
    pub text: String,
    /// At most 10.
    pub tags: Vec<String>,
    /// Where it is to stand.
    pub category_id: Option<CategoryId>,
    /// The upload that is the picture at its head.
    pub head_image_id: Option<String>,
    /// When.
    pub saved_at: Timestamp,
}

/// What an article said before an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticleEdit {
    /// 1, 2, 3 … in the order of the edits.
    pub n: i64,
    /// When it was edited.
    pub at: Timestamp,
    /// By whom.
    pub editor: User,
    /// The title before.
    pub title: String,
    /// The summary before.
    pub summary: String,
    /// The text before.
    pub text: String,
}

/// What an article said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticleEditList {
    /// The newest first, at most [`MAX_ARTICLE_EDITS`].
    pub edits: Vec<ArticleEdit>,
}

/// Where a person stands who is quoted in an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// It was said where anybody could come in, or by the author.
    NotNeeded,
    /// Nobody has asked them.
    Missing,
    /// They were asked.
    Asked,
    /// They agree.
    Given,
    /// They do not agree.
    Refused,
}

/// Somebody who is quoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuotedAuthor {
    /// Who.
    pub user: User,
    /// Whether they agree.
    pub consent: Consent,
    /// How many of their messages are quoted.
    pub quotes: i64,
}

/// Whom an article quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quotes {
    /// It was said where not everybody could come in: each of them has to agree before it is published.
    pub private: bool,
    /// In the order in which they first speak.
    pub authors: Vec<QuotedAuthor>,
}

/// What somebody is asked to agree to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentRequest {
    /// The title of the article.
    pub article_title: String,
    /// Its author.
    pub asked_by: User,
    /// What the caller said, as it is quoted.
    pub quotes: Vec<String>,
    /// What they have answered.
    pub consent: Consent,
}

//! What goes over the wire: ids, times, cursors, events, frames, problem codes and the objects inside them.
//!
//! Everything here is plain data with its JSON form. *Invariant*: no tokio, no axum and no SQL, so that the
//! server, the benchmark and the tests speak of the same things without sharing any behaviour.

mod comment;
mod conversation;
mod cursor;
mod details;
mod emoji;
mod event;
mod file;
mod forum;
mod frame;
mod friend;
mod group;
mod id;
mod message;
mod notification;
mod problem;
mod quiet;
mod role;
mod search;
mod send;
mod session;
mod timestamp;
mod upload;
mod user;
mod verbs;

pub use comment::{
    Comment, CommentPage, CommentRights, CommentSort, CommentStatus, MAX_COMMENT_CHARS,
    MAX_COMMENT_DEPTH,
};
pub use conversation::{
    Conversation, ConversationKind, ConversationPage, ConversationSettings, Draft,
    MAX_UNREAD_MENTIONS, MessagePage,
};
pub use cursor::{Cursor, MalformedCursor};
pub use details::{
    Attachment, AttachmentKind, Details, Forwarded, MAX_ATTACHMENTS, MAX_FORWARDED, MAX_MENTIONS,
    MAX_REACTIONS, MAX_REACTORS, Mark, Mention, OneReaction, Reaction, Sticker,
};
pub use emoji::{Emoji, EmojiKind, EmojiList, MAX_EMOJI};
pub use event::{Batch, Event, EventBody, MAX_BATCH_BYTES, MAX_BATCH_EVENTS};
pub use file::{FilePage, SharedFile};
pub use forum::{
    Article, ArticleEdit, ArticleEditList, ArticlePage, ArticleRights, ArticleSort, ArticleStatus,
    ArticleSummary, Category, CategoryList, CategoryName, Consent, ConsentRequest, Discussion,
    HeadImage, MAX_ARTICLE_CHARS, MAX_ARTICLE_EDITS, MAX_CATEGORIES, MAX_CATEGORY_MODERATORS,
    MAX_SUMMARY_CHARS, MAX_TAG_CHARS, MAX_TAGS, MAX_TITLE_CHARS, QuotedAuthor, Quotes, SavedCopy,
    Tag, TagList, WorkingCopy,
};
pub use frame::{ClientFrame, CloseCode, MAX_FRAME_BYTES, SendFrame, ServerFrame};
pub use friend::{Block, Friend, FriendRequest};
pub use group::{
    Announcement, Group, GroupInvitation, InviteLink, JoinPolicy, JoinRequest, Member, Role,
};
pub use id::{
    ArticleId, CaseId, CategoryId, CommentId, ConversationId, FriendRequestId, InvitationId,
    InviteLinkId, JoinRequestId, MessageId, NotificationId, Position, Seq, SessionId, SiteRoleId,
    TokenId, UserId,
};
pub use message::{MAX_CLIENT_ID_CHARS, MAX_TEXT_CHARS, Message, MessageKind, Notice, NoticeCode};
pub use notification::{Notification, NotificationKind, NotificationPage};
pub use problem::{Code, Problem};
pub use quiet::{QuietHours, TimeOfDay};
pub use role::{MAX_SITE_ROLES, Permission, Permissions, SiteRole};
pub use search::{
    Acquaintance, FoundArticle, FoundComment, FoundGroup, FoundIn, FoundMessage, FoundMessages,
    FoundPerson, NameKind, Ranges, SearchResults,
};
pub use send::{Forward, NewAttachment, NewMessage, Voice};
pub use session::{Invitation, LoggedIn, NewToken, Session, Site, Token};
pub use timestamp::Timestamp;
pub use upload::{Upload, UploadUsage};
pub use user::{Me, Presence, User};
pub use verbs::{
    Edit, EditList, EditMessage, MAX_EDITS, MAX_PINS, MAX_READERS, PinList, ReaderList, Receipt,
    ReceiptList,
};

//! What happens, as devices are told of it, and the batches that it travels in.
//!
//! An event is a flat object: `{id, type, at, …}`. `id` is its position in the log; what is ephemeral (typing,
//! presence, "fetch this profile again") has none. Every event is an idempotent upsert: applying it twice, or
//! applying it to lists fetched after it happened, changes nothing in the end.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ArticleId, Block, CaseId, CategoryId, Conversation, ConversationId, ConversationSettings,
    Draft, Friend, FriendRequest, Group, JoinRequest, Mark, Member, Message, Notification,
    OneReaction, Position, Presence, Seq, Timestamp, UserId,
};

/// The most events in one batch.
pub const MAX_BATCH_EVENTS: usize = 500;
/// The most bytes of events in one batch; a single larger event travels alone.
pub const MAX_BATCH_BYTES: usize = 256 * 1024;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// The position in the log; absent on ephemeral signals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Position>,
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub body: EventBody,
}

/// What happened: `type` and the fields that go with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type")]
pub enum EventBody {
    /// Somebody said something, or a notice appeared. Moves the sender's own read mark.
    #[serde(rename = "message.created")]
    MessageCreated {
        /// Where.
        conversation_id: ConversationId,
        /// The message's place there.
        seq: Seq,
        /// The message.
        message: Box<Message>,
    },
    /// Its sender said it otherwise.
    #[serde(rename = "message.edited")]
    MessageEdited {
        /// Where.
        conversation_id: ConversationId,
        /// The message's place there.
        seq: Seq,
        /// As it is now. Absent where somebody in the conversation came after it was said and may not see it:
        /// whoever may fetches it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<Box<Message>>,
    },
    /// A message was taken back.
    #[serde(rename = "message.recalled")]
    MessageRecalled {
        /// Where.
        conversation_id: ConversationId,
        /// The message's place there.
        seq: Seq,
        /// What is left of it.
        message: Box<Message>,
    },
    /// A message of the reader that was held for review will not be one: a moderator did not let it through.
    #[serde(rename = "message.rejected")]
    MessageRejected {
        /// Where it was to be said.
        conversation_id: ConversationId,
        /// The key that it was sent with.
        client_id: String,
    },
    /// A message was pinned in its conversation.
    #[serde(rename = "message.pinned")]
    MessagePinned {
        /// Where.
        conversation_id: ConversationId,
        /// The message's place there.
        seq: Seq,
        /// By whom, and when.
        pinned: Mark,
    },
    /// A message is no longer pinned.
    #[serde(rename = "message.unpinned")]
    MessageUnpinned {
        /// Where.
        conversation_id: ConversationId,
        /// The message's place there.
        seq: Seq,
    },
    /// Somebody reacted to a message.
    #[serde(rename = "reaction.added")]
    ReactionAdded {
        /// Where.
        conversation_id: ConversationId,
        /// The message's place there.
        seq: Seq,
        /// Who, and how.
        reaction: OneReaction,
    },
    /// Somebody took a reaction back.
    #[serde(rename = "reaction.removed")]
    ReactionRemoved {
        /// Where.
        conversation_id: ConversationId,
        /// The message's place there.
        seq: Seq,
        /// Who, and how.
        reaction: OneReaction,
    },
    /// The reader is in a new conversation, or in an old one again. To each reader alone.
    #[serde(rename = "conversation.created")]
    ConversationCreated {
        /// Which.
        conversation_id: ConversationId,
        /// As the reader sees it.
        conversation: Box<Conversation>,
    },
    /// A read mark moved: to the reader's own devices, and to the peer of a direct conversation.
    #[serde(rename = "conversation.read")]
    ConversationRead {
        /// Where.
        conversation_id: ConversationId,
        /// Read up to here.
        seq: Seq,
        /// By whom.
        user_id: UserId,
        /// What is left unread; only to the reader's own devices.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unread: Option<i64>,
    },
    /// The reader pinned, muted, archived or marked a conversation, or a temporary session changed its group.
    #[serde(rename = "conversation.updated")]
    ConversationUpdated {
        /// Which.
        conversation_id: ConversationId,
        /// The settings now.
        conversation: ConversationSettings,
    },
    /// The reader has typed something, on one of their devices, or what they had typed is gone.
    #[serde(rename = "draft.updated")]
    DraftUpdated {
        /// Where.
        conversation_id: ConversationId,
        /// What is typed now; absent when nothing is, and once a later event says more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<Draft>,
    },
    /// Somebody is in the group now.
    #[serde(rename = "member.joined")]
    MemberJoined {
        /// The group.
        conversation_id: ConversationId,
        /// Who.
        member: Member,
        /// How many are in the group now.
        member_count: i64,
    },
    /// Somebody is no longer in the group. Whoever left gets this and nothing after it.
    #[serde(rename = "member.left")]
    MemberLeft {
        /// The group.
        conversation_id: ConversationId,
        /// Who.
        member: Member,
        /// How many are in the group now.
        member_count: i64,
    },
    /// A role, nickname or mute changed.
    #[serde(rename = "member.updated")]
    MemberUpdated {
        /// The group.
        conversation_id: ConversationId,
        /// As they are now.
        member: Member,
    },
    /// Name, description, announcement, rules or owner changed.
    #[serde(rename = "group.updated")]
    GroupUpdated {
        /// The group.
        conversation_id: ConversationId,
        /// As it is now.
        group: Group,
    },
    /// The group is gone, with its conversation.
    #[serde(rename = "group.dissolved")]
    GroupDissolved {
        /// The group.
        conversation_id: ConversationId,
        /// As it was.
        group: Group,
    },
    /// Somebody asks to join: to owner, admins and the one who asks.
    #[serde(rename = "join_request.created")]
    JoinRequestCreated {
        /// The group.
        conversation_id: ConversationId,
        /// The request.
        join_request: JoinRequest,
    },
    /// A request to join was accepted: to the same people.
    #[serde(rename = "join_request.accepted")]
    JoinRequestAccepted {
        /// The group.
        conversation_id: ConversationId,
        /// The request, which is gone now.
        join_request: JoinRequest,
    },
    /// A request to join was declined, or became moot: to the same people.
    #[serde(rename = "join_request.declined")]
    JoinRequestDeclined {
        /// The group.
        conversation_id: ConversationId,
        /// The request, which is gone now.
        join_request: JoinRequest,
    },
    /// A friend request: to both.
    #[serde(rename = "friend_request.created")]
    FriendRequestCreated {
        /// The request.
        friend_request: FriendRequest,
    },
    /// A friend request was declined: to both.
    #[serde(rename = "friend_request.declined")]
    FriendRequestDeclined {
        /// The request, which is gone now.
        friend_request: FriendRequest,
    },
    /// A friend request was taken back by its sender: to both.
    #[serde(rename = "friend_request.withdrawn")]
    FriendRequestWithdrawn {
        /// The request, which is gone now.
        friend_request: FriendRequest,
    },
    /// These two are friends now; requests between them are gone. To each alone.
    #[serde(rename = "friend.added")]
    FriendAdded {
        /// The other one.
        friend: Friend,
    },
    /// These two are friends no longer. To each alone.
    #[serde(rename = "friend.removed")]
    FriendRemoved {
        /// The other one, as they were.
        friend: Friend,
    },
    /// The reader changed a remark or folder.
    #[serde(rename = "friend.updated")]
    FriendUpdated {
        /// As it is now.
        friend: Friend,
    },
    /// The reader blocked somebody. The one blocked is not told.
    #[serde(rename = "block.added")]
    BlockAdded {
        /// Whom.
        block: Block,
    },
    /// The reader lifted a block.
    #[serde(rename = "block.removed")]
    BlockRemoved {
        /// Whose.
        block: Block,
    },
    /// The reader is told something outside of any conversation; one with the same id takes the other's place.
    #[serde(rename = "notification.created")]
    NotificationCreated {
        /// What.
        notification: Box<Notification>,
        /// How many are unread now, at most 1,000.
        unread: i64,
    },
    /// The reader has seen notifications, or some are gone since what they were about is.
    #[serde(rename = "notification.read")]
    NotificationRead {
        /// How many are unread now, at most 1,000.
        unread: i64,
    },
    /// A case waits for the reader, who decides cases like it; also one that is opened again.
    #[serde(rename = "case.opened")]
    CaseOpened {
        /// Which.
        case_id: CaseId,
    },
    /// A case does not wait for the reader any more: it was decided, or is for other moderators now.
    #[serde(rename = "case.closed")]
    CaseClosed {
        /// Which.
        case_id: CaseId,
    },
    /// An article can be read now that could not before. To everybody; so are the next four.
    #[serde(rename = "article.published")]
    ArticlePublished {
        /// Which.
        article_id: ArticleId,
        /// Where.
        category_id: CategoryId,
        /// Whose.
        author_id: UserId,
    },
    /// An article that can be read was changed or moved: fetch it again.
    #[serde(rename = "article.updated")]
    ArticleUpdated {
        /// Which.
        article_id: ArticleId,
        /// Where it is now.
        category_id: CategoryId,
    },
    /// An article can be read no longer.
    #[serde(rename = "article.removed")]
    ArticleRemoved {
        /// Which.
        article_id: ArticleId,
        /// Where it was.
        category_id: CategoryId,
    },
    /// The categories of the forum changed: fetch them again.
    #[serde(rename = "categories.updated")]
    CategoriesUpdated {},
    /// What anyone may know about the site changed: fetch it again.
    #[serde(rename = "site.updated")]
    SiteUpdated {},
    /// Somebody is typing; in force for six seconds. Ephemeral.
    #[serde(rename = "typing")]
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
    },
    /// A member of a group has read, and lets the others know: in groups of up to a hundred. Ephemeral.
    #[serde(rename = "receipt")]
    Receipt {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
        /// Read up to here.
        seq: Seq,
    },
    /// A friend came or went. Ephemeral.
    #[serde(rename = "presence")]
    Presence {
        /// Who.
        user_id: UserId,
        /// What they are now.
        presence: Presence,
    },
    /// A profile changed: fetch it again. Ephemeral.
    #[serde(rename = "user.updated")]
    UserUpdated {
        /// Whose.
        user_id: UserId,
    },
}

/// Events after a cursor: the same JSON over every transport.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Batch {
    /// In log order; ephemeral signals last.
    pub events: Vec<Event>,
    /// Up to where the log was looked through; to be given with the next request.
    pub cursor: String,
    /// The given cursor cannot be continued: drop everything, fetch the lists anew, go on from `cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<bool>,
    /// Milliseconds to wait before asking again; only when the server says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_in: Option<u64>,
}

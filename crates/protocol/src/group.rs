//! Groups, their members, and requests to join.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ArticleId, ConversationId, InviteLinkId, JoinRequestId, Timestamp, User, UserId};

/// How people come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinPolicy {
    /// Anyone joins at once.
    Open,
    /// An owner or admin accepts each request.
    Approval,
    /// Only owner and admins bring people in.
    Invite,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything; there is exactly one.
    Owner,
    /// Approve, mute and remove members, change the group's settings.
    Admin,
    /// Talk.
    Member,
}

/// A group: a conversation with a name and rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// The conversation's id is the group's number.
    pub id: ConversationId,
    /// Unique among groups that exist; 1 to 64 characters.
    pub name: String,
    /// Up to 255 characters.
    pub description: String,
    /// Up to 2,000 characters; may be empty. Shown to members only, else empty.
    pub announcement: String,
    /// The owner.
    pub owner_id: UserId,
    /// How many are in it.
    pub member_count: i64,
    /// 2 to 10,000.
    pub max_members: i64,
    /// How people come in.
    pub join_policy: JoinPolicy,
    /// Only owner and admins may talk.
    pub all_muted: bool,
    /// New members see what was said before they came.
    pub history_for_new_members: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// The article of the forum that it talks about; absent where it was not made for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article_id: Option<ArticleId>,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Who.
    pub user: User,
    /// What they may do.
    pub role: Role,
    /// Their name in this group; may be empty.
    pub nickname: String,
    /// Silenced until then; absent (`null`) when not.
    pub muted_until: Option<Timestamp>,
}

/// A pending request to join a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JoinRequest {
    /// Names it.
    pub id: JoinRequestId,
    /// The group.
    pub group_id: ConversationId,
    /// Who wants to join.
    pub user: User,
    /// What they wrote; may be empty.
    pub note: String,
    /// When.
    pub created_at: Timestamp,
}

/// What a group's announcement was at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Announcement {
    /// 1, 2, 3 … in the order they were written.
    pub n: i64,
    /// Empty where it was taken away.
    pub text: String,
    /// Who wrote it.
    pub author: User,
    /// When.
    pub at: Timestamp,
}

/// A link that lets people into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InviteLink {
    /// Names it when it is to be withdrawn.
    pub id: InviteLinkId,
    /// The group.
    pub group_id: ConversationId,
    /// What the link ends with: `/join/{code}`.
    pub code: String,
    /// Who made it. It is good for as long as they may make one.
    pub created_by: User,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working; absent (`null`) for never.
    pub expires_at: Option<Timestamp>,
    /// How many may come in by it; absent (`null`) for any number.
    pub max_uses: Option<i64>,
    /// How many have.
    pub uses: i64,
}

/// What somebody who has a link learns of the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GroupInvitation {
    /// As strangers see it.
    pub group: Group,
    /// The caller is in it already.
    pub is_member: bool,
}

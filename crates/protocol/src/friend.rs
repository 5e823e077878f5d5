//! Friends, friend requests and blocks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{FriendRequestId, Timestamp, User};

/// A friend, with what only the owner of the list sees: remark and folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Friend {
    /// Who.
    pub user: User,
    /// The owner's own name for them; may be empty.
    pub remark: String,
    /// The owner's folder (好友分组); empty is the default folder.
    pub folder: String,
    /// Friends since.
    pub created_at: Timestamp,
}

/// A pending friend request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FriendRequest {
    /// Names it.
    pub id: FriendRequestId,
    /// Who asks.
    pub from: User,
    /// Who is asked.
    pub to: User,
    /// What they wrote; may be empty.
    pub note: String,
    /// When.
    pub created_at: Timestamp,
}

/// Somebody whom one has blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Block {
    /// Who.
    pub user: User,
    /// Since when.
    pub created_at: Timestamp,
}

//! Logged-in devices, programs' tokens, invitations, and what anyone may know about the site.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{InvitationId, Me, SessionId, Timestamp, TokenId};

/// What anyone may know before logging in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Site {
    /// The site's name.
    pub name: String,
    /// `open`, `invitation` or `closed`.
    pub registration: String,
    /// The server's version.
    pub version: String,
    /// Where the site's logo is, if it has one of its own. A new logo has a new address.
    pub logo_url: Option<String>,
    /// What the operator has set, as far as it decides what a client offers.
    pub limits: Limits,
}

/// Limits that the operator sets; those that never change are in the descriptions of the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limits {
    /// For so many seconds after it was sent, its sender may recall a message. Editing has no such limit.
    pub recall_window_seconds: i64,
    /// The most bytes of one file.
    pub max_file_size: i64,
}

/// The answer to `GET /session`, and to registering and logging in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoggedIn {
    /// Absent (`null`) when nobody is logged in.
    pub user: Option<Me>,
    /// To be sent as `X-CSRFToken` with every write that the cookie authenticates.
    pub csrf_token: String,
}

/// One logged-in device: one's own, or, to those who manage users, somebody else's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Names it when it is to be revoked.
    pub id: SessionId,
    /// The device that asks.
    pub current: bool,
    /// What the browser called itself at login.
    pub user_agent: String,
    /// The network address at login.
    pub address: String,
    /// When it logged in.
    pub created_at: Timestamp,
    /// Last use, exact to about a minute.
    pub last_seen_at: Timestamp,
}

/// A program's token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Names it when it is to be revoked.
    pub id: TokenId,
    /// What its owner called it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last use, exact to about a minute.
    pub last_used_at: Option<Timestamp>,
}

/// A token just made: the only time its secret is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewToken {
    /// Names it when it is to be revoked.
    pub id: TokenId,
    /// What its owner called it.
    pub name: String,
    /// The secret, for `Authorization: Bearer`.
    pub token: String,
}

/// An invitation to the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// Names it when it is to be revoked.
    pub id: InvitationId,
    /// The code to hand on; shown only when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How many may register with it.
    pub max_uses: i64,
    /// How many have.
    pub uses: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}

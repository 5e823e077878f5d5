//! People, as others see them and as they see themselves.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CategoryId, Permission, QuietHours, Timestamp, UserId};

/// Whether a person has a device connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// At least one device is connected.
    Online,
    /// No device is connected.
    Offline,
}

/// A public profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// The account number.
    pub id: UserId,
    /// Unique, chosen at registration, never changed.
    pub username: String,
    /// What people call them; 1 to 64 characters.
    pub name: String,
    /// A line about themselves; up to 255 characters, may be empty.
    pub signature: String,
    /// Where the picture is, if there is one. A new picture has a new address.
    pub avatar_url: Option<String>,
    /// Inside an event: as it was when the event was written.
    pub presence: Presence,
    /// The account is gone; what it said stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// One's own profile: the public one and what only its owner may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// What others see.
    #[serde(flatten)]
    pub user: User,
    /// `zh` or `en`; absent until chosen.
    pub locale: Option<String>,
    /// Whether others may know how far this person has read.
    pub read_receipts: bool,
    /// An admin of the site: may do everything.
    pub is_admin: bool,
    /// What this person may do on the site beyond what everybody may; all there is for an admin.
    pub permissions: Vec<Permission>,
    /// The categories of the forum that this person moderates, whatever their permissions. Whoever moderates one decides
    /// the cases about what is in it.
    pub moderated_category_ids: Vec<CategoryId>,
    /// Until when this person may say nothing on the whole site; absent for everybody else. It may lie in the past.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<Timestamp>,
    /// When devices give no notice; null when they always may.
    pub quiet_hours: Option<QuietHours>,
}

//! Site roles (属组): named sets of permissions that people are given. What somebody is in a *group* is
//! [`Role`](crate::Role) and has nothing to do with it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::SiteRoleId;

/// The most site roles there are.
pub const MAX_SITE_ROLES: usize = 100;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:tt;)*) => {
        /// One thing that not everybody may do on the site.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum Permission { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl Permission {
            /// Every permission there is; an admin has them all.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The form on the wire and in the database.
            #[must_use]
            pub fn as_str(self) -> &'static str { match self { $(Self::$name => $text,)* } }
        }
    };
}

permissions! {
    /// Act on articles and comments of every category, and on reports about them.
    ModerateForum = "moderate_forum";
    /// Act on reports about messages and groups; keep the word list.
    ModerateChat = "moderate_chat";
    /// See accounts, end their sessions, reset passwords; warn, mute, suspend, ban, delete; reports about profiles.
    ManageUsers = "manage_users";
    /// Make and change site roles, and give them to people.
    ManageRoles = "manage_roles";
    /// See and dissolve groups.
    ManageGroups = "manage_groups";
    /// Make, change and remove categories of the forum.
    ManageCategories = "manage_categories";
    /// Invite people to the site.
    ManageInvitations = "manage_invitations";
    /// Add and remove emoji and stickers of the site.
    ManageEmoji = "manage_emoji";
    /// Change the settings of the site.
    ManageSettings = "manage_settings";
    /// Read who did what.
    ReadAuditLog = "read_audit_log";
    /// See the server's health, jobs and storage, and download a backup: that is everything there is.
    OperateServer = "operate_server";
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u32);

impl Permissions {
    /// Every permission.
    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether `permission` is in the set.
    #[must_use]
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Whether all of `others` are in the set.
    #[must_use]
    pub fn contains_all(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Whether nothing is in the set.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The permissions, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }

    /// The words, separated by spaces: how a set is kept.
    #[must_use]
    pub fn to_words(self) -> String {
        self.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Reads what [`Permissions::to_words`] wrote. Words of a newer version are left out.
    #[must_use]
    pub fn from_words(words: &str) -> Self {
        let known = |word: &str| Permission::ALL.iter().copied().find(|one| one.as_str() == word);
        words.split(' ').filter_map(known).collect()
    }
}

fn bit(permission: Permission) -> u32 {
    1 << permission as u32
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |set, permission| set | bit(permission)))
    }
}

/// A site role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SiteRole {
    /// Names it.
    pub id: SiteRoleId,
    /// What it is called; 1 to 64 characters, unique.
    pub name: String,
    /// What those who have it may do.
    pub permissions: Vec<Permission>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_written_as_words_and_read_back() {
        for set in [Permissions::default(), Permissions::all()] {
            assert_eq!(Permissions::from_words(&set.to_words()), set);
        }
        let some: Permissions =
            [Permission::ReadAuditLog, Permission::ModerateForum].into_iter().collect();
        assert_eq!(some.to_words(), "moderate_forum read_audit_log");
        assert_eq!(Permissions::from_words("moderate_forum fly read_audit_log"), some);
        assert!(some.contains(Permission::ReadAuditLog) && !some.contains(Permission::ManageUsers));
        assert!(Permissions::all().contains_all(some) && !some.contains_all(Permissions::all()));
    }
}

//! Numbers that name things. Each is a type of its own, so that a group can never be taken for a user.
//!
//! On the wire an id is a JSON number from 1 to 2^53 - 1 (what JavaScript holds exactly); anything else is
//! refused when it is parsed, so that inside nothing is checked again.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// The largest id on the wire: 2^53 - 1, JavaScript's `Number.MAX_SAFE_INTEGER`.
const MAX: i64 = (1 << 53) - 1;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, from $least:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = i64, minimum = $least, maximum = 9007199254740991i64)]
        pub struct $name(pub i64);

        impl $name {
            /// The number, if it is within the bounds of this id.
            #[must_use]
            pub fn new(value: i64) -> Option<Self> {
                ($least..=MAX).contains(&value).then_some(Self(value))
            }

            /// The bare number.
            #[must_use]
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = i64::deserialize(deserializer)?;
                Self::new(value).ok_or_else(|| {
                    serde::de::Error::custom(concat!("expected a number from ", $least, " to 2^53 - 1"))
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                // A number out of bounds fails as "zero would" in NonZero parsing: the caller only needs to know it is no id.
                let value = text.parse::<i64>()?;
                Self::new(value).map_or_else(|| "".parse::<i64>().map(Self), Ok)
            }
        }
    };
}

id! {
    /// A person: the account number, from 10001, below 2^40.
    UserId, from 1
}
id! {
    /// A conversation. A group *is* a conversation: its group id is this number.
    ConversationId, from 1
}
id! {
    /// Dense over all messages of the server, for clients that know only one number.
    MessageId, from 1
}
id! {
    /// A message's place in its conversation: 1, 2, 3 … without a gap. 0 stands for "before the first".
    Seq, from 0
}
id! {
    /// A place in the event log: dense over the whole log. 0 stands for "before the first".
    Position, from 0
}
id! {
    /// A logged-in device.
    SessionId, from 1
}
id! {
    /// A program's token.
    TokenId, from 1
}
id! {
    /// A pending friend request.
    FriendRequestId, from 1
}
id! {
    /// A pending request to join a group.
    JoinRequestId, from 1
}
id! {
    /// An invitation to the site.
    InvitationId, from 1
}

id! {
    /// An invitation to a group.
    InviteLinkId, from 1
}

id! {
    /// A site role.
    SiteRoleId, from 1
}
id! {
    /// Something that a person was told outside of any conversation.
    NotificationId, from 1
}
id! {
    /// A category of the forum.
    CategoryId, from 1
}
id! {
    /// An article of the forum.
    ArticleId, from 1
}
id! {
    /// A comment on an article; over all articles.
    CommentId, from 1
}
id! {
    /// A case before the moderators: what was reported, and what was decided.
    CaseId, from 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bounded_on_the_wire() {
        assert_eq!(serde_json::from_str::<UserId>("10001").unwrap(), UserId(10001));
        for bad in ["0", "-1", "9007199254740992", "1.5", "\"1\"", "null"] {
            assert!(serde_json::from_str::<UserId>(bad).is_err(), "{bad}");
        }
        assert_eq!(serde_json::from_str::<Seq>("0").unwrap(), Seq(0));
        assert!("0".parse::<UserId>().is_err());
        assert!("9007199254740992".parse::<UserId>().is_err());
        assert_eq!("7".parse::<ConversationId>().unwrap(), ConversationId(7));
    }
}

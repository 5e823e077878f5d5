//! RFC 9457 problem documents and their stable codes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:tt, $status:literal, $title:literal;)*) => {
        /// Why a request was refused. Clients branch on the snake_case form, which never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The stable form on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str { match self { $(Self::$name => $text,)* } }

            /// The HTTP status that goes with it.
            #[must_use]
            pub fn status(self) -> u16 { match self { $(Self::$name => $status,)* } }

            /// A short English title.
            #[must_use]
            pub fn title(self) -> &'static str { match self { $(Self::$name => $title,)* } }
        }
    };
}

codes! {
    /// Not understood: bad JSON, a bad query, a bad cursor.
    Malformed = "malformed", 400, "The request could not be understood";
    /// Nobody is logged in, or the session has ended.
    Unauthenticated = "unauthenticated", 401, "Log in first";
    /// Username or password is wrong; which one is not said.
    WrongCredentials = "wrong_credentials", 401, "Wrong username or password";
    /// The CSRF token is missing or wrong.
    CsrfFailed = "csrf_failed", 403, "The CSRF token is missing or wrong";
    /// The request comes from another site's page.
    CrossOrigin = "cross_origin", 403, "Requests from other sites are refused";
    /// Known, and not allowed.
    Forbidden = "forbidden", 403, "You may not do that";
    /// Registration is closed, or needs a valid invitation.
    RegistrationClosed = "registration_closed", 403, "Registration is closed";
    /// The group takes in nobody who was not invited.
    InviteOnly = "invite_only", 403, "This group is by invitation only";
    /// These two are not friends, and share no group through which they may talk.
    NotFriends = "not_friends", 403, "You are not friends";
    /// One of these two has blocked the other.
    Blocked = "blocked", 403, "This person cannot be reached";
    /// Silenced in this group, or on the whole site; the detail says until when.
    Muted = "muted", 403, "You are muted";
    /// The account may not be used for a while; the detail says until when.
    Suspended = "suspended", 403, "This account is suspended";
    /// It has words that are not welcome on this site.
    WordsRefused = "words_refused", 403, "Some of these words are not allowed here";
    /// It is kept until a moderator has looked at it; sending it again changes nothing.
    HeldForReview = "held_for_review", 403, "A moderator has to look at this first";
    /// Too late to take a message back.
    RecallWindowOver = "recall_window_over", 403, "It is too late to recall this message";
    /// Does not exist, or may not be seen.
    NotFound = "not_found", 404, "Not found";
    /// The method is not among those of this path.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// Something else is in the way.
    Conflict = "conflict", 409, "Conflict";
    /// The username, or one that looks like it, is taken.
    UsernameTaken = "username_taken", 409, "The username is taken";
    /// The upload has another number of bytes than the request goes on from.
    WrongOffset = "wrong_offset", 409, "The upload has another offset";
    /// The group name is taken.
    GroupNameTaken = "group_name_taken", 409, "The group name is taken";
    /// The group has as many members as it may.
    GroupFull = "group_full", 409, "The group is full";
    /// The link to a group was withdrawn or has run out of time.
    InviteExpired = "invite_expired", 409, "This invitation has expired";
    /// As many people came in by the link as may.
    InviteUsedUp = "invite_used_up", 409, "This invitation has been used up";
    /// Only the owner may do that; or the owner must hand over first.
    NotOwner = "not_owner", 409, "Only the owner may do that";
    /// The message was taken back: nothing can be done to it any more.
    Recalled = "recalled", 409, "The message was recalled";
    /// The `client_id` was used for another message.
    ClientIdReused = "client_id_reused", 409, "The client_id was used for another message";
    /// Somebody whom the article quotes from a private conversation has not agreed.
    ConsentMissing = "consent_missing", 409, "Not everybody who is quoted has agreed";
    /// It was there, and is gone for good.
    Gone = "gone", 410, "It is gone";
    /// The server does not speak that version of tus; see `Tus-Version`.
    UnsupportedVersion = "unsupported_version", 412, "Tus-Resumable must be 1.0.0";
    /// The body is too large.
    TooLarge = "too_large", 413, "The body is too large";
    /// The content type is not taken here.
    UnsupportedMediaType = "unsupported_media_type", 415, "Unsupported media type";
    /// No part of the file lies in the range that was asked for.
    RangeNotSatisfiable = "range_not_satisfiable", 416, "The file has no such range";
    /// A field is invalid or unknown.
    Invalid = "invalid", 422, "Some fields are invalid";
    /// Another request is just going on with this upload.
    Locked = "locked", 423, "Another request is at it";
    /// Too many requests; see `Retry-After`.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// A bug in the server.
    Internal = "internal", 500, "Internal error";
    /// Too busy, or the storage does not answer; see `Retry-After`.
    Unavailable = "unavailable", 503, "Try again in a moment";
    /// The server is going down; see `Retry-After`.
    ShuttingDown = "shutting_down", 503, "The server is restarting";
    /// One's own uploads take all the room there is for them.
    QuotaExceeded = "quota_exceeded", 507, "Your room for uploads is full";
    /// The disk is full: nothing was stored.
    OutOfSpace = "out_of_space", 507, "The server is out of space";
}

/// A problem document (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// A short English title, the same for every problem of this code.
    pub title: String,
    /// What is wrong this time, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What clients branch on.
    pub code: Code,
    /// Field → what is wrong with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: BTreeMap<String, String>,
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self {
            status: code.status(),
            title: code.title().to_owned(),
            detail: None,
            code,
            errors: BTreeMap::new(),
        }
    }
}

//! Moderation: what people report, the cases that moderators decide, and the list of words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CaseId, ConversationId, Message, Seq, Timestamp, User};

/// The most patterns in the list of words.
pub const MAX_WORDS: usize = 2_000;
/// The longest pattern, and the longest replacement, in characters.
pub const MAX_WORD_CHARS: usize = 64;

macro_rules! words {
    ($(#[$doc:meta])* $kind:ident { $($(#[$of:meta])* $name:ident = $text:tt;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum $kind { $($(#[$of])* #[serde(rename = $text)] $name,)* }

        impl $kind {
            /// The form on the wire and in the database.
            #[must_use]
            pub fn as_str(self) -> &'static str { match self { $(Self::$name => $text,)* } }

            /// Reads [`Self::as_str`].
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

words! {
    /// What kind of thing is reported.
    SubjectKind {
        /// A message, by `conversation_id` and `seq`; one that is held, by `conversation_id` and `id`.
        Message = "message";
        /// An article, by `id`.
        Article = "article";
        /// A comment, by `id`.
        Comment = "comment";
        /// A person's profile, by `id`.
        User = "user";
        /// A group, by `id`.
        Group = "group";
    }
}

words! {
    /// Why something is reported.
    Reason {
        /// Advertisements and the like.
        Spam = "spam";
        /// Insults, threats, harassment.
        Abuse = "abuse";
        /// Against the law.
        Illegal = "illegal";
        /// Tells what somebody has not told.
        Privacy = "privacy";
        /// Something else.
        Other = "other";
    }
}

words! {
    /// What moderators decide.
    Act {
        /// Nothing is wrong.
        Dismiss = "dismiss";
        /// Nobody sees it any more. Of a message, the same as `remove`.
        Hide = "hide";
        /// It is gone: a message, an article, a comment; a group is dissolved, a profile emptied.
        Remove = "remove";
        /// The person is told.
        Warn = "warn";
        /// The person says nothing anywhere for a while.
        Mute = "mute";
        /// The person logs in nowhere for a while.
        Suspend = "suspend";
        /// The person logs in nowhere any more.
        Ban = "ban";
        /// What was held is posted.
        Approve = "approve";
        /// A mute ends.
        Unmute = "unmute";
        /// A suspension ends.
        Unsuspend = "unsuspend";
        /// A ban ends.
        Unban = "unban";
    }
}

words! {
    /// What becomes of a text that has a word of the list.
    WordAction {
        /// A moderator looks at it first.
        Hold = "hold";
        /// The word is replaced.
        Replace = "replace";
        /// It is refused.
        Refuse = "refuse";
    }
}

/// What a report or a case is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Of a message: where it was said. Of a group: the same as `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// Of a message: its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// Of anything else: its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub id: Option<i64>,
}

/// Whether moderators are still to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// They are.
    Open,
    /// They have.
    Closed,
}

/// What somebody reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Who.
    pub reporter: User,
    /// Why.
    pub reason: Reason,
    /// In their words; may be empty.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// What moderators decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Names it.
    pub id: i64,
    /// What.
    pub act: Act,
    /// Until when a mute or suspension lasts.
    pub until: Option<Timestamp>,
    /// Why, for the person concerned.
    pub note: String,
    /// When.
    pub at: Timestamp,
    /// Who; only moderators are told. Absent for the operator at the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<User>,
}

/// What the person concerned says against the newest decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Appeal {
    /// In their words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// A case before the moderators: all that was reported of one thing, and what was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Case {
    /// Names it.
    pub id: CaseId,
    /// What it is about.
    pub subject: Subject,
    /// Whether it waits.
    pub state: CaseState,
    /// Whose it is: the sender, the author, the owner of a group, the person.
    pub author: Option<User>,
    /// What it says now; absent when it is gone.
    pub excerpt: Option<String>,
    /// Of a message: it and a few before and after, ascending.
    pub context: Vec<Message>,
    /// Where moderators find it, as a path of the site.
    pub link: Option<String>,
    /// The newest first; at most 100.
    pub reports: Vec<Report>,
    /// The newest first; at most 100.
    pub decisions: Vec<Decision>,
    /// Against the newest decision.
    pub appeal: Option<Appeal>,
    /// The list of words put it here, and it is not to be seen until it is approved.
    pub held: bool,
    /// When it was first reported.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub updated_at: Timestamp,
}

/// A page of cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CasePage {
    /// The latest changed first.
    pub cases: Vec<Case>,
    /// For the next page, as `before`; null on the last.
    pub cursor: Option<String>,
    /// How many of those that the reader may see are open; at most 1,000 are counted.
    pub open: i64,
}

/// A case as the person concerned and those who reported see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnCase {
    /// Names it.
    pub id: CaseId,
    /// What it is about.
    pub subject: Subject,
    /// Whether it waits.
    pub state: CaseState,
    /// What it says now, for the person concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// The newest first, without saying who decided; what concerns somebody else is not told to reporters.
    pub decisions: Vec<Decision>,
    /// One's own, against the newest decision.
    pub appeal: Option<Appeal>,
    /// Whether the reader may appeal now.
    pub may_appeal: bool,
}

/// A word that is not welcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// What to look for, in any spelling that search takes for the same; 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    pub pattern: String,
    /// What becomes of a text that has it.
    pub action: WordAction,
    /// With `replace`: what stands there instead, up to 64 characters; as many `*` as were replaced when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub replacement: Option<String>,
}

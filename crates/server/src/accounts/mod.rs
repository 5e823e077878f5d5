//! Accounts: who people are and how they prove it. Registration, login, sessions, tokens, passwords,
//! profiles, finding people, invitations to the site.
//!
//! Accounts log no events: profiles are ephemeral (`user.updated` says "fetch it again"; see `friends/profile.rs`
//! for whom it is said to), and what ends a device ends its live connections.
//!
//! # Invariants
//! * Passwords are kept as argon2id, sessions, tokens and codes as SHA-256 of 256 random bits.
//! * Whether a username is taken is decided by the database's unique keys, in the unit that inserts.
//! * Who was logged out is unknown before anybody is told so: [`devices`].
//! * An unknown user, a wrong password and a banned account cost the same and get the same answer.

mod change_password;
mod credential;
mod delete;
mod devices;
pub(crate) mod forms;
mod invitations;
mod login;
mod password;
mod profile;
mod register;
mod reset_password;
mod roles;
pub(crate) mod routes;
mod search;
mod setup;
mod standing;
mod store;
mod user;
mod username;

use delivery::Random;

pub(crate) use credential::Secret;
pub(crate) use delete::{check_password, delete_account};
pub(crate) use devices::{
    Ended, end_session, list as sessions, list_tokens as tokens, revoking, sessions_of,
};
pub use devices::{authenticate, create_token, create_token_for, has_ended};
pub(crate) use profile::clear_profile;
pub use profile::{ProfileChange, change_profile, set_avatar};
pub use register::create_user;
pub(crate) use reset_password::reset_password;
pub(crate) use roles::{
    held, holders, is_moderator, moderated_by, moderators, moderators_of, require_now, roles_of,
    set_moderators, tell as tell_rights,
};
pub use setup::issue_setup_token;
pub(crate) use standing::{
    Sanction, check_an_admin_is_left, check_below, check_may_speak, impose, log_out, may_speak,
    set_admin, standing,
};
pub use store::{ids_by_usernames, next_number, users_by_ids};
pub use user::{AVATARS, UserRow, exists, me, public_user, public_users, sends_receipts};

/// What accounts keep in memory.
pub struct Accounts {
    /// Hashes passwords, a bounded number at a time.
    passwords: password::Passwords,
    /// Devices that were looked up before.
    devices: devices::Devices,
}

impl Accounts {
    /// Draws nothing but the hash that unknown users are verified against.
    #[must_use]
    pub fn new(random: &Random) -> Self {
        Self {
            passwords: password::Passwords::new(random.clone()),
            devices: devices::Devices::default(),
        }
    }
}

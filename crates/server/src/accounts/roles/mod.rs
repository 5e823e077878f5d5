//! What people may do on the site: the permissions of all their site roles together; all there is for an admin.
//! Who calls is known with them (`caller.rs`), so that no request asks for them again.
//!
//! *Invariant*: whoever changes a role, or who has it, does so in a unit under `devices::revoking` that says so in
//! `Ended::changed`: what was remembered of those callers is gone right after the commit.

mod store;

use database::{Connection, Error};
use protocol::{Permissions, UserId};

/// What `user` may do.
pub(crate) fn permissions(
    db: &mut Connection,
    user: UserId,
    is_admin: bool,
) -> Result<Permissions, Error> {
    if is_admin { Ok(Permissions::all()) } else { store::permissions(db, user) }
}

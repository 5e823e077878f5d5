//! SQL over `site_roles` and `user_site_roles`.

use database::{Connection, Error, params};
use protocol::{Permissions, UserId};

/// The permissions of all roles of `user` together.
pub(super) fn permissions(db: &mut Connection, user: UserId) -> Result<Permissions, Error> {
    let rows = db.query(
        "SELECT r.permissions FROM user_site_roles u JOIN site_roles r ON r.id = u.role_id
         WHERE u.user_id = $1",
        params![user.get()],
    )?;
    rows.iter().try_fold(Permissions::default(), |all, row| {
        Ok(all.union(Permissions::from_words(&row.get::<String>(0)?)))
    })
}

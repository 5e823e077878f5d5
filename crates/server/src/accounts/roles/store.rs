//! SQL over `site_roles`, `user_site_roles` and `category_moderators`.

use std::collections::HashMap;

use database::{Connection, Error, Row, params};
use protocol::{CategoryId, Permissions, SiteRole, SiteRoleId, Timestamp, UserId};

use super::give::MAX_MEMBERS;
use crate::accounts::store::next_number;

/// The permissions of all roles of `user` together.
pub(super) fn permissions(db: &mut Connection, user: UserId) -> Result<Permissions, Error> {
    Ok(roles_of(db, user)?.into_iter().flat_map(|role| role.permissions).collect())
}

/// The roles of `user`, by name; at most as many as there are.
///
/// # Errors
/// Those of the database.
pub(crate) fn roles_of(db: &mut Connection, user: UserId) -> Result<Vec<SiteRole>, Error> {
    let rows = db.query(
        "SELECT r.id, r.name, r.permissions FROM user_site_roles u
         JOIN site_roles r ON r.id = u.role_id WHERE u.user_id = $1 ORDER BY r.name_key",
        params![user.get()],
    )?;
    rows.iter().map(site_role).collect()
}

/// All roles, by name.
pub(super) fn roles(db: &mut Connection) -> Result<Vec<SiteRole>, Error> {
    let rows = db.query("SELECT id, name, permissions FROM site_roles ORDER BY name_key", &[])?;
    rows.iter().map(site_role).collect()
}

pub(super) fn role(db: &mut Connection, id: SiteRoleId) -> Result<Option<SiteRole>, Error> {
    let sql = "SELECT id, name, permissions FROM site_roles WHERE id = $1";
    db.query_optional(sql, params![id.get()])?.as_ref().map(site_role).transpose()
}

/// Which role has this name.
pub(super) fn named(db: &mut Connection, name_key: &str) -> Result<Option<SiteRoleId>, Error> {
    let sql = "SELECT id FROM site_roles WHERE name_key = $1";
    let row = db.query_optional(sql, params![name_key])?;
    row.map(|row| Ok(SiteRoleId(row.get(0)?))).transpose()
}

pub(super) fn insert(
    db: &mut Connection,
    name: &str,
    name_key: &str,
    permissions: Permissions,
    now: Timestamp,
) -> Result<SiteRoleId, Error> {
    let id = next_number(db, "site_role")?;
    db.execute(
        "INSERT INTO site_roles (id, name, name_key, permissions, created_at)
         VALUES ($1, $2, $3, $4, $5)",
        params![id, name, name_key, permissions.to_words(), now.millis()],
    )?;
    Ok(SiteRoleId(id))
}

pub(super) fn update(
    db: &mut Connection,
    id: SiteRoleId,
    name: &str,
    name_key: &str,
    permissions: Permissions,
) -> Result<(), Error> {
    db.execute(
        "UPDATE site_roles SET name = $2, name_key = $3, permissions = $4 WHERE id = $1",
        params![id.get(), name, name_key, permissions.to_words()],
    )?;
    Ok(())
}

pub(super) fn delete(db: &mut Connection, id: SiteRoleId) -> Result<(), Error> {
    db.execute("DELETE FROM user_site_roles WHERE role_id = $1", params![id.get()])?;
    db.execute("DELETE FROM site_roles WHERE id = $1", params![id.get()])?;
    Ok(())
}

/// Those who have a role, by account number.
pub(super) fn member_ids(db: &mut Connection, id: SiteRoleId) -> Result<Vec<UserId>, Error> {
    let rows = db.query(
        "SELECT user_id FROM user_site_roles WHERE role_id = $1 ORDER BY user_id LIMIT $2",
        params![id.get(), MAX_MEMBERS],
    )?;
    rows.iter().map(|row| Ok(UserId(row.get(0)?))).collect()
}

/// Whether that changed anything.
pub(super) fn add_member(db: &mut Connection, id: SiteRoleId, user: UserId) -> Result<bool, Error> {
    let added = db.execute(
        "INSERT INTO user_site_roles (user_id, role_id) VALUES ($1, $2)
         ON CONFLICT (user_id, role_id) DO NOTHING",
        params![user.get(), id.get()],
    )?;
    Ok(added == 1)
}

/// Whether that changed anything.
pub(super) fn remove_member(
    db: &mut Connection,
    id: SiteRoleId,
    user: UserId,
) -> Result<bool, Error> {
    let removed = db.execute(
        "DELETE FROM user_site_roles WHERE user_id = $1 AND role_id = $2",
        params![user.get(), id.get()],
    )?;
    Ok(removed == 1)
}

/// Takes every role from somebody whose account goes, and every category.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_member(db: &mut Connection, user: UserId) -> Result<(), Error> {
    db.execute("DELETE FROM user_site_roles WHERE user_id = $1", params![user.get()])?;
    db.execute("DELETE FROM category_moderators WHERE user_id = $1", params![user.get()])?;
    Ok(())
}

/// The categories that somebody moderates, without a permission for all of them.
///
/// # Errors
/// Those of the database.
pub(crate) fn moderated_by(db: &mut Connection, user: UserId) -> Result<Vec<CategoryId>, Error> {
    let sql = "SELECT category_id FROM category_moderators WHERE user_id = $1 ORDER BY category_id";
    db.query(sql, params![user.get()])?.iter().map(|row| Ok(CategoryId(row.get(0)?))).collect()
}

/// Whether somebody is one of a category's moderators.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_moderator(
    db: &mut Connection,
    category: CategoryId,
    user: UserId,
) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM category_moderators WHERE category_id = $1 AND user_id = $2";
    Ok(db.query_optional(sql, params![category.get(), user.get()])?.is_some())
}

/// Who moderates what.
///
/// # Errors
/// Those of the database.
pub(crate) fn moderators(db: &mut Connection) -> Result<HashMap<CategoryId, Vec<UserId>>, Error> {
    let sql = "SELECT category_id, user_id FROM category_moderators ORDER BY category_id, user_id";
    let mut all: HashMap<CategoryId, Vec<UserId>> = HashMap::new();
    for row in db.query(sql, params![])? {
        all.entry(CategoryId(row.get(0)?)).or_default().push(UserId(row.get(1)?));
    }
    Ok(all)
}

/// The moderators of one category, by account number.
///
/// # Errors
/// Those of the database.
pub(crate) fn moderators_of(
    db: &mut Connection,
    category: CategoryId,
) -> Result<Vec<UserId>, Error> {
    let sql = "SELECT user_id FROM category_moderators WHERE category_id = $1 ORDER BY user_id";
    let rows = db.query(sql, params![category.get()])?;
    rows.iter().map(|row| Ok(UserId(row.get(0)?))).collect()
}

pub(super) fn add_moderator(
    db: &mut Connection,
    category: CategoryId,
    user: UserId,
) -> Result<(), Error> {
    let sql = "INSERT INTO category_moderators (category_id, user_id) VALUES ($1, $2)
               ON CONFLICT (category_id, user_id) DO NOTHING";
    db.execute(sql, params![category.get(), user.get()]).map(drop)
}

pub(super) fn remove_moderator(
    db: &mut Connection,
    category: CategoryId,
    user: UserId,
) -> Result<(), Error> {
    let sql = "DELETE FROM category_moderators WHERE category_id = $1 AND user_id = $2";
    db.execute(sql, params![category.get(), user.get()]).map(drop)
}

/// The admins of the site, the oldest accounts first.
pub(super) fn admins(db: &mut Connection, most: i64) -> Result<Vec<UserId>, Error> {
    let sql = "SELECT id FROM users WHERE is_admin = 1 ORDER BY id LIMIT $1";
    db.query(sql, params![most])?.iter().map(|row| Ok(UserId(row.get(0)?))).collect()
}

fn site_role(row: &Row) -> Result<SiteRole, Error> {
    let permissions = Permissions::from_words(row.text(2)?).iter().collect();
    Ok(SiteRole { id: SiteRoleId(row.get(0)?), name: row.get(1)?, permissions })
}

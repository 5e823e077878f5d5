//! An account as it is read from the database, and as others and its owner see it.

use std::collections::HashMap;

use database::Connection;
use delivery::Delivery;
use protocol::{Code, Me, QuietHours, User, UserId};

use super::{roles, standing, store};
use crate::{app::App, problem::Answer};

/// Where pictures are served, followed by the picture's id. `uploads` answers there.
pub const AVATARS: &str = "/avatars/";

/// An account, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub signature: String,
    /// The picture's random id, if there is one.
    pub avatar_id: Option<String>,
    /// `zh`, `en`, or empty until chosen.
    pub locale: String,
    pub is_admin: bool,
    /// Whether others may know how far they have read.
    pub read_receipts: bool,
    pub quiet_hours: Option<QuietHours>,
    /// Nothing is left of it but what was said.
    pub deleted: bool,
}

impl UserRow {
    /// The public profile.
    pub fn public(self, delivery: &Delivery) -> User {
        User {
            id: self.id,
            username: self.username,
            name: self.name,
            signature: self.signature,
            avatar_url: self.avatar_id.map(|id| format!("{AVATARS}{id}")),
            presence: delivery.presence(self.id),
            deleted: self.deleted,
        }
    }

    /// What its owner sees.
    pub fn own(self, db: &mut Connection, delivery: &Delivery) -> Result<Me, database::Error> {
        let permissions = roles::permissions(db, self.id, self.is_admin)?;
        let standing = standing::standing(db, self.id)?;
        Ok(Me {
            permissions: permissions.iter().collect(),
            moderated_category_ids: roles::moderated_by(db, self.id)?,
            muted_until: standing.and_then(|standing| standing.muted_until),
            locale: (!self.locale.is_empty()).then(|| self.locale.clone()),
            is_admin: self.is_admin,
            read_receipts: self.read_receipts,
            quiet_hours: self.quiet_hours,
            user: self.public(delivery),
        })
    }
}

/// The public profiles of those among `ids` that exist. Takes one query for each 256 ids.
pub fn public_users(
    db: &mut Connection,
    delivery: &Delivery,
    ids: &[UserId],
) -> Result<HashMap<UserId, User>, database::Error> {
    let rows = store::users_by_ids(db, ids)?;
    Ok(rows.into_iter().map(|row| (row.id, row.public(delivery))).collect())
}

/// The public profile of one person.
///
/// # Errors
/// `not_found` when there is no such account.
pub fn public_user(db: &mut Connection, delivery: &Delivery, id: UserId) -> Answer<User> {
    Ok(row(db, id)?.public(delivery))
}

/// Whether there is such an account, and it was not deleted.
pub fn exists(db: &mut Connection, id: UserId) -> Result<bool, database::Error> {
    Ok(store::users_by_ids(db, &[id])?.iter().any(|row| !row.deleted))
}

/// Whether others may know how far this person has read.
///
/// # Errors
/// `not_found` when there is no such account.
pub fn sends_receipts(db: &mut Connection, id: UserId) -> Answer<bool> {
    Ok(row(db, id)?.read_receipts)
}

pub(super) fn row(db: &mut Connection, id: UserId) -> Answer<UserRow> {
    store::users_by_ids(db, &[id])?.pop().ok_or_else(|| Code::NotFound.into())
}

/// The caller's own profile.
pub async fn me(app: &App, id: UserId) -> Answer<Me> {
    let delivery = app.delivery.clone();
    let read = move |db: &mut Connection| Ok(row(db, id)?.own(db, &delivery)?);
    app.delivery.read(read).await
}

/// Anybody's public profile.
pub(crate) async fn profile(app: &App, id: UserId) -> Answer<User> {
    let row = app.delivery.read(move |db: &mut Connection| row(db, id)).await?;
    Ok(row.public(&app.delivery))
}

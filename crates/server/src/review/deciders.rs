//! Whose a case is: by a permission, or as a moderator of a category. `moderation` asks the same of one person
//! (`cases::find`); here it is asked of all, to tell them.

use std::collections::BTreeSet;

use database::{Connection, Error};
use delivery::{Stream, Unit};
use protocol::{CategoryId, EventBody, Permission, SubjectKind, UserId};

use super::CaseRow;
use crate::accounts;

/// The most who are told that a case was opened or closed; more find it when they look.
const MAX_DECIDERS: usize = 200;

/// Whose cases of this kind are.
pub(crate) fn permission(kind: SubjectKind) -> Permission {
    match kind {
        SubjectKind::Message | SubjectKind::Group => Permission::ModerateChat,
        SubjectKind::Article | SubjectKind::Comment => Permission::ModerateForum,
        SubjectKind::User => Permission::ManageUsers,
    }
}

/// Those who decide a case, by account number; at most 200. Never whoever it is about, but for what was held.
pub(super) fn deciders(db: &mut Connection, row: &CaseRow) -> Result<Vec<UserId>, Error> {
    let kind = row.subject.kind;
    let mut all: BTreeSet<UserId> = accounts::holders(db, permission(kind))?.into_iter().collect();
    if let Some(author) = row.author.filter(|_| !row.held) {
        all.remove(&author);
    }
    let is_post = matches!(kind, SubjectKind::Article | SubjectKind::Comment);
    if let Some(category) = CategoryId::new(row.category).filter(|_| is_post) {
        let moderators = accounts::moderators_of(db, category)?;
        all.extend(moderators.into_iter().filter(|user| Some(*user) != row.author));
    }
    Ok(all.into_iter().take(MAX_DECIDERS).collect())
}

/// Tells each of them, in this unit.
pub(super) fn tell(
    unit: &mut Unit<'_>,
    readers: &[UserId],
    event: &EventBody,
) -> Result<(), Error> {
    for reader in readers {
        unit.append(Stream::User(*reader), event.clone())?;
    }
    Ok(())
}

//! Who may do what in the forum: the one place where that is decided, read inside the unit that does it.

use database::{Connection, Error};
use protocol::{ArticleId, ArticleStatus, CategoryId, Code, Permission, UserId};

use super::store::{self, ArticleRow};
use crate::{
    accounts,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Who looks: somebody, or a visitor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer(Option<Caller>);

impl From<Option<Caller>> for Viewer {
    fn from(caller: Option<Caller>) -> Self {
        Self(caller)
    }
}

impl From<Caller> for Viewer {
    fn from(caller: Caller) -> Self {
        Self(Some(caller))
    }
}

impl Viewer {
    /// The account; a visitor has none.
    pub(crate) fn user(self) -> Option<UserId> {
        self.0.map(|caller| caller.user_id)
    }

    /// Whether they moderate every category.
    pub(super) fn moderates_all(self) -> bool {
        self.0.is_some_and(|caller| caller.permissions.contains(Permission::ModerateForum))
    }

    /// Whether they moderate a category: by the permission, or as one of its moderators.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn moderates(
        self,
        db: &mut Connection,
        category: CategoryId,
    ) -> Result<bool, Error> {
        match self.user() {
            None => Ok(false),
            Some(_) if self.moderates_all() => Ok(true),
            Some(user) => accounts::is_moderator(db, category, user),
        }
    }

    /// Whether they may read an article, and whether they moderate it.
    fn sees(self, db: &mut Connection, row: &ArticleRow) -> Result<(bool, bool), Error> {
        let is_author = self.user() == Some(row.author_id);
        let moderates = self.moderates(db, row.category_id)?;
        let sees = match row.status {
            ArticleStatus::Published => true,
            ArticleStatus::Draft => is_author,
            ArticleStatus::Hidden => is_author || moderates,
        };
        Ok((sees, moderates))
    }
}

/// An article that somebody may read, and how they stand to it.
pub(super) struct Seen {
    pub(super) row: ArticleRow,
    pub(super) is_author: bool,
    pub(super) moderates: bool,
}

/// The article, if `viewer` may read it.
///
/// # Errors
/// 404 where there is none that they may see, 410 `gone` where there was one that everybody could.
pub(super) fn readable(db: &mut Connection, viewer: Viewer, id: ArticleId) -> Answer<Seen> {
    let Some(row) = store::article(db, id)? else {
        let was_public = store::was_public(db, id)?;
        return Err(if was_public { Code::Gone.into() } else { Code::NotFound.into() });
    };
    let (sees, moderates) = viewer.sees(db, &row)?;
    if !sees {
        return Err(Code::NotFound.into());
    }
    let is_author = viewer.user() == Some(row.author_id);
    Ok(Seen { row, is_author, moderates })
}

/// The same, for its author alone.
///
/// # Errors
/// As [`readable`]; 403 for everybody else who sees it.
pub(super) fn own(db: &mut Connection, caller: &Caller, id: ArticleId) -> Answer<Seen> {
    let seen = readable(db, Viewer::from(*caller), id)?;
    if seen.is_author {
        return Ok(seen);
    }
    Err(Refusal::new(Code::Forbidden).detail("Only its author may do that"))
}

/// The same, for its author and moderators.
///
/// # Errors
/// As [`readable`]; 403 for everybody else who sees it.
pub(super) fn led_or_forbidden(
    db: &mut Connection,
    caller: &Caller,
    id: ArticleId,
) -> Answer<Seen> {
    let seen = readable(db, Viewer::from(*caller), id)?;
    if seen.is_author || seen.moderates {
        return Ok(seen);
    }
    Err(Refusal::new(Code::Forbidden).detail("Only its author and moderators may do that"))
}

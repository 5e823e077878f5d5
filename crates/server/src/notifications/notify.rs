//! Telling people, inside the unit in which it happens.

use delivery::{Delivery, Stream, Unit};
use protocol::{
    ArticleId, CaseId, CommentId, EventBody, Notification, NotificationId, NotificationKind, UserId,
};

use super::store::{self, Row};
use crate::{accounts, problem::Answer};

/// What somebody is to be told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// What happened.
    pub(crate) kind: NotificationKind,
    /// Who did it; `None` where that is not told.
    pub(crate) actor: Option<UserId>,
    /// To which article.
    pub(crate) article_id: Option<ArticleId>,
    /// To which comment.
    pub(crate) comment_id: Option<CommentId>,
    /// In which case.
    pub(crate) case_id: Option<CaseId>,
}

impl Told {
    /// Told of a kind of thing that `actor` did; what it was done to is filled in.
    pub(crate) fn of(kind: NotificationKind, actor: Option<UserId>) -> Self {
        Self { kind, actor, article_id: None, comment_id: None, case_id: None }
    }
}

/// Tells `reader`. Likes that they have not read yet become one notification, which moves to the top.
///
/// # Errors
/// Those of the database.
pub(crate) fn notify(
    unit: &mut Unit<'_>,
    delivery: &Delivery,
    reader: UserId,
    told: &Told,
) -> Answer<()> {
    if told.actor == Some(reader) {
        return Ok(());
    }
    if let Some(actor) = told.actor
        && store::has_blocked(unit.db(), reader, actor)?
    {
        return Ok(());
    }
    unit.lock()?;
    let (now, is_like) = (unit.now(), is_like(told.kind));
    let former = if is_like { store::take_unread(unit.db(), reader, told)? } else { 0 };
    let row = store::insert(unit.db(), reader, told, former + 1, now)?;
    store::drop_oldest(unit.db(), reader, super::MAX_KEPT)?;
    let notification = Box::new(view(unit.db(), delivery, vec![row])?.remove(0));
    let unread = store::unread(unit.db(), reader)?;
    unit.append(Stream::User(reader), EventBody::NotificationCreated { notification, unread })?;
    Ok(())
}

fn is_like(kind: NotificationKind) -> bool {
    matches!(kind, NotificationKind::ArticleLiked | NotificationKind::CommentLiked)
}

/// Notifications about an article that are taken away in one unit; each may mean a count and an event.
const STEP: i64 = 200;

/// Nobody is reminded any more of an article that can be read no longer, nor of its comments. What is more than a step is
/// hidden at once and goes later ([`forget_some`]).
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_article(unit: &mut Unit<'_>, article: ArticleId) -> Answer<()> {
    let until = store::last(unit.db())?;
    forget_until(unit, article, until)
}

/// Takes the next step where there still is something to be taken away ([`store::to_forget`]).
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_some(unit: &mut Unit<'_>) -> Answer<()> {
    unit.lock()?;
    match store::to_forget(unit.db())? {
        Some((article, until)) => forget_until(unit, article, until),
        None => Ok(()),
    }
}

fn forget_until(unit: &mut Unit<'_>, article: ArticleId, until: NotificationId) -> Answer<()> {
    let (taken, readers) = store::forget_article(unit.db(), article, until, STEP)?;
    match taken < STEP {
        true => store::is_forgotten(unit.db(), article)?,
        false => store::forget_later(unit.db(), article, until)?,
    }
    tell_counts(unit, readers)
}

/// The same for a comment: those whom it told of itself, and its author of likes; few enough for one unit.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_comment(unit: &mut Unit<'_>, comment: CommentId) -> Answer<()> {
    let readers = store::forget_comment(unit.db(), comment)?;
    tell_counts(unit, readers)
}

/// Somebody whose account goes is told nothing any more.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_reader(unit: &mut Unit<'_>, reader: UserId) -> Answer<()> {
    Ok(store::forget_reader(unit.db(), reader)?)
}

/// To whom it matters what the number of unread ones is now.
pub(super) fn tell_counts(unit: &mut Unit<'_>, readers: Vec<UserId>) -> Answer<()> {
    for reader in readers {
        let unread = store::unread(unit.db(), reader)?;
        unit.append(Stream::User(reader), EventBody::NotificationRead { unread })?;
    }
    Ok(())
}

/// Rows as their reader sees them. Whoever is gone is not named.
pub(super) fn view(
    db: &mut database::Connection,
    delivery: &Delivery,
    rows: Vec<Row>,
) -> Answer<Vec<Notification>> {
    let actors: Vec<UserId> = rows.iter().filter_map(|row| row.told.actor).collect();
    let actors = accounts::public_users(db, delivery, &actors)?;
    let notification = |row: Row| Notification {
        id: row.id,
        kind: row.told.kind,
        at: row.at,
        actor: row.told.actor.and_then(|actor| actors.get(&actor).cloned()),
        count: row.count,
        article_id: row.told.article_id,
        comment_id: row.told.comment_id,
        case_id: row.told.case_id,
        read: row.read,
    };
    Ok(rows.into_iter().map(notification).collect())
}

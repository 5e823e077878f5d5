//! What moderators do from outside of the forum: looking up what is reported, hiding and removing it. Who may do so
//! was decided by the caller; each act is put on record here.

use database::Connection;
use delivery::Unit;
use protocol::{ArticleId, ArticleStatus, CategoryId, Code, CommentId, CommentStatus, UserId};
use serde_json::json;

use super::{
    comments, create, publish, quotes, remove, render,
    rights::{self, Viewer},
    store::{self, ArticleRow, CommentRow},
};
use crate::{
    app::App,
    audit::{self, Act},
    problem::{Answer, Refusal},
};

/// Characters of an excerpt.
const EXCERPT: usize = 500;

/// What can be reported of the forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Post {
    /// An article.
    Article(ArticleId),
    /// A comment.
    Comment(CommentId),
}

/// An article or comment, as moderators are shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Whose it is.
    pub(crate) author_id: UserId,
    /// Whose moderators look after it.
    pub(crate) category_id: CategoryId,
    /// Where it is.
    pub(crate) article_id: ArticleId,
    /// Title and beginning of an article, beginning of a comment; at most 500 characters. `None` for a draft: what its
    /// author has not finished is nobody else's business.
    pub(crate) excerpt: Option<String>,
    /// Others can read it.
    pub(crate) is_public: bool,
}

/// What is there now, whoever may read it; `None` when it is gone.
///
/// # Errors
/// Those of the database.
pub(crate) fn subject(db: &mut Connection, post: Post) -> Answer<Option<Subject>> {
    let (article_id, comment) = match post {
        Post::Article(id) => (id, None),
        Post::Comment(id) => match store::comment(db, id)? {
            Some(row) if row.status != CommentStatus::Deleted => (row.article_id, Some(row)),
            _ => return Ok(None),
        },
    };
    let Some(article) = store::article(db, article_id)? else { return Ok(None) };
    let (author_id, text, is_shown) = match comment {
        Some(row) => (row.author_id, Some(row.text), row.status == CommentStatus::Visible),
        None if article.status == ArticleStatus::Draft => (article.author_id, None, true),
        None => {
            let text = store::texts(db, article_id)?.map(|texts| texts.text).unwrap_or_default();
            (article.author_id, Some(format!("{}\n{text}", article.title)), true)
        }
    };
    Ok(Some(Subject {
        author_id,
        category_id: article.category_id,
        article_id,
        excerpt: text.map(|text| text.chars().take(EXCERPT).collect()),
        is_public: is_shown && article.is_public(),
    }))
}

/// Whether `viewer` may read it, and so report it.
///
/// # Errors
/// 404, 410 as of the article; 404 for a comment that is not to be read.
pub(crate) fn check_readable(db: &mut Connection, viewer: Viewer, post: Post) -> Answer<()> {
    match post {
        Post::Article(id) => rights::readable(db, viewer, id).map(drop),
        Post::Comment(id) => {
            let (row, seen) = comments::find(db, viewer, id)?;
            let is_shown = row.status == CommentStatus::Visible
                || (row.status == CommentStatus::Hidden && seen.moderates);
            if is_shown { Ok(()) } else { Err(Code::NotFound.into()) }
        }
    }
}

/// Hides an article from everybody but its author and moderators; one that is hidden already stays so, a draft stays
/// one, and its author cannot publish it.
///
/// # Errors
/// 404 when it is gone.
pub(crate) fn hide_article(unit: &mut Unit<'_>, actor: UserId, id: ArticleId) -> Answer<()> {
    set_hidden(unit, actor, id, true)
}

/// Shows an article again that a moderator hid. A draft stays one, which its author may publish.
///
/// # Errors
/// 404 when it is gone; 409 `consent_missing` when somebody whom it quotes does not agree any more.
pub(crate) fn show_article(unit: &mut Unit<'_>, actor: UserId, id: ArticleId) -> Answer<()> {
    set_hidden(unit, actor, id, false)
}

/// Shows an article that the list of words held back, and tells those whom it mentions.
///
/// # Errors
/// As of [`show_article`].
pub(crate) fn approve_article(
    app: &App,
    unit: &mut Unit<'_>,
    actor: UserId,
    id: ArticleId,
) -> Answer<()> {
    set_hidden(unit, actor, id, false)?;
    let row = article(unit, id)?;
    let Some(texts) = store::texts(unit.db(), id)?.filter(|_| row.is_public()) else {
        return Ok(());
    };
    let mentioned = render::mentioned(unit.db(), &texts.text)?;
    create::tell_mentioned(app, unit, &row, &mentioned)
}

fn set_hidden(unit: &mut Unit<'_>, actor: UserId, id: ArticleId, hide: bool) -> Answer<()> {
    unit.lock()?;
    let before = article(unit, id)?;
    let is_draft = before.status == ArticleStatus::Draft;
    if !hide && before.hidden_by.is_none() {
        return Ok(());
    }
    let after = match hide {
        true if is_draft => ArticleRow { hidden_by: Some(actor), ..before.clone() },
        true => {
            ArticleRow { status: ArticleStatus::Hidden, hidden_by: Some(actor), ..before.clone() }
        }
        false if is_draft => ArticleRow { hidden_by: None, ..before.clone() },
        false => {
            quotes::check_consents(unit.db(), &before)?;
            create::published(&before, unit.now())
        }
    };
    let after = ArticleRow { revision: before.revision + 1, ..after };
    publish::store_change(unit, &before, &after)?;
    let action = if hide { "article.hidden" } else { "article.shown" };
    let subject = format!("article:{id}");
    Ok(audit::record(unit, &Act { actor, action, subject: &subject, details: json!({}) })?)
}

/// Removes an article for good.
///
/// # Errors
/// 404 when it is gone.
pub(crate) fn remove_article(unit: &mut Unit<'_>, actor: UserId, id: ArticleId) -> Answer<()> {
    unit.lock()?;
    let row = article(unit, id)?;
    remove::remove_row(unit, &row)?;
    remove::record(unit, actor, id)
}

/// Hides a comment from everybody but moderators.
///
/// # Errors
/// 404 when it is gone.
pub(crate) fn hide_comment(unit: &mut Unit<'_>, actor: UserId, id: CommentId) -> Answer<()> {
    unit.lock()?;
    let row = comment(unit, id)?;
    comments::change::hide(unit, actor, &row)
}

/// Shows a hidden comment again.
///
/// # Errors
/// 404 when it is gone.
pub(crate) fn show_comment(unit: &mut Unit<'_>, actor: UserId, id: CommentId) -> Answer<()> {
    unit.lock()?;
    let row = comment(unit, id)?;
    comments::change::show(unit, actor, &row)
}

/// Shows a comment that the list of words held back, and tells those whom it concerns.
///
/// # Errors
/// 404 when it is gone.
pub(crate) fn approve_comment(
    app: &App,
    unit: &mut Unit<'_>,
    actor: UserId,
    id: CommentId,
) -> Answer<()> {
    unit.lock()?;
    let row = comment(unit, id)?;
    comments::change::show(unit, actor, &row)?;
    match row.status {
        CommentStatus::Hidden => comments::write::appears(app, unit, &row),
        _ => Ok(()),
    }
}

/// Removes a comment; where it has answers, an empty one stays.
///
/// # Errors
/// 404 when it is gone.
pub(crate) fn remove_comment(unit: &mut Unit<'_>, actor: UserId, id: CommentId) -> Answer<()> {
    unit.lock()?;
    let row = comment(unit, id)?;
    comments::remove::remove_row(unit, &row)?;
    comments::remove::record(unit, actor, &row)
}

fn article(unit: &mut Unit<'_>, id: ArticleId) -> Answer<ArticleRow> {
    store::article(unit.db(), id)?.ok_or_else(|| Refusal::new(Code::NotFound))
}

fn comment(unit: &mut Unit<'_>, id: CommentId) -> Answer<CommentRow> {
    store::comment(unit.db(), id)?.ok_or_else(|| Refusal::new(Code::NotFound))
}

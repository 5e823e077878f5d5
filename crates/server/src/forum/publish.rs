//! Storing an article as it is now, with everything that follows from who can read it: counts, tags, events,
//! what people were told, and what the search index has to look at. Every change of an article ends here.

use delivery::{Stream, Unit};
use protocol::EventBody;

use super::{
    clear,
    store::{self, ArticleRow},
};
use crate::{notifications, problem::Answer};

/// Stores what an article is now instead of `before`; a new one was inserted as a draft. Its text is stored apart,
/// before this.
///
/// # Errors
/// Those of the database.
pub(super) fn store_change(
    unit: &mut Unit<'_>,
    before: &ArticleRow,
    after: &ArticleRow,
) -> Answer<()> {
    store::update(unit.db(), after)?;
    if before.is_public() {
        count(unit, before, -1)?;
    }
    if after.is_public() {
        count(unit, after, 1)?;
    }
    let (article_id, category_id) = (after.id, after.category_id);
    let event = match (before.is_public(), after.is_public()) {
        (false, false) => return Ok(()),
        (false, true) => {
            store::add_comment_changes(unit.db(), article_id, clear::STEP)?;
            EventBody::ArticlePublished { article_id, category_id, author_id: after.author_id }
        }
        (true, true) => EventBody::ArticleUpdated { article_id, category_id },
        (true, false) => return vanish(unit, before),
    };
    store::add_change(unit.db(), "article", article_id.get())?;
    unit.append(Stream::Site, event)?;
    Ok(())
}

/// Nobody else can read it any more.
///
/// # Errors
/// Those of the database.
pub(super) fn vanish(unit: &mut Unit<'_>, row: &ArticleRow) -> Answer<()> {
    store::add_change(unit.db(), "article", row.id.get())?;
    notifications::forget_article(unit, row.id)?;
    let (article_id, category_id) = (row.id, row.category_id);
    unit.append(Stream::Site, EventBody::ArticleRemoved { article_id, category_id })?;
    Ok(())
}

/// Counts a public article in its category and under its tags, or no longer.
///
/// # Errors
/// Those of the database.
pub(super) fn count(unit: &mut Unit<'_>, row: &ArticleRow, more: i64) -> Answer<()> {
    let db = unit.db();
    store::count_articles(db, row.category_id, more)?;
    store::count_tags(db, row.category_id, &row.tags, more)?;
    match more {
        1 => store::put_tags(db, row)?,
        _ => store::drop_tags(db, row)?,
    }
    Ok(())
}

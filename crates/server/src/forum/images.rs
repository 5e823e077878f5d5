//! Pictures of articles: kept while the article or its working copy shows them, served to whoever may read the article.

use std::collections::HashSet;

use delivery::Unit;
use protocol::{ArticleId, WorkingCopy};

use super::{
    rights::{self, Viewer},
    store::{self, ArticleRow},
};
use crate::{
    app::AppState,
    markup,
    problem::{Answer, Refusal},
    uploads::{self, Served},
};

/// Keeps the pictures that an article, and its working copy, show now, and lets go of all others that it had.
///
/// # Errors
/// 422 `head_image_id` for what is no picture that the author may show.
pub(super) fn settle(
    unit: &mut Unit<'_>,
    row: &ArticleRow,
    text: &str,
    copy: Option<&WorkingCopy>,
) -> Answer<()> {
    let mut wanted: HashSet<&str> = markup::picture_ids(text).into_iter().collect();
    let heads = [row.head_image_id.as_deref(), copy.and_then(|copy| copy.head_image_id.as_deref())];
    wanted.extend(heads.into_iter().flatten());
    if let Some(copy) = copy {
        wanted.extend(markup::picture_ids(&copy.text));
    }
    let wanted: Vec<&str> = wanted.into_iter().collect();
    let found = uploads::pictures_for(unit.db(), row.author_id, Some(row.id), &wanted)?;
    if heads.into_iter().flatten().any(|head| !found.contains_key(head)) {
        return Err(Refusal::invalid(
            "head_image_id",
            "is no picture of yours that can stand here",
        ));
    }
    Ok(uploads::set_pictures(unit, row.id, &found.into_keys().collect())?)
}

/// The same for an article whose text stays as it is.
///
/// # Errors
/// As [`settle`].
pub(super) fn settle_stored(
    unit: &mut Unit<'_>,
    row: &ArticleRow,
    copy: Option<&WorkingCopy>,
) -> Answer<()> {
    let texts = store::texts(unit.db(), row.id)?;
    let text = texts.map(|texts| texts.text).unwrap_or_default();
    settle(unit, row, &text, copy)
}

/// A picture of an article that `viewer` may read.
///
/// # Errors
/// 404, 410 as of the article; 404 for a picture that is not in it.
pub(super) async fn find(
    app: &AppState,
    viewer: Viewer,
    article: ArticleId,
    id: String,
    is_preview: bool,
) -> Answer<Served> {
    app.delivery
        .read(move |db| {
            rights::readable(db, viewer, article)?;
            uploads::served_picture(db, article, &id, is_preview)
        })
        .await
}

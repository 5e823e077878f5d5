//! What articles do with uploads: showing pictures of their author's, keeping them, letting go of them. Who may see
//! an article is decided above.

use std::collections::{HashMap, HashSet};

use database::{Connection, Error};
use delivery::Unit;
use protocol::{ArticleId, Code, UserId};

use super::{
    is_id,
    serve::{Served, of_upload},
    store,
};
use crate::problem::{Answer, Refusal};

/// A picture in an article.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// In pixels, where it is known.
    pub(crate) width: Option<u32>,
    /// In pixels, where it is known.
    pub(crate) height: Option<u32>,
    /// There is a smaller one.
    pub(crate) has_preview: bool,
}

/// Where a picture of an article is served.
pub(crate) fn picture_url(article: ArticleId, id: &str) -> String {
    format!("/api/v1/forum/articles/{article}/images/{id}")
}

/// Pictures by the ids of their uploads, whoever may see them: for articles that were read before.
///
/// # Errors
/// Those of the database.
pub(crate) fn pictures(
    db: &mut Connection,
    ids: &[&str],
) -> Result<HashMap<String, Picture>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    store::pictures(db, ids)
}

/// Those of `ids` that `author` may show in `article`: complete pictures of their own that are in no message and in no
/// other article.
///
/// # Errors
/// Those of the database.
pub(crate) fn pictures_for(
    db: &mut Connection,
    author: UserId,
    article: Option<ArticleId>,
    ids: &[&str],
) -> Result<HashMap<String, Picture>, Error> {
    let ids: Vec<&str> = ids.iter().copied().filter(|id| is_id(id)).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    store::pictures_for(db, author, article, &ids)
}

/// The article has these pictures from now on, all from [`pictures_for`], and lets go of others that it had.
///
/// # Errors
/// Those of the database.
pub(crate) fn set_pictures(
    unit: &mut Unit<'_>,
    article: ArticleId,
    ids: &HashSet<String>,
) -> Result<(), Error> {
    let now = unit.now();
    let before: HashSet<String> = store::pictures_of(unit.db(), article)?.into_iter().collect();
    let gone: Vec<String> = before.difference(ids).cloned().collect();
    let new: Vec<String> = ids.difference(&before).cloned().collect();
    if !gone.is_empty() {
        store::drop_pictures(unit.db(), article, &gone)?;
        store::let_go(unit.db(), &gone, now)?;
    }
    if new.is_empty() { Ok(()) } else { store::keep_pictures(unit.db(), article, &new) }
}

/// A picture of an article, or its preview.
///
/// # Errors
/// 404 when the article has none of that id.
pub(crate) fn served_picture(
    db: &mut Connection,
    article: ArticleId,
    id: &str,
    is_preview: bool,
) -> Answer<Served> {
    let missing = || Refusal::new(Code::NotFound);
    if !is_id(id) {
        return Err(missing());
    }
    let upload = store::picture_in(db, article, id)?.ok_or_else(missing)?;
    of_upload(upload, is_preview)
}

//! One article, whole.

use database::Connection;
use protocol::{Article, ArticleId, ArticleRights, ArticleStatus, MAX_ARTICLE_EDITS};

use super::{
    drafts,
    rights::{self, Seen, Viewer},
    store, view,
};
use crate::{
    app::{App, AppState},
    problem::{Answer, Refusal},
};

/// The article, if `viewer` may read it.
///
/// # Errors
/// 404, 410 `gone`.
pub(crate) async fn article(app: &AppState, viewer: Viewer, id: ArticleId) -> Answer<Article> {
    let state = AppState::clone(app);
    app.delivery.read(move |db| read(&state, db, viewer, id)).await
}

/// The same inside of a unit or read.
///
/// # Errors
/// 404, 410 `gone`.
pub(super) fn read(
    app: &App,
    db: &mut Connection,
    viewer: Viewer,
    id: ArticleId,
) -> Answer<Article> {
    let Seen { row, is_author, moderates } = rights::readable(db, viewer, id)?;
    let texts = store::texts(db, id)?;
    let texts = texts.ok_or_else(|| Refusal::internal("an article without a text"))?;
    let may = ArticleRights {
        edit: is_author,
        moderate: moderates,
        comment: viewer.user().is_some() && row.status == ArticleStatus::Published,
    };
    let (revision, edits) = (row.revision, row.edits.min(MAX_ARTICLE_EDITS));
    Ok(Article {
        summary: view::summary(db, &app.delivery, viewer, row)?,
        text: texts.text,
        html: texts.html,
        revision,
        edits,
        discussion: None,
        may,
        draft: if is_author { drafts::saved(db, id)? } else { None },
        quotes: None,
    })
}

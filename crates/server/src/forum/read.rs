//! One article, whole.

use std::net::IpAddr;

use database::Connection;
use protocol::{
    Article, ArticleId, ArticleRights, ArticleStatus, ArticleSummary, MAX_ARTICLE_EDITS,
};

use super::{
    drafts, quotes,
    rights::{self, Seen, Viewer},
    store, view,
    views::Reader,
};
use crate::{
    app::{App, AppState},
    groups,
    problem::{Answer, Refusal},
};

/// The article, if `viewer` may read it. Counts that they did, unless it is their own; a visitor counts by `address`.
///
/// # Errors
/// 404, 410 `gone`.
pub(crate) async fn article(
    app: &AppState,
    viewer: Viewer,
    address: IpAddr,
    id: ArticleId,
) -> Answer<Article> {
    let state = AppState::clone(app);
    let article = app.delivery.read(move |db| read(&state, db, viewer, id)).await?;
    if article.summary.status == ArticleStatus::Published && !article.may.edit {
        let reader = viewer.user().map_or(Reader::Address(address), Reader::User);
        app.views.count(reader, id, app.clock.now());
    }
    Ok(article)
}

/// What lists show of the article, if `viewer` may read it. It is not counted as read.
///
/// # Errors
/// 404, 410 `gone`.
pub(super) async fn summary(
    app: &AppState,
    viewer: Viewer,
    id: ArticleId,
) -> Answer<ArticleSummary> {
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let row = rights::readable(db, viewer, id)?.row;
            view::summary(db, &delivery, viewer, row)
        })
        .await
}

/// The same as [`article()`] inside of a unit or read.
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
    let quotes = if is_author { quotes::quotes(app, db, viewer, &row)? } else { None };
    let (revision, edits) = (row.revision, row.edits.min(MAX_ARTICLE_EDITS));
    Ok(Article {
        summary: view::summary(db, &app.delivery, viewer, row)?,
        text: texts.text,
        html: texts.html,
        revision,
        edits,
        discussion: groups::discussion(db, id, viewer.user())?,
        may,
        draft: if is_author { drafts::saved(db, id)? } else { None },
        quotes,
    })
}

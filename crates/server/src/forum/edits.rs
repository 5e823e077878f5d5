//! What articles said before they were edited: kept from when everybody could read them.

use delivery::Unit;
use protocol::{ArticleEdit, ArticleEditList, ArticleId, MAX_ARTICLE_EDITS, UserId};

use super::{
    rights::{self, Viewer},
    store::{self, ArticleRow},
    view,
};
use crate::{app::AppState, caller::Caller, problem::Answer};

/// Keeps what an article says now, before `editor` changes it.
///
/// # Errors
/// Those of the database.
pub(super) fn keep(
    unit: &mut Unit<'_>,
    before: &ArticleRow,
    text: &str,
    editor: UserId,
) -> Answer<()> {
    let (n, now) = (before.edits + 1, unit.now());
    store::add_edit(unit.db(), before, text, n, editor, now)?;
    Ok(store::drop_edits(unit.db(), before.id, n - MAX_ARTICLE_EDITS)?)
}

/// What an article said before, for its author and moderators.
///
/// # Errors
/// 404, 410; 403 for everybody else who may read it.
pub(super) async fn list(app: &AppState, caller: Caller, id: ArticleId) -> Answer<ArticleEditList> {
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            rights::led_or_forbidden(db, &caller, id)?;
            let rows = store::edits(db, id)?;
            let editors: Vec<UserId> = rows.iter().map(|row| row.editor).collect();
            let people = view::people(db, &delivery, Viewer::from(caller), &editors)?;
            let edit = |row: store::EditRow| {
                let editor = people.get(&row.editor)?.clone();
                let store::EditRow { n, at, title, summary, text, .. } = row;
                Some(ArticleEdit { n, at, editor, title, summary, text })
            };
            Ok(ArticleEditList { edits: rows.into_iter().filter_map(edit).collect() })
        })
        .await
}

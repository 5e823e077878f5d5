//! Working copies: what an editor saves by itself while its author writes, beside what others read. Seen by the
//! author alone, and gone once it is applied.

use database::Connection;
use protocol::{ArticleId, SavedCopy, WorkingCopy};

use super::{
    content, images,
    rights::{self, Seen},
    store,
};
use crate::{app::AppState, caller::Caller, problem::Answer, rate_limit::Limit};

/// Saves a working copy: bounds only, it need not be complete.
///
/// # Errors
/// 404, 410; 403 for everybody but the author; 422; 429.
pub(super) async fn save(
    app: &AppState,
    caller: Caller,
    id: ArticleId,
    copy: WorkingCopy,
) -> Answer<()> {
    let copy = content::working_copy(copy)?;
    app.limits.account(Limit::Posting, caller.user_id)?;
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let Seen { row, .. } = rights::own(unit.db(), &caller, id)?;
            let now = unit.now();
            store::put_copy(unit.db(), id, &copy, now)?;
            images::settle_stored(unit, &row, Some(&copy))
        })
        .await
}

/// Throws the working copy away.
///
/// # Errors
/// 404, 410; 403 for everybody but the author.
pub(super) async fn discard(app: &AppState, caller: Caller, id: ArticleId) -> Answer<()> {
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let Seen { row, .. } = rights::own(unit.db(), &caller, id)?;
            store::drop_copy(unit.db(), id)?;
            images::settle_stored(unit, &row, None)
        })
        .await
}

/// The working copy, if there is one.
///
/// # Errors
/// Those of the database.
pub(super) fn saved(db: &mut Connection, id: ArticleId) -> Answer<Option<SavedCopy>> {
    Ok(store::copy(db, id)?.map(|(copy, saved_at)| {
        let WorkingCopy { title, summary, text, tags, category_id, head_image_id } = copy;
        SavedCopy { title, summary, text, tags, category_id, head_image_id, saved_at }
    }))
}

//! Taking an emoji or sticker out of the lists. Messages that show it go on doing so.

use protocol::Code;
use serde_json::json;

use super::{
    add::{check_place, record},
    list::is_id,
    store,
};
use crate::{
    app::AppState,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Removes one.
///
/// # Errors
/// 404 where there is none that the caller may use, 403 for whoever does not look after it.
pub(super) async fn remove(app: &AppState, caller: &Caller, id: String) -> Answer<()> {
    if !is_id(&id) {
        return Err(Code::NotFound.into());
    }
    let caller = *caller;
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let missing = || Refusal::new(Code::NotFound);
            let group = store::place(unit.db(), &id)?.ok_or_else(missing)?;
            check_place(unit.db(), &caller, group)?;
            let now = unit.now();
            store::remove(unit.db(), &id, now)?;
            if group.is_none() {
                record(unit, &caller, "emoji.removed", &id, json!({}))?;
            }
            Ok(())
        })
        .await
}

//! Reading one's notifications.

use std::sync::Arc;

use database::Connection;
use protocol::{NotificationId, NotificationPage};

use super::{
    notify::{tell_counts, view},
    store,
};
use crate::{app::App, caller::Caller, problem::Answer};

/// A page of the caller's notifications, older than `before`.
pub(super) async fn page(
    app: &Arc<App>,
    caller: &Caller,
    before: Option<NotificationId>,
    limit: i64,
) -> Answer<NotificationPage> {
    let (user, delivery) = (caller.user_id, app.delivery.clone());
    let read = move |db: &mut Connection| {
        let mut rows = store::page(db, user, before, limit + 1)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let unread = store::unread(db, user)?;
        Ok(NotificationPage { notifications: view(db, &delivery, rows)?, unread, has_more })
    };
    app.delivery.read(read).await
}

/// The caller has seen everything up to `until`.
pub(super) async fn read(app: &Arc<App>, caller: &Caller, until: NotificationId) -> Answer<()> {
    let user = caller.user_id;
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            if store::mark_read(unit.db(), user, until)? {
                tell_counts(unit, vec![user])
            } else {
                Ok(())
            }
        })
        .await
}

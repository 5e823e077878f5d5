//! Groups, for those who manage them.

use std::sync::Arc;

use protocol::{ConversationId, Group, Permission};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    accounts,
    app::App,
    audit::{self, Act},
    caller::Caller,
    groups,
    problem::Answer,
    text,
};

/// Groups.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupPage {
    /// The newest first. Their announcements are for their members.
    groups: Vec<Group>,
    /// For the next page, as `before`; null on the last.
    cursor: Option<String>,
}

/// A page of all groups, also those that nobody finds.
///
/// # Errors
/// `forbidden`.
pub(super) async fn page(
    app: &App,
    caller: &Caller,
    key: Option<String>,
    before: Option<ConversationId>,
    limit: usize,
) -> Answer<GroupPage> {
    caller.require(Permission::ManageGroups)?;
    app.delivery
        .read(move |db| {
            let before = before.map_or(i64::MAX, ConversationId::get);
            let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
            let mut groups = groups::page(db, key.as_deref(), before, most)?;
            let has_more = groups.len() > limit;
            groups.truncate(limit);
            for group in &mut groups {
                group.announcement.clear();
            }
            let cursor = groups.last().filter(|_| has_more).map(|group| group.id.to_string());
            Ok(GroupPage { groups, cursor })
        })
        .await
}

/// Why a group is dissolved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DissolveReason {
    /// For the audit log: 1 to 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    note: String,
}

/// Dissolves a group.
///
/// # Errors
/// `forbidden`, `not_found`, `invalid`.
pub(super) async fn dissolve(
    app: &Arc<App>,
    caller: &Caller,
    id: ConversationId,
    reason: DissolveReason,
) -> Answer<()> {
    caller.require(Permission::ManageGroups)?;
    let note = text::block("note", &reason.note, 1, 1_000)?;
    let (caller, state) = (*caller, Arc::clone(app));
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            accounts::require_now(unit.db(), &caller, Permission::ManageGroups)?;
            groups::dissolve_by_moderators(&state, unit, id)?;
            let (subject, action) = (format!("group:{id}"), "group.dissolved");
            let details = json!({"note": note});
            let act = Act { actor: caller.user_id, action, subject: &subject, details };
            Ok(audit::record(unit, &act)?)
        })
        .await
}

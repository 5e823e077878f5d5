//! Members' own settings of a conversation.

use database::{Connection, Error, params};
use protocol::{ConversationId, ConversationSettings, UserId};

/// Whether a member `m` of the conversation `c` has put it away; see the migration.
pub(super) const ARCHIVED: &str =
    "(m.archived_ordinal IS NOT NULL AND (m.muted = 1 OR c.last_ordinal <= m.archived_ordinal))";

/// A member's own settings, with the group of a temporary session.
pub(crate) fn settings(
    db: &mut Connection,
    conversation: ConversationId,
    user: UserId,
) -> Result<Option<ConversationSettings>, Error> {
    let sql = format!(
        "SELECT m.pinned, m.muted, CASE WHEN {ARCHIVED} THEN 1 ELSE 0 END, m.marked_unread,
                d.via_group_id
         FROM members m
         JOIN conversations c ON c.id = m.conversation_id
         LEFT JOIN direct_pairs d ON d.conversation_id = m.conversation_id
         WHERE m.user_id = $2 AND m.conversation_id = $1 AND m.left_at IS NULL"
    );
    db.query_optional(&sql, params![conversation.get(), user.get()])?
        .map(|row| {
            Ok(ConversationSettings {
                id: conversation,
                pinned: row.get(0)?,
                muted: row.get(1)?,
                archived: row.get(2)?,
                marked_unread: row.get(3)?,
                via_group_id: row.get::<Option<i64>>(4)?.map(ConversationId),
            })
        })
        .transpose()
}

/// Stores a member's own settings. Archived means up to what was said so far.
pub(crate) fn set_settings(
    db: &mut Connection,
    user: UserId,
    settings: &ConversationSettings,
) -> Result<(), Error> {
    db.execute(
        "UPDATE members SET pinned = $3, muted = $4, marked_unread = $5,
             archived_ordinal = CASE WHEN $6 = 1
                 THEN (SELECT last_ordinal FROM conversations WHERE id = $2) END
         WHERE user_id = $1 AND conversation_id = $2",
        params![
            user.get(),
            settings.id.get(),
            settings.pinned,
            settings.muted,
            settings.marked_unread,
            settings.archived,
        ],
    )?;
    Ok(())
}

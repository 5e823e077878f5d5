//! What members have typed and not sent.

use database::{Connection, Error, Row, params};
use protocol::{ConversationId, Draft, Position, Timestamp, UserId};

/// A stored draft.
#[derive(Clone, Debug)]
pub(crate) struct DraftRow {
    /// `None` for one that is gone.
    pub(crate) draft: Option<Draft>,
    /// Of the newest logged event about it.
    pub(crate) position: Position,
}

/// The draft whose text and time are these two columns; `None` where there is none, or it is gone.
pub(super) fn draft_at(row: &Row, first: usize) -> Result<Option<Draft>, Error> {
    let text = row.get::<Option<String>>(first)?.filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(None) };
    Ok(Some(Draft { text, updated_at: Timestamp(row.get(first + 1)?) }))
}

/// A member's draft, if they ever had one there.
pub(crate) fn draft(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Option<DraftRow>, Error> {
    db.query_optional(
        "SELECT text, updated_at, position FROM drafts
         WHERE user_id = $1 AND conversation_id = $2",
        params![user.get(), conversation.get()],
    )?
    .map(|row| Ok(DraftRow { draft: draft_at(&row, 0)?, position: Position(row.get(2)?) }))
    .transpose()
}

/// Stores a member's draft.
pub(crate) fn set_draft(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
    draft: &Draft,
    position: Position,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO drafts (user_id, conversation_id, text, updated_at, position)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, conversation_id) DO UPDATE
         SET text = excluded.text, updated_at = excluded.updated_at, position = excluded.position",
        params![
            user.get(),
            conversation.get(),
            draft.text.as_str(),
            draft.updated_at.millis(),
            position.get(),
        ],
    )?;
    Ok(())
}

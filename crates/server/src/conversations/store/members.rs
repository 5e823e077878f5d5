//! Conversations as rows, and who is in them, with what role, nickname, mute and settings.

use database::{Connection, Engine, Error, Row, params};
use protocol::{ConversationId, ConversationKind, Role, Timestamp, UserId};

use super::messages::json;
use crate::accounts;

/// Somebody who is in a conversation now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemberRow {
    pub(crate) user_id: UserId,
    pub(crate) role: Role,
    /// May be empty.
    pub(crate) nickname: String,
    /// As it was set; it may lie in the past.
    pub(crate) muted_until: Option<Timestamp>,
}

pub(super) fn role(text: &str) -> Role {
    match text {
        "owner" => Role::Owner,
        "admin" => Role::Admin,
        _ => Role::Member,
    }
}

fn role_text(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Member => "member",
    }
}

fn member_row(row: &Row) -> Result<MemberRow, Error> {
    Ok(MemberRow {
        user_id: UserId(row.get(0)?),
        role: role(row.text(1)?),
        nickname: row.get(2)?,
        muted_until: row.get::<Option<i64>>(3)?.map(Timestamp),
    })
}

/// Makes a conversation with nobody in it, under the next number.
pub(crate) fn add_conversation(
    db: &mut Connection,
    kind: ConversationKind,
    now: Timestamp,
) -> Result<ConversationId, Error> {
    let id = accounts::next_number(db, "conversation")?;
    let kind = match kind {
        // See the table `saved_conversations`.
        ConversationKind::Direct | ConversationKind::Saved => "direct",
        ConversationKind::Group => "group",
    };
    db.execute(
        "INSERT INTO conversations (id, kind, last_message_at, created_at) VALUES ($1, $2, $3, $3)",
        params![id, kind, now.millis()],
    )?;
    Ok(ConversationId(id))
}

/// Where a conversation stands in lists while nothing was said in it.
pub(crate) fn set_last_position(
    db: &mut Connection,
    id: ConversationId,
    position: i64,
) -> Result<(), Error> {
    db.execute(
        "UPDATE conversations SET last_position = $2 WHERE id = $1",
        params![id.get(), position],
    )?;
    Ok(())
}

/// Whether this conversation is a group; a dissolved one has nobody in it.
pub(crate) fn is_group(db: &mut Connection, id: ConversationId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM conversations WHERE id = $1 AND kind = 'group'";
    Ok(db.query_optional(sql, params![id.get()])?.is_some())
}

/// A member who is in.
pub(crate) fn member(
    db: &mut Connection,
    conversation: ConversationId,
    user: UserId,
) -> Result<Option<MemberRow>, Error> {
    db.query_optional(
        "SELECT user_id, role, nickname, muted_until FROM members
         WHERE user_id = $2 AND conversation_id = $1 AND left_at IS NULL",
        params![conversation.get(), user.get()],
    )?
    .map(|row| member_row(&row))
    .transpose()
}

/// Members after `after`, by account number, at most `limit`.
pub(crate) fn members(
    db: &mut Connection,
    conversation: ConversationId,
    after: i64,
    limit: i64,
) -> Result<Vec<MemberRow>, Error> {
    db.query(
        "SELECT user_id, role, nickname, muted_until FROM members
         WHERE conversation_id = $1 AND user_id > $2 AND left_at IS NULL
         ORDER BY user_id LIMIT $3",
        params![conversation.get(), after, limit],
    )?
    .iter()
    .map(member_row)
    .collect()
}

/// Somebody, and where.
pub(crate) type Membership = (ConversationId, UserId);

/// The roles of those who are members: one statement. The caller bounds them.
pub(crate) fn roles_among(
    db: &mut Connection,
    memberships: &[Membership],
) -> Result<Vec<(Membership, Role)>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => {
            "(SELECT value ->> 0 AS conversation_id, value ->> 1 AS user_id FROM json_each($1))"
        }
        Engine::Postgres => {
            "(SELECT CAST(value ->> 0 AS BIGINT) AS conversation_id,
                     CAST(value ->> 1 AS BIGINT) AS user_id
              FROM json_array_elements(CAST($1 AS json)) AS rows (value))"
        }
    };
    let sql = format!(
        "SELECT k.conversation_id, k.user_id, m.role FROM {set} AS k
         JOIN members m ON m.user_id = k.user_id AND m.conversation_id = k.conversation_id
                       AND m.left_at IS NULL"
    );
    db.query(&sql, params![json(memberships)?])?
        .iter()
        .map(|row| {
            let membership = (ConversationId(row.get(0)?), UserId(row.get(1)?));
            Ok((membership, role(row.text(2)?)))
        })
        .collect()
}

/// Owner and admins; `limit` bounds them.
pub(crate) fn leaders(
    db: &mut Connection,
    conversation: ConversationId,
    limit: i64,
) -> Result<Vec<UserId>, Error> {
    db.query(
        "SELECT user_id FROM members
         WHERE conversation_id = $1 AND left_at IS NULL AND role <> 'member'
         ORDER BY user_id LIMIT $2",
        params![conversation.get(), limit],
    )?
    .iter()
    .map(|row| Ok(UserId(row.get(0)?)))
    .collect()
}

/// Puts somebody in. Who was in before gets the same row back: own settings and a mute stay (leaving is no
/// way out of a mute), role and nickname start anew, and what they had typed then is gone.
pub(crate) fn enter(
    db: &mut Connection,
    conversation: ConversationId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO members (user_id, conversation_id, role, joined_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, conversation_id) DO UPDATE
         SET role = excluded.role, nickname = '', joined_at = excluded.joined_at, left_at = NULL",
        params![user.get(), conversation.get(), role_text(role), now.millis()],
    )?;
    db.execute(
        "DELETE FROM drafts WHERE user_id = $1 AND conversation_id = $2",
        params![user.get(), conversation.get()],
    )?;
    Ok(())
}

/// Takes a member out.
pub(crate) fn leave(
    db: &mut Connection,
    conversation: ConversationId,
    user: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "UPDATE members SET left_at = $3
         WHERE user_id = $2 AND conversation_id = $1 AND left_at IS NULL",
        params![conversation.get(), user.get(), now.millis()],
    )?;
    Ok(())
}

/// Takes everybody out.
pub(crate) fn close(
    db: &mut Connection,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "UPDATE members SET left_at = $2 WHERE conversation_id = $1 AND left_at IS NULL",
        params![conversation.get(), now.millis()],
    )?;
    Ok(())
}

/// Stores role, nickname and mute of a member.
pub(crate) fn set_member(
    db: &mut Connection,
    conversation: ConversationId,
    member: &MemberRow,
) -> Result<(), Error> {
    db.execute(
        "UPDATE members SET role = $3, nickname = $4, muted_until = $5
         WHERE user_id = $2 AND conversation_id = $1",
        params![
            conversation.get(),
            member.user_id.get(),
            role_text(member.role),
            member.nickname.as_str(),
            member.muted_until.map(Timestamp::millis),
        ],
    )?;
    Ok(())
}

/// Moves a member's mark to the newest message.
pub(crate) fn read_everything(
    db: &mut Connection,
    conversation: ConversationId,
    user: UserId,
) -> Result<(), Error> {
    db.execute(
        "UPDATE members SET
             read_seq = (SELECT last_seq FROM conversations WHERE id = $1),
             read_ordinal = (SELECT last_ordinal FROM conversations WHERE id = $1)
         WHERE user_id = $2 AND conversation_id = $1",
        params![conversation.get(), user.get()],
    )?;
    Ok(())
}

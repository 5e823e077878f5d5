//! All SQL over groups and requests to join. Members are kept by `conversations`.

mod announcements;
mod links;

use database::{Connection, Error, Row, Value, params};
use protocol::{
    ArticleId, ConversationId, Group, JoinPolicy, JoinRequestId, Seq, Timestamp, UserId,
};

use crate::{
    accounts,
    conversations::{GROUP_COLUMNS, group_at},
};

pub(super) use announcements::{add_announcement, announcements};
pub(super) use links::{
    LinkRow, add_link, count_links, count_use, delete_link, forget_dead_links, link_by_code, links,
};

fn policy_text(policy: JoinPolicy) -> &'static str {
    match policy {
        JoinPolicy::Open => "open",
        JoinPolicy::Approval => "approval",
        JoinPolicy::Invite => "invite",
    }
}

/// Stores a new group, whose name nobody else has.
pub(super) fn insert(db: &mut Connection, group: &Group, name_key: &str) -> Result<(), Error> {
    db.execute(
        "INSERT INTO groups (conversation_id, name, name_key, open_name_key, description, owner_id,
                             max_members, member_count, join_policy, created_at,
                             history_for_new_members, article_id)
         VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            group.id.get(),
            group.name.as_str(),
            name_key,
            group.description.as_str(),
            group.owner_id.get(),
            group.max_members,
            group.member_count,
            policy_text(group.join_policy),
            group.created_at.millis(),
            group.history_for_new_members,
            group.article_id.map(ArticleId::get),
        ],
    )?;
    name_changed(db, group.id)
}

/// Has the search index look at a group's name again.
fn name_changed(db: &mut Connection, id: ConversationId) -> Result<(), Error> {
    db.execute(
        "INSERT INTO name_changes (kind, id) VALUES ('group', $1) ON CONFLICT (kind, id) DO NOTHING",
        params![id.get()],
    )?;
    Ok(())
}

/// Stores everything of a group that can change.
pub(super) fn update(db: &mut Connection, group: &Group, name_key: &str) -> Result<(), Error> {
    db.execute(
        "UPDATE groups SET name = $2, name_key = $3, open_name_key = $3, description = $4,
             announcement = $5, owner_id = $6, max_members = $7, member_count = $8, join_policy = $9,
             all_muted = $10, history_for_new_members = $11
         WHERE conversation_id = $1",
        params![
            group.id.get(),
            group.name.as_str(),
            name_key,
            group.description.as_str(),
            group.announcement.as_str(),
            group.owner_id.get(),
            group.max_members,
            group.member_count,
            policy_text(group.join_policy),
            group.all_muted,
            group.history_for_new_members,
        ],
    )?;
    name_changed(db, group.id)
}

/// Everybody can come in from now on, and could not before.
pub(super) fn opened(db: &mut Connection, id: ConversationId) -> Result<(), Error> {
    db.execute(
        "UPDATE groups SET open_since = (SELECT c.last_seq FROM conversations c WHERE c.id = $1)
         WHERE conversation_id = $1",
        params![id.get()],
    )?;
    Ok(())
}

/// Since after which message everybody can come into an open group.
pub(super) fn open_since(db: &mut Connection, id: ConversationId) -> Result<Option<Seq>, Error> {
    let sql = "SELECT open_since FROM groups WHERE conversation_id = $1";
    db.query_optional(sql, params![id.get()])?.map(|row| Ok(Seq(row.get(0)?))).transpose()
}

/// Stores how many are in a group; never more than its `max_members`.
pub(super) fn set_member_count(
    db: &mut Connection,
    id: ConversationId,
    count: i64,
) -> Result<(), Error> {
    db.execute(
        "UPDATE groups SET member_count = $2 WHERE conversation_id = $1",
        params![id.get(), count],
    )?;
    Ok(())
}

/// Ends a group: its name is free again.
pub(super) fn dissolve(
    db: &mut Connection,
    id: ConversationId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "UPDATE groups SET open_name_key = NULL, dissolved_at = $2, member_count = 0
         WHERE conversation_id = $1",
        params![id.get(), now.millis()],
    )?;
    Ok(())
}

fn group_row(row: &Row) -> Result<Group, Error> {
    group_at(row, ConversationId(row.get(0)?), 1)
}

fn groups(db: &mut Connection, rest: &str, values: &[Value]) -> Result<Vec<Group>, Error> {
    let sql = format!(
        "SELECT g.conversation_id, {GROUP_COLUMNS} FROM groups g WHERE g.dissolved_at IS NULL AND {rest}"
    );
    db.query(&sql, values)?.iter().map(group_row).collect()
}

/// A group that exists.
pub(super) fn group(db: &mut Connection, id: ConversationId) -> Result<Option<Group>, Error> {
    Ok(groups(db, "g.conversation_id = $1", params![id.get()])?.pop())
}

/// A group that exists, by any number.
///
/// # Errors
/// Those of the database.
pub(crate) fn open_group(db: &mut Connection, id: i64) -> Result<Option<Group>, Error> {
    group(db, ConversationId(id))
}

/// The group that has this name now.
pub(super) fn named(db: &mut Connection, name_key: &str) -> Result<Option<ConversationId>, Error> {
    Ok(groups(db, "g.open_name_key = $1", params![name_key])?.pop().map(|group| group.id))
}

/// The group that talks about an article.
pub(super) fn about(db: &mut Connection, article: ArticleId) -> Result<Option<Group>, Error> {
    Ok(groups(db, "g.article_id = $1 ORDER BY g.conversation_id LIMIT 1", params![article.get()])?
        .pop())
}

/// Groups whose name has `key` in it, those that begin with it first, at most `limit`.
pub(super) fn search(db: &mut Connection, key: &str, limit: i64) -> Result<Vec<Group>, Error> {
    let escaped = key.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    groups(
        db,
        r"g.name_key LIKE '%' || $1 || '%' ESCAPE '\'
          ORDER BY CASE WHEN g.name_key LIKE $1 || '%' ESCAPE '\' THEN 0 ELSE 1 END,
                   g.name_key, g.conversation_id LIMIT $2",
        params![escaped, limit],
    )
}

/// Groups before a number, the newest first; with `key` in their names, if one is given.
///
/// # Errors
/// Those of the database.
pub(crate) fn page(
    db: &mut Connection,
    key: Option<&str>,
    before: i64,
    limit: i64,
) -> Result<Vec<Group>, Error> {
    let escaped =
        key.unwrap_or_default().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    groups(
        db,
        r"g.name_key LIKE '%' || $1 || '%' ESCAPE '\' AND g.conversation_id < $2
          ORDER BY g.conversation_id DESC LIMIT $3",
        params![escaped, before, limit],
    )
}

/// Somebody asks to join nothing any more.
pub(super) fn forget_requests(db: &mut Connection, user: UserId) -> Result<(), Error> {
    db.execute("DELETE FROM join_requests WHERE user_id = $1", params![user.get()]).map(drop)
}

/// The groups that somebody is in, at most `limit`.
///
/// # Errors
/// Those of the database.
pub(crate) fn groups_of(
    db: &mut Connection,
    user: UserId,
    limit: i64,
) -> Result<Vec<Group>, Error> {
    groups(
        db,
        "g.conversation_id IN (SELECT m.conversation_id FROM members m
                               WHERE m.user_id = $1 AND m.left_at IS NULL)
         ORDER BY g.name_key, g.conversation_id LIMIT $2",
        params![user.get(), limit],
    )
}

/// A pending request to join.
#[derive(Clone, Debug)]
pub(super) struct RequestRow {
    pub(super) id: JoinRequestId,
    pub(super) group_id: ConversationId,
    pub(super) user_id: UserId,
    pub(super) note: String,
    pub(super) created_at: Timestamp,
}

fn requests(db: &mut Connection, rest: &str, values: &[Value]) -> Result<Vec<RequestRow>, Error> {
    let sql = format!(
        "SELECT id, conversation_id, user_id, note, created_at FROM join_requests WHERE {rest}"
    );
    db.query(&sql, values)?
        .iter()
        .map(|row| {
            Ok(RequestRow {
                id: JoinRequestId(row.get(0)?),
                group_id: ConversationId(row.get(1)?),
                user_id: UserId(row.get(2)?),
                note: row.get(3)?,
                created_at: Timestamp(row.get(4)?),
            })
        })
        .collect()
}

/// Requests of a group, oldest first, at most `limit`.
pub(super) fn requests_of_group(
    db: &mut Connection,
    group: ConversationId,
    limit: i64,
) -> Result<Vec<RequestRow>, Error> {
    requests(db, "conversation_id = $1 ORDER BY id LIMIT $2", params![group.get(), limit])
}

/// Somebody's own request to join a group.
pub(super) fn request_of(
    db: &mut Connection,
    group: ConversationId,
    user: UserId,
) -> Result<Option<RequestRow>, Error> {
    let values = params![group.get(), user.get()];
    Ok(requests(db, "conversation_id = $1 AND user_id = $2", values)?.pop())
}

/// A request by its number.
pub(super) fn request(
    db: &mut Connection,
    group: ConversationId,
    id: JoinRequestId,
) -> Result<Option<RequestRow>, Error> {
    Ok(requests(db, "conversation_id = $1 AND id = $2", params![group.get(), id.get()])?.pop())
}

/// Stores a request; `invited_by` is the member who asks for their friend.
pub(super) fn add_request(
    db: &mut Connection,
    group: ConversationId,
    user: UserId,
    invited_by: Option<UserId>,
    note: &str,
    now: Timestamp,
) -> Result<RequestRow, Error> {
    let id = JoinRequestId(accounts::next_number(db, "join_request")?);
    db.execute(
        "INSERT INTO join_requests (id, conversation_id, user_id, invited_by, note, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![id.get(), group.get(), user.get(), invited_by.map(UserId::get), note, now.millis()],
    )?;
    Ok(RequestRow { id, group_id: group, user_id: user, note: note.to_owned(), created_at: now })
}

/// Forgets a request.
pub(super) fn delete_request(db: &mut Connection, id: JoinRequestId) -> Result<(), Error> {
    db.execute("DELETE FROM join_requests WHERE id = $1", params![id.get()])?;
    Ok(())
}

//! Links that let people into groups.

use database::{Connection, Error, Value, params};
use protocol::{ConversationId, InviteLinkId, Timestamp, UserId};

use crate::accounts;

/// A link.
#[derive(Clone, Debug)]
pub(crate) struct LinkRow {
    pub(crate) id: InviteLinkId,
    pub(crate) group_id: ConversationId,
    pub(crate) code: String,
    pub(crate) created_by: UserId,
    pub(crate) max_uses: Option<i64>,
    pub(crate) uses: i64,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
}

fn select(db: &mut Connection, rest: &str, values: &[Value]) -> Result<Vec<LinkRow>, Error> {
    let sql = format!(
        "SELECT id, conversation_id, code, created_by, max_uses, uses, expires_at, created_at
         FROM invite_links WHERE {rest}"
    );
    db.query(&sql, values)?
        .iter()
        .map(|row| {
            Ok(LinkRow {
                id: InviteLinkId(row.get(0)?),
                group_id: ConversationId(row.get(1)?),
                code: row.get(2)?,
                created_by: UserId(row.get(3)?),
                max_uses: row.get(4)?,
                uses: row.get(5)?,
                expires_at: row.get::<Option<i64>>(6)?.map(Timestamp),
                created_at: Timestamp(row.get(7)?),
            })
        })
        .collect()
}

/// The links of a group, the newest first; of `maker` alone if given.
pub(crate) fn links(
    db: &mut Connection,
    group: ConversationId,
    maker: Option<UserId>,
) -> Result<Vec<LinkRow>, Error> {
    let filter = "conversation_id = $1 AND (created_by = $2 OR $2 = 0) ORDER BY id DESC";
    select(db, filter, params![group.get(), maker.map_or(0, UserId::get)])
}

/// The link that ends with this code.
pub(crate) fn link_by_code(db: &mut Connection, code: &str) -> Result<Option<LinkRow>, Error> {
    Ok(select(db, "code = $1", params![code])?.pop())
}

/// How many links a group has.
pub(crate) fn count_links(db: &mut Connection, group: ConversationId) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) FROM invite_links WHERE conversation_id = $1";
    db.query_one(sql, params![group.get()])?.get(0)
}

/// Forgets a group's links that stopped working, or were made and used up, before `time`.
pub(crate) fn forget_dead_links(
    db: &mut Connection,
    group: ConversationId,
    time: Timestamp,
) -> Result<(), Error> {
    db.execute(
        "DELETE FROM invite_links WHERE conversation_id = $1
             AND (expires_at < $2 OR (uses >= max_uses AND created_at < $2))",
        params![group.get(), time.millis()],
    )?;
    Ok(())
}

/// Stores a new link, under the next number.
pub(crate) fn add_link(db: &mut Connection, mut link: LinkRow) -> Result<LinkRow, Error> {
    link.id = InviteLinkId(accounts::next_number(db, "invite_link")?);
    db.execute(
        "INSERT INTO invite_links (id, conversation_id, code, created_by, max_uses, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            link.id.get(),
            link.group_id.get(),
            link.code.as_str(),
            link.created_by.get(),
            link.max_uses,
            link.expires_at.map(Timestamp::millis),
            link.created_at.millis(),
        ],
    )?;
    Ok(link)
}

/// Counts one more who came in by a link.
pub(crate) fn count_use(db: &mut Connection, id: InviteLinkId) -> Result<(), Error> {
    db.execute("UPDATE invite_links SET uses = uses + 1 WHERE id = $1", params![id.get()])?;
    Ok(())
}

/// Withdraws a link.
pub(crate) fn delete_link(db: &mut Connection, id: InviteLinkId) -> Result<(), Error> {
    db.execute("DELETE FROM invite_links WHERE id = $1", params![id.get()])?;
    Ok(())
}

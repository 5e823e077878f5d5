//! Conversations as rows of one member's list: everything that a list shows except people's profiles, in one
//! statement whatever the number of rows.

use database::{Connection, Error, Row, Value, params};
use protocol::{
    ArticleId, ConversationId, ConversationKind, Draft, Group, JoinPolicy, Message, Role, Seq,
    Timestamp, UserId,
};

use super::drafts::draft_at;
use super::members::role;
use super::messages::{MESSAGE_COLUMNS, message_at};
use super::settings::ARCHIVED;

/// A place in a member's list: pinned ones first, then by the position of the last message; the id decides
/// between seeded conversations, in which nothing was ever said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) pinned: bool,
    pub(crate) position: i64,
    pub(crate) id: ConversationId,
}

/// One conversation of one member.
#[derive(Clone, Debug)]
pub(crate) struct ViewRow {
    pub(crate) id: ConversationId,
    pub(crate) kind: ConversationKind,
    pub(crate) place: Place,
    pub(crate) last_seq: Seq,
    pub(crate) read_seq: Seq,
    pub(crate) unread: i64,
    pub(crate) muted: bool,
    pub(crate) archived: bool,
    pub(crate) marked_unread: bool,
    pub(crate) draft: Option<Draft>,
    pub(crate) role: Role,
    pub(crate) nickname: String,
    pub(crate) muted_until: Option<Timestamp>,
    pub(crate) peer: Option<UserId>,
    pub(crate) peer_read_seq: Option<Seq>,
    /// Of a temporary session; never between friends.
    pub(crate) via_group_id: Option<ConversationId>,
    pub(crate) group: Option<Group>,
    pub(crate) last_message: Option<Message>,
}

/// The member's conversations after `after`, pinned first, then latest first, at most `limit`.
///
/// It goes over all conversations that the user was ever in, by two primary keys, and sorts them: 1,000
/// of them take about a millisecond; whatever else is shown is looked up for the page only.
pub(crate) fn views_page(
    db: &mut Connection,
    user: UserId,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<ViewRow>, Error> {
    let (pinned, position, id) =
        after.map_or((2, 0, 0), |place| (i64::from(place.pinned), place.position, place.id.get()));
    let filter = "(m.pinned, c.last_position, c.id) < ($2, $3, $4)";
    views(db, filter, "$5", params![user.get(), pinned, position, id, limit])
}

/// One conversation of a member.
pub(crate) fn view_of(
    db: &mut Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Option<ViewRow>, Error> {
    let rows = views(db, "m.conversation_id = $2", "1", params![user.get(), conversation.get()])?;
    Ok(rows.into_iter().next())
}

/// The other one of a direct pair; NULL in groups.
const PEER: &str = "CASE WHEN d.low_user_id = $1 THEN d.high_user_id ELSE d.low_user_id END";

/// `filter` and `limit` are texts of this file, never of a caller.
fn views(
    db: &mut Connection,
    filter: &'static str,
    limit: &'static str,
    values: &[Value],
) -> Result<Vec<ViewRow>, Error> {
    let sql = format!(
        "SELECT page.id, page.kind, page.pinned, page.last_position, page.last_seq, page.read_seq,
                page.unread, page.muted, page.role, page.nickname, page.muted_until,
                {PEER}, p.receipt_seq, d.via_group_id,
                page.archived, page.marked_unread, t.text, t.updated_at,
                CASE WHEN s.user_id IS NULL THEN 0 ELSE 1 END,
                {GROUP_COLUMNS},
                {MESSAGE_COLUMNS}
         FROM (
             SELECT c.id, c.kind, m.pinned, c.last_position, c.last_seq, m.read_seq,
                    c.last_ordinal - m.read_ordinal AS unread, m.muted, m.role, m.nickname,
                    m.muted_until, m.marked_unread,
                    CASE WHEN {ARCHIVED} THEN 1 ELSE 0 END AS archived
             FROM members m JOIN conversations c ON c.id = m.conversation_id
             WHERE m.user_id = $1 AND m.left_at IS NULL AND {filter}
             ORDER BY m.pinned DESC, c.last_position DESC, c.id DESC LIMIT {limit}
         ) AS page
         LEFT JOIN direct_pairs d ON d.conversation_id = page.id
         LEFT JOIN members p ON p.conversation_id = page.id AND p.user_id = {PEER}
         LEFT JOIN saved_conversations s ON s.conversation_id = page.id
         LEFT JOIN drafts t ON t.user_id = $1 AND t.conversation_id = page.id
         LEFT JOIN groups g ON g.conversation_id = page.id
         LEFT JOIN messages m ON m.conversation_id = page.id AND m.seq = page.last_seq
         ORDER BY page.pinned DESC, page.last_position DESC, page.id DESC"
    );
    db.query(&sql, values)?.iter().map(view_row).collect()
}

fn view_row(row: &Row) -> Result<ViewRow, Error> {
    let id = ConversationId(row.get(0)?);
    let kind = match (row.text(1)?, row.get(18)?) {
        ("group", _) => ConversationKind::Group,
        (_, true) => ConversationKind::Saved,
        (_, false) => ConversationKind::Direct,
    };
    let group = match kind {
        ConversationKind::Group => Some(group_at(row, id, 19)?),
        ConversationKind::Direct | ConversationKind::Saved => None,
    };
    let said_anything = row.get::<Option<i64>>(30)?.is_some();
    Ok(ViewRow {
        id,
        kind,
        place: Place { pinned: row.get(2)?, position: row.get(3)?, id },
        last_seq: Seq(row.get(4)?),
        read_seq: Seq(row.get(5)?),
        unread: row.get(6)?,
        muted: row.get(7)?,
        archived: row.get(14)?,
        marked_unread: row.get(15)?,
        draft: draft_at(row, 16)?,
        role: role(row.text(8)?),
        nickname: row.get(9)?,
        muted_until: row.get::<Option<i64>>(10)?.map(Timestamp),
        peer: row.get::<Option<i64>>(11)?.map(UserId),
        peer_read_seq: row.get::<Option<i64>>(12)?.map(Seq),
        via_group_id: row.get::<Option<i64>>(13)?.map(ConversationId),
        group,
        last_message: if said_anything { Some(message_at(row, 30)?) } else { None },
    })
}

/// The columns that [`group_at`] reads, of `groups AS g`.
pub(crate) const GROUP_COLUMNS: &str = "g.name, g.description, g.announcement, g.owner_id, \
     g.member_count, g.max_members, g.join_policy, g.all_muted, g.history_for_new_members, \
     g.created_at, g.article_id";

/// The group whose [`GROUP_COLUMNS`] begin at column `first`.
pub(crate) fn group_at(row: &Row, id: ConversationId, first: usize) -> Result<Group, Error> {
    let join_policy = match row.text(first + 6)? {
        "approval" => JoinPolicy::Approval,
        "invite" => JoinPolicy::Invite,
        _ => JoinPolicy::Open,
    };
    Ok(Group {
        id,
        name: row.get(first)?,
        description: row.get(first + 1)?,
        announcement: row.get(first + 2)?,
        owner_id: UserId(row.get(first + 3)?),
        member_count: row.get(first + 4)?,
        max_members: row.get(first + 5)?,
        join_policy,
        all_muted: row.get(first + 7)?,
        history_for_new_members: row.get(first + 8)?,
        created_at: Timestamp(row.get(first + 9)?),
        article_id: row.get::<Option<i64>>(first + 10)?.map(ArticleId),
    })
}

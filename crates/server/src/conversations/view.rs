//! From rows to `Conversation` as one member sees it: people's profiles, remarks and titles are put in here.
//! A fixed number of statements for any number of rows.

use std::collections::HashMap;

use database::{Connection, Error};
use protocol::{Conversation, ConversationId, Member, Seq, User, UserId};

use super::store::{self, ViewRow};
use crate::{accounts, app::App, friends};

/// A conversation as `user`, who is a member, sees it; `None` for everybody else.
///
/// # Errors
/// Those of the database.
pub(crate) fn view(
    app: &App,
    db: &mut Connection,
    user: UserId,
    id: ConversationId,
) -> Result<Option<Conversation>, Error> {
    let Some(row) = store::view_of(db, user, id)? else { return Ok(None) };
    Ok(dress(app, db, user, vec![row])?.pop())
}

/// Puts profiles and titles to rows, and keeps their order. A row whose peer's account is gone is left out.
pub(super) fn dress(
    app: &App,
    db: &mut Connection,
    user: UserId,
    rows: Vec<ViewRow>,
) -> Result<Vec<Conversation>, Error> {
    let peers: Vec<UserId> = rows.iter().filter_map(|row| row.peer).collect();
    let mut everybody = peers.clone();
    everybody.push(user);
    let profiles = accounts::public_users(db, &app.delivery, &everybody)?;
    let remarks = friends::remarks(db, user, &peers)?;
    let unread: Vec<_> = rows.iter().filter(|row| row.unread > 0).map(|row| row.id).collect();
    let mut mentions = store::unread_mentions(db, user, &unread)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let mentions = mentions.remove(&row.id).unwrap_or_default();
            dress_one(user, row, mentions, &profiles, &remarks)
        })
        .collect())
}

/// `remarks` has an entry, maybe empty, for every friend.
fn dress_one(
    user: UserId,
    row: ViewRow,
    mentions: Vec<Seq>,
    profiles: &HashMap<UserId, User>,
    remarks: &HashMap<UserId, String>,
) -> Option<Conversation> {
    let peer = match row.peer {
        Some(id) => Some(profiles.get(&id)?.clone()),
        None => None,
    };
    let remark = peer.as_ref().and_then(|peer| remarks.get(&peer.id));
    let title = match (&row.group, &peer, remark) {
        (Some(group), _, _) => group.name.clone(),
        (None, _, Some(remark)) if !remark.is_empty() => remark.clone(),
        (None, Some(peer), _) => peer.name.clone(),
        (None, None, _) => String::from("Saved messages"),
    };
    let member = match &row.group {
        Some(_) => Some(Member {
            user: profiles.get(&user)?.clone(),
            role: row.role,
            nickname: row.nickname,
            muted_until: row.muted_until,
        }),
        None => None,
    };
    Some(Conversation {
        id: row.id,
        kind: row.kind,
        title,
        peer_read_seq: row.peer_read_seq,
        via_group_id: row.via_group_id,
        peer,
        group: row.group,
        member,
        last_message: row.last_message,
        last_seq: row.last_seq,
        read_seq: row.read_seq,
        unread: row.unread,
        mentions,
        pinned: row.place.pinned,
        muted: row.muted,
        archived: row.archived,
        marked_unread: row.marked_unread,
        draft: row.draft,
    })
}

//! Finding members of one conversation, as one does to mention them: by any of their names, nicknames included.
//!
//! No index knows nicknames: every member is looked at, and the size of the largest group is the bound.

use std::collections::HashMap;

use database::{Connection, Error};
use delivery::Delivery;
use protocol::{ConversationId, FoundMember, Member, NameKind, UserId};

use super::{
    names::{Place, Rank, Typed, rank},
    store,
};
use crate::{
    accounts,
    conversations::{self, MemberRow},
};

/// Members that are looked at: the largest group.
const MAX_MEMBERS: i64 = 10_000;

/// Members of a conversation that `user` is in: those in whose name it stands earliest first.
pub(super) fn find(
    db: &mut Connection,
    delivery: &Delivery,
    user: UserId,
    conversation: ConversationId,
    words: &str,
    limit: usize,
) -> Result<Vec<FoundMember>, Error> {
    let typed = Typed::new(words);
    if typed.chars.is_empty() {
        return Ok(Vec::new());
    }
    let rows = conversations::members(db, conversation, 0, MAX_MEMBERS)?;
    let mut rows: HashMap<UserId, MemberRow> =
        rows.into_iter().map(|row| (row.user_id, row)).collect();
    let friends = store::friends(db, user)?;
    let mut remarks: HashMap<UserId, String> =
        friends.into_iter().map(|friend| (friend.id, friend.remark)).collect();
    let ids: Vec<UserId> = rows.keys().copied().collect();
    let mut found: Vec<(Rank, UserId)> = Vec::new();
    for (id, name, username) in store::users(db, &ids)? {
        let names = [
            (NameKind::Remark, remarks.get(&id).map_or("", String::as_str)),
            (NameKind::Nickname, rows.get(&id).map_or("", |row| row.nickname.as_str())),
            (NameKind::Name, &name),
            (NameKind::Username, &username),
        ];
        found.extend(place(&typed, names).map(|place| (rank(place, &name), id)));
    }
    found.sort();
    found.truncate(limit);
    let ids: Vec<UserId> = found.iter().map(|found| found.1).collect();
    let mut users = accounts::public_users(db, delivery, &ids)?;
    let member = |(rank, id): (Rank, UserId)| {
        let MemberRow { role, nickname, muted_until, .. } = rows.remove(&id)?;
        let member = Member { user: users.remove(&id)?, role, nickname, muted_until };
        let (by, ranges) = rank.place;
        Some(FoundMember { member, remark: remarks.remove(&id).unwrap_or_default(), by, ranges })
    };
    Ok(found.into_iter().filter_map(member).collect())
}

/// The name in which it stands earliest; of several, the first.
fn place(typed: &Typed, names: [(NameKind, &str); 4]) -> Option<Place> {
    let places = names.into_iter().filter_map(|(kind, name)| typed.by_name(kind, name));
    places.min_by_key(|(_, ranges)| ranges.first().map_or(0, |range| range[0]))
}

//! Finding people and groups: by number, and by any of their names, as written, as it sounds, or by initials.
//!
//! The index offers names; each is looked at as it is now. Names that it has not taken up yet are looked at too.

use std::collections::{HashMap, HashSet};

use database::{Connection, Error};
use delivery::Delivery;
use protocol::{
    Acquaintance, ConversationId, FoundGroup, FoundPerson, Group, NameKind, Ranges, UserId,
};

use super::{
    grams,
    sounds::{self, Sounds},
    store::{self, Named, Wanted},
};
use crate::accounts;

/// Names that are looked at; when more have what was typed, it says too little to find anybody by.
const MAX_CANDIDATES: i64 = 1_000;

/// What was typed to find somebody.
pub(super) struct Typed {
    pub(super) chars: Vec<char>,
    id: Option<i64>,
}

/// By which name, and where in it; the order of better and worse.
pub(super) type Place = (NameKind, Ranges);

impl Typed {
    pub(super) fn new(words: &str) -> Self {
        let chars = sounds::typed(words);
        let digits: String = chars.iter().collect();
        Self { id: digits.parse().ok().filter(|id| *id > 0), chars }
    }

    pub(super) fn by_id(&self, id: i64) -> Option<Place> {
        (self.id == Some(id)).then(|| (NameKind::Id, vec![[0, self.chars.len() as u32]]))
    }

    pub(super) fn by_name(&self, kind: NameKind, name: &str) -> Option<Place> {
        Some((kind, vec![Sounds::new(name).find(&self.chars)?]))
    }

    /// People or groups that the index offers, and those that it has not taken up.
    fn candidates(&self, db: &mut Connection, what: i64) -> Result<Vec<Named>, Error> {
        let mut all = sounds::needed(&self.chars);
        all.push(what);
        let wanted = Wanted { all, any: Vec::new() };
        let found = store::matching_names(db, &wanted, MAX_CANDIDATES)?;
        let mut named: Vec<Named> = found.into_iter().map(Named::of).collect();
        named.extend(store::changed_names(db, MAX_CANDIDATES)?);
        Ok(named)
    }
}

/// People: friends first, then those in the same groups; of them, those whose name begins so.
pub(super) fn people(
    db: &mut Connection,
    delivery: &Delivery,
    user: UserId,
    words: &str,
    limit: usize,
) -> Result<Vec<FoundPerson>, Error> {
    let typed = Typed::new(words);
    if typed.chars.is_empty() {
        return Ok(Vec::new());
    }
    let friends = store::friends(db, user)?;
    let mut known: HashSet<UserId> = friends.iter().map(|friend| friend.id).collect();
    // How well known, whether by number, whether it begins so, which name, its length, who: the order of the answer.
    let mut found = Vec::new();
    for friend in friends {
        let place = typed
            .by_id(friend.id.get())
            .or_else(|| typed.by_name(NameKind::Remark, &friend.remark))
            .or_else(|| typed.by_name(NameKind::Name, &friend.name))
            .or_else(|| typed.by_name(NameKind::Username, &friend.username));
        if let Some(place) = place {
            found.push((Acquaintance::Friend, rank(place, &friend.name), friend.id, friend.remark));
        }
    }
    let strangers = strangers(db, &typed, &mut known)?;
    let ids: Vec<UserId> = strangers.iter().map(|(id, _)| *id).collect();
    let members: HashSet<UserId> = store::acquaintances(db, user, &ids)?.into_iter().collect();
    for (id, rank) in strangers {
        let acquaintance = match members.contains(&id) {
            true => Acquaintance::GroupMember,
            false => Acquaintance::Stranger,
        };
        found.push((acquaintance, rank, id, String::new()));
    }
    found.sort();
    found.truncate(limit);
    let ids: Vec<UserId> = found.iter().map(|found| found.2).collect();
    let mut users = accounts::public_users(db, delivery, &ids)?;
    let person = |(acquaintance, rank, id, remark): (_, Rank, UserId, String)| {
        let user = users.remove(&id)?;
        let (by, ranges) = rank.place;
        Some(FoundPerson { user, remark, acquaintance, by, ranges })
    };
    Ok(found.into_iter().filter_map(person).collect())
}

/// Those who are no friends, with what they were found by. `known` grows by them.
fn strangers(
    db: &mut Connection,
    typed: &Typed,
    known: &mut HashSet<UserId>,
) -> Result<Vec<(UserId, Rank)>, Error> {
    let mut ids: Vec<UserId> = typed.id.into_iter().map(UserId).collect();
    ids.extend(typed.candidates(db, grams::PERSON)?.into_iter().filter_map(|named| match named {
        Named::User(id) => Some(id),
        Named::Group(_) => None,
    }));
    ids.retain(|id| known.insert(*id));
    let mut found = Vec::new();
    for (id, name, username) in store::users(db, &ids)? {
        let place = typed
            .by_id(id.get())
            .or_else(|| typed.by_name(NameKind::Name, &name))
            .or_else(|| typed.by_name(NameKind::Username, &username));
        found.extend(place.map(|place| (id, rank(place, &name))));
    }
    Ok(found)
}

/// How well a name answers to what was typed: what compares less is better.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    not_by_id: bool,
    /// Where in the name it begins.
    start: u32,
    length: usize,
    name: String,
    pub(super) place: Place,
}

pub(super) fn rank(place: Place, name: &str) -> Rank {
    Rank {
        not_by_id: place.0 != NameKind::Id,
        start: place.1.first().map_or(0, |range| range[0]),
        length: name.chars().count(),
        name: name.to_owned(),
        place,
    }
}

/// Groups, one's own first; what anybody may see of them.
pub(super) fn groups(
    db: &mut Connection,
    user: UserId,
    words: &str,
    limit: usize,
) -> Result<Vec<FoundGroup>, Error> {
    let typed = Typed::new(words);
    if typed.chars.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<ConversationId> = typed.id.into_iter().map(ConversationId).collect();
    ids.extend(typed.candidates(db, grams::GROUP)?.into_iter().filter_map(|named| match named {
        Named::Group(id) => Some(id),
        Named::User(_) => None,
    }));
    ids.extend(store::own_groups(db, user)?);
    let by_id: HashMap<ConversationId, (Group, bool)> = store::groups(db, user, &ids)?
        .into_iter()
        .map(|(group, is_member)| (group.id, (group, is_member)))
        .collect();
    let mut found = Vec::new();
    for (group, is_member) in by_id.into_values() {
        let place =
            typed.by_id(group.id.get()).or_else(|| typed.by_name(NameKind::Name, &group.name));
        if let Some(place) = place {
            found.push((!is_member, rank(place, &group.name), group));
        }
    }
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found.truncate(limit);
    let public = |group| Group { announcement: String::new(), ..group };
    Ok(found
        .into_iter()
        .map(|(stranger, rank, group)| FoundGroup {
            group: public(group),
            is_member: !stranger,
            by: rank.place.0,
            ranges: rank.place.1,
        })
        .collect())
}

//! The one way to become friends, whether by accepting a request or by asking each other.

use delivery::{Delivery, Stream, Unit};
use protocol::{Code, EventBody, Friend, UserId};

use super::{
    store::{self, MAX_FRIENDS, RequestRow},
    view,
};
use crate::problem::{Answer, Refusal};

/// Makes friends of the two people of `request`, which waits no longer: the friend of the one who was asked.
///
/// # Errors
/// `conflict` when one of them has as many friends as one may have.
pub(super) fn befriend(
    unit: &mut Unit<'_>,
    delivery: &Delivery,
    request: &RequestRow,
) -> Answer<Friend> {
    let (asked, asker) = (request.to, request.from);
    for (user, why) in [
        (asked, "You have as many friends as one may have."),
        (asker, "This person has as many friends as one may have."),
    ] {
        if store::count_friends(unit.db(), user)? >= MAX_FRIENDS {
            return Err(Refusal::new(Code::Conflict).detail(why));
        }
    }
    let now = unit.now();
    store::delete_request(unit.db(), request.id)?;
    store::insert_friendship(unit.db(), asked, asker, request.id, now)?;
    tell(unit, delivery, asker, asked)?;
    tell(unit, delivery, asked, asker)
}

/// `friend.added` to one side.
fn tell(unit: &mut Unit<'_>, delivery: &Delivery, user: UserId, other: UserId) -> Answer<Friend> {
    let row = store::find_friend(unit.db(), user, other)?.ok_or(Code::NotFound)?;
    let friend = view::friend(unit.db(), delivery, row)?;
    unit.append(Stream::User(user), EventBody::FriendAdded { friend: friend.clone() })?;
    Ok(friend)
}

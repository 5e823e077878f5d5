//! Reactions: an emoji under a message, with the names of those who put it there.

use delivery::Unit;
use protocol::{
    Code, ConversationId, EventBody, MAX_REACTIONS, MAX_REACTORS, OneReaction, Reaction, Seq,
    UserId,
};

use super::find::find_to_change;
use crate::{
    app::AppState,
    caller::Caller,
    conversations, emoji, markup,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Adds the caller's reaction, or takes it back. Again changes nothing.
///
/// # Errors
/// 422 for what is no emoji; 404 for whoever cannot read the message; 403 for whoever may not speak there; 409
/// `recalled`, or `conflict` where there are too many reactions.
pub(super) async fn react(
    app: &AppState,
    caller: Caller,
    (id, seq): (ConversationId, Seq),
    emoji: &str,
    is_there: bool,
) -> Answer<()> {
    let emoji = canonical(emoji)?;
    app.limits.account(Limit::Sending, caller.user_id)?;
    app.delivery
        .write(move |unit| {
            let mut message = find_to_change(unit, caller.user_id, id, seq)?;
            if is_there {
                check_custom(unit, id, &emoji)?;
            }
            let reactions = &mut message.details.reactions;
            let has_changed = match is_there {
                true => add(reactions, &emoji, caller.user_id)?,
                false => remove(reactions, &emoji, caller.user_id),
            };
            if !has_changed {
                return Ok(());
            }
            let reaction = OneReaction { emoji, user_id: caller.user_id };
            let event = match is_there {
                true => EventBody::ReactionAdded { conversation_id: id, seq, reaction },
                false => EventBody::ReactionRemoved { conversation_id: id, seq, reaction },
            };
            conversations::note_message(unit, &message, event)?;
            Ok(())
        })
        .await
}

/// One emoji in the one form under which it is kept: with its variation selectors; or the name of a custom one
/// between colons.
fn canonical(text: &str) -> Answer<String> {
    if custom_name(text).is_some_and(markup::is_emoji_name) {
        return Ok(text.to_owned());
    }
    match emojis::get(text) {
        Some(emoji) => Ok(emoji.as_str().to_owned()),
        None => Err(Refusal::invalid("emoji", "is no emoji")),
    }
}

fn custom_name(text: &str) -> Option<&str> {
    text.strip_prefix(':')?.strip_suffix(':')
}

/// A custom emoji has to be one of the site or of this group; what is there may stay when it is no more.
fn check_custom(unit: &mut Unit<'_>, id: ConversationId, text: &str) -> Answer<()> {
    let Some(name) = custom_name(text) else { return Ok(()) };
    if emoji::named(unit.db(), id, &[name.to_owned()])?.is_empty() {
        return Err(Refusal::invalid("emoji", "is no emoji here"));
    }
    Ok(())
}

/// Puts a reaction in its place. `false` if it was there.
fn add(reactions: &mut Vec<Reaction>, emoji: &str, user: UserId) -> Answer<bool> {
    let full = |detail: String| Err(Refusal::new(Code::Conflict).detail(detail));
    let found = reactions.binary_search_by(|one| one.emoji.as_str().cmp(emoji));
    let place = found.and_then(|n| reactions[n].user_ids.binary_search(&user).map_err(|_| n));
    if place.is_ok() {
        return Ok(false);
    }
    if found.is_err() && reactions.len() >= MAX_REACTIONS {
        return full(format!("A message has at most {MAX_REACTIONS} different reactions"));
    }
    if reactions.iter().map(|one| one.user_ids.len()).sum::<usize>() >= MAX_REACTORS {
        return full(format!("A message has at most {MAX_REACTORS} reactions"));
    }
    match found {
        Ok(n) => {
            let ids = &mut reactions[n].user_ids;
            let place = ids.partition_point(|id| *id < user);
            ids.insert(place, user);
        }
        Err(n) => {
            reactions.insert(n, Reaction { emoji: emoji.to_owned(), user_ids: vec![user] });
        }
    }
    Ok(true)
}

/// Takes a reaction away. `false` if there was none.
fn remove(reactions: &mut Vec<Reaction>, emoji: &str, user: UserId) -> bool {
    let Some(reaction) = reactions.iter_mut().find(|one| one.emoji == emoji) else { return false };
    let before = reaction.user_ids.len();
    reaction.user_ids.retain(|id| *id != user);
    let has_changed = reaction.user_ids.len() < before;
    reactions.retain(|one| !one.user_ids.is_empty());
    has_changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reactions_are_sorted_and_each_is_there_once() {
        let mut reactions = Vec::new();
        for (emoji, user) in [("b", 2), ("a", 3), ("a", 1), ("c", 1)] {
            assert!(add(&mut reactions, emoji, UserId(user)).unwrap());
            assert!(!add(&mut reactions, emoji, UserId(user)).unwrap(), "again");
        }
        let there = |reactions: &[Reaction]| -> Vec<(String, Vec<i64>)> {
            let ids = |one: &Reaction| one.user_ids.iter().map(|id| id.get()).collect();
            reactions.iter().map(|one| (one.emoji.clone(), ids(one))).collect()
        };
        let expected = [("a", vec![1, 3]), ("b", vec![2]), ("c", vec![1])];
        assert_eq!(there(&reactions), expected.map(|(emoji, ids)| (emoji.to_owned(), ids)));
        assert!(remove(&mut reactions, "b", UserId(2)));
        assert!(!remove(&mut reactions, "b", UserId(2)), "again");
        assert!(!remove(&mut reactions, "a", UserId(9)), "somebody else's");
        assert_eq!(reactions.len(), 2, "none without people");
    }

    #[test]
    fn a_message_has_room_for_so_many() {
        let mut reactions = Vec::new();
        let most = i64::try_from(MAX_REACTORS).unwrap();
        for user in 1..=most {
            assert!(add(&mut reactions, "a", UserId(user)).unwrap());
        }
        let more = add(&mut reactions, "a", UserId(most + 1)).map_err(|refusal| refusal.code());
        assert_eq!(more, Err(Code::Conflict));
        let mut reactions = Vec::new();
        for n in 0..MAX_REACTIONS {
            assert!(add(&mut reactions, &format!("{n}"), UserId(1)).unwrap());
        }
        assert!(add(&mut reactions, "0", UserId(2)).unwrap());
        let more = add(&mut reactions, "z", UserId(1)).map_err(|refusal| refusal.code());
        assert_eq!(more, Err(Code::Conflict));
    }

    #[test]
    fn one_emoji_is_one() {
        for (given, kept) in
            [("👍", "👍"), ("❤", "❤️"), ("❤️", "❤️"), ("👍🏽", "👍🏽"), ("🇨🇳", "🇨🇳"), ("👨‍👩‍👧", "👨‍👩‍👧")]
        {
            assert_eq!(canonical(given).unwrap(), kept);
        }
        for bad in
            ["", "a", "1", "👍👍", "👍 ", " ", "<b>", ":S:", "::", "赞", "\u{200d}", "\u{fe0f}"]
        {
            assert!(canonical(bad).is_err(), "{bad:?}");
        }
    }
}

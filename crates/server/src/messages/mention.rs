//! Naming people in a text: whom, and who may name everybody.

use std::collections::HashSet;

use database::Connection;
use protocol::{Code, Details, MAX_MENTIONS, NewMessage, Role, UserId};

use super::send::Send;
use crate::{
    conversations, markup,
    problem::{Answer, Refusal},
};

/// The longest name of a mention, in characters.
const MAX_NAME_CHARS: usize = 64;

/// What can be refused without looking anything up: each is named by the text, and once.
pub(super) fn check_bounds(message: &NewMessage) -> Answer<()> {
    if message.mentions.len() > MAX_MENTIONS {
        let most = format!("mentions at most {MAX_MENTIONS} people");
        return Err(Refusal::invalid("mentions", most));
    }
    let mut users = HashSet::new();
    for (n, mention) in message.mentions.iter().enumerate() {
        let wrong = |why: &str| Err(Refusal::invalid(format!("mentions.{n}"), why));
        if !(1..=MAX_NAME_CHARS).contains(&mention.name.chars().count()) {
            return wrong("must have a name of 1 to 64 characters");
        }
        if !message.text.contains(&format!("@{}", mention.name)) {
            return wrong("is not named in the text");
        }
        if !users.insert(mention.user_id) {
            return wrong("is mentioned twice");
        }
    }
    if message.mentions_all && !markup::names_everybody(&message.text) {
        return Err(Refusal::invalid("mentions_all", "needs @all in the text"));
    }
    Ok(())
}

/// What has to be looked up: everybody is a member, and everybody at once is for those who lead a group. Whom
/// the message named `before` it is edited it may go on naming: they may have left since, and so may the right.
pub(super) fn check(db: &mut Connection, send: &Send, before: &Details) -> Answer<()> {
    let message = &send.message;
    let was_named = |user: &UserId| before.mentions.iter().any(|one| one.user_id == *user);
    let users = message.mentions.iter().map(|mention| mention.user_id);
    let new: Vec<UserId> = users.filter(|user| !was_named(user)).collect();
    if !new.is_empty() {
        let members = conversations::members_among(db, send.conversation_id, &new)?;
        let mut named = message.mentions.iter().map(|mention| mention.user_id);
        if let Some(n) = named.position(|user| !was_named(&user) && !members.contains(&user)) {
            return Err(Refusal::invalid(format!("mentions.{n}"), "is not in this conversation"));
        }
    }
    if message.mentions_all && !before.mentions_all {
        let member = conversations::member(db, send.conversation_id, send.sender_id)?;
        if !member.is_some_and(|member| matches!(member.role, Role::Owner | Role::Admin)) {
            let whose = "Only the owner and admins of a group may mention everybody";
            return Err(Refusal::new(Code::Forbidden).detail(whose));
        }
    }
    Ok(())
}

//! Naming people in a text: whom, and who may name everybody.

use std::collections::HashSet;

use database::Connection;
use protocol::{Code, MAX_MENTIONS, NewMessage, Role};

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

/// What has to be looked up: everybody is a member, and everybody at once is for those who lead a group.
pub(super) fn check(db: &mut Connection, send: &Send) -> Answer<()> {
    let message = &send.message;
    if !message.mentions.is_empty() {
        let users: Vec<_> = message.mentions.iter().map(|mention| mention.user_id).collect();
        let members = conversations::members_among(db, send.conversation_id, &users)?;
        if let Some(n) = users.iter().position(|user| !members.contains(user)) {
            return Err(Refusal::invalid(format!("mentions.{n}"), "is not in this conversation"));
        }
    }
    if message.mentions_all {
        let member = conversations::member(db, send.conversation_id, send.sender_id)?;
        if !member.is_some_and(|member| matches!(member.role, Role::Owner | Role::Admin)) {
            let whose = "Only the owner and admins of a group may mention everybody";
            return Err(Refusal::new(Code::Forbidden).detail(whose));
        }
    }
    Ok(())
}

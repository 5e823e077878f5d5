//! Naming people in a text: whom, and who may name everybody.

use std::collections::{HashMap, HashSet};

use database::{Connection, Error};
use protocol::{Code, Details, MAX_MENTIONS, NewMessage, Role, UserId};

use super::send::Send;
use crate::{
    conversations::{self, Membership},
    markup,
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

/// Who is where, of those whom a set of sends names, and of those who name everybody.
#[derive(Debug, Default)]
pub(super) struct Named(HashMap<Membership, Role>);

/// Looks up all that a set of sends needs, in one statement.
pub(super) fn look_up(db: &mut Connection, sends: &[Send]) -> Result<Named, Error> {
    let asked: HashSet<Membership> = sends.iter().flat_map(asked).collect();
    if asked.is_empty() {
        return Ok(Named::default());
    }
    let asked: Vec<Membership> = asked.into_iter().collect();
    Ok(Named(conversations::roles_among(db, &asked)?.into_iter().collect()))
}

fn asked(send: &Send) -> impl Iterator<Item = Membership> {
    let named = send.message.mentions.iter().map(|mention| mention.user_id);
    let sender = send.message.mentions_all.then_some(send.sender_id);
    named.chain(sender).map(|user| (send.conversation_id, user))
}

impl Named {
    /// Whether everybody whom a send names is a member; everybody at once is for those who lead a group. Whom the
    /// message named `before` it is edited it may go on naming: they may have left since, and so may the right.
    ///
    /// # Errors
    /// 422 naming the mention, 403.
    pub(super) fn check(&self, send: &Send, before: &Details) -> Answer<()> {
        let role = |user| self.0.get(&(send.conversation_id, user));
        let message = &send.message;
        let was_named = |user: UserId| before.mentions.iter().any(|one| one.user_id == user);
        let is_strange = |user| !was_named(user) && role(user).is_none();
        if let Some(n) = message.mentions.iter().position(|one| is_strange(one.user_id)) {
            return Err(Refusal::invalid(format!("mentions.{n}"), "is not in this conversation"));
        }
        let leads = matches!(role(send.sender_id), Some(Role::Owner | Role::Admin));
        if message.mentions_all && !before.mentions_all && !leads {
            let whose = "Only the owner and admins of a group may mention everybody";
            return Err(Refusal::new(Code::Forbidden).detail(whose));
        }
        Ok(())
    }
}

//! What a client keeps: the lists it has fetched, and how events change them. This is the whole of what a
//! client has to know about events.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::Client;

/// By id.
type List = BTreeMap<i64, Value>;

/// Everything of one person that is listed somewhere and told of by logged events.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lists {
    me: i64,
    conversations: List,
    friends: List,
    friend_requests: List,
    blocks: List,
    /// By group; absent for a group that was entered after the lists were fetched: a client fetches it then.
    members: BTreeMap<i64, List>,
    /// Those that this person may see, of all groups.
    join_requests: List,
    /// Conversations in which something was edited that not everybody may see: to be fetched anew.
    stale: BTreeSet<i64>,
}

impl Lists {
    /// Fetches everything; `groups` are all that there ever were.
    pub(super) async fn fetch(who: &Client, groups: &[i64]) -> Self {
        let mut lists = Self { me: who.id(), ..Self::default() };
        let id = |one: &Value| one["id"].as_i64().unwrap();
        let user_id = |one: &Value| one["user"]["id"].as_i64().unwrap();
        lists.conversations = list(who, "/conversations?limit=100", "conversations", id).await;
        lists.friends = list(who, "/friends", "friends", user_id).await;
        lists.blocks = list(who, "/blocks", "blocks", user_id).await;
        lists.friend_requests = list(who, "/friend_requests", "incoming", id).await;
        lists.friend_requests.extend(list(who, "/friend_requests", "outgoing", id).await);
        for group in groups {
            let path = format!("/groups/{group}");
            let members = list(who, &format!("{path}/members"), "members", user_id).await;
            if !members.is_empty() {
                lists.members.insert(*group, members);
            }
            let requests = list(who, &format!("{path}/join_requests"), "join_requests", id).await;
            lists.join_requests.extend(requests);
        }
        lists
    }

    /// Without the members of groups that the other has not fetched.
    pub(super) fn known_to(mut self, other: &Self) -> Self {
        self.members.retain(|group, _| other.members.contains_key(group));
        self
    }

    /// Fetches what an event only pointed at.
    pub(super) async fn refresh(&mut self, who: &Client) {
        for id in std::mem::take(&mut self.stale) {
            let answer = who.get(&format!("/conversations/{id}")).await;
            if answer.status == 200 && self.conversations.contains_key(&id) {
                self.conversations.insert(id, plain(answer.body));
            }
        }
    }

    /// Follows one event.
    pub(super) fn apply(&mut self, event: &Value) {
        let event = &plain(event.clone());
        let kind = event["type"].as_str().unwrap();
        match kind.split_once('.').unwrap().0 {
            "message" | "conversation" | "draft" | "reaction" => {
                self.apply_to_conversation(kind, event);
            }
            "member" | "group" => self.apply_to_group(kind, event),
            "join_request" => {
                put(
                    &mut self.join_requests,
                    &event["join_request"],
                    kind == "join_request.created",
                );
            }
            "friend_request" => put(
                &mut self.friend_requests,
                &event["friend_request"],
                kind == "friend_request.created",
            ),
            "friend" => self.apply_to_friend(kind, &event["friend"]),
            "block" => {
                let other = event["block"]["user"]["id"].as_i64().unwrap();
                match kind {
                    "block.added" => drop(self.blocks.insert(other, event["block"].clone())),
                    _ => drop(self.blocks.remove(&other)),
                }
            }
            _ => panic!("an event that no client knows: {event}"),
        }
    }

    fn apply_to_conversation(&mut self, kind: &str, event: &Value) {
        let id = event["conversation_id"].as_i64().unwrap();
        if kind == "conversation.created" {
            self.conversations.insert(id, event["conversation"].clone());
            self.members.remove(&id);
            return;
        }
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        let (me, seq) = (json!(self.me), event["seq"].as_i64());
        // Whatever is said brings back what was put away, even where it was met in the list before.
        if kind == "message.created"
            && event["message"]["kind"] == "text"
            && conversation["muted"] == false
        {
            conversation["archived"] = json!(false);
        }
        if kind == "message.edited" && event.get("message").is_none() {
            self.stale.insert(id);
            return;
        }
        apply_to_mentions(conversation, self.me, kind, event);
        match kind {
            "message.created" if seq > conversation["last_seq"].as_i64() => {
                let message = &event["message"];
                conversation["last_seq"] = json!(seq);
                conversation["last_message"] = message.clone();
                if message["kind"] == "text" && message["sender_id"] == me {
                    conversation["read_seq"] = json!(seq);
                    conversation["unread"] = json!(0);
                } else if message["kind"] == "text" {
                    let unread = conversation["unread"].as_i64().unwrap();
                    conversation["unread"] = json!(unread + 1);
                    if conversation["kind"] == "direct" {
                        conversation["peer_read_seq"] = json!(seq);
                    }
                }
            }
            "message.created" => {}
            _ if kind.starts_with("message.") || kind.starts_with("reaction.") => {
                let last = &mut conversation["last_message"];
                if last["seq"].as_i64() == seq {
                    apply_to_message(last, kind, event);
                }
            }
            "conversation.read" if event["user_id"] != me => {
                let read = seq.max(conversation["peer_read_seq"].as_i64());
                conversation["peer_read_seq"] = json!(read);
            }
            "conversation.read" if seq > conversation["read_seq"].as_i64() => {
                conversation["read_seq"] = json!(seq);
                conversation["unread"] = event["unread"].clone();
            }
            "conversation.updated" => {
                for own in ["pinned", "muted", "archived", "marked_unread"] {
                    conversation[own] = event["conversation"][own].clone();
                }
                set(conversation, "via_group_id", event["conversation"].get("via_group_id"));
            }
            "draft.updated" => set(conversation, "draft", event.get("draft")),
            _ => {}
        }
    }

    fn apply_to_group(&mut self, kind: &str, event: &Value) {
        let id = event["conversation_id"].as_i64().unwrap();
        let user = event["member"]["user"]["id"].as_i64();
        let is_own = user == Some(self.me);
        if kind == "group.dissolved" || (kind == "member.left" && is_own) {
            self.conversations.remove(&id);
            self.members.remove(&id);
            self.join_requests.retain(|_, request| request["group_id"] != id);
            return;
        }
        if let (Some(members), Some(user)) = (self.members.get_mut(&id), user) {
            match kind {
                "member.left" => drop(members.remove(&user)),
                _ => drop(members.insert(user, event["member"].clone())),
            }
        }
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        if kind == "group.updated" {
            conversation["title"] = event["group"]["name"].clone();
            conversation["group"] = event["group"].clone();
        }
        if let Some(count) = event.get("member_count") {
            conversation["group"]["member_count"] = count.clone();
        }
        if is_own {
            conversation["member"] = event["member"].clone();
            if event["member"]["role"] == "member" {
                self.join_requests.retain(|_, request| request["group_id"] != id);
            }
        }
    }

    fn apply_to_friend(&mut self, kind: &str, friend: &Value) {
        let other = friend["user"]["id"].as_i64().unwrap();
        let mut title = friend["remark"].clone();
        if title == "" || kind == "friend.removed" {
            title = friend["user"]["name"].clone();
        }
        match kind {
            "friend.removed" => drop(self.friends.remove(&other)),
            _ => drop(self.friends.insert(other, friend.clone())),
        }
        if kind == "friend.added" {
            self.friend_requests.retain(|_, request| {
                request["from"]["id"] != other && request["to"]["id"] != other
            });
        }
        let theirs = |one: &&mut Value| one["peer"]["id"] == other;
        if let Some(conversation) = self.conversations.values_mut().find(theirs) {
            conversation["title"] = title;
            if kind == "friend.added" {
                set(conversation, "via_group_id", None);
            }
        }
    }
}

/// Which unread messages mention the reader: those of which the newest word says so, after the read mark.
fn apply_to_mentions(conversation: &mut Value, me: i64, kind: &str, event: &Value) {
    let seq = event["seq"].as_i64();
    let mentions = conversation["mentions"].as_array().unwrap().iter();
    let mut mentions: BTreeSet<i64> = mentions.map(|seq| seq.as_i64().unwrap()).collect();
    let message = &event["message"];
    let is_own = message["sender_id"] == me || event["user_id"] == me;
    match kind {
        "message.created" if is_own && message["kind"] == "text" => mentions.clear(),
        "message.created" | "message.edited" | "message.recalled" => {
            let people = message["mentions"].as_array().into_iter().flatten();
            let is_meant = message["mentions_all"] == true
                || people.into_iter().any(|one| one["user_id"] == me);
            if is_meant && !is_own && seq > conversation["read_seq"].as_i64() {
                mentions.insert(seq.unwrap());
            } else {
                mentions.remove(&seq.unwrap());
            }
        }
        "conversation.read" if is_own => mentions.retain(|one| Some(*one) > seq),
        _ => {}
    }
    conversation["mentions"] = json!(mentions);
}

/// Follows an event about a message that is known.
fn apply_to_message(message: &mut Value, kind: &str, event: &Value) {
    if matches!(kind, "message.edited" | "message.recalled") {
        *message = event["message"].clone();
        return;
    }
    if !message["recalled"].is_null() {
        return;
    }
    match kind {
        "message.pinned" => set(message, "pinned", event.get("pinned")),
        "message.unpinned" => set(message, "pinned", None),
        _ => {
            let (emoji, user) = (&event["reaction"]["emoji"], &event["reaction"]["user_id"]);
            let mut all: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
            for one in message["reactions"].as_array().unwrap_or(&Vec::new()) {
                let ids = one["user_ids"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap());
                all.insert(one["emoji"].as_str().unwrap().to_owned(), ids.collect());
            }
            let ids = all.entry(emoji.as_str().unwrap().to_owned()).or_default();
            match kind {
                "reaction.added" => ids.insert(user.as_i64().unwrap()),
                _ => ids.remove(&user.as_i64().unwrap()),
            };
            all.retain(|_, ids| !ids.is_empty());
            let all = all.into_iter().map(|(emoji, ids)| json!({"emoji": emoji, "user_ids": ids}));
            let all: Vec<Value> = all.collect();
            set(message, "reactions", Some(&json!(all)).filter(|_| !all.is_empty()));
        }
    }
}

/// What is listed under `name`, or nothing where one may not look.
async fn list(who: &Client, path: &str, name: &str, id: impl Fn(&Value) -> i64) -> List {
    let answer = who.get(path).await;
    assert!(matches!(answer.status, 200 | 403 | 404), "{path}: {}", answer.body);
    let found = answer.body[name].as_array().cloned().unwrap_or_default();
    found.into_iter().map(|one| (id(&one), plain(one))).collect()
}

/// Puts in or takes out something that has an `id`.
fn put(list: &mut List, one: &Value, is_there: bool) {
    let id = one["id"].as_i64().unwrap();
    match is_there {
        true => drop(list.insert(id, one.clone())),
        false => drop(list.remove(&id)),
    }
}

/// Sets a field that is absent when there is nothing to say.
fn set(object: &mut Value, name: &str, value: Option<&Value>) {
    let object = object.as_object_mut().unwrap();
    match value {
        Some(value) => drop(object.insert(name.to_owned(), value.clone())),
        None => drop(object.remove(name)),
    }
}

/// Without presence, which is ephemeral, wherever it stands.
fn plain(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            fields.remove("presence");
            for field in fields.values_mut() {
                *field = plain(field.take());
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = plain(item.take());
            }
        }
        _ => {}
    }
    value
}

//! What four people do at random: something of every kind that is told of by a logged event.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Client, Response, talk::fresh_key};

/// Something that one of four people does to another, or to one of the places made so far.
#[derive(Clone, Debug)]
pub(super) struct Action {
    what: What,
    actor: usize,
    other: usize,
    /// Which of the places made so far.
    place: usize,
    number: i64,
}

#[derive(Clone, Copy, Debug)]
enum What {
    AskForFriendship,
    Accept,
    Decline,
    Withdraw,
    Remark,
    Unfriend,
    Block,
    Unblock,
    Open,
    OpenVia,
    Say,
    Edit,
    Recall,
    React,
    Unreact,
    Pin,
    Read,
    Receipts,
    Settings,
    Draft,
    MakeGroup,
    Join,
    Leave,
    AddMember,
    RemoveMember,
    Role,
    Nickname,
    Mute,
    ChangeGroup,
    Transfer,
    AcceptJoin,
    DeclineJoin,
    Dissolve,
}

/// How often each is done.
const WHAT: &[(u32, What)] = &[
    (10, What::AskForFriendship),
    (8, What::Accept),
    (2, What::Decline),
    (2, What::Withdraw),
    (3, What::Remark),
    (4, What::Unfriend),
    (2, What::Block),
    (5, What::Unblock),
    (4, What::Open),
    (4, What::OpenVia),
    (16, What::Say),
    (8, What::Edit),
    (3, What::Recall),
    (8, What::React),
    (6, What::Unreact),
    (14, What::Pin),
    (10, What::Read),
    (3, What::Receipts),
    (10, What::Settings),
    (6, What::Draft),
    (3, What::MakeGroup),
    (12, What::Join),
    (4, What::Leave),
    (4, What::AddMember),
    (3, What::RemoveMember),
    (5, What::Role),
    (3, What::Nickname),
    (3, What::Mute),
    (6, What::ChangeGroup),
    (3, What::Transfer),
    (10, What::AcceptJoin),
    (8, What::DeclineJoin),
    (4, What::Dissolve),
];

pub(super) fn action() -> impl Strategy<Value = Action> {
    let what = prop::strategy::Union::new_weighted(
        WHAT.iter().map(|(weight, what)| (*weight, Just(*what))).collect(),
    );
    (what, 0..4_usize, 0..4_usize, 0..6_usize, 0..40_i64).prop_map(
        |(what, actor, other, place, number)| Action { what, actor, other, place, number },
    )
}

/// The places made so far.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) groups: Vec<i64>,
    directs: Vec<i64>,
}

impl Action {
    /// Does it. It may be refused, but never with a 5xx.
    pub(super) async fn run(&self, people: &[Client], places: &mut Places) {
        let (me, other) = (&people[self.actor], &people[self.other]);
        let answer = match self.what {
            What::MakeGroup | What::Open | What::OpenVia => self.make(me, other, places).await,
            What::Say | What::Read | What::Receipts | What::Settings | What::Draft => {
                self.talk(me, other, places).await
            }
            What::Edit | What::Recall | What::React | What::Unreact | What::Pin => {
                self.act(me, other, places).await
            }
            What::AskForFriendship
            | What::Accept
            | What::Decline
            | What::Withdraw
            | What::Remark
            | What::Unfriend
            | What::Block
            | What::Unblock => self.befriend(me, other).await,
            _ => self.govern(me, other, places).await,
        };
        if let Some(answer) = answer {
            assert!(answer.status < 500, "{self:?}: {}", answer.body);
        }
    }

    async fn make(&self, me: &Client, other: &Client, places: &mut Places) -> Option<Response> {
        let via = pick(&places.groups, self.place);
        let (answer, list) = match self.what {
            What::MakeGroup => {
                let policy = if self.number % 2 == 0 { "approval" } else { "open" };
                let name = format!("group {}", self.number % 5);
                let body = json!({"name": name, "max_members": 3, "join_policy": policy});
                (me.post("/groups", body).await, &mut places.groups)
            }
            What::OpenVia => {
                let body = json!({"user_id": other.id(), "via_group_id": via?});
                (me.post("/conversations", body).await, &mut places.directs)
            }
            _ => {
                // With oneself: saved messages.
                let body = match self.actor == self.other {
                    true => json!({"saved": true}),
                    false => json!({"user_id": other.id()}),
                };
                (me.post("/conversations", body).await, &mut places.directs)
            }
        };
        if let Some(id) = answer.body["id"].as_i64()
            && !list.contains(&id)
        {
            list.push(id);
        }
        Some(answer)
    }

    async fn talk(&self, me: &Client, other: &Client, places: &Places) -> Option<Response> {
        let list = if self.number % 2 == 0 { &places.groups } else { &places.directs };
        let path = format!("/conversations/{}", pick(list, self.place)?);
        Some(match self.what {
            What::Say => {
                let mut body = self.text(other);
                body["client_id"] = json!(fresh_key());
                me.post(&format!("{path}/messages"), body).await
            }
            What::Read => me.put(&format!("{path}/read"), json!({"seq": self.number})).await,
            What::Draft => {
                let text =
                    if self.number % 4 < 2 { String::new() } else { format!("d{}", self.number) };
                me.put(&format!("{path}/draft"), json!({"text": text})).await
            }
            What::Receipts => me.patch("/me", json!({"read_receipts": self.number % 3 != 0})).await,
            _ => {
                let body = match self.number % 4 {
                    0 | 1 => json!({"pinned": self.number % 3 == 0, "muted": self.number % 5 < 2}),
                    2 => json!({"archived": self.number % 8 == 2}),
                    _ => json!({"marked_unread": self.number % 8 == 3, "archived": true}),
                };
                me.patch(&path, body).await
            }
        })
    }

    /// Does something to one of the last messages somewhere, to which it can be done.
    async fn act(&self, me: &Client, other: &Client, places: &Places) -> Option<Response> {
        let mut found = None;
        let all = places.directs.iter().chain(&places.groups).cycle().skip(self.place);
        for id in all.take(places.directs.len() + places.groups.len()) {
            let path = format!("/conversations/{id}/messages");
            let page = me.get(&format!("{path}?limit=6")).await.body;
            let mut messages = page["messages"].as_array().into_iter().flatten().rev();
            found = messages.find(|message| self.fits(me, message)).cloned();
            if found.is_some() {
                break;
            }
        }
        let message = found?;
        let path = format!("/conversations/{}/messages", message["conversation_id"]);
        let path = format!("{path}/{}", message["seq"]);
        let emoji = message["reactions"][0]["emoji"].as_str().unwrap_or("👍");
        let emoji = if self.number % 7 == 0 { "😂" } else { emoji };
        Some(match self.what {
            What::Edit => me.patch(&path, self.text(other)).await,
            What::Recall => me.post(&format!("{path}/recall"), json!({})).await,
            What::React => me.put(&format!("{path}/reactions/{emoji}"), json!({})).await,
            What::Unreact => me.delete(&format!("{path}/reactions/{emoji}")).await,
            _ if message["pinned"].is_null() => me.put(&format!("{path}/pin"), json!({})).await,
            _ => me.delete(&format!("{path}/pin")).await,
        })
    }

    /// What is said: at times it names the other, or everybody.
    fn text(&self, other: &Client) -> Value {
        let text = format!("{} @all @you", self.number);
        match self.number % 8 {
            0 | 1 => json!({"text": text, "mentions": [{"user_id": other.id(), "name": "you"}]}),
            2 => json!({"text": text, "mentions_all": true}),
            _ => json!({"text": text}),
        }
    }

    /// Whether this can be done to that message.
    fn fits(&self, me: &Client, message: &Value) -> bool {
        let reactions = message["reactions"].as_array().map_or(&[][..], Vec::as_slice);
        message["kind"] == "text"
            && message["recalled"].is_null()
            && match self.what {
                What::Edit | What::Recall => message["sender_id"] == me.id(),
                What::Unreact => reactions.iter().any(|one| one["user_ids"][0] == me.id()),
                _ => true,
            }
    }

    async fn befriend(&self, me: &Client, other: &Client) -> Option<Response> {
        let id = other.id();
        let requests = async |list: &str| {
            let all = me.get("/friend_requests").await.body[list].clone();
            all[0]["id"].as_i64().map(|id| format!("/friend_requests/{id}"))
        };
        Some(match self.what {
            What::AskForFriendship => me.post("/friend_requests", json!({"user_id": id})).await,
            What::Accept => {
                me.post(&format!("{}/accept", requests("incoming").await?), json!({})).await
            }
            What::Decline => {
                me.post(&format!("{}/decline", requests("incoming").await?), json!({})).await
            }
            What::Withdraw => me.delete(&requests("outgoing").await?).await,
            What::Remark => {
                let remark =
                    if self.number % 4 == 0 { String::new() } else { format!("r{}", self.number) };
                me.patch(&format!("/friends/{id}"), json!({"remark": remark, "folder": "f"})).await
            }
            What::Unfriend => me.delete(&format!("/friends/{id}")).await,
            What::Block => me.put(&format!("/blocks/{id}"), json!({})).await,
            _ => {
                let blocked = me.get("/blocks").await.body["blocks"][0]["user"]["id"].as_i64()?;
                me.delete(&format!("/blocks/{blocked}")).await
            }
        })
    }

    async fn govern(&self, me: &Client, other: &Client, places: &Places) -> Option<Response> {
        let path = format!("/groups/{}", pick(&places.groups, self.place)?);
        let member = format!("{path}/members/{}", other.id());
        let user = json!({"user_id": other.id()});
        let request = async || {
            let waiting = me.get(&format!("{path}/join_requests")).await;
            let id = waiting.body["join_requests"][0]["id"].as_i64()?;
            Some(format!("{path}/join_requests/{id}"))
        };
        Some(match self.what {
            What::Join => me.post(&format!("{path}/join"), json!({"note": "please"})).await,
            What::Leave => me.post(&format!("{path}/leave"), json!({})).await,
            What::AddMember => me.post(&format!("{path}/members"), user).await,
            What::RemoveMember => me.delete(&member).await,
            What::Role => {
                let role = if self.number % 3 == 0 { "member" } else { "admin" };
                me.patch(&member, json!({"role": role})).await
            }
            What::Nickname => {
                me.patch(&member, json!({"nickname": format!("n{}", self.number)})).await
            }
            What::Mute => {
                let until = (self.number % 2 == 0).then_some("2099-01-01T00:00:00.000Z");
                me.patch(&member, json!({"muted_until": until})).await
            }
            What::ChangeGroup => me.patch(&path, self.change()).await,
            What::Transfer => me.post(&format!("{path}/transfer"), user).await,
            What::AcceptJoin => me.post(&format!("{}/accept", request().await?), json!({})).await,
            What::DeclineJoin => me.post(&format!("{}/decline", request().await?), json!({})).await,
            _ => me.delete(&path).await,
        })
    }

    fn change(&self) -> Value {
        match self.number % 7 {
            0 => json!({"name": format!("renamed {}", self.number)}),
            1 => json!({"announcement": format!("news {}", self.number)}),
            2 => json!({"all_muted": self.number > 20}),
            3 | 4 => json!({"join_policy": "approval"}),
            5 => json!({"join_policy": "open", "history_for_new_members": true}),
            _ => json!({"max_members": 4, "description": "d"}),
        }
    }
}

fn pick(list: &[i64], n: usize) -> Option<i64> {
    (!list.is_empty()).then(|| list[n % list.len()])
}

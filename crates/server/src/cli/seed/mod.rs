//! `rookery bench seed`: fills an empty database for load tests. People in pairs of friends, groups, and what was
//! said in them.
//!
//! Rows are written straight into the tables, in sets, because twenty thousand people must not take twenty
//! thousand transactions. The figures that slices keep (`member_count`, counters) are kept here as well; a test
//! has seeded people talk.

mod messages;
mod store;
mod texts;

use std::fmt::Write as _;
use std::fs::{OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::Context as _;
use database::{Connection, Database, Target, Value};
use delivery::{Clock, Random};

use crate::accounts::Secret;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::text;
pub(super) use store::is_empty;
use store::{Rows, insert};

/// How much to make.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// People; 2k-1 and 2k are friends and share a conversation. An odd one has nobody.
    pub(super) users: i64,
    /// Groups.
    pub(super) groups: i64,
    /// Members of each; the first is its owner.
    pub(super) group_size: i64,
    /// Messages, with their events and in the search index.
    pub(super) messages: i64,
}

/// The most of each: numbers of accounts and conversations must not meet.
const MAX: i64 = 1_000_000;
/// The most messages: some 200 GB.
const MAX_MESSAGES: i64 = 100_000_000;

/// Fills the database and writes `out`. What to print.
///
/// # Errors
/// When there are accounts already, or a server is running.
pub(super) fn seed(config: &Config, plan: Plan, out: &Path) -> anyhow::Result<String> {
    let Plan { users, groups, group_size, messages } = plan;
    anyhow::ensure!((1..=MAX).contains(&users), "--users is a number from 1 to {MAX}");
    anyhow::ensure!((0..=MAX).contains(&groups), "--groups is a number from 0 to {MAX}");
    let fits = groups == 0 || (1..=users.min(10_000)).contains(&group_size);
    anyhow::ensure!(fits, "--group-size is a number from 1 to 10000, and at most --users");
    anyhow::ensure!(
        (0..=MAX_MESSAGES).contains(&messages) && (messages == 0 || users > 1 || groups > 0),
        "--messages is a number from 0 to {MAX_MESSAGES}, and needs two who talk"
    );
    let _data_dir = DataDir::lock(&config.storage.data_dir)?;
    let target = Target::parse(&config.storage.database_url)?;
    let now = Clock::system().now().millis();
    let database = Database::open(&database::Config { target, readers: 1, now_ms: now })?;
    let mut writer = database.writer()?;
    writer.begin()?;
    anyhow::ensure!(store::is_empty(&mut writer)?, "there are accounts already");
    let (lines, places) = fill(&mut writer, plan, &Random::system(), now)?;
    writer.commit()?;
    let took = if messages > 0 { messages::fill(&mut writer, places, messages)? } else { 0 };
    database.close();
    writer.checkpoint()?;
    write_secret(out, &lines).with_context(|| format!("writing {}", out.display()))?;
    let mut said = format!("{users} users and {groups} groups of {group_size}");
    if messages > 0 {
        write!(said, ", {messages} messages, {} a second", messages * 1_000 / took.max(1))?;
    }
    Ok(said)
}

/// There are tokens in it: for the owner's eyes only, whatever was there before.
fn write_secret(out: &Path, text: &str) -> std::io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(out)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}

/// A conversation, and who talks there.
#[derive(Clone, Debug)]
struct Place {
    conversation: i64,
    members: Vec<i64>,
}

/// Where something is said: half of it in direct conversations, half in groups, where there are both.
#[derive(Clone, Debug, Default)]
struct Places {
    directs: Vec<Place>,
    groups: Vec<Place>,
}

fn fill(
    db: &mut Connection,
    plan: Plan,
    random: &Random,
    now: i64,
) -> anyhow::Result<(String, Places)> {
    let (first_user, first_conversation) = store::next_numbers(db)?;
    let mut lines = people(db, plan.users, (first_user, first_conversation), random, now)?;
    let directs = plan.users / 2;
    let members: Vec<i64> = (first_user..first_user + plan.users).collect();
    let mut made = Made::default();
    let mut places = Places::default();
    places.directs.extend((0..directs).map(|pair| Place {
        conversation: first_conversation + pair,
        members: vec![first_user + 2 * pair, first_user + 2 * pair + 1],
    }));
    for group in 0..plan.groups {
        let id = first_conversation + directs + group;
        // Neighbouring groups overlap, as those of real people do.
        let start = (group * plan.group_size / 2).rem_euclid(plan.users);
        let chosen = members.iter().cycle().skip(usize::try_from(start)?);
        let chosen: Vec<i64> = chosen.take(usize::try_from(plan.group_size)?).copied().collect();
        made.group(id, group + 1, &chosen, now);
        let listed: Vec<String> = chosen.iter().map(i64::to_string).collect();
        writeln!(lines, "group\t{id}\t{}", listed.join(","))?;
        places.groups.push(Place { conversation: id, members: chosen });
    }
    made.insert(db)?;
    store::set_counters(db, plan.users, directs + plan.groups)?;
    store::forget_index(db)?;
    Ok((lines, places))
}

/// Accounts with a token each, in pairs of friends with a conversation; a line for each.
fn people(
    db: &mut Connection,
    count: i64,
    (first_user, first_conversation): (i64, i64),
    random: &Random,
    now: i64,
) -> anyhow::Result<String> {
    let mut lines = String::new();
    let (mut users, mut tokens): (Rows, Rows) = (Vec::new(), Vec::new());
    let (mut pairs, mut friendships): (Rows, Rows) = (Vec::new(), Vec::new());
    let mut made = Made::default();
    for number in 0..count {
        let (id, name) = (first_user + number, format!("user{:06}", number + 1));
        let (key, skeleton) = (text::key(&name), text::skeleton(&name));
        let secret = Secret::draw(random, "rookery_");
        users.push(row([
            id.into(),
            (&name).into(),
            (&key).into(),
            skeleton.into(),
            name.into(),
            key.into(),
            now.into(),
        ]));
        tokens.push(row([
            (number + 1).into(),
            id.into(),
            "bench".into(),
            secret.hash.into(),
            now.into(),
        ]));
        // The odd one at the end has nobody to talk to.
        let has_peer = number % 2 == 1 || number + 1 < count;
        let conversation = first_conversation + number / 2;
        let shown = if has_peer { conversation.to_string() } else { String::new() };
        writeln!(lines, "{id}\t{}\t{shown}", secret.text)?;
        if !has_peer {
            continue;
        }
        let peer = if number % 2 == 0 { id + 1 } else { id - 1 };
        friendships.push(row([id.into(), peer.into(), now.into()]));
        if number % 2 == 0 {
            made.conversation(conversation, "direct", now);
            pairs.push(row([id.into(), peer.into(), conversation.into()]));
        }
        made.member(id, conversation, "member", now);
    }
    insert(db, store::USERS, users)?;
    insert(db, store::TOKENS, tokens)?;
    insert(db, store::FRIENDSHIPS, friendships)?;
    made.insert(db)?;
    insert(db, store::DIRECT_PAIRS, pairs)?;
    Ok(lines)
}

fn row<const N: usize>(values: [Value; N]) -> Vec<Value> {
    values.into()
}

/// Conversations and who is in them.
#[derive(Default)]
struct Made {
    conversations: Rows,
    groups: Rows,
    members: Rows,
    audience: Rows,
}

impl Made {
    fn conversation(&mut self, id: i64, kind: &str, now: i64) {
        self.conversations.push(row([id.into(), kind.into(), now.into(), now.into()]));
    }

    fn member(&mut self, user: i64, conversation: i64, role: &str, now: i64) {
        let who = [user.into(), conversation.into()];
        self.members.push([&who[..], &[role.into(), now.into()]].concat());
        // The log is empty: they see everything that will be in it.
        self.audience.push([&who[..], &[1_i64.into(), i64::MAX.into()]].concat());
    }

    fn group(&mut self, id: i64, number: i64, members: &[i64], now: i64) {
        self.conversation(id, "group", now);
        for (index, &user) in members.iter().enumerate() {
            self.member(user, id, if index == 0 { "owner" } else { "member" }, now);
        }
        let (name, count) = (format!("Group {number}"), members.len() as i64);
        let (key, most) = (text::key(&name), count.max(200));
        let owner = members.first().copied().unwrap_or_default();
        self.groups.push(row([
            id.into(),
            name.into(),
            (&key).into(),
            key.into(),
            owner.into(),
            most.into(),
            count.into(),
            now.into(),
        ]));
    }

    fn insert(self, db: &mut Connection) -> Result<(), database::Error> {
        insert(db, store::CONVERSATIONS, self.conversations)?;
        insert(db, store::GROUPS, self.groups)?;
        insert(db, store::MEMBERS, self.members)?;
        insert(db, store::AUDIENCE, self.audience)
    }
}

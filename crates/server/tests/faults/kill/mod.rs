//! The kill test: people write and read over every transport while the server dies by `kill -9` at random
//! moments and comes back on the same data. In the end (G1 to G5):
//!
//! - every acknowledged message is there once, under the seq that was acknowledged;
//! - what was never acknowledged is there at most once, and nothing else is there;
//! - the messages of a conversation are dense, and in an order that agrees with who was told what first;
//! - every reader, whatever it read over, saw exactly that history, in order, each message once;
//! - acknowledged edits, recalls and reactions are there, and what was edited away or taken back is not in the log.

mod acts;
mod ledger;
mod reader;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use database::Engine;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::support::{DEADLINE, Dice, Person, Place, Seeds, Server, Transport, ended, pause, tell};
use ledger::Ledger;
use reader::{Goal, Habit};

/// At most so many acknowledgements between a start and the next kill.
const MOST_BETWEEN_KILLS: u64 = 150;
/// At most so long after the last of them: a kill falls anywhere between two commits.
const MOST_DELAY_MICROS: u64 = 20_000;

#[test]
fn twenty_kills_on_sqlite() {
    tell(story(Engine::Sqlite, 20));
}

#[test]
fn six_kills_on_postgres() {
    tell(story(Engine::Postgres, 6));
}

async fn story(engine: Engine, rounds: u64) {
    let dice = Dice::new();
    let place = Place::new(engine);
    let mut server = Server::start(place).await;
    let seeds = Seeds::sow(&server, 8, 6).await;

    let ledger = Arc::new(Ledger::new());
    let (stop, stopped) = watch::channel(false);
    let (set_goal, goal) = watch::channel(Goal::default());
    let conversations = conversations(&seeds).await;

    let mut readers = JoinSet::new();
    for (person, habit) in habits(&seeds) {
        let head = person.head().await;
        readers.spawn(reader::read(person, habit, head, goal.clone(), dice.clone()));
    }
    let actor = seeds.people[6].clone();
    let before_acts = actor.head().await;
    let acts = tokio::spawn(acts::act(actor.clone(), stopped.clone()));
    let mut writers = JoinSet::new();
    for (index, (person, conversation)) in writes(&seeds).into_iter().enumerate() {
        let desk = writer::Desk {
            name: format!("w{index}"),
            person,
            conversation,
            ledger: Arc::clone(&ledger),
            dice: dice.clone(),
            stopped: stopped.clone(),
        };
        if index % 2 == 0 {
            writers.spawn(writer::by_post(desk));
        } else {
            writers.spawn(writer::by_socket(desk));
        }
    }

    tokio::select! {
        () = kills(&mut server, rounds, &ledger, &dice) => {}
        () = first_failure(&mut readers) => unreachable!("readers go on until there is a goal"),
        () = first_failure(&mut writers) => unreachable!("writers go on until they are stopped"),
    }
    stop.send_replace(true);
    ended("writers", &mut writers).await;

    let acts = tokio::time::timeout(3 * DEADLINE, acts).await.expect("who acts does not hang");
    acts::check(&actor, before_acts, &acts.unwrap()).await;

    let mut expected = Goal::default();
    for (conversation, member, start) in conversations {
        let history = member.history(conversation, start).await;
        ledger.check(conversation, start, &history);
        expected.histories.insert(conversation, history);
    }
    println!("{} messages, {} acknowledged", expected.count(), ledger.acknowledged());
    assert!(ledger.acknowledged() >= rounds, "every round saw an acknowledgement");
    expected.set = true;
    set_goal.send_replace(expected);
    ended("readers", &mut readers).await;
}

/// Conversations that are written to: id, somebody who may read it, and the newest seq before the story.
async fn conversations(seeds: &Seeds) -> Vec<(i64, Person, i64)> {
    let (first, third) = (&seeds.people[0], &seeds.people[2]);
    let mut found = Vec::new();
    for (id, member) in
        [(first.direct, first), (third.direct, third), (seeds.group, &seeds.members[0])]
    {
        found.push((id, member.clone(), member.last_seq(id).await));
    }
    found
}

/// Who reads how. Everyone in a pair and in the group has somebody on every transport and on a mix of them.
fn habits(seeds: &Seeds) -> Vec<(Person, Habit)> {
    let always = Transport::ALL.map(Habit::Always);
    let mut habits = Vec::new();
    for (index, person) in seeds.people.iter().enumerate().take(4) {
        habits.push((person.clone(), always[index]));
        habits.push((person.clone(), Habit::Mixed));
    }
    for (index, member) in seeds.members.iter().enumerate().skip(2) {
        habits.push((member.clone(), always[index % always.len()]));
    }
    habits
}

/// Who writes where: two to each conversation, so that POST and WebSocket meet in every one.
fn writes(seeds: &Seeds) -> Vec<(Person, i64)> {
    let people = &seeds.people;
    vec![
        (people[0].clone(), people[0].direct),
        (people[1].clone(), people[1].direct),
        (people[2].clone(), people[2].direct),
        (people[3].clone(), people[3].direct),
        (seeds.members[4].clone(), seeds.group),
        (seeds.members[1].clone(), seeds.group),
    ]
}

/// Kills the server `rounds` times, at moments that the dice choose, and leaves it running.
async fn kills(server: &mut Server, rounds: u64, ledger: &Ledger, dice: &Dice) {
    for round in 1..=rounds {
        let more = 1 + dice.below(MOST_BETWEEN_KILLS);
        let reached = ledger.reached(ledger.acknowledged() + more);
        let waited = tokio::time::timeout(DEADLINE, reached).await;
        assert!(waited.is_ok(), "round {round}: {more} acknowledgements within {DEADLINE:?}");
        pause(Duration::from_micros(1 + dice.below(MOST_DELAY_MICROS))).await;
        assert!(server.kill(), "round {round}: the server had ended by itself");
        server.spawn();
        if dice.one_in(4) {
            // Also while it starts: migrations, the epoch and the tail are read and written there.
            pause(Duration::from_micros(1 + dice.below(20 * MOST_DELAY_MICROS))).await;
            assert!(server.kill(), "round {round}: the server ended while it started");
            server.spawn();
        }
        server.ready().await;
    }
}

/// Panics as soon as one of them does.
async fn first_failure(tasks: &mut JoinSet<()>) {
    if let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
}

//! G11: lists that were fetched after taking a cursor, and the events since, are what fresh lists say. For
//! everybody, whatever was done in between, for every kind of logged event.

mod actions;
mod lists;

use std::cell::RefCell;
use std::collections::BTreeSet;

use database::Engine;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use self::actions::{Action, Places, action};
use self::lists::Lists;
use crate::support::{
    Client, TestApp,
    talk::{cursor, next_batch},
};

/// Read marks are told of within two seconds; this is for a busy machine.
const CONVERGES_WITHIN: u64 = 8;

/// Every kind of logged event that there is so far.
const EVENTS: &[&str] = &[
    "message.created",
    "message.edited",
    "message.recalled",
    "message.pinned",
    "message.unpinned",
    "reaction.added",
    "reaction.removed",
    "conversation.created",
    "conversation.read",
    "conversation.updated",
    "member.joined",
    "member.left",
    "member.updated",
    "group.updated",
    "group.dissolved",
    "join_request.created",
    "join_request.accepted",
    "join_request.declined",
    "friend_request.created",
    "friend_request.declined",
    "friend_request.withdrawn",
    "friend.added",
    "friend.removed",
    "friend.updated",
    "draft.updated",
    "block.added",
    "block.removed",
];

/// One run: who does what, and when each of the four takes a cursor and fetches the lists, in actions done.
#[derive(Clone, Debug)]
struct Run {
    actions: Vec<Action>,
    moments: [(usize, usize); 4],
}

fn run() -> impl Strategy<Value = Run> {
    let moment = || (0..80_usize, 0..20_usize);
    let moments = [moment(), moment(), moment(), moment()];
    (prop::collection::vec(action(), 60..240), moments).prop_map(|(actions, moments)| {
        let moments = moments.map(|(percent, later)| {
            let cursor = actions.len() * percent / 100;
            (cursor, (cursor + later).min(actions.len() - 1))
        });
        Run { actions, moments }
    })
}

/// Four people do all that; then everybody's lists are as fresh ones.
async fn story(app: &TestApp, run: &Run, told: &RefCell<BTreeSet<String>>) {
    let mut people = Vec::new();
    for name in ["ann", "ben", "cat", "dan"] {
        people.push(app.person(name).await);
    }
    let mut places = Places::default();
    let mut cursors = vec![String::new(); 4];
    let mut lists = vec![Lists::default(); 4];
    for (n, action) in run.actions.iter().enumerate() {
        for (who, (take, fetch)) in run.moments.iter().enumerate() {
            if n == *take {
                cursors[who] = cursor(&people[who]).await;
            }
            if n == *fetch {
                lists[who] = Lists::fetch(&people[who], &places.groups).await;
            }
        }
        action.run(&people, &mut places).await;
    }
    for (who, client) in people.iter().enumerate() {
        let events = converge(client, &cursors[who], &lists[who], &places.groups).await;
        told.borrow_mut().extend(events);
    }
}

/// The lists and the events are as fresh lists. Read marks may be told of a little later: as long as there is a
/// difference, the next event is waited for. Answers with the types of events met.
async fn converge(who: &Client, cursor: &str, lists: &Lists, groups: &[i64]) -> BTreeSet<String> {
    let (mut cursor, mut lists) = (cursor.to_owned(), lists.clone());
    let mut told = BTreeSet::new();
    loop {
        let fresh = Lists::fetch(who, groups).await;
        let batch = next_batch(who, &cursor, 0).await;
        let mut events = batch.events;
        cursor = batch.cursor;
        if events.is_empty() {
            let fresh = fresh.known_to(&lists);
            if lists == fresh {
                return told;
            }
            let batch = next_batch(who, &cursor, CONVERGES_WITHIN).await;
            if batch.events.is_empty() {
                assert_eq!(lists, fresh, "nothing more is told");
            }
            events = batch.events;
            cursor = batch.cursor;
        }
        for event in &events {
            lists.apply(event);
            told.insert(event["type"].as_str().unwrap().to_owned());
        }
        lists.refresh(who).await;
    }
}

/// Some runs, each on a server of its own; a failure is made smaller, within reason. Always the same runs: a
/// failure comes back. `PROPTEST_CASES` makes them more.
fn some_runs(engine: Engine, cases: u32) -> BTreeSet<String> {
    let cases = std::env::var("PROPTEST_CASES").map_or(cases, |more| more.parse().unwrap());
    let config =
        Config { cases, max_shrink_iters: 15, failure_persistence: None, ..Config::default() };
    let told = RefCell::default();
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&run(), |run| {
            TestApp::run(engine, async |app| story(app, &run, &told).await);
            Ok(())
        })
        .unwrap();
    told.into_inner()
}

#[test]
fn sqlite() {
    let told = some_runs(Engine::Sqlite, 24);
    let missing: Vec<_> = EVENTS.iter().filter(|kind| !told.contains(**kind)).collect();
    assert!(missing.is_empty(), "nobody was told of {missing:?}");
}

#[test]
fn postgres() {
    some_runs(Engine::Postgres, 4);
}

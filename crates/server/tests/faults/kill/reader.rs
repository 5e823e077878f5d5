//! Devices that read on through every kill, with the cursor that they hold.

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::Message;
use tokio::sync::watch;

use crate::support::{Dice, Link, Person, Seen, Transport, pause};

/// Between the end of a connection and the next try.
const BACK_OFF: Duration = Duration::from_millis(25);
/// A mixed reader changes its transport by itself about once in so many batches.
const RESTLESS: u64 = 30;

/// Over what a reader reads.
#[derive(Clone, Copy)]
pub(super) enum Habit {
    Always(Transport),
    /// Another one at each connection.
    Mixed,
}

/// What there is to be seen, once nothing is written any more.
#[derive(Default)]
pub(super) struct Goal {
    pub(super) set: bool,
    /// Conversation → everything said in it during the story.
    pub(super) histories: BTreeMap<i64, Vec<Message>>,
}

impl Goal {
    pub(super) fn count(&self) -> usize {
        self.histories.values().map(Vec::len).sum()
    }

    /// What this reader may see: their direct conversation and their groups.
    fn visible<'a>(&'a self, of: &'a [i64]) -> impl Iterator<Item = (i64, &'a [Message])> {
        let all = self.histories.iter().map(|(id, history)| (*id, history.as_slice()));
        all.filter(move |(id, _)| of.contains(id))
    }
}

/// Reads until everything has been seen over its own transport, and then makes sure that nothing comes twice.
pub(super) async fn read(
    person: Person,
    habit: Habit,
    head: String,
    mut goal: watch::Receiver<Goal>,
    dice: Dice,
) {
    let conversations = conversations(&person).await;
    let mut seen = Seen::from(format!("reader {}", person.id), &head);
    while !is_complete(&seen, &goal.borrow(), &conversations) {
        let transport = match habit {
            Habit::Always(transport) => transport,
            Habit::Mixed => dice.pick(&Transport::ALL),
        };
        let link = Link::open(&person, transport, &seen.cursor.to_string()).await;
        let mut link = match link {
            Ok(link) => link,
            Err(broken) => {
                broken.expect_passing();
                pause(BACK_OFF).await;
                continue;
            }
        };
        loop {
            let next = tokio::select! {
                next = link.next() => next,
                changed = goal.changed() => {
                    changed.unwrap();
                    // Dropping what was asked for loses nothing: it is asked again with the same cursor.
                    break;
                }
            };
            match next {
                Ok(batch) => seen.take(batch),
                Err(broken) => {
                    broken.expect_passing();
                    pause(BACK_OFF).await;
                    break;
                }
            }
            let restless = matches!(habit, Habit::Mixed) && dice.one_in(RESTLESS);
            if restless || is_complete(&seen, &goal.borrow(), &conversations) {
                break;
            }
        }
    }
    finish(&person, &mut seen).await;
    let goal = goal.borrow();
    for (id, history) in goal.visible(&conversations) {
        let saw = seen.messages.get(&id).map_or(&[][..], Vec::as_slice);
        assert!(saw == history, "reader {} saw another history of {id}", person.id);
    }
    let foreign = seen.messages.keys().find(|id| !conversations.contains(id));
    assert_eq!(foreign, None, "reader {} saw what is not theirs", person.id);
}

fn is_complete(seen: &Seen, goal: &Goal, conversations: &[i64]) -> bool {
    goal.set && goal.visible(conversations).all(|(id, history)| seen.count(id) >= history.len())
}

/// Reads to the head: there is nothing more, and nothing again.
async fn finish(person: &Person, seen: &mut Seen) {
    let head: protocol::Cursor = person.head().await.parse().unwrap();
    let mut link =
        Link::open(person, Transport::ShortPoll, &seen.cursor.to_string()).await.unwrap();
    while seen.cursor.position < head.position {
        seen.take(link.next().await.unwrap());
    }
}

/// The conversations that a person is in.
async fn conversations(person: &Person) -> Vec<i64> {
    loop {
        // The server may be down just now.
        if let Ok((200, page)) = person.get("/conversations").await {
            let all = page["conversations"].as_array().unwrap();
            return all.iter().map(|one| one["id"].as_i64().unwrap()).collect();
        }
        pause(BACK_OFF).await;
    }
}

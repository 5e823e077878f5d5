//! Fills the index behind the log, in small units between those of everybody else, and seldom while others write, so
//! that sending is not slowed down. What it has not taken up yet is looked through by the search itself: see `messages.rs`.

use std::{collections::HashMap, sync::Weak, time::Duration};

use database::{Connection, Error};
use delivery::{Delivery, Unit};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{
    fold, grams, posts,
    sounds::Sounds,
    store::{self, Named, PostKind},
};
use crate::{
    app::{App, AppState},
    conversations::Room,
    jobs,
};

/// How often it looks for what is new. Seldom is cheap: the index takes many messages together more easily.
const EVERY: Duration = Duration::from_secs(2);

/// While others write, the writer is the index's for one part in so many of the time. What is left behind is searched
/// all the same, and taken up once it is quieter.
const SHARE: u32 = 10;
/// The same while others write more than [`BUSY`] units a second: then there is no time to spare, and the index takes up
/// some 150 messages a second until it is quieter.
const SHARE_WHEN_BUSY: u32 = 50;
const BUSY: f64 = 1_000.0;
/// The longest pause between two units.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Nobody has written for so long: whoever writes next may wait for a larger unit once.
const QUIET: Duration = Duration::from_secs(1);

/// How much one unit takes up.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// Messages at most.
    messages: i64,
    /// Bytes of text and details that are read of new messages, and as many of changed ones; more only if a single
    /// message has more.
    bytes: i64,
    /// Numbers that are written; with the message that goes beyond it ends.
    grams: usize,
    /// Changed messages, as many changed articles, comments and names.
    changes: i64,
    /// Pages of the index that are merged at most. 8 messages fill one or two, and each page is merged again for
    /// each fourfold of the index: this keeps pace beyond ten million messages.
    merges: i64,
}

/// Less than a millisecond of the writer's time: sends wait behind it.
const SERVING: Bounds =
    Bounds { messages: 8, bytes: 16 * 1024, grams: 1_024, changes: 8, merges: 16 };
/// Some ten milliseconds, when it is quiet: many messages together are taken up in half the time, and at rest the server
/// is sooner.
const QUIETLY: Bounds =
    Bounds { messages: 256, bytes: 512 * 1024, grams: 32 * 1024, changes: 64, merges: 256 };
/// Nobody waits.
const SEEDING: Bounds = Bounds {
    messages: 16_384,
    bytes: 16 * 1024 * 1024,
    grams: 2 * 1024 * 1024,
    changes: 4_096,
    merges: 8_192,
};

/// The task that keeps the index filled, for as long as the server is there. What it has not got to is taken up at
/// the next start.
pub async fn follow(app: Weak<App>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = None;
    loop {
        ticks.tick().await;
        let Some(app) = app.upgrade() else { return };
        if app.delivery.is_shutting_down() {
            return;
        }
        // Without a unit there is nothing new. Its own are seen as well, and then find nothing to do.
        let units = app.delivery.units();
        if seen == Some(units) {
            continue;
        }
        jobs::turn(&app, "fill_search_index", EVERY, async {
            catch_up(&app).await?;
            seen = Some(units);
            Ok::<_, Error>(())
        })
        .await;
    }
}

/// Has an index that was filled by other rules forgotten, before anybody searches it: it is filled anew behind the log.
///
/// # Errors
/// Those of the database.
pub(crate) async fn prepare(delivery: &Delivery) -> Result<(), Error> {
    delivery.write(|unit| renew(unit.db())).await
}

/// Takes up everything that there is, unit by unit.
///
/// # Errors
/// Those of the database.
pub async fn catch_up(app: &AppState) -> Result<(), Error> {
    // Each of two would take the other's units for somebody else's writing, and pause for them.
    let _one_at_a_time = app.indexing.lock().await;
    let mut pace = Pace::new(app.delivery.units(), Instant::now());
    while app.delivery.read(is_behind).await? {
        if app.delivery.is_shutting_down() {
            return Ok(());
        }
        let bounds = pace.bounds(Instant::now());
        let timed = move |unit: &mut Unit<'_>| {
            let began = Instant::now();
            step(unit.db(), bounds)?;
            Ok::<_, Error>(began.elapsed())
        };
        // What the index writes when it is committed takes about as long again.
        let took = 2 * app.delivery.write(timed).await?;
        let pause = pace.pause(app.delivery.units(), took, Instant::now());
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    Ok(())
}

/// How much of the writer's time the index takes, by how much of it others want.
#[derive(Debug)]
struct Pace {
    /// Units that there were after the index's last one, and when that was.
    units: u64,
    at: Instant,
    /// When somebody else was last known to have written.
    others_at: Instant,
}

impl Pace {
    fn new(units: u64, now: Instant) -> Self {
        Self { units, at: now, others_at: now }
    }

    fn bounds(&self, now: Instant) -> Bounds {
        if now.duration_since(self.others_at) < QUIET { SERVING } else { QUIETLY }
    }

    /// How long to leave the writer to others, after a unit of the index that `took` so long and was the last of
    /// so many.
    fn pause(&mut self, units: u64, took: Duration, now: Instant) -> Duration {
        let others = units.saturating_sub(self.units + 1);
        let seconds = now.duration_since(self.at).as_secs_f64();
        (self.units, self.at) = (units, now);
        if others == 0 {
            return Duration::ZERO;
        }
        self.others_at = now;
        let share = if others as f64 > BUSY * seconds { SHARE_WHEN_BUSY } else { SHARE };
        (took * (share - 1)).min(LONGEST_PAUSE)
    }
}

/// Takes up a large part of what there is, inside the caller's transaction: for a database that nobody serves yet.
/// Whether anything is left.
///
/// # Errors
/// Those of the database.
pub(crate) fn seed(db: &mut Connection) -> Result<bool, Error> {
    renew(db)?;
    step(db, SEEDING)?;
    is_behind(db)
}

fn is_behind(db: &mut Connection) -> Result<bool, Error> {
    Ok(store::state(db, "message")? < store::newest(db)?
        || !store::changed(db, i64::MAX, 1)?.is_empty()
        || !store::changed_names(db, 1)?.is_empty()
        || !store::changed_posts(db, PostKind::Article, i64::MAX, 1)?.is_empty()
        || !store::changed_posts(db, PostKind::Comment, i64::MAX, 1)?.is_empty())
}

/// Empties an index that was filled by other rules: how texts are folded, and how documents are numbered.
fn renew(db: &mut Connection) -> Result<(), Error> {
    let rules = store::NUMBERING << 32 | fold::RULES;
    if store::state(db, "rules")? == rules {
        return Ok(());
    }
    store::clear(db)?;
    store::change_all_names(db)?;
    store::change_all_posts(db)?;
    store::set_state(db, "message", 0)?;
    store::set_state(db, "rules", rules)
}

/// One unit's work.
fn step(db: &mut Connection, bounds: Bounds) -> Result<(), Error> {
    names(db, bounds)?;
    posts(db, PostKind::Article, bounds)?;
    posts(db, PostKind::Comment, bounds)?;
    changes(db, bounds)?;
    messages(db, bounds)?;
    store::merge(db, bounds.merges)
}

fn messages(db: &mut Connection, bounds: Bounds) -> Result<(), Error> {
    let indexed = store::state(db, "message")?;
    let mut documents = Vec::new();
    let mut last = indexed;
    let mut size = 0;
    let mut after = store::after(db, indexed, bounds.messages)?;
    let (engine, room) = (db.engine(), Room::of(after.len(), bounds.bytes));
    after.truncate(room.fitting(after.iter().map(|(_, bytes)| *bytes)));
    let ids: Vec<i64> = after.into_iter().map(|(id, _)| id).collect();
    for message in store::messages(db, &ids)?.into_iter().rev() {
        last = message.id.get();
        if let Some(numbers) = grams::of_message(&message) {
            size += numbers.len();
            let document = store::message_document(engine, message.conversation_id, message.id);
            documents.push((document, numbers));
        }
        if size >= bounds.grams {
            break;
        }
    }
    if last == indexed {
        return Ok(());
    }
    store::put(db, documents)?;
    store::set_state(db, "message", last)
}

/// Messages that were edited or recalled after they were taken up, the newest first.
fn changes(db: &mut Connection, bounds: Bounds) -> Result<(), Error> {
    let indexed = store::state(db, "message")?;
    let changed = store::changed(db, i64::MAX, bounds.changes)?;
    let bytes: HashMap<i64, i64> = store::sizes(db, &changed)?.into_iter().collect();
    let mut room = Room::of(changed.len(), bounds.bytes);
    let (mut size, mut documents) = (0, Vec::new());
    for id in changed {
        let is_read = id <= indexed;
        if size >= bounds.grams || (is_read && !room.take(bytes.get(&id).copied().unwrap_or(0))) {
            break;
        }
        store::settle_change(db, id)?;
        if !is_read {
            continue;
        }
        let Some(message) = store::messages(db, &[id])?.pop() else { continue };
        let document = store::message_document(db.engine(), message.conversation_id, message.id);
        match grams::of_message(&message) {
            Some(numbers) => {
                size += numbers.len();
                documents.push((document, numbers));
            }
            None => store::remove(db, document)?,
        }
    }
    store::put(db, documents)
}

/// Articles and comments that were written, changed or taken away. What not everybody can read is not in the index.
fn posts(db: &mut Connection, kind: PostKind, bounds: Bounds) -> Result<(), Error> {
    let (floor, _) = kind.documents();
    let (mut size, mut documents) = (0, Vec::new());
    for id in store::changed_posts(db, kind, i64::MAX, bounds.changes)? {
        if size >= bounds.grams {
            break;
        }
        store::settle_post(db, kind, id)?;
        match store::public_posts(db, kind, &[id])?.first() {
            Some(post) => {
                let numbers = posts::numbers(kind, post);
                size += numbers.len();
                documents.push((floor + id, numbers));
            }
            None => store::remove(db, floor + id)?,
        }
    }
    store::put(db, documents)
}

fn names(db: &mut Connection, bounds: Bounds) -> Result<(), Error> {
    let changed = store::changed_names(db, bounds.changes)?;
    let (mut people, mut groups) = (Vec::new(), Vec::new());
    for named in &changed {
        match named {
            Named::User(id) => people.push(*id),
            Named::Group(id) => groups.push(*id),
        }
        store::settle_name(db, *named)?;
    }
    let mut documents = Vec::new();
    for (id, name, username) in store::users(db, &people)? {
        let numbers = of_names(grams::PERSON, &[&name, &username]);
        documents.push((Named::User(id).document(), numbers));
    }
    for (id, name) in store::group_names(db, &groups)? {
        documents.push((Named::Group(id).document(), of_names(grams::GROUP, &[&name])));
    }
    store::put(db, documents)
}

fn of_names(what: i64, names: &[&str]) -> Vec<i64> {
    let mut numbers = vec![what];
    for name in names {
        Sounds::new(name).grams(&mut numbers);
    }
    grams::sorted(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_takes_less_the_more_others_write() {
        let (start, took) = (Instant::now(), Duration::from_millis(2));
        let at = |millis| start + Duration::from_millis(millis);
        let mut pace = Pace::new(7, start);
        assert_eq!(pace.pause(8, took, at(2)), Duration::ZERO, "nobody else");
        assert_eq!(pace.bounds(at(999)).messages, SERVING.messages, "somebody may just have been");
        assert_eq!(pace.bounds(at(1_000)).messages, QUIETLY.messages);
        assert_eq!(pace.pause(12, took, at(1_002)), 9 * took, "three of others in a second");
        assert_eq!(pace.bounds(at(1_002)).messages, SERVING.messages);
        assert_eq!(pace.pause(33, took, at(1_012)), 49 * took, "twenty in ten milliseconds");
        assert_eq!(pace.pause(99, took * 1_000, at(1_013)), LONGEST_PAUSE);
    }
}

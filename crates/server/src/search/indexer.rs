//! Fills the index behind the log, in small units between those of everybody else, and seldom while others write, so
//! that sending is not slowed down. What it has not taken up yet is looked through by the search itself: see `messages.rs`.

use std::{collections::HashMap, sync::Weak, time::Duration};

use database::{Connection, Error};
use delivery::Unit;
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
/// The longest pause between two units.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

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
    /// Pages of the index that are merged at most. 16 messages fill two or three, and each page is merged again for
    /// each fourfold of the index: this keeps pace beyond ten million messages.
    merges: i64,
}

/// About a millisecond of the writer's time: sends wait behind it.
const SERVING: Bounds =
    Bounds { messages: 16, bytes: 32 * 1024, grams: 2_048, changes: 16, merges: 32 };
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

/// Takes up everything that there is, unit by unit.
///
/// # Errors
/// Those of the database.
pub async fn catch_up(app: &AppState) -> Result<(), Error> {
    while app.delivery.read(is_behind).await? {
        if app.delivery.is_shutting_down() {
            return Ok(());
        }
        let before = app.delivery.units();
        let timed = |unit: &mut Unit<'_>| {
            let began = Instant::now();
            step(unit.db(), SERVING)?;
            Ok::<_, Error>(began.elapsed())
        };
        // What the index writes when it is committed takes about as long again.
        let took = 2 * app.delivery.write(timed).await?;
        if app.delivery.units() > before + 1 {
            tokio::time::sleep((took * (SHARE - 1)).min(LONGEST_PAUSE)).await;
        }
    }
    Ok(())
}

/// Takes up a large part of what there is, inside the caller's transaction: for a database that nobody serves yet.
/// Whether anything is left.
///
/// # Errors
/// Those of the database.
pub(crate) fn seed(db: &mut Connection) -> Result<bool, Error> {
    step(db, SEEDING)?;
    is_behind(db)
}

fn is_behind(db: &mut Connection) -> Result<bool, Error> {
    Ok(store::state(db, "rules")? != fold::RULES
        || store::state(db, "message")? < store::newest(db)?
        || !store::changed(db, i64::MAX, 1)?.is_empty()
        || !store::changed_names(db, 1)?.is_empty()
        || !store::changed_posts(db, PostKind::Article, i64::MAX, 1)?.is_empty()
        || !store::changed_posts(db, PostKind::Comment, i64::MAX, 1)?.is_empty())
}

/// One unit's work.
fn step(db: &mut Connection, bounds: Bounds) -> Result<(), Error> {
    if store::state(db, "rules")? != fold::RULES {
        store::clear(db)?;
        store::change_all_names(db)?;
        store::change_all_posts(db)?;
        store::set_state(db, "message", 0)?;
        return store::set_state(db, "rules", fold::RULES);
    }
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
    let room = Room::of(after.len(), bounds.bytes);
    after.truncate(room.fitting(after.iter().map(|(_, bytes)| *bytes)));
    let ids: Vec<i64> = after.into_iter().map(|(id, _)| id).collect();
    for message in store::messages(db, &ids)?.into_iter().rev() {
        last = message.id.get();
        if let Some(numbers) = grams::of_message(&message) {
            size += numbers.len();
            documents.push((last, numbers));
        }
        if size >= bounds.grams {
            break;
        }
    }
    if last == indexed {
        return Ok(());
    }
    store::put(db, &documents)?;
    store::set_state(db, "message", last)
}

/// Messages that were edited or recalled after they were taken up, the newest first.
fn changes(db: &mut Connection, bounds: Bounds) -> Result<(), Error> {
    let indexed = store::state(db, "message")?;
    let changed = store::changed(db, i64::MAX, bounds.changes)?;
    let bytes: HashMap<i64, i64> = store::sizes(db, &changed)?.into_iter().collect();
    let mut room = Room::of(changed.len(), bounds.bytes);
    let mut size = 0;
    for id in changed {
        let is_read = id <= indexed;
        if size >= bounds.grams || (is_read && !room.take(bytes.get(&id).copied().unwrap_or(0))) {
            break;
        }
        store::settle_change(db, id)?;
        if !is_read {
            continue;
        }
        let message = store::messages(db, &[id])?.pop();
        match message.as_ref().and_then(grams::of_message) {
            Some(numbers) => {
                size += numbers.len();
                store::put(db, &[(id, numbers)])?;
            }
            None => store::remove(db, id)?,
        }
    }
    Ok(())
}

/// Articles and comments that were written, changed or taken away. What not everybody can read is not in the index.
fn posts(db: &mut Connection, kind: PostKind, bounds: Bounds) -> Result<(), Error> {
    let (floor, _) = kind.documents();
    let mut size = 0;
    for id in store::changed_posts(db, kind, i64::MAX, bounds.changes)? {
        if size >= bounds.grams {
            break;
        }
        store::settle_post(db, kind, id)?;
        match store::public_posts(db, kind, &[id])?.first() {
            Some(post) => {
                let numbers = posts::numbers(kind, post);
                size += numbers.len();
                store::put(db, &[(floor + id, numbers)])?;
            }
            None => store::remove(db, floor + id)?,
        }
    }
    Ok(())
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
    store::put(db, &documents)
}

fn of_names(what: i64, names: &[&str]) -> Vec<i64> {
    let mut numbers = vec![what];
    for name in names {
        Sounds::new(name).grams(&mut numbers);
    }
    grams::sorted(numbers)
}

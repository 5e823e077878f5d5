//! A seeded simulation of the log, the hub and sessions: wakes are lost and repeated, answers are lost on the
//! way, devices change transport, members come and go, the tail is too small, the server restarts. Whatever
//! happens, every device ends up with exactly the events that it may see, once each, in log order (G3 to G6).

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{collections::BTreeMap, time::Duration};

use database::{Engine, testing::Scratch};
use delivery::{
    Clock, Delivery, Device, DeviceId, End, Limits, Next, Random, Session, Since, Stream,
    Transport, Wakes,
};
use protocol::{ConversationId, Cursor, EventBody, SessionId, Timestamp, UserId};

const USERS: i64 = 5;
const CONVERSATIONS: i64 = 4;
/// Real time that anything may take before the simulation counts as stuck.
const STUCK: Duration = Duration::from_secs(60);

/// What the log should hold, and who may see what: (from, until) by stream and user.
#[derive(Default)]
struct Model {
    events: Vec<(i64, Stream)>,
    intervals: BTreeMap<(i64, i64), Vec<(i64, i64)>>,
}

impl Model {
    fn head(&self) -> i64 {
        self.events.last().map_or(0, |event| event.0)
    }

    fn is_in(&self, conversation: i64, user: i64) -> bool {
        self.intervals
            .get(&(conversation, user))
            .is_some_and(|all| all.iter().any(|interval| interval.1 == i64::MAX))
    }

    fn visible(&self, user: i64, after: i64) -> Vec<i64> {
        let sees = |position: i64, stream: Stream| match stream {
            Stream::User(owner) => owner.get() == user,
            Stream::Site => true,
            Stream::Conversation(c) => self
                .intervals
                .get(&(c.get(), user))
                .is_some_and(|all| all.iter().any(|i| i.0 <= position && position <= i.1)),
        };
        self.events
            .iter()
            .filter(|&&(position, stream)| position > after && sees(position, stream))
            .map(|event| event.0)
            .collect()
    }
}

/// One device: what it has seen, and the cursor that it would ask with next.
struct Reader {
    user: i64,
    device: i64,
    since: i64,
    seen: Vec<i64>,
    cursor: Option<Cursor>,
    session: Option<Session>,
}

impl Reader {
    fn session(&mut self, delivery: &Delivery, transport: Transport) -> &mut Session {
        let device =
            Device { user: UserId(self.user), id: DeviceId::Session(SessionId(self.device)) };
        let cursor = self.cursor.as_ref();
        self.session.get_or_insert_with(|| delivery.connect(device, transport, cursor))
    }

    fn take(&mut self, batch: &delivery::EncodedBatch) {
        assert!(!batch.reset, "nothing here gives a reason for a reset");
        for event in &batch.events {
            let event: protocol::Event = serde_json::from_slice(event).unwrap();
            let position = event.id.expect("everything here is logged").get();
            assert!(
                self.seen.last().is_none_or(|&last| last < position),
                "user {} device {} saw {position} after {:?}",
                self.user,
                self.device,
                self.seen.last()
            );
            self.seen.push(position);
        }
        let before = self.cursor.as_ref().map_or(0, |cursor| cursor.position.get());
        assert!(before <= batch.cursor.position.get(), "a cursor never goes back");
        self.cursor = Some(batch.cursor.clone());
    }
}

struct World {
    scratch: Scratch,
    dice: Random,
    model: Model,
    delivery: Delivery,
    readers: Vec<Reader>,
}

fn limits(dice: &Random) -> Limits {
    Limits {
        // Sometimes nothing is remembered, sometimes everything.
        tail_events: 1 + usize::try_from(dice.below(40)).unwrap(),
        tail_bytes: 20_000,
        window: 1 + i64::try_from(dice.below(20)).unwrap(),
        windows_per_batch: 3,
        idle_users: usize::try_from(dice.below(4)).unwrap(),
        sweep: Duration::from_millis(20),
        ..Limits::default()
    }
}

async fn start(scratch: &Scratch, dice: &Random) -> Delivery {
    let database = scratch.open().expect("the scratch database opens");
    let wakes = Wakes::Faulty { random: dice.clone(), lost: 30 };
    Delivery::start(database, Clock::system(), dice.clone(), limits(dice), wakes).unwrap()
}

fn event(user: i64) -> EventBody {
    EventBody::UserUpdated { user_id: UserId(user) }
}

impl World {
    async fn new(engine: Engine, seed: u64) -> Self {
        let (scratch, dice) = (Scratch::new(engine), Random::seeded(seed));
        let delivery = start(&scratch, &dice).await;
        Self { scratch, dice, model: Model::default(), delivery, readers: Vec::new() }
    }

    fn roll(&self, end: i64) -> i64 {
        i64::try_from(self.dice.below(u64::try_from(end).unwrap())).unwrap()
    }

    fn roll_user(&self) -> i64 {
        10_001 + self.roll(USERS)
    }

    /// Some events in one unit, to a conversation, a private stream or everybody; and G5: whoever was told reads it.
    async fn append(&mut self) {
        let user = self.roll_user();
        let stream = match self.roll(8) {
            0 | 1 => Stream::User(UserId(user)),
            2 => Stream::Site,
            _ => Stream::Conversation(ConversationId(1 + self.roll(CONVERSATIONS))),
        };
        let (number, fails) = (1 + self.roll(3), self.roll(10) == 0);
        let before = self.delivery.head();
        let positions = self
            .delivery
            .write(move |unit| {
                let positions = (0..number)
                    .map(|_| unit.append(stream, event(user)).map(|p| p.get()))
                    .collect::<Result<Vec<_>, _>>()?;
                // A unit that changes its mind leaves nothing behind, not even a gap.
                if fails { Err(database::Error::Conflict) } else { Ok(positions) }
            })
            .await;
        let Ok(positions) = positions else { return };
        let expected: Vec<i64> = (1..=number).map(|n| self.model.head() + n).collect();
        assert_eq!(positions, expected, "positions are dense");
        self.model.events.extend(positions.into_iter().map(|position| (position, stream)));
        let mut fresh = self.reader(user, Some(before.clone()));
        let Next::Batch(batch) =
            fresh.session(&self.delivery, Transport::Poll).next_batch(Some(Duration::ZERO)).await
        else {
            panic!("a short poll answers");
        };
        fresh.take(&batch);
        let visible = self.model.visible(user, before.position.get());
        assert_eq!(fresh.seen, visible[..fresh.seen.len()], "told, so it is there");
        assert_eq!(fresh.seen.is_empty(), visible.is_empty(), "told, so it is there at once");
    }

    /// Somebody comes into a conversation or leaves it; both can be seen by the one concerned.
    async fn come_or_go(&mut self) {
        let (user, c) = (self.roll_user(), 1 + self.roll(CONVERSATIONS));
        let was_in = self.model.is_in(c, user);
        let conversation = ConversationId(c);
        let quiet = self.roll(5) == 0;
        let position = self
            .delivery
            .write(move |unit| -> Result<i64, database::Error> {
                unit.lock()?;
                if was_in {
                    let position = unit.append(Stream::Conversation(conversation), event(user))?;
                    unit.dismiss(conversation, UserId(user))?;
                    Ok(position.get())
                } else {
                    unit.admit(conversation, UserId(user), Since::Now)?;
                    if quiet {
                        return Ok(unit.next_position()?.get());
                    }
                    let position = unit.append(Stream::Conversation(conversation), event(user))?;
                    Ok(position.get())
                }
            })
            .await
            .unwrap();
        let intervals = self.model.intervals.entry((c, user)).or_default();
        if was_in {
            let open = intervals.iter_mut().find(|interval| interval.1 == i64::MAX).unwrap();
            open.1 = position;
        } else {
            intervals.push((position, i64::MAX));
        }
        if was_in || !quiet {
            self.model.events.push((position, Stream::Conversation(conversation)));
        }
    }

    fn reader(&self, user: i64, cursor: Option<Cursor>) -> Reader {
        let since = cursor.as_ref().map_or(self.model.head(), |c| c.position.get());
        let cursor = cursor.or_else(|| Some(self.delivery.head()));
        Reader { user, device: 1, since, seen: Vec::new(), cursor, session: None }
    }

    /// One device asks for more, over some transport; the answer may be lost on the way.
    async fn read(&mut self) {
        if self.readers.len() < 8 {
            let user = self.roll_user();
            let mut reader = self.reader(user, None);
            reader.device = 2 + i64::try_from(self.readers.len()).unwrap();
            self.readers.push(reader);
        }
        let index = usize::try_from(self.roll(i64::try_from(self.readers.len()).unwrap())).unwrap();
        let transport = [Transport::Poll, Transport::Sse, Transport::WebSocket]
            [usize::try_from(self.roll(3)).unwrap()];
        let (lost, change) = (self.roll(5) == 0, self.roll(4) == 0);
        let wait = Duration::from_millis(self.dice.below(3));
        let reader = &mut self.readers[index];
        if change {
            reader.session = None;
        }
        match reader.session(&self.delivery, transport).next_batch(Some(wait)).await {
            // The device never got it: it comes back with the cursor that it has.
            Next::Batch(_) if lost => reader.session = None,
            Next::Batch(batch) => reader.take(&batch),
            Next::Ended(End::Displaced) => reader.session = None,
            Next::Ended(why) => panic!("ended: {why:?}"),
        }
    }

    async fn restart(&mut self) {
        for reader in &mut self.readers {
            reader.session = None;
        }
        self.delivery.shut_down().await;
        self.delivery = start(&self.scratch, &self.dice).await;
    }

    /// Every device reads to the end, waiting without a deadline: lost wakes are made good by the sweep.
    async fn drain(&mut self) {
        let head = self.model.head();
        for reader in &mut self.readers {
            loop {
                let visible = self.model.visible(reader.user, reader.since);
                if visible.len() == reader.seen.len() {
                    break;
                }
                let session = reader.session(&self.delivery, Transport::WebSocket);
                match session.next_batch(None).await {
                    Next::Batch(batch) => reader.take(&batch),
                    Next::Ended(why) => panic!("ended at {head}: {why:?}"),
                }
            }
        }
    }

    fn check(&self) {
        assert_eq!(self.delivery.head().position.get(), self.model.head());
        for reader in &self.readers {
            assert_eq!(
                reader.seen,
                self.model.visible(reader.user, reader.since),
                "user {} device {} from {}",
                reader.user,
                reader.device,
                reader.since
            );
        }
    }
}

async fn simulate(engine: Engine, seed: u64, steps: usize) {
    let mut world = World::new(engine, seed).await;
    let run = async {
        for _ in 0..steps {
            match world.roll(100) {
                0..40 => world.append().await,
                40..55 => world.come_or_go().await,
                55..99 => world.read().await,
                _ => world.restart().await,
            }
        }
        world.drain().await;
        world.check();
    };
    tokio::time::timeout(STUCK, run).await.unwrap_or_else(|_| panic!("seed {seed} is stuck"));
    world.delivery.shut_down().await;
}

#[tokio::test]
async fn every_device_sees_what_it_may_on_sqlite() {
    for seed in 0..12 {
        simulate(Engine::Sqlite, seed, 400).await;
    }
}

#[tokio::test]
async fn every_device_sees_what_it_may_on_postgres() {
    for seed in 100..103 {
        simulate(Engine::Postgres, seed, 250).await;
    }
}

/// A waiting session is woken by the commit, not by the sweep: which never comes here.
#[tokio::test]
async fn a_waiting_session_is_woken_by_the_commit() {
    let scratch = Scratch::new(Engine::Sqlite);
    let limits = Limits { sweep: Duration::from_secs(3_600), ..Limits::default() };
    let (clock, dice) = (Clock::manual(Timestamp(1_000)), Random::seeded(1));
    let delivery =
        Delivery::start(scratch.open().unwrap(), clock, dice, limits, Wakes::Reliable).unwrap();
    let device = Device { user: UserId(10_001), id: DeviceId::Session(SessionId(1)) };
    let mut session = delivery.connect(device, Transport::WebSocket, None);
    let waiting = tokio::spawn(async move { (session.next_batch(None).await, session) });
    let stream = Stream::User(UserId(10_001));
    delivery.write(move |unit| unit.append(stream, event(10_001)).map(|_| ())).await.unwrap();
    let (next, mut session) = tokio::time::timeout(STUCK, waiting).await.unwrap().unwrap();
    let Next::Batch(batch) = next else { panic!("{next:?}") };
    assert_eq!(batch.events.len(), 1);

    // Logged out: the session ends, though it waits.
    let waiting = tokio::spawn(async move { session.next_batch(None).await });
    delivery
        .write(move |unit| -> Result<(), database::Error> {
            unit.end_device(device);
            Ok(())
        })
        .await
        .unwrap();
    let next = tokio::time::timeout(STUCK, waiting).await.unwrap().unwrap();
    assert!(matches!(next, Next::Ended(End::LoggedOut)), "{next:?}");
    delivery.shut_down().await;
}

/// A cursor of another epoch, from the future, or trimmed away is answered with a reset to the head.
#[tokio::test]
async fn a_cursor_that_cannot_be_continued_is_reset() {
    let scratch = Scratch::new(Engine::Sqlite);
    let day = 86_400_000;
    let clock = Clock::manual(Timestamp(100 * day));
    let delivery = Delivery::start(
        scratch.open().unwrap(),
        clock.clone(),
        Random::seeded(1),
        Limits::default(),
        Wakes::Reliable,
    )
    .unwrap();
    let device = Device { user: UserId(10_001), id: DeviceId::Session(SessionId(1)) };
    let stream = Stream::User(UserId(10_001));
    let start = delivery.head();
    let append = |delivery: Delivery| async move {
        delivery.write(move |unit| unit.append(stream, event(10_001))).await.unwrap()
    };
    append(delivery.clone()).await;
    clock.advance(10 * day);
    append(delivery.clone()).await;
    let ask = |cursor: Cursor| {
        let mut session = delivery.connect(device, Transport::Poll, Some(&cursor));
        async move {
            let next = session.next_batch(Some(Duration::ZERO)).await;
            let Next::Batch(batch) = next else { panic!("{next:?}") };
            (batch.reset, batch.events.len(), batch.cursor.position.get())
        }
    };
    assert_eq!(ask(start.clone()).await, (false, 2, 2));
    let future = Cursor { position: protocol::Position(3), ..start.clone() };
    assert_eq!(ask(future).await, (true, 0, 2));
    let foreign = Cursor { epoch: "other".into(), ..start.clone() };
    assert_eq!(ask(foreign.clone()).await, (true, 0, 2));
    // Who is cut off before the reset is told comes back with the same cursor, and is told then.
    let mut session = delivery.connect(device, Transport::WebSocket, Some(&foreign));
    assert_eq!(session.cursor(), foreign);
    delivery.end_device(device);
    let next = session.next_batch(None).await;
    assert!(matches!(next, Next::Ended(End::LoggedOut)), "{next:?}");
    assert_eq!(session.cursor(), foreign);

    delivery.trim(5).await.unwrap();
    assert_eq!(ask(start.clone()).await, (true, 0, 2));
    let kept = Cursor { position: protocol::Position(1), ..start };
    assert_eq!(ask(kept).await, (false, 1, 2));
    delivery.shut_down().await;
}

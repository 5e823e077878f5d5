//! [`Delivery`]: the one door to this crate. Starts and stops the parts and hands calls on to them.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use database::{Connection, Database, Error};
use protocol::{ConversationId, Cursor, Event, EventBody, Position, Presence, UserId};
use tokio::sync::oneshot;

use crate::{
    Clock, Limits, Random, Wakes,
    hub::{Device, Hub, Transport},
    log,
    node::{Node, sweep},
    presence::Presences,
    session::Session,
    signal::{Signals, To},
    tail::Tail,
    unit::{Unit, encode},
    writer::{Publish, Writer},
};

/// At most so many users are told of one profile change; more fetch it when they next open it.
const ACQUAINTANCES: usize = 10_000;
/// Positions that one trimming unit looks through.
const TRIM_STEP: i64 = 10_000;

/// Figures for operators.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stats {
    /// The newest position of the log.
    pub head: i64,
    /// Events in memory.
    pub tail_events: usize,
    /// Their bytes.
    pub tail_bytes: usize,
    /// Polls that are being answered or parked.
    pub polls: usize,
    /// Connected Server-Sent Events streams.
    pub sse: usize,
    /// Connected WebSockets.
    pub websockets: usize,
    /// Users who count as online.
    pub online: usize,
    /// Commits since the start.
    pub commits: u64,
    /// Units in these commits.
    pub units: u64,
    /// What writing and syncing these commits took, in microseconds.
    pub commit_micros: u64,
}

/// The log, the hub and the sessions of this node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Delivery {
    node: Arc<Node>,
    writer: Arc<Writer>,
}

impl Delivery {
    /// Takes the writing connection, fills the tail, starts the writer thread and the sweep. To be called
    /// inside a tokio runtime.
    ///
    /// # Errors
    /// When the database does not answer, or another server writes to it.
    pub fn start(
        database: Database,
        clock: Clock,
        random: Random,
        limits: Limits,
        wakes: Wakes,
    ) -> Result<Self, Error> {
        let (db, head, newest) = on_plain_thread(|| {
            let mut db = database.writer()?;
            let mut head = log::head(&mut db)?;
            if head.epoch.is_empty() {
                head.epoch = random.lowercase(8);
                log::store_head(&mut db, &head)?;
            }
            // A part is enough for those who come back after a restart, and keeps the start fast and small.
            let newest = log::newest(&mut db, limits.tail_events / 16)?;
            Ok((db, head, newest))
        })?;
        let tail = Tail::new(head.position, limits.tail_events, limits.tail_bytes);
        tail.preload(&newest);
        let (waiting, per_commit) = (limits.waiting_units, limits.units_per_commit);
        let node = Arc::new(Node {
            hub: Hub::new(&limits, wakes),
            database,
            random,
            epoch: head.epoch,
            trimmed: AtomicI64::new(head.trimmed),
            tail,
            signals: Signals::default(),
            presences: Presences::new(),
            shutting_down: AtomicBool::new(false),
            commits: AtomicU64::new(0),
            units: AtomicU64::new(0),
            commit_micros: AtomicU64::new(0),
            clock: clock.clone(),
            limits,
        });
        let publisher = Arc::clone(&node) as Arc<dyn Publish>;
        let writer = Writer::start(db, clock, publisher, waiting, per_commit)?;
        tokio::spawn(sweep(Arc::downgrade(&node)));
        Ok(Self { node, writer: Arc::new(writer) })
    }

    /// Runs a closure as one unit on the writer thread. Its changes and events are durable and published
    /// when this resolves with `Ok`; with `Err` nothing of it has happened. Dropping the future does not
    /// stop a unit that has been queued.
    ///
    /// # Errors
    /// The closure's own, or the database's when the commit failed or too many units wait.
    pub async fn write<T, E>(
        &self,
        run: impl FnOnce(&mut Unit<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, outcome) = oneshot::channel();
        // A caller that has gone away needs no answer.
        self.submit(run, move |result| drop(reply.send(result)));
        match outcome.await {
            Ok(result) => result,
            Err(_) => Err(E::from(Error::Unavailable("the writer has stopped".to_owned()))),
        }
    }

    /// As [`Delivery::write`], with a callback: called on the writer thread after the commit, so it must be
    /// short and must not block.
    pub fn submit<T, E>(
        &self,
        run: impl FnOnce(&mut Unit<'_>) -> Result<T, E> + Send + 'static,
        reply: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writer.submit(run, reply);
    }

    /// Runs a closure on a reader thread, over one snapshot.
    ///
    /// # Errors
    /// The closure's own, or the database's.
    pub fn read<T, E>(
        &self,
        run: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> impl Future<Output = Result<T, E>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.node.database.read(run)
    }

    /// Everything up to here is published: taken before a snapshot is read, events after it complete it.
    #[must_use]
    pub fn head(&self) -> Cursor {
        Cursor { epoch: self.node.epoch.clone(), position: Position(self.node.tail.head()) }
    }

    /// Connects a device: at its cursor, or at the head.
    #[must_use]
    pub fn connect(&self, device: Device, transport: Transport, from: Option<&Cursor>) -> Session {
        let (user, shared) = self.node.hub.connect(device, transport);
        self.node.presences.connected(device.user);
        if self.is_shutting_down() {
            shared.end(self.node.shutting_down());
        }
        Session::new(Arc::clone(&self.node), user, shared, from)
    }

    /// Ends the live sessions of a device.
    pub fn end_device(&self, device: Device) {
        self.node.hub.end_device(device);
    }

    /// Whether a user has a device connected here, or had one a moment ago.
    #[must_use]
    pub fn presence(&self, user: UserId) -> Presence {
        self.node.presences.of(user)
    }

    /// The next user who came or went; for one task, which tells friends.
    pub async fn presence_change(&self) -> Option<(UserId, Presence)> {
        self.node.presences.next_change().await
    }

    /// Milliseconds after which a client may come back: different for each, so that they do not come at once.
    #[must_use]
    pub fn retry_in(&self) -> u64 {
        self.node.retry_in()
    }

    /// Signals to these users.
    pub fn signal_users(&self, users: &[UserId], body: EventBody) {
        self.signal(To::Users(users.into()), users, body);
    }

    /// Signals to those who are in a conversation, but for one.
    pub fn signal_conversation(&self, c: ConversationId, except: UserId, body: EventBody) {
        let mut users = self.node.hub.connected_in(c.get());
        users.retain(|&user| user != except);
        self.signal(To::Stream { stream: c.get(), except }, &users, body);
    }

    /// Signals to a user and to everybody connected who shares a conversation with them.
    pub fn signal_acquaintances(&self, user: UserId, body: EventBody) {
        let mut users = vec![user];
        for stream in self.node.hub.conversations_of(user) {
            users.extend(self.node.hub.connected_in(stream));
            if users.len() > ACQUAINTANCES {
                break;
            }
        }
        users.sort_unstable();
        users.dedup();
        self.signal_users(&users, body);
    }

    /// Somebody has sent a message: they are typing no longer.
    pub fn stop_typing(&self, c: ConversationId, user: UserId) {
        self.node.signals.stop_typing(c, user);
    }

    fn signal(&self, to: To, users: &[UserId], body: EventBody) {
        let now = self.node.clock.now();
        let event = Event { id: None, at: now, body };
        let payload: Bytes = match encode(&event) {
            Ok(payload) => payload,
            Err(error) => return tracing::error!(%error, "a signal does not encode"),
        };
        for &user in users {
            self.node.hub.signal_user(user, &payload);
        }
        let most = self.node.limits.signals_in_force;
        self.node.signals.remember(&event.body, to, payload, now, most);
    }

    /// Deletes events that are older than `days`, in small units. A cursor from before gets a `reset`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn trim(&self, days: u32) -> Result<(), Error> {
        let before = self.node.clock.now().plus_millis(-i64::from(days) * 86_400_000).millis();
        loop {
            let moved = self
                .write(move |unit| -> Result<bool, Error> { unit.trim(before, TRIM_STEP) })
                .await?;
            if !moved {
                return Ok(());
            }
        }
    }

    /// Figures for operators.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let (tail_events, tail_bytes) = self.node.tail.size();
        let [polls, sse, websockets] = self.node.hub.connections();
        Stats {
            head: self.node.tail.head(),
            tail_events,
            tail_bytes,
            polls,
            sse,
            websockets,
            online: self.node.presences.count(),
            commits: self.node.commits.load(Ordering::Relaxed),
            units: self.node.units.load(Ordering::Relaxed),
            commit_micros: self.node.commit_micros.load(Ordering::Relaxed),
        }
    }

    /// Units that were committed since the start: whether anybody wrote, at the price of a look.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.node.units.load(Ordering::Relaxed)
    }

    /// Whether [`Delivery::shut_down`] has begun.
    #[must_use]
    pub fn is_shutting_down(&self) -> bool {
        self.node.shutting_down.load(Ordering::Acquire)
    }

    /// Ends every session with a time to come back at. Writes still go on, so that a request in flight is
    /// answered.
    pub fn end_sessions(&self) {
        self.node.shutting_down.store(true, Ordering::Release);
        self.node.hub.end_all(|| self.node.shutting_down());
    }

    /// Ends every session, finishes what is queued for writing, and checkpoints.
    pub async fn shut_down(&self) {
        self.end_sessions();
        let writer = Arc::clone(&self.writer);
        // Err: the blocking task panicked, which was reported.
        let _ = tokio::task::spawn_blocking(move || writer.stop()).await;
    }
}

/// Runs a closure where a PostgreSQL connection may block: outside the runtime.
fn on_plain_thread<T: Send>(run: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    std::thread::scope(|scope| scope.spawn(run).join())
        .unwrap_or_else(|_| Err(Error::Unavailable("the start of the log panicked".to_owned())))
}

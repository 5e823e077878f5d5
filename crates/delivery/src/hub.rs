//! Who is connected to what. Wakes sessions, and nothing else: a wake means "look again".

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, atomic::Ordering},
};

use bytes::Bytes;
use database::{Connection, Error};
use protocol::{SessionId, TokenId, UserId};

use crate::{
    audience::{self, Change, SITE, Streams},
    limits::Limits,
    session::End,
    tail::{Tail, lock},
    user::{Shared, User},
    wake::Wakes,
};

/// What a connection was authenticated by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceId {
    /// A browser's session.
    Session(SessionId),
    /// A program's token.
    Token(TokenId),
}

/// Whose device it is, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Device {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub id: DeviceId,
}

/// How a session reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// One answer a request: short poll and long poll.
    Poll,
    /// Server-Sent Events.
    Sse,
    /// WebSocket.
    WebSocket,
}

#[derive(Debug)]
pub(crate) struct Hub {
    /// Taken before any user's audience, which is taken before any stream of the tail.
    index: Mutex<Index>,
    wakes: Wakes,
    sessions_per_user: usize,
    polls_per_device: usize,
    idle_users: usize,
    signals_per_session: usize,
}

#[derive(Debug, Default)]
struct Index {
    /// Connected users, and some that lately were.
    users: HashMap<UserId, Arc<User>>,
    /// Of each conversation, those among `users` who are in it now.
    conversations: HashMap<i64, HashMap<UserId, Arc<User>>>,
    /// Users who became idle, oldest first; some may have come back since.
    idle: VecDeque<UserId>,
}

impl Hub {
    pub(crate) fn new(limits: &Limits, wakes: Wakes) -> Self {
        Self {
            index: Mutex::default(),
            wakes,
            sessions_per_user: limits.sessions_per_user,
            polls_per_device: limits.polls_per_device,
            idle_users: limits.idle_users,
            signals_per_session: limits.signals_per_session,
        }
    }

    /// Takes a device in. Beyond the bounds the oldest gives way.
    pub(crate) fn connect(&self, device: Device, transport: Transport) -> (Arc<User>, Arc<Shared>) {
        let shared = Arc::new(Shared::new(device.id, transport));
        let mut index = lock(&self.index);
        let user = Arc::clone(
            index.users.entry(device.user).or_insert_with(|| Arc::new(User::new(device.user))),
        );
        let mut sessions = lock(&user.sessions);
        let polls = |s: &Arc<Shared>| s.transport == Transport::Poll && s.device == device.id;
        if transport == Transport::Poll
            && sessions.iter().filter(|s| polls(s)).count() >= self.polls_per_device
            && let Some(oldest) = sessions.iter().find(|s| polls(s))
        {
            oldest.end(End::Displaced);
        }
        if sessions.len() >= self.sessions_per_user {
            sessions[0].end(End::Displaced);
            sessions.remove(0);
        }
        sessions.push(Arc::clone(&shared));
        drop(sessions);
        (user, shared)
    }

    /// Lets a device go. Answers whether it was the user's last.
    pub(crate) fn disconnect(&self, user: &Arc<User>, shared: &Arc<Shared>) -> bool {
        let mut index = lock(&self.index);
        let last = {
            let mut sessions = lock(&user.sessions);
            let before = sessions.len();
            sessions.retain(|other| !Arc::ptr_eq(other, shared));
            before > 0 && sessions.is_empty()
        };
        if last {
            index.idle.push_back(user.id);
            user.idle_entries.fetch_add(1, Ordering::Relaxed);
            while index.idle.len() > self.idle_users {
                index.drop_oldest_idle();
            }
        }
        last
    }

    /// Reads what a user may see, unless that is known; its conversations wake the user from then on.
    pub(crate) async fn load(
        &self,
        user: &Arc<User>,
        tail: &Tail,
        read: impl Future<Output = Result<Vec<(i64, i64, i64)>, Error>>,
    ) -> Result<(), Error> {
        let _one_at_a_time = user.loading.lock().await;
        if lock(&user.audience).is_loaded() {
            return Ok(());
        }
        let rows = read.await?;
        let mut index = lock(&self.index);
        let mut audience = lock(&user.audience);
        audience.fill(user.id, &rows, tail);
        for stream in audience.open_conversations() {
            index.conversations.entry(stream).or_default().insert(user.id, Arc::clone(user));
        }
        Ok(())
    }

    /// Follows a commit: brings audiences up to date, shows the events (which the tail holds already), and
    /// wakes whoever is concerned.
    pub(crate) fn publish(
        &self,
        streams: &mut Vec<i64>,
        changes: &[Change],
        tail: &Tail,
        head: i64,
    ) {
        streams.sort_unstable();
        streams.dedup();
        let mut index = lock(&self.index);
        for &change in changes {
            let Some(user) = index.users.get(&change.user()).map(Arc::clone) else { continue };
            let mut audience = lock(&user.audience);
            audience.apply(change, tail);
            if matches!(change, Change::Admit { .. }) && audience.is_loaded() {
                drop(audience);
                index.conversations.entry(change.stream()).or_default().insert(user.id, user);
            }
        }
        tail.advance(head);
        for &stream in &*streams {
            index.each_in(stream, |user| user.each_session(|session| self.wake(session)));
        }
        // Those who left had to be woken for the news of their own leaving; now they are out.
        for change in changes.iter().filter(|c| matches!(c, Change::Dismiss { .. })) {
            index.leave_if_out(change.stream(), change.user());
        }
    }

    fn wake(&self, session: &Shared) {
        for _ in 0..self.wakes.times() {
            session.wake.notify_one();
        }
    }

    /// Wakes whoever has something to read and has not looked: their wake was lost.
    pub(crate) fn sweep(&self, tail: &Tail) {
        let users: Vec<Arc<User>> = lock(&self.index).users.values().map(Arc::clone).collect();
        let head = tail.head();
        for user in users.iter().filter(|user| user.is_connected()) {
            let newest = {
                let audience = lock(&user.audience);
                audience.streams().map_or(0, Streams::newest).min(head)
            };
            user.each_session(|session| {
                if session.looked() < newest {
                    session.wake.notify_one();
                }
            });
        }
    }

    /// Forgets what everybody may see: it is read anew before anything more is sent.
    pub(crate) fn forget_audiences(&self) {
        let mut index = lock(&self.index);
        index.conversations.clear();
        for user in index.users.values() {
            lock(&user.audience).forget();
            user.each_session(|session| session.wake.notify_one());
        }
    }

    /// Ends the live sessions of a device.
    pub(crate) fn end_device(&self, device: Device) {
        let user = lock(&self.index).users.get(&device.user).map(Arc::clone);
        if let Some(user) = user {
            user.each_session(|session| {
                if session.device == device.id {
                    session.end(End::LoggedOut);
                }
            });
        }
    }

    /// Ends every session.
    pub(crate) fn end_all(&self, mut why: impl FnMut() -> End) {
        let users: Vec<Arc<User>> = lock(&self.index).users.values().map(Arc::clone).collect();
        for user in users {
            user.each_session(|session| session.end(why()));
        }
    }

    /// Leaves a signal for the sessions of a user.
    pub(crate) fn signal_user(&self, user: UserId, payload: &Bytes) {
        let user = lock(&self.index).users.get(&user).map(Arc::clone);
        if let Some(user) = user {
            user.each_session(|session| session.signal(payload, self.signals_per_session));
        }
    }

    /// Those connected here who are in a conversation now.
    pub(crate) fn connected_in(&self, stream: i64) -> Vec<UserId> {
        let index = lock(&self.index);
        let users = index.conversations.get(&stream).into_iter().flat_map(HashMap::values);
        users.filter(|user| user.is_connected()).map(|user| user.id).collect()
    }

    /// The conversations that a connected user is in now.
    pub(crate) fn conversations_of(&self, user: UserId) -> Vec<i64> {
        let user = lock(&self.index).users.get(&user).map(Arc::clone);
        user.map_or_else(Vec::new, |user| lock(&user.audience).open_conversations().collect())
    }

    /// Connected sessions by transport: poll, SSE, WebSocket.
    pub(crate) fn connections(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        let users: Vec<Arc<User>> = lock(&self.index).users.values().map(Arc::clone).collect();
        for user in users {
            user.each_session(|session| {
                counts[match session.transport {
                    Transport::Poll => 0,
                    Transport::Sse => 1,
                    Transport::WebSocket => 2,
                }] += 1;
            });
        }
        counts
    }
}

impl Index {
    /// Calls `each` for everybody who may see the stream now.
    fn each_in(&self, stream: i64, each: impl FnMut(&Arc<User>)) {
        match stream {
            SITE => self.users.values().for_each(each),
            ..SITE => self.users.get(&UserId(-stream)).into_iter().for_each(each),
            _ => {
                self.conversations.get(&stream).into_iter().flat_map(HashMap::values).for_each(each)
            }
        }
    }

    fn leave_if_out(&mut self, stream: i64, user: UserId) {
        let Some(known) = self.users.get(&user) else { return };
        if lock(&known.audience).is_in(stream) {
            return;
        }
        if let Some(users) = self.conversations.get_mut(&stream) {
            users.remove(&user);
            if users.is_empty() {
                self.conversations.remove(&stream);
            }
        }
    }

    fn drop_oldest_idle(&mut self) {
        let Some(id) = self.idle.pop_front() else { return };
        let Some(user) = self.users.get(&id) else { return };
        // Back again, or idle again since: the newest entry counts.
        if user.idle_entries.fetch_sub(1, Ordering::Relaxed) > 1 || user.is_connected() {
            return;
        }
        let conversations: Vec<i64> = lock(&user.audience).open_conversations().collect();
        self.users.remove(&id);
        for stream in conversations {
            if let Some(users) = self.conversations.get_mut(&stream) {
                users.remove(&id);
                if users.is_empty() {
                    self.conversations.remove(&stream);
                }
            }
        }
    }
}

/// What a user may see, from the database.
pub(crate) fn audience_of(
    user: UserId,
) -> impl FnOnce(&mut Connection) -> Result<Vec<(i64, i64, i64)>, Error> + Send + 'static {
    move |db| audience::load(db, user)
}

//! One user who has, or lately had, a device connected here; and the part of a session that others touch.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use protocol::UserId;
use tokio::sync::Notify;

use crate::{
    audience::Audience,
    hub::{DeviceId, Transport},
    session::End,
    tail::lock,
};

/// A user known to the hub.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) id: UserId,
    /// What they may see.
    pub(crate) audience: Mutex<Audience>,
    /// Held while the audience is being read, so that ten devices cause one query.
    pub(crate) loading: tokio::sync::Mutex<()>,
    /// Connected devices, oldest first; bounded by `Limits::sessions_per_user`.
    pub(crate) sessions: Mutex<Vec<Arc<Shared>>>,
    /// How often the user stands in the hub's queue of idle users. Under the hub's lock.
    pub(crate) idle_entries: AtomicUsize,
}

impl User {
    pub(crate) fn new(id: UserId) -> Self {
        Self {
            id,
            audience: Mutex::default(),
            loading: tokio::sync::Mutex::default(),
            // One device is the rule.
            sessions: Mutex::new(Vec::with_capacity(1)),
            idle_entries: AtomicUsize::new(0),
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        !lock(&self.sessions).is_empty()
    }

    /// Calls `each` for every connected session.
    pub(crate) fn each_session(&self, each: impl FnMut(&Arc<Shared>)) {
        lock(&self.sessions).iter().for_each(each);
    }
}

/// The part of a session that the hub sees.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) device: DeviceId,
    pub(crate) transport: Transport,
    /// "Look again." Keeps one wake for a session that is not waiting yet.
    pub(crate) wake: Notify,
    /// Set once, when the session has to end.
    ended: OnceLock<End>,
    /// Up to where the session has looked: tells the sweep who missed a wake.
    looked: AtomicI64,
    /// Ephemeral signals to be sent; for those who stream. The oldest is dropped.
    signals: Mutex<VecDeque<Bytes>>,
}

impl Shared {
    pub(crate) fn new(device: DeviceId, transport: Transport) -> Self {
        Self {
            device,
            transport,
            wake: Notify::new(),
            ended: OnceLock::new(),
            looked: AtomicI64::new(0),
            signals: Mutex::default(),
        }
    }

    /// Ends the session; the first reason stays.
    pub(crate) fn end(&self, why: End) {
        // Err means that it has ended already.
        let _ = self.ended.set(why);
        self.wake.notify_one();
    }

    pub(crate) fn ended(&self) -> Option<End> {
        self.ended.get().cloned()
    }

    pub(crate) fn looked(&self) -> i64 {
        self.looked.load(Ordering::Relaxed)
    }

    pub(crate) fn set_looked(&self, position: i64) {
        self.looked.store(position, Ordering::Relaxed);
    }

    /// Leaves a signal for a session that streams; who polls takes what is in force.
    pub(crate) fn signal(&self, payload: &Bytes, most: usize) {
        if self.transport == Transport::Poll {
            return;
        }
        let mut signals = lock(&self.signals);
        if signals.len() >= most {
            signals.pop_front();
        }
        signals.push_back(payload.clone());
        drop(signals);
        self.wake.notify_one();
    }

    pub(crate) fn take_signals(&self) -> VecDeque<Bytes> {
        std::mem::take(&mut *lock(&self.signals))
    }
}

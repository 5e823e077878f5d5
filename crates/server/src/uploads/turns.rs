//! One request at a time an upload, a few a person, and a bound for all.
//!
//! A request whose connection has died may not be noticed for a while; so whoever comes for the same upload
//! asks the one before to leave, and waits a moment for that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::{Code, UserId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::problem::{Answer, Refusal};

/// Uploads that one person has requests for at a time; as many as a browser has connections.
const MAX_A_PERSON: usize = 6;
/// Uploads that there are requests for at a time.
const MAX_UPLOADS: usize = 512;
/// Requests for one upload: the one that has its turn, and those that wait for it.
const MAX_REQUESTS: usize = 4;
/// How long the one before has to leave.
const PATIENCE: Duration = Duration::from_secs(5);

/// Uploads with requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns {
    active: Arc<Mutex<HashMap<String, Active>>>,
}

#[derive(Debug)]
struct Active {
    user: UserId,
    requests: usize,
    gate: Arc<Semaphore>,
    /// Counts those who came.
    came: watch::Sender<u64>,
}

/// The right to change an upload, until this is dropped.
pub(crate) struct Turn {
    came: watch::Receiver<u64>,
    _permit: OwnedSemaphorePermit,
    _request: Request,
}

/// A request that is counted.
struct Request {
    turns: Turns,
    id: String,
}

impl Turns {
    /// Waits for the turn of an upload.
    ///
    /// # Errors
    /// 423 `locked` when whoever has it does not leave, 429 and 503 when there are too many.
    pub(super) async fn take(&self, user: UserId, id: &str) -> Answer<Turn> {
        self.take_within(user, id, PATIENCE).await
    }

    async fn take_within(&self, user: UserId, id: &str, patience: Duration) -> Answer<Turn> {
        let (gate, request) = self.enter(user, id)?;
        let permit = tokio::time::timeout(patience, gate.acquire_owned()).await;
        let permit = permit.map_err(|_| Code::Locked)?.map_err(Refusal::internal)?;
        let came = self.lock().get(id).map(|active| active.came.subscribe());
        let came = came.ok_or(Code::Locked)?;
        Ok(Turn { came, _permit: permit, _request: request })
    }

    fn enter(&self, user: UserId, id: &str) -> Answer<(Arc<Semaphore>, Request)> {
        let mut active = self.lock();
        if !active.contains_key(id) {
            if active.len() >= MAX_UPLOADS {
                return Err(Refusal::new(Code::Unavailable).detail("Too many uploads at once"));
            }
            if active.values().filter(|one| one.user == user).count() >= MAX_A_PERSON {
                let why = format!("At most {MAX_A_PERSON} uploads at a time");
                return Err(Refusal::new(Code::RateLimited).detail(why));
            }
        }
        let one = active.entry(id.to_owned()).or_insert_with(|| Active {
            user,
            requests: 0,
            gate: Arc::new(Semaphore::new(1)),
            came: watch::Sender::new(0),
        });
        if one.requests >= MAX_REQUESTS {
            return Err(Code::Locked.into());
        }
        one.requests += 1;
        one.came.send_modify(|came| *came += 1);
        let request = Request { turns: self.clone(), id: id.to_owned() };
        Ok((Arc::clone(&one.gate), request))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Resolves when somebody else comes for the same upload.
    pub(super) async fn asked_to_leave(&mut self) {
        if self.came.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let mut active = self.turns.lock();
        if let Some(one) = active.get_mut(&self.id) {
            one.requests -= 1;
            if one.requests == 0 {
                active.remove(&self.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: UserId = UserId(10_001);
    const BEN: UserId = UserId(10_002);

    #[tokio::test]
    async fn who_comes_second_asks_the_first_to_leave() {
        let turns = Turns::default();
        let mut first = turns.take(ANN, "a").await.unwrap();
        let (second, ()) = tokio::join!(turns.take(ANN, "a"), async {
            first.asked_to_leave().await;
            drop(first);
        });
        let stubborn = second.unwrap();
        let third = turns.take_within(ANN, "a", Duration::ZERO).await;
        assert_eq!(third.err().unwrap().code(), Code::Locked);
        drop(stubborn);
        turns.take(ANN, "a").await.unwrap();
        assert!(turns.lock().is_empty(), "nothing is left of them");
    }

    #[tokio::test]
    async fn one_person_does_not_take_every_place() {
        let turns = Turns::default();
        let mut held = Vec::new();
        for n in 0..MAX_A_PERSON {
            held.push(turns.take(ANN, &n.to_string()).await.unwrap());
        }
        assert_eq!(turns.take(ANN, "more").await.err().unwrap().code(), Code::RateLimited);
        held.push(turns.take(BEN, "hers").await.unwrap());
    }
}

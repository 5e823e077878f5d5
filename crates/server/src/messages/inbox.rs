//! Where sends wait for the writer: while it is busy with one set, the next one gathers here, so that one
//! transaction and one fsync serve all of them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use delivery::Unit;
use protocol::Code;
use tokio::{sync::oneshot, time::Instant};

use super::{
    post::post_all,
    send::{Posted, Send},
};
use crate::{
    app::AppState,
    new_accounts::Doing,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Sends that may wait; more are refused with 503.
const MAX_WAITING: usize = 4_096;
/// How long the first of them may have waited where more than a set waits: who comes then would wait longer still, and
/// is refused with 503, so that those who are served are served soon. A disk that is slow for once makes nobody be
/// refused, as long as the next set has room for all.
const MAX_WAIT: Duration = Duration::from_millis(100);
/// Sends in one set.
const MAX_SET: usize = 512;

/// Sends that wait. One a process.
#[derive(Debug, Default)]
pub struct Inbox {
    /// A plain mutex: nothing awaits while holding it.
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    sends: VecDeque<Pending>,
    /// Units on their way to the writer, each of which takes up to [`MAX_SET`]: always enough for all that wait.
    units: usize,
}

impl Waiting {
    fn admit(&self, now: Instant) -> Answer<()> {
        let is_late = self.sends.len() >= MAX_SET
            && self.sends.front().is_some_and(|first| now - first.since > MAX_WAIT);
        if is_late || self.sends.len() >= MAX_WAITING {
            return Err(Refusal::new(Code::Unavailable).detail("Too many messages are waiting"));
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Pending {
    since: Instant,
    send: Send,
    reply: oneshot::Sender<Answer<Posted>>,
}

/// Those whose sends are in one set: shared between its unit and what is done after the commit. `None` until the unit has
/// been run.
type Senders = Arc<Mutex<Option<Vec<oneshot::Sender<Answer<Posted>>>>>>;

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a send that comes now is taken: for those that are not, nothing has to be done first.
    ///
    /// # Errors
    /// 503.
    pub(super) fn admit(&self) -> Answer<()> {
        self.lock().admit(Instant::now())
    }

    /// Queues a send. `true` if a unit has to be submitted for it.
    fn push(&self, pending: Pending) -> Answer<bool> {
        let mut waiting = self.lock();
        waiting.admit(pending.since)?;
        waiting.sends.push_back(pending);
        let is_due = waiting.sends.len() > waiting.units * MAX_SET;
        waiting.units += usize::from(is_due);
        Ok(is_due)
    }

    /// What one unit takes, on the writer thread.
    fn take_set(&self) -> Vec<Pending> {
        let mut waiting = self.lock();
        waiting.units = waiting.units.saturating_sub(1);
        let count = waiting.sends.len().min(MAX_SET);
        waiting.sends.drain(..count).collect()
    }
}

/// Sends a message and waits until it is durable, or refused. If this future is dropped the send goes on.
pub(super) async fn submit(app: &AppState, send: Send) -> Answer<Posted> {
    let (conversation_id, sender_id) = (send.conversation_id, send.sender_id);
    let (reply, answer) = oneshot::channel();
    if app.inbox.push(Pending { since: Instant::now(), send, reply })? {
        submit_unit(app);
    }
    let posted = answer.await.map_err(|_| Refusal::new(Code::Unavailable))??;
    if posted.fresh {
        metrics::counter!("rookery_messages_total").increment(1);
        app.figures.count_message(app.clock.now());
        app.delivery.stop_typing(conversation_id, sender_id);
    }
    Ok(posted)
}

fn submit_unit(app: &AppState) {
    let senders = Senders::default();
    let (state, for_unit) = (AppState::clone(app), Arc::clone(&senders));
    let after = AppState::clone(app);
    app.delivery.submit(
        move |unit| run_set(&state, unit, &for_unit),
        move |outcome: Answer<Vec<Answer<Posted>>>| answer_set(&after, &senders, outcome),
    );
}

fn run_set(app: &AppState, unit: &mut Unit<'_>, senders: &Senders) -> Answer<Vec<Answer<Posted>>> {
    let (sends, replies): (Vec<Send>, Vec<_>) =
        app.inbox.take_set().into_iter().map(|pending| (pending.send, pending.reply)).unzip();
    *lock(senders) = Some(replies);
    if sends.is_empty() {
        return Ok(Vec::new());
    }
    let (site, now) = (app.site.get(), unit.now());
    let limit = |user, created_at| {
        app.limits.account(Limit::Sending, user)?;
        app.new_accounts.count(&site, Doing::Sending, (user, created_at), now)
    };
    Ok(post_all(unit, &limit, &sends)?)
}

/// After the commit, or when nothing came of it.
fn answer_set(app: &AppState, senders: &Senders, outcome: Answer<Vec<Answer<Posted>>>) {
    let replies = lock(senders).take();
    match outcome {
        Ok(outcomes) => {
            for (reply, outcome) in replies.into_iter().flatten().zip(outcomes) {
                // A sender who has gone away will ask again with the same key.
                drop(reply.send(outcome));
            }
        }
        Err(refusal) => {
            // Those whom a unit was to serve that was never run are still waiting.
            let still_waiting = || app.inbox.take_set().into_iter().map(|pending| pending.reply);
            for reply in replies.unwrap_or_else(|| still_waiting().collect()) {
                drop(reply.send(Err(refusal.clone())));
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{ConversationId, UserId};

    fn pending(n: usize) -> Pending {
        let (reply, _) = oneshot::channel();
        let message = protocol::NewMessage {
            client_id: format!("{n}"),
            text: "hi".to_owned(),
            ..protocol::NewMessage::default()
        };
        let send = Send::parse(UserId(1), ConversationId(1), message).unwrap();
        Pending { since: Instant::now(), send, reply }
    }

    #[test]
    fn there_are_always_units_enough_and_never_too_many() {
        let inbox = Inbox::default();
        let due = (0..MAX_SET + 1).filter(|n| inbox.push(pending(*n)).unwrap()).count();
        assert_eq!(due, 2);
        assert_eq!(inbox.take_set().len(), MAX_SET);
        assert!(!inbox.push(pending(0)).unwrap(), "the second unit will take it");
        assert_eq!(inbox.take_set().len(), 2);
        assert!(inbox.push(pending(0)).unwrap());
    }

    #[test]
    fn nobody_queues_behind_more_than_a_set_that_is_late() {
        let inbox = Inbox::default();
        let later = |n| Pending { since: Instant::now() + 2 * MAX_WAIT, ..pending(n) };
        inbox.push(pending(0)).unwrap();
        for n in 1..MAX_SET {
            inbox.push(later(n)).unwrap();
        }
        assert_eq!(inbox.push(later(MAX_SET)).unwrap_err().code(), Code::Unavailable);
        inbox.push(pending(MAX_SET)).unwrap();
        inbox.take_set();
        inbox.push(later(MAX_SET + 1)).unwrap();
    }

    #[test]
    fn the_inbox_is_bounded() {
        let inbox = Inbox::default();
        for n in 0..MAX_WAITING {
            inbox.push(pending(n)).unwrap();
        }
        assert_eq!(inbox.push(pending(0)).unwrap_err().code(), Code::Unavailable);
    }
}

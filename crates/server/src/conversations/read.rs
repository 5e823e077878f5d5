//! Read marks: moving one's own, and telling of it at most once a second each.
//!
//! A mark is stored at once, whatever happens. Its event is written with it if none was written for the same
//! member and conversation within the last second; else the pair goes into the table `pending_reads` in
//! the same transaction, and one timer task ([`tell_pending`]) writes the event of the mark as it is then. The
//! table outlives a crash, so that no device stays behind for good.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, EventBody, ReceiptList, Seq, UserId};

use super::{
    settings,
    store::{self, Mark},
};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    jobs,
    problem::{Answer, Refusal},
};

/// How often the timer task looks. A pair is told of again after three ticks: at least a second.
const TICK: Duration = Duration::from_millis(500);
/// See [`TICK`].
const TICKS_BETWEEN: u8 = 3;
/// Pairs that are remembered as just told of. When there are more, marks wait in the table for the next tick.
const MAX_RECENT: usize = 16_384;
/// Events that one unit of the timer task writes; the rest follows in the next tick.
const MAX_TOLD: i64 = 1_024;

/// Members of a group in which receipts are signalled; in larger ones they are fetched.
const MAX_SIGNALLED: i64 = 100;

/// Which marks were told of within about a second. One a process.
#[derive(Debug, Default)]
pub struct ReadMarks {
    /// Ticks since a pair was told of. A plain mutex: nothing awaits while holding it.
    recent: Mutex<HashMap<(UserId, ConversationId), u8>>,
    /// Whether the table may hold something. Set at start, for what a crash left behind.
    pending: AtomicBool,
}

impl ReadMarks {
    /// At start: nothing told yet, and maybe something left in the table.
    #[must_use]
    pub fn new() -> Self {
        Self { recent: Mutex::default(), pending: AtomicBool::new(true) }
    }

    /// Whether a pair may be told of now; if so it counts as told.
    fn take_turn(&self, pair: (UserId, ConversationId)) -> bool {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.contains_key(&pair) || recent.len() >= MAX_RECENT {
            return false;
        }
        recent.insert(pair, 0);
        true
    }

    fn tick(&self) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|_, ticks| {
            *ticks += 1;
            *ticks < TICKS_BETWEEN
        });
    }
}

/// Moves the caller's mark to `seq`: only forward, and not beyond the newest message. A conversation that was marked
/// unread is so no longer.
///
/// # Errors
/// 404 for whoever is no member.
pub(crate) async fn read(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    seq: Seq,
) -> Answer<()> {
    let state = AppState::clone(app);
    let told: Option<Mark> = app
        .delivery
        .write(move |unit| -> Answer<_> {
            unit.lock()?;
            let mark = store::mark_of(unit.db(), caller.user_id, id)?
                .ok_or_else(|| Refusal::new(Code::NotFound))?;
            settings::unmark(unit, caller.user_id, id)?;
            let seq = seq.min(mark.last_seq);
            if seq <= mark.read_seq {
                return Ok(None);
            }
            let receipt = accounts::sends_receipts(unit.db(), caller.user_id)?;
            store::set_mark(unit.db(), caller.user_id, id, seq, receipt)?;
            if state.read_marks.take_turn((caller.user_id, id)) {
                if let Some(mark) = store::mark_of(unit.db(), caller.user_id, id)? {
                    tell(unit, &mark, receipt)?;
                    return Ok(receipt.then_some(mark));
                }
            } else {
                store::defer_read(unit.db(), caller.user_id, id, receipt)?;
                state.read_marks.pending.store(true, Ordering::Release);
            }
            Ok(None)
        })
        .await?;
    signal(app, told.as_slice());
    Ok(())
}

/// The event of a mark: to the reader's own devices and, of a direct conversation and where others may know, to
/// the peer.
fn tell(unit: &mut Unit<'_>, mark: &Mark, receipt: bool) -> Result<(), database::Error> {
    let body = |seq, unread| EventBody::ConversationRead {
        conversation_id: mark.conversation_id,
        seq,
        user_id: mark.user_id,
        unread,
    };
    unit.append(Stream::User(mark.user_id), body(mark.read_seq, Some(mark.unread)))?;
    if let Some(peer) = mark.peer.filter(|_| receipt) {
        unit.append(Stream::User(peer), body(mark.receipt_seq, None))?;
    }
    Ok(())
}

/// Lets the members of small groups know: not logged, as whoever comes back fetches the receipts.
fn signal(app: &App, told: &[Mark]) {
    for mark in told {
        if mark.member_count.is_some_and(|count| count <= MAX_SIGNALLED) {
            let body = EventBody::Receipt {
                conversation_id: mark.conversation_id,
                user_id: mark.user_id,
                seq: mark.receipt_seq,
            };
            app.delivery.signal_conversation(mark.conversation_id, mark.user_id, body);
        }
    }
}

/// What the other members of a conversation let the caller know.
///
/// # Errors
/// 404 for whoever is no member.
pub(super) async fn receipts(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
) -> Answer<ReceiptList> {
    app.delivery
        .read(move |db| {
            store::member(db, id, caller.user_id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
            Ok(ReceiptList { receipts: store::receipts(db, id, caller.user_id)? })
        })
        .await
}

/// The timer task: tells of marks that had to wait, for as long as the server is there. What still waits
/// when it stops is told of at the next start.
pub async fn tell_pending(app: Weak<App>) {
    let mut interval = tokio::time::interval(TICK);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let Some(app) = app.upgrade() else { return };
        if app.delivery.is_shutting_down() {
            return;
        }
        app.read_marks.tick();
        if app.read_marks.pending.swap(false, Ordering::AcqRel) {
            jobs::turn(&app, "tell_read_marks", TICK, async {
                let told = tell_some(&app).await;
                if told.is_err() {
                    app.read_marks.pending.store(true, Ordering::Release);
                }
                told
            })
            .await;
        }
    }
}

/// Tells of what waits in the table and is due.
async fn tell_some(app: &AppState) -> Result<(), database::Error> {
    let state = AppState::clone(app);
    let told = app
        .delivery
        .write(move |unit| -> Result<_, database::Error> {
            unit.lock()?;
            let mut told = Vec::new();
            let waiting = store::pending_reads(unit.db(), MAX_TOLD)?;
            if waiting.is_empty() {
                return Ok(told);
            }
            // Some are not due yet, or there are more than fit: look again in the next tick.
            state.read_marks.pending.store(true, Ordering::Release);
            for (pair, mark, receipt) in waiting {
                match mark {
                    Some(mark) if state.read_marks.take_turn(pair) => {
                        tell(unit, &mark, receipt)?;
                        told.extend(receipt.then_some(mark));
                    }
                    Some(_) => continue,
                    None => {}
                }
                store::settle_read(unit.db(), pair)?;
            }
            Ok(told)
        })
        .await?;
    signal(app, &told);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_a_turn_every_three_ticks() {
        let marks = ReadMarks::new();
        let (ann, ben) = ((UserId(1), ConversationId(9)), (UserId(2), ConversationId(9)));
        assert!(marks.take_turn(ann));
        assert!(!marks.take_turn(ann));
        assert!(marks.take_turn(ben));
        for _ in 1..TICKS_BETWEEN {
            marks.tick();
            assert!(!marks.take_turn(ann));
        }
        marks.tick();
        assert!(marks.take_turn(ann));
    }

    #[test]
    fn the_table_of_recent_pairs_is_bounded() {
        let marks = ReadMarks::new();
        let pairs = (1..).map(|n| (UserId(n), ConversationId(1)));
        let taken = pairs.take(MAX_RECENT + 5).filter(|pair| marks.take_turn(*pair)).count();
        assert_eq!(taken, MAX_RECENT);
    }
}

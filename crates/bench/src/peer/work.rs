//! The work: pairs talk as fast as they can, then one member talks to a group, then nobody says anything.
//!
//! Every message carries its number. A receiver takes them in order, each once, or the peer has failed. So many may be
//! on their way at a time, counted by what has arrived everywhere: peers that acknowledge nothing are no faster for
//! it.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use memchr::memmem;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::{Ground, Peer, Receiver, Seat, Sender, host};
use crate::report::{GROUP_COST, GROUP_RATE, MEMORY, PAIRS_COST, PAIRS_RATE, Report, Target};

/// Characters of a message.
const CHARS: usize = 128;
/// Before the number of a message; nothing else that goes over the wire has it.
const MARK: &str = "msg=";
/// Digits of the number.
const DIGITS: usize = 8;
/// What was sent must have arrived within this.
const ARRIVES_WITHIN: Duration = Duration::from_secs(30);
/// What starting or connecting left behind is done with after this.
const SETTLES: Duration = Duration::from_secs(3);

/// Starts a peer, has it do all of the work, and stops it.
pub(super) async fn run<P: Peer>(
    scenario: &str,
    ground: &Ground<'_>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let peer = P::start(ground).await?;
    let work = ground.work;
    // Before anything else: what loads leave behind in memory must not count.
    let idle = idle(&peer, work.pairs..work.pairs + work.idle).await.context("idle connections")?;
    let seats: Vec<Seat> = (0..work.pairs).map(Seat::Pair).collect();
    let pairs = talk(&peer, ground, &seats, &[]).await.context("pairs")?;
    let members: Vec<Seat> = (1..work.group).map(Seat::Member).collect();
    let group = match P::HAS_GROUPS {
        true => Some(talk(&peer, ground, &[Seat::Member(0)], &members).await.context("the group")?),
        false => None,
    };
    peer.stop().await?;
    // All or nothing: half a row says nothing about the other half.
    let mut add = |figure, value, unit| report.add(scenario, figure, value, unit, Target::None);
    add(PAIRS_RATE, pairs.rate(), "/s");
    add(PAIRS_COST, pairs.cost(), "µs");
    if let Some(group) = group {
        add(GROUP_RATE, group.rate(), "/s");
        add(GROUP_COST, group.cost(), "µs");
    }
    add(MEMORY, idle, "KiB");
    Ok(())
}

/// KiB by which the peer grows with a waiting connection. Those who wait are nobody of those who will talk: the course
/// project gives a message to a poll that has gone away.
async fn idle<P: Peer>(peer: &P, pairs: Range<usize>) -> anyhow::Result<f64> {
    tokio::time::sleep(SETTLES).await;
    let before = host::memory(&peer.roots());
    let mut waiting = Vec::new();
    for pair in pairs {
        let mut receiver = peer.receiver(Seat::Pair(pair)).await?;
        receiver.park().await?;
        waiting.push(receiver);
    }
    tokio::time::sleep(SETTLES).await;
    Ok((host::memory(&peer.roots()) - before) / waiting.len() as f64)
}

/// What came of it.
struct Talked {
    deliveries: u64,
    seconds: f64,
    used: f64,
}

impl Talked {
    fn rate(&self) -> f64 {
        self.deliveries as f64 / self.seconds
    }

    fn cost(&self) -> f64 {
        self.used * 1e6 / self.deliveries.max(1) as f64
    }
}

/// How far one sender's messages have come.
#[derive(Default)]
struct Pace {
    delivered: AtomicU64,
    more: Notify,
}

/// Every sender sends; each of `listeners` listens to the one sender, or, without any, each sender's own partner.
async fn talk<P: Peer>(
    peer: &P,
    ground: &Ground<'_>,
    senders: &[Seat],
    listeners: &[Seat],
) -> anyhow::Result<Talked> {
    let stop = watch::Sender::new(false);
    let mut listening = JoinSet::new();
    let mut sending = JoinSet::new();
    let mut ready = Vec::new();
    for &seat in senders {
        let pace = Arc::<Pace>::default();
        let own = if listeners.is_empty() { std::slice::from_ref(&seat) } else { listeners };
        let sender = peer.sender(seat).await?;
        for &listener in own {
            let receiver = peer.receiver(listener).await?;
            listening.spawn(listen(receiver, Arc::clone(&pace), stop.subscribe()));
        }
        ready.push((sender, pace, own.len() as u64));
    }
    tokio::time::sleep(SETTLES).await;
    let (roots, window) = (peer.roots(), ground.work.window);
    let (started, before) = (Instant::now(), host::processor(&roots));
    let end = started + ground.work.time;
    for (sender, pace, own) in ready {
        sending.spawn(send(sender, pace, own, window, end));
    }
    let mut deliveries = 0;
    loop {
        tokio::select! {
            biased;
            // Whoever stops listening now has failed, and says why.
            Some(ended) = listening.join_next() => {
                ended??;
            }
            ended = sending.join_next() => match ended {
                Some(ended) => deliveries += ended??,
                None => break,
            },
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let used = host::processor(&roots) - before;
    stop.send_replace(true);
    let mut seen = 0;
    while let Some(ended) = listening.join_next().await {
        seen += ended??;
    }
    ensure!(deliveries > 0, "nothing was sent");
    ensure!(seen == deliveries, "{seen} messages arrived, not {deliveries}");
    Ok(Talked { deliveries, seconds, used })
}

/// Sends until `end`, and waits until everything has arrived. How many deliveries that made.
async fn send<S: Sender>(
    mut sender: S,
    pace: Arc<Pace>,
    listeners: u64,
    window: u64,
    end: Instant,
) -> anyhow::Result<u64> {
    let mut sent = 0;
    let mut text = String::with_capacity(CHARS);
    while Instant::now() < end {
        if sent * listeners >= pace.delivered.load(Ordering::Acquire) + window * listeners {
            sender.flush().await?;
            arrived(&pace, (sent + 1 - window) * listeners).await?;
        }
        text.clear();
        text.push_str(&format!("{MARK}{sent:0DIGITS$}"));
        text.extend(std::iter::repeat_n('x', CHARS - MARK.len() - DIGITS));
        sender.add(&text).await?;
        sent += 1;
    }
    sender.flush().await?;
    arrived(&pace, sent * listeners).await?;
    Ok(sent * listeners)
}

/// Waits until so many have arrived, at all listeners together.
async fn arrived(pace: &Pace, expected: u64) -> anyhow::Result<()> {
    let arriving = async {
        loop {
            let more = pace.more.notified();
            if pace.delivered.load(Ordering::Acquire) >= expected {
                return;
            }
            more.await;
        }
    };
    tokio::time::timeout(ARRIVES_WITHIN, arriving).await.with_context(|| {
        format!("{} of {expected} messages arrived", pace.delivered.load(Ordering::Acquire))
    })
}

/// Takes what comes, in order, until told to stop. How many.
async fn listen<R: Receiver>(
    mut receiver: R,
    pace: Arc<Pace>,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<u64> {
    let mut count = 0;
    loop {
        let bytes = tokio::select! {
            bytes = receiver.next() => bytes?,
            stopped = stopped.changed() => {
                stopped?;
                return Ok(count);
            }
        };
        let before = count;
        count = take(bytes, count)?;
        pace.delivered.fetch_add(count - before, Ordering::AcqRel);
        pace.more.notify_one();
    }
}

/// The numbers of all messages in `bytes`, of which `next` is to be the first. The one after the last.
fn take(bytes: &[u8], mut next: u64) -> anyhow::Result<u64> {
    for at in memmem::find_iter(bytes, MARK) {
        let digits = bytes.get(at + MARK.len()..at + MARK.len() + DIGITS);
        let number: u64 = std::str::from_utf8(digits.context("a message was cut")?)?.parse()?;
        ensure!(number == next, "message {number} came, not {next}");
        next += 1;
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_in_order_and_once() {
        assert_eq!(take(b"<a>msg=00000004xx</a> <a>msg=00000005xx</a>", 4).unwrap(), 6);
        assert_eq!(take(b"nothing", 4).unwrap(), 4);
        for wrong in [&b"msg=00000005"[..], b"msg=00000004 msg=00000004", b"msg=0000"] {
            assert!(take(wrong, 4).is_err());
        }
    }
}

//! Peers of Rookery on the same work, in the same run, on this machine: each is started on loopback, has pairs and a
//! group talk, and is stopped again. One file a peer; the work is in `work.rs`.
//!
//! A peer that cannot be started, or does not do its work, is reported as such and does not fail the run. Rookery
//! itself is the first of them, so that what is compared went through the same client and the same check.

mod cut;
mod ejabberd;
mod host;
mod nchan;
mod prosody;
mod rookery;
mod socketio;
mod webqq;
mod work;
mod ws;
mod xmpp;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::plan::{Peers, Plan};
use crate::report::{PEER, Report, progress};

/// A peer that takes longer than this for one run is given up.
const DEADLINE: Duration = Duration::from_secs(240);
/// All of them, in the order of the table. Rookery runs whenever another does.
const NAMES: [&str; 9] = [
    "rookery",
    "nchan-websocket",
    "nchan-sse",
    "nchan-long-poll",
    "ws",
    "socket.io",
    "ejabberd",
    "prosody",
    "webqq",
];

/// Which peers, and what they need.
#[derive(Debug)]
pub(crate) struct Setup {
    /// As on the command line.
    pub(crate) names: Vec<String>,
    /// The folder `crates/bench/peers`, with its packages installed.
    pub(crate) scripts: Option<PathBuf>,
    /// A Python that has Django.
    pub(crate) python: Option<PathBuf>,
    /// A PostgreSQL in which a database can be made.
    pub(crate) postgres: Option<String>,
}

/// What a peer is started with.
struct Ground<'a> {
    /// The server binary that is measured.
    binary: &'a Path,
    setup: &'a Setup,
    work: Peers,
    /// Empty, and the peer's own.
    folder: &'a Path,
}

/// Where somebody sits: `Pair(n)` has one sender and one receiver, the group one sender and many receivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    Pair(usize),
    /// Member of the one group; 0 is the sender.
    Member(usize),
}

/// Somebody who sends. What was added goes out with the next `flush`, or before.
trait Sender: Send + 'static {
    fn add(&mut self, text: &str) -> impl Future<Output = anyhow::Result<()>> + Send;
    fn flush(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// Somebody who listens.
trait Receiver: Send + 'static {
    /// What came: the bytes of any number of whole messages, with whatever is around them.
    fn next(&mut self) -> impl Future<Output = anyhow::Result<&[u8]>> + Send;
    /// Waits as a connection does that has nothing to tell: a poll asks, a stream need not.
    fn park(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send {
        std::future::ready(Ok(()))
    }
}

/// A server that runs.
trait Peer: Sized + Send + Sync {
    type Sender: Sender;
    type Receiver: Receiver;
    const HAS_GROUPS: bool = true;
    fn start(ground: &Ground<'_>) -> impl Future<Output = anyhow::Result<Self>> + Send;
    /// Its processes; their children count as well.
    fn roots(&self) -> Vec<u32>;
    fn sender(&self, seat: Seat) -> impl Future<Output = anyhow::Result<Self::Sender>> + Send;
    fn receiver(&self, seat: Seat) -> impl Future<Output = anyhow::Result<Self::Receiver>> + Send;
    fn stop(self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// Runs every peer that was asked for, as often as the plan says.
///
/// # Errors
/// For a name that is none, and when Rookery itself fails.
pub(crate) async fn run_all(
    binary: &Path,
    plan: &Plan,
    setup: &Setup,
    only: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let is_asked = |name: &str| setup.names.iter().any(|asked| asked == name || asked == "all");
    for asked in setup.names.iter().filter(|asked| *asked != "all") {
        ensure!(
            NAMES.contains(&asked.as_str()),
            "there is no peer `{asked}`; there are: {}",
            NAMES.join(" ")
        );
    }
    // A slice of everything runs Rookery alone on this work: nothing has to be installed for it.
    let is_any = plan.quick || !setup.names.is_empty();
    for run in 1..=plan.runs {
        for name in NAMES {
            let scenario = format!("{PEER}{name}");
            let is_wanted = is_asked(name) || (is_any && name == "rookery");
            if !is_wanted || !scenario.contains(only) {
                continue;
            }
            progress(&format!("{scenario}, run {run}"));
            let folder = tempfile::tempdir()?;
            let ground = Ground { binary, setup, work: plan.peers, folder: folder.path() };
            let outcome = tokio::time::timeout(DEADLINE, one(name, &scenario, &ground, report));
            let outcome = outcome.await.context("it took too long").and_then(|done| done);
            match outcome {
                Err(error) if name == "rookery" => return Err(error.context(scenario)),
                Err(error) => report.not_measured(&scenario, &format!("{error:#}")),
                Ok(()) => {}
            }
        }
    }
    Ok(())
}

async fn one(
    name: &str,
    scenario: &str,
    ground: &Ground<'_>,
    report: &mut Report,
) -> anyhow::Result<()> {
    match name {
        "rookery" => work::run::<rookery::Rookery>(scenario, ground, report).await,
        "nchan-websocket" => work::run::<nchan::ByWebSocket>(scenario, ground, report).await,
        "nchan-sse" => work::run::<nchan::BySse>(scenario, ground, report).await,
        "nchan-long-poll" => work::run::<nchan::ByLongPoll>(scenario, ground, report).await,
        "ws" => work::run::<ws::Ws>(scenario, ground, report).await,
        "socket.io" => work::run::<socketio::SocketIo>(scenario, ground, report).await,
        "ejabberd" => work::run::<ejabberd::Ejabberd>(scenario, ground, report).await,
        "prosody" => work::run::<prosody::Prosody>(scenario, ground, report).await,
        _ => work::run::<webqq::Webqq>(scenario, ground, report).await,
    }
}

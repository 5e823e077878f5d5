//! Pairs of friends that talk as fast as they can: one sends, the other listens.

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Stage;
use super::load::{self, Channel, Receivers};
use crate::report::{Report, Target};

/// How they talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Sent and received over WebSocket.
    WebSocket,
    /// Sent by POST, received by long poll.
    PostAndPoll,
}

impl How {
    pub(super) const ALL: [Self; 2] = [Self::WebSocket, Self::PostAndPoll];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "1:1, WebSocket",
            Self::PostAndPoll => "1:1, POST and long poll",
        }
    }

    /// Messages a second, and µs of server time for each.
    fn targets(self) -> (Target, Target) {
        match self {
            Self::WebSocket => (Target::AtLeast(25_000.0, 50_000.0), Target::AtMost(40.0, 16.0)),
            Self::PostAndPoll => (Target::AtLeast(12_000.0, 25_000.0), Target::AtMost(80.0, 30.0)),
        }
    }
}

pub(super) async fn run(
    stage: &mut Stage<'_>,
    how: How,
    report: &mut Report,
) -> anyhow::Result<()> {
    let talked = talk(stage, how).await?;
    let (rate, cost) = how.targets();
    let name = how.name();
    report.add(name, "messages", talked.messages, "", Target::None);
    report.add(name, "rate", talked.messages / talked.seconds, "/s", rate);
    report.add(name, "server CPU a message", talked.cost(), "µs", cost);
    Ok(())
}

/// What came of it.
pub(super) struct Talked {
    pub(super) messages: f64,
    pub(super) seconds: f64,
    /// Seconds of the server's processor time.
    used: f64,
}

impl Talked {
    /// Of the server's processor time, µs a message.
    pub(super) fn cost(&self) -> f64 {
        self.used * 1e6 / self.messages
    }
}

/// Has pairs talk for as long as the plan says, and looks that everything has arrived.
pub(super) async fn talk(stage: &Stage<'_>, how: How) -> anyhow::Result<Talked> {
    let (server, plan) = (stage.site.address, stage.plan);
    let mut receivers = Receivers::new();
    for (_, friend) in stage.seeds.pairs(plan.pairs) {
        let channel = match how {
            How::WebSocket => Channel::WebSocket,
            How::PostAndPoll => Channel::LongPoll,
        };
        receivers.add(server, channel, friend, friend.direct).await?;
    }
    let (started, before) = (Instant::now(), stage.server.processor()?);
    let (since, end) = (receivers.since, started + plan.time);
    let mut senders = JoinSet::new();
    for (person, _) in stage.seeds.pairs(plan.pairs) {
        let (person, direct) = (person.clone(), person.direct);
        match how {
            How::WebSocket => {
                let window = plan.window;
                senders.spawn(load::send_by_socket(server, person, direct, window, since, end));
            }
            // Without pipelining, a window is as many connections.
            How::PostAndPoll => {
                for _ in 0..plan.window.div_ceil(4) {
                    let person = person.clone();
                    senders.spawn(load::send_by_post(server, person, direct, since, end));
                }
            }
        }
    }
    let acknowledged = load::collect(senders).await?;
    let messages = load::total(&acknowledged);
    receivers.wait(messages).await?;
    let seconds = started.elapsed().as_secs_f64();
    let used = stage.server.processor()? - before;
    receivers.check(&acknowledged).await?;
    Ok(Talked { messages: messages as f64, seconds, used })
}

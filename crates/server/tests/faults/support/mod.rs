//! What every story here needs: a server that can be killed, people, links over the four transports, readers
//! that keep account of what they saw, and dice that tell their seed.

mod bucket;
mod dice;
mod link;
mod person;
mod seeds;
mod seen;
mod server;
mod trace;

use std::time::Duration;

use tokio::task::JoinSet;

pub(crate) use bucket::Bucket;
pub(crate) use dice::Dice;
pub(crate) use link::{Broken, Link, Socket, Transport};
pub(crate) use person::Person;
pub(crate) use seeds::Seeds;
pub(crate) use seen::Seen;
pub(crate) use server::{Place, Server};
pub(crate) use trace::{Call, Trace};

/// A story that takes longer than this hangs.
const STORY_DEADLINE: Duration = Duration::from_secs(200);
/// Anything that is waited for and has no deadline of its own.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Runs a story on a runtime of its own.
pub(crate) fn tell(story: impl Future<Output = ()>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(async {
        // It outlives the panic, so that its server says what it had to say.
        let mut story = std::pin::pin!(story);
        tokio::select! {
            () = &mut story => {}
            () = pause(STORY_DEADLINE) => panic!("the story hangs: {STORY_DEADLINE:?}"),
        }
    });
}

/// Waits until all tasks have ended; as long as a request that hangs takes to be named, and no longer.
pub(crate) async fn ended(who: &str, tasks: &mut JoinSet<()>) {
    let all = async {
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
    };
    let all = tokio::time::timeout(3 * DEADLINE, all).await;
    assert!(all.is_ok(), "{} {who} hang", tasks.len());
}

/// A client's own back-off between two tries; never a wait for luck.
pub(crate) async fn pause(time: Duration) {
    let never = std::future::pending::<()>();
    assert!(tokio::time::timeout(time, never).await.is_err());
}

/// Asks again and again until there is an answer.
pub(crate) async fn until<T>(
    what: &str,
    deadline: Duration,
    ask: impl AsyncFn() -> Option<T>,
) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            pause(Duration::from_millis(10)).await;
        }
    };
    let answer = tokio::time::timeout(deadline, asking).await;
    answer.unwrap_or_else(|_| panic!("{what}: not within {deadline:?}"))
}

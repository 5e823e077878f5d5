//! Devices that write on through every kill: what got no answer is sent again under the same `client_id`, until
//! it is acknowledged or, now and then, given up.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use protocol::{ClientFrame, Code, ConversationId, Message, ServerFrame};
use tokio::sync::watch;

use super::ledger::Ledger;
use crate::support::{Broken, Dice, Person, Socket, pause};

/// Between two tries while the server is down.
const BACK_OFF: Duration = Duration::from_millis(25);
/// Sends in flight on a socket; the contract allows 32.
const WINDOW: usize = 4;
/// One in so many sends that got no answer is given up: it may be there once, or not at all.
const GIVEN_UP: u64 = 5;

/// One writer's place.
pub(super) struct Desk {
    pub(super) name: String,
    pub(super) person: Person,
    pub(super) conversation: i64,
    pub(super) ledger: Arc<Ledger>,
    pub(super) dice: Dice,
    pub(super) stopped: watch::Receiver<bool>,
}

impl Desk {
    fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// The next thing to say: `client_id` and text.
    fn begin(&self, number: u64) -> (String, String) {
        let client_id = format!("{}-{number}", self.name);
        let text = format!("{client_id} {}", "kill ".repeat(self.dice.below(40) as usize).trim());
        let text = text.trim().to_owned();
        self.ledger.begin(&client_id, self.conversation, self.person.id, &text);
        (client_id, text)
    }
}

/// One send after another, by POST.
pub(super) async fn by_post(desk: Desk) {
    for number in 0.. {
        if desk.is_stopped() {
            return;
        }
        let (client_id, text) = desk.begin(number);
        loop {
            match desk.person.send(desk.conversation, &client_id, &text).await {
                Ok((200 | 201, body)) => {
                    let message: Message = serde_json::from_value(body).unwrap();
                    desk.ledger.acknowledge(&client_id, &message);
                    break;
                }
                Ok((503, _)) => {}
                Ok((status, body)) => panic!("{client_id} got {status}: {body}"),
                Err(_) if desk.dice.one_in(GIVEN_UP) => break,
                Err(_) => {}
            }
            pause(BACK_OFF).await;
        }
    }
}

/// Several sends in flight, over a socket.
pub(super) async fn by_socket(desk: Desk) {
    let mut waiting: VecDeque<(String, String)> = VecDeque::new();
    let mut number = 0;
    while !(desk.is_stopped() && waiting.is_empty()) {
        // Broken or not there: what waits is said again on the next socket.
        if let Err(broken) = talk(&desk, &mut waiting, &mut number).await {
            broken.expect_passing();
            waiting.retain(|_| !desk.dice.one_in(GIVEN_UP));
            pause(BACK_OFF).await;
        }
    }
}

/// One socket's life; ends well when there is nothing more to say.
async fn talk(
    desk: &Desk,
    waiting: &mut VecDeque<(String, String)>,
    number: &mut u64,
) -> Result<(), Broken> {
    // The writer's socket reads the stream too, as a browser's does; from the head, as it keeps no account.
    let (status, body) = desk.person.get("/events").await?;
    let cursor = body["cursor"].as_str().ok_or(Broken::Refused(status))?;
    let mut socket = Socket::open(&desk.person, cursor).await?;
    for (client_id, text) in waiting.iter() {
        socket.send(&frame(desk, client_id, text)).await?;
    }
    loop {
        while waiting.len() < WINDOW && !desk.is_stopped() {
            let (client_id, text) = desk.begin(*number);
            *number += 1;
            waiting.push_back((client_id.clone(), text.clone()));
            socket.send(&frame(desk, &client_id, &text)).await?;
        }
        if waiting.is_empty() {
            return Ok(());
        }
        match socket.next().await? {
            ServerFrame::Sent { client_id, message } => {
                desk.ledger.acknowledge(&client_id, &message);
                waiting.retain(|(id, _)| *id != client_id);
            }
            ServerFrame::Error { problem, client_id } => {
                let passing = matches!(problem.code, Code::Unavailable | Code::ShuttingDown);
                assert!(passing, "{client_id:?} got {problem:?}");
                return Err(Broken::Refused(problem.status));
            }
            ServerFrame::Events(_) | ServerFrame::Hello { .. } | ServerFrame::Beat { .. } => {}
        }
    }
}

fn frame(desk: &Desk, client_id: &str, text: &str) -> ClientFrame {
    let conversation_id = ConversationId::new(desk.conversation).unwrap();
    ClientFrame::Send { client_id: client_id.to_owned(), conversation_id, text: text.to_owned() }
}

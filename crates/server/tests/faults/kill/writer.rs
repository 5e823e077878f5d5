//! Devices that write on through every kill: what got no answer is sent again under the same `client_id`, until
//! it is acknowledged or, now and then, given up.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use protocol::{ClientFrame, Code, ConversationId, Message, NewMessage, SendFrame, ServerFrame};
use tokio::sync::watch;

use super::ledger::Ledger;
use crate::support::{Broken, Dice, Person, Socket, pause};

/// Between two tries while the server is down.
const BACK_OFF: Duration = Duration::from_millis(25);
/// Sends in flight on a socket; the contract allows 32.
const WINDOW: usize = 4;
/// One in so many sends is given up when it gets no answer: it may be there once, or not at all.
const FICKLE: u64 = 5;

/// Something to say.
struct Draft {
    client_id: String,
    text: String,
    /// Given up when it gets no answer. All others are sent again until they are acknowledged.
    fickle: bool,
}

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

    /// The next thing to say.
    fn begin(&self, number: u64) -> Draft {
        let client_id = format!("{}-{number}", self.name);
        let text = format!("{client_id} {}", "kill ".repeat(self.dice.below(40) as usize).trim());
        let text = text.trim().to_owned();
        self.ledger.begin(&client_id, self.conversation, self.person.id, &text);
        Draft { client_id, text, fickle: self.dice.one_in(FICKLE) }
    }
}

/// One send after another, by POST.
pub(super) async fn by_post(desk: Desk) {
    for number in 0.. {
        if desk.is_stopped() {
            return;
        }
        let Draft { client_id, text, fickle } = desk.begin(number);
        let mut given_up = false;
        while !given_up {
            match desk.person.send(desk.conversation, &client_id, &text).await {
                Ok((200 | 201, body)) => {
                    let message: Message = serde_json::from_value(body).unwrap();
                    desk.ledger.acknowledge(&client_id, &message);
                    break;
                }
                Ok((503, _)) => {}
                Ok((status, body)) => panic!("{client_id} got {status}: {body}"),
                Err(_) if fickle => given_up = true,
                Err(_) => {}
            }
            pause(BACK_OFF).await;
        }
    }
}

/// Several sends in flight, over a socket.
pub(super) async fn by_socket(desk: Desk) {
    let mut waiting: VecDeque<Draft> = VecDeque::new();
    let mut number = 0;
    while !(desk.is_stopped() && waiting.is_empty()) {
        // Broken or not there: what waits is said again on the next socket.
        if let Err(broken) = talk(&desk, &mut waiting, &mut number).await {
            broken.expect_passing();
            waiting.retain(|draft| !draft.fickle);
            pause(BACK_OFF).await;
        }
    }
}

/// One socket's life; ends well when there is nothing more to say.
async fn talk(desk: &Desk, waiting: &mut VecDeque<Draft>, number: &mut u64) -> Result<(), Broken> {
    // The writer's socket reads the stream too, as a browser's does; from the head, as it keeps no account.
    let (status, body) = desk.person.get("/events").await?;
    let cursor = body["cursor"].as_str().ok_or(Broken::Refused(status))?;
    let mut socket = Socket::open(&desk.person, cursor).await?;
    for draft in waiting.iter() {
        socket.send(&frame(desk, draft)).await?;
    }
    loop {
        while waiting.len() < WINDOW && !desk.is_stopped() {
            let draft = desk.begin(*number);
            *number += 1;
            let frame = frame(desk, &draft);
            waiting.push_back(draft);
            socket.send(&frame).await?;
        }
        if waiting.is_empty() {
            return Ok(());
        }
        match socket.next().await? {
            ServerFrame::Sent { client_id, message } => {
                desk.ledger.acknowledge(&client_id, &message);
                waiting.retain(|draft| draft.client_id != client_id);
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

fn frame(desk: &Desk, draft: &Draft) -> ClientFrame {
    let conversation_id = ConversationId::new(desk.conversation).unwrap();
    let (client_id, text) = (draft.client_id.clone(), draft.text.clone());
    let message = NewMessage { client_id, text, ..NewMessage::default() };
    ClientFrame::Send(Box::new(SendFrame { conversation_id, message }))
}

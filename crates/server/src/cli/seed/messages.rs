//! What seeded people have said: rows, events and the search index, in large transactions.
//!
//! It is the same at every run, so that figures can be compared. The last message was said just now, the others
//! before it, at most twenty days ago: the log keeps thirty.

use database::Connection;
use delivery::{Clock, Random};
use protocol::{
    ConversationId, Details, Event, EventBody, Message, MessageId, MessageKind, Position, Seq,
    Timestamp, UserId,
};

use super::store::{self, End, Rows, insert};
use super::{Place, Places, row, texts};
use crate::search;

/// Messages in one transaction.
const AT_ONCE: i64 = 20_000;
/// Between two messages, in milliseconds, unless there are too many.
const STEP: i64 = 1_000;
/// The oldest message is no older, in milliseconds.
const PAST: i64 = 20 * 24 * 60 * 60 * 1_000;
/// Of a fraction, the denominator.
const WHOLE: u64 = 1 << 20;

/// A conversation as it grows.
struct Growing {
    place: Place,
    end: End,
}

/// Has people say so many messages. How many milliseconds it took.
///
/// # Errors
/// Those of the database.
pub(super) fn fill(db: &mut Connection, places: Places, messages: i64) -> anyhow::Result<i64> {
    let clock = Clock::system();
    let now = clock.now().millis();
    let dice = Random::seeded(7);
    let grow = |places: Vec<Place>| -> Vec<Growing> {
        places.into_iter().map(|place| Growing { place, end: End::default() }).collect()
    };
    let (mut directs, mut groups) = (grow(places.directs), grow(places.groups));
    store::use_memory(db)?;
    let step = STEP.min(PAST / messages.max(1)).max(1);
    let mut done = 0;
    while done < messages {
        let until = messages.min(done + AT_ONCE);
        let (mut rows, mut log): (Rows, Rows) = (Vec::new(), Vec::new());
        for id in done + 1..=until {
            let in_group = directs.is_empty() || (!groups.is_empty() && dice.below(2) == 1);
            let among = if in_group { &mut groups } else { &mut directs };
            say(among, id, now - (messages - id) * step, &dice, &mut rows, &mut log)?;
        }
        db.begin()?;
        insert(db, store::MESSAGES, rows)?;
        insert(db, store::LOG, log)?;
        db.commit()?;
        done = until;
    }
    db.begin()?;
    let said = directs.iter().chain(&groups).filter(|one| one.end.seq > 0);
    store::set_ends(db, said.map(|one| (one.place.conversation, one.end)), messages)?;
    db.commit()?;
    loop {
        db.begin()?;
        let is_behind = search::seed(db)?;
        db.commit()?;
        if !is_behind {
            return Ok(clock.now().millis() - now);
        }
    }
}

/// The next message, somewhere: the row and the event.
fn say(
    among: &mut [Growing],
    id: i64,
    at: i64,
    dice: &Random,
    rows: &mut Rows,
    log: &mut Rows,
) -> anyhow::Result<()> {
    let growing = &mut among[skewed(among.len(), dice)];
    let Place { conversation, members } = &growing.place;
    let conversation = *conversation;
    let speaker = usize::try_from(dice.below(members.len() as u64))?;
    let (sender, seq) = (members[speaker], growing.end.seq + 1);
    growing.end = End { seq, position: id, at };
    let (client_id, text) = (format!("seed-{id}"), texts::text(dice));
    rows.push(row([
        id.into(),
        conversation.into(),
        seq.into(),
        id.into(),
        seq.into(),
        sender.into(),
        (&client_id).into(),
        // Of no send: whoever tries to send it again is told that the key was used.
        vec![0_u8; 32].into(),
        "text".into(),
        (&text).into(),
        at.into(),
    ]));
    let (conversation_id, seq) = (ConversationId(conversation), Seq(seq));
    let message = Message {
        id: MessageId(id),
        conversation_id,
        seq,
        sender_id: UserId(sender),
        client_id: Some(client_id),
        sent_at: Timestamp(at),
        kind: MessageKind::Text,
        text,
        notice: None,
        details: Details::default(),
    };
    let body = EventBody::MessageCreated { conversation_id, seq, message: Box::new(message) };
    let event = Event { id: Some(Position(id)), at: Timestamp(at), body };
    let payload = serde_json::to_string(&event)?;
    log.push(row([id.into(), conversation.into(), payload.into(), at.into()]));
    Ok(())
}

/// A place among `count`, the first ones far more often: as the square of a uniform number, so that the first
/// hundredth of all conversations has a tenth of all messages.
fn skewed(count: usize, dice: &Random) -> usize {
    let uniform = dice.below(WHOLE);
    let square = (u128::from(uniform * uniform) * count as u128) / u128::from(WHOLE * WHOLE);
    usize::try_from(square).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_conversations_have_most_of_what_is_said() {
        let dice = Random::seeded(1);
        let places: Vec<usize> = (0..10_000).map(|_| skewed(1_000, &dice)).collect();
        let first = places.iter().filter(|place| **place < 10).count();
        assert!((900..1_100).contains(&first), "{first}");
        assert!(places.iter().all(|place| *place < 1_000));
        assert!(places.iter().any(|place| *place > 900));
    }
}

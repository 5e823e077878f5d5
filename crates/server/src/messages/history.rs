//! Reading the past of a conversation, page by page. A member sees what was said while they were in; with
//! the group's `history_for_new_members`, all of it.

use database::{Connection, Error};
use protocol::{ConversationId, Message, MessagePage, Seq};

use super::{
    find::sight,
    quoted::quoted,
    store::{self, Measured, Way},
};
use crate::{app::AppState, caller::Caller, conversations::Room, problem::Answer};

/// Messages on one page, at most.
pub(super) const MAX_PAGE: usize = 200;
/// Messages on one page, when nothing else is asked for.
pub(super) const PAGE: usize = 50;

/// Which part of the history.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// The end of it.
    Newest,
    /// What comes next, that way.
    Towards(Way),
    /// A message and what was said before and after it.
    Around(Seq),
}

/// A page of messages, ascending: shorter than `limit` where it would have too many bytes, never empty for that.
pub(super) async fn history(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    part: Part,
    limit: usize,
) -> Answer<MessagePage> {
    app.delivery
        .read(move |db| {
            let sight = sight(db, caller.user_id, id)?;
            let seen = &sight.0;
            let mut page = match part {
                Part::Newest => towards(db, id, seen, Way::Before(Seq(i64::MAX)), limit)?,
                Part::Towards(way) => towards(db, id, seen, way, limit)?,
                Part::Around(seq) => around(db, id, seen, seq, limit)?,
            };
            page.quoted = quoted(db, &sight, id, &page.messages)?;
            Ok(page)
        })
        .await
}

fn towards(
    db: &mut Connection,
    id: ConversationId,
    seen: &[(i64, i64)],
    way: Way,
    limit: usize,
) -> Result<MessagePage, Error> {
    let mut found = collect(db, id, seen, way, limit + 1)?;
    let fitting = Room::page(limit).fitting(found.iter().map(|one| one.bytes));
    let has_more = fitting < found.len();
    found.truncate(fitting);
    let has_newer = matches!(way, Way::After(_)).then_some(has_more);
    Ok(MessagePage { messages: read(db, id, &found)?, has_more, has_newer, quoted: Vec::new() })
}

/// The message, and outward from it by turns newer and older ones: half before and half from it on; more of the
/// one where there is less of the other, or no room for it.
fn around(
    db: &mut Connection,
    id: ConversationId,
    seen: &[(i64, i64)],
    seq: Seq,
    limit: usize,
) -> Result<MessagePage, Error> {
    let mut older = collect(db, id, seen, Way::Before(seq), limit + 1)?;
    let mut newer = collect(db, id, seen, Way::After(Seq(seq.get() - 1)), limit + 1)?;
    let mut room = Room::page(limit);
    let (mut before, mut after) = (0, 0);
    loop {
        let next_newer = newer.get(after).is_some_and(|one| room.take(one.bytes));
        let next_older = older.get(before).is_some_and(|one| room.take(one.bytes));
        if !next_newer && !next_older {
            break;
        }
        after += usize::from(next_newer);
        before += usize::from(next_older);
    }
    let (has_more, has_newer) = (before < older.len(), Some(after < newer.len()));
    older.truncate(before);
    newer.truncate(after);
    older.append(&mut newer);
    Ok(MessagePage { messages: read(db, id, &older)?, has_more, has_newer, quoted: Vec::new() })
}

/// The messages, ascending.
fn read(
    db: &mut Connection,
    id: ConversationId,
    found: &[Measured],
) -> Result<Vec<Message>, Error> {
    let seqs: Vec<Seq> = found.iter().map(|one| one.seq).collect();
    store::some_messages(db, id, &seqs)
}

/// The first `most` visible messages that way. What was said while the member was out is not read through but
/// jumped over: at most one jump for each time that they were in.
fn collect(
    db: &mut Connection,
    id: ConversationId,
    seen: &[(i64, i64)],
    mut way: Way,
    most: usize,
) -> Result<Vec<Measured>, Error> {
    let mut found = Vec::new();
    for _ in 0..=seen.len() {
        let wanted = most - found.len();
        let rows = store::towards(db, id, way, wanted)?;
        let is_end = rows.len() < wanted;
        let mut hidden = None;
        for one in rows {
            if !seen.iter().any(|&(from, until)| from <= one.position && one.position <= until) {
                hidden = Some((one.position, one.seq));
                break;
            }
            found.push(one);
        }
        match hidden {
            Some(at) => match jump(db, id, seen, way, at)? {
                Some(next) => way = next,
                None => break,
            },
            None if is_end => break,
            None if found.len() == most => break,
            None => {}
        }
    }
    Ok(found)
}

/// Where visible messages may begin again, beyond the hidden one at `at` (position, seq).
fn jump(
    db: &mut Connection,
    id: ConversationId,
    seen: &[(i64, i64)],
    way: Way,
    (position, seq): (i64, Seq),
) -> Result<Option<Way>, Error> {
    match way {
        Way::Before(_) => {
            let Some(until) = seen.iter().map(|seen| seen.1).filter(|end| *end < position).max()
            else {
                return Ok(None);
            };
            // The last message up to there, and before the hidden one.
            Ok(Some(Way::Before(first_after(db, id, until, (Seq(1), seq))?)))
        }
        Way::After(_) => {
            let Some(from) = seen.iter().map(|seen| seen.0).filter(|start| *start > position).min()
            else {
                return Ok(None);
            };
            let end = Seq(store::last_seq(db, id)?.get() + 1);
            let next = first_after(db, id, from - 1, (seq, end))?;
            Ok(Some(Way::After(Seq(next.get() - 1))))
        }
    }
}

/// The lowest seq in [low, high) whose event is after `position`, or `high`: by halving, since both only grow.
fn first_after(
    db: &mut Connection,
    id: ConversationId,
    position: i64,
    (low, high): (Seq, Seq),
) -> Result<Seq, Error> {
    let (mut low, mut high) = (low.get(), high.get());
    while low < high {
        let middle = low + (high - low) / 2;
        match store::position(db, id, Seq(middle))? {
            Some(found) if found <= position => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(Seq(low))
}

/// A message and some before and after it, `limit` in all, ascending, whoever may see them: for moderators, to whom
/// it was reported.
///
/// # Errors
/// Those of the database.
pub(crate) fn around_it(
    db: &mut Connection,
    id: ConversationId,
    seq: Seq,
    limit: usize,
) -> Result<Vec<Message>, Error> {
    Ok(around(db, id, &[(0, i64::MAX)], seq, limit)?.messages)
}

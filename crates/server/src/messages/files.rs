//! What is attached to the messages of a conversation, newest first, for whoever may read those messages.

use std::collections::HashMap;

use database::Connection;
use protocol::{AttachmentKind, Code, ConversationId, FilePage, Message, Seq, SharedFile, UserId};

use super::store::{self, FilePlace};
use crate::{
    app::AppState,
    caller::Caller,
    conversations::Room,
    problem::{Answer, Refusal},
    uploads,
};

/// Files on one page, at most.
pub(super) const MAX_PAGE: usize = 100;
/// Files on one page, when nothing else is asked for.
pub(super) const PAGE: usize = 50;

/// The kinds of a query, as `image,video`; all when there are none.
///
/// # Errors
/// 422 `invalid`.
pub(super) fn parse_kinds(text: &str) -> Answer<Vec<AttachmentKind>> {
    text.split(',')
        .map(|kind| {
            serde_json::from_value(kind.into()).map_err(|_| {
                Refusal::invalid("kind", "must be some of image, video, audio, voice and file")
            })
        })
        .collect()
}

/// A page of files of `kinds` (of all kinds if there are none) after `before`: shorter than `limit` where the messages
/// that have them would have too many bytes, never empty for that.
///
/// # Errors
/// 404 for whoever is no member.
pub(super) async fn files(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    kinds: Vec<AttachmentKind>,
    (before, limit): (Option<FilePlace>, usize),
) -> Answer<FilePage> {
    let before = before.unwrap_or(FilePlace { seq: Seq(i64::MAX), n: 0 });
    app.delivery.read(move |db| page(db, caller.user_id, id, &kinds, (before, limit))).await
}

fn page(
    db: &mut Connection,
    user: UserId,
    id: ConversationId,
    kinds: &[AttachmentKind],
    (before, limit): (FilePlace, usize),
) -> Answer<FilePage> {
    let open = store::reader(db, user, id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let reader = Some(user).filter(|_| !open);
    let mut places = store::files(db, (id, reader), kinds, before, limit + 1)?;
    let fitting = fitting(&places, limit);
    let has_more = fitting < places.len();
    places.truncate(fitting);
    let before = places.last().filter(|_| has_more).map(|(place, _)| token(*place));
    let mut seqs: Vec<Seq> = places.iter().map(|(place, _)| place.seq).collect();
    seqs.dedup();
    let messages = store::some_messages(db, id, &seqs)?;
    let messages: HashMap<Seq, Message> = messages.into_iter().map(|one| (one.seq, one)).collect();
    let shared = |(place, _): &(FilePlace, i64)| shared(*place, messages.get(&place.seq)?);
    Ok(FilePage { files: places.iter().filter_map(shared).collect(), before })
}

/// How many of these files go onto a page: each message that has some is read once for all of them.
fn fitting(places: &[(FilePlace, i64)], limit: usize) -> usize {
    let mut room = Room::page(limit);
    let mut last = None;
    let fits = |(place, bytes): &&(FilePlace, i64)| {
        last.replace(place.seq) == Some(place.seq) || room.take(*bytes)
    };
    places.iter().take(limit).take_while(fits).count()
}

fn shared(place: FilePlace, message: &Message) -> Option<SharedFile> {
    let attachment = uploads::numbered(message).nth(usize::try_from(place.n).ok()?)?.clone();
    let (sender_id, sent_at) = (message.sender_id, message.sent_at);
    Some(SharedFile { seq: place.seq, n: place.n, sender_id, sent_at, attachment })
}

/// The opaque form of a place.
fn token(place: FilePlace) -> String {
    format!("{}-{}", place.seq, place.n)
}

/// Reads what [`token`] wrote.
pub(super) fn parse_token(text: &str) -> Answer<FilePlace> {
    let read = || {
        let (seq, n) = text.split_once('-')?;
        Some(FilePlace { seq: seq.parse().ok()?, n: n.parse().ok()? })
    };
    read().ok_or_else(|| {
        Refusal::new(Code::Malformed).field("before", "is not from a page of this list")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_kinds_are_read_and_nonsense_is_refused() {
        let place = FilePlace { seq: Seq(7), n: 3 };
        assert_eq!(parse_token(&token(place)).unwrap(), place);
        for bad in ["", "7", "7-", "-7-1", "7-x", "7-99999999999"] {
            assert_eq!(parse_token(bad).unwrap_err().code(), Code::Malformed, "{bad}");
        }
        assert_eq!(parse_kinds("image,video").unwrap().len(), 2);
        for bad in ["", "picture", "image,", "Image"] {
            assert_eq!(parse_kinds(bad).unwrap_err().code(), Code::Invalid, "{bad}");
        }
    }
}

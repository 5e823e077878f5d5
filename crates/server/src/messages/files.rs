//! What is attached to the messages of a conversation, newest first, for whoever may read those messages.

use database::Connection;
use protocol::{
    Attachment, AttachmentKind, Code, ConversationId, FilePage, Message, Seq, SharedFile, UserId,
};

use super::store::{self, FilePlace};
use crate::{
    app::AppState,
    caller::Caller,
    problem::{Answer, Refusal},
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

/// A page of files of `kinds` (of all kinds if there are none) after `before`.
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
    let mut rows = store::files(db, (id, reader), kinds, before, limit + 1)?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let before = rows.last().filter(|_| has_more).map(|(place, _)| token(*place));
    let files = rows.into_iter().filter_map(|(place, message)| shared(place, message)).collect();
    Ok(FilePage { files, before })
}

fn shared(place: FilePlace, message: Message) -> Option<SharedFile> {
    let (sender_id, sent_at) = (message.sender_id, message.sent_at);
    let attachment = attachment(message, usize::try_from(place.n).ok()?)?;
    Some(SharedFile { seq: place.seq, n: place.n, sender_id, sent_at, attachment })
}

/// By number: first the message's own, then those of what it forwards.
fn attachment(message: Message, n: usize) -> Option<Attachment> {
    let details = message.details;
    let forwarded = details.forwarded.into_iter().flat_map(|one| one.attachments);
    details.attachments.into_iter().chain(forwarded).nth(n)
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

//! Finding messages and files. Every candidate is read as it is now, by who may read it now, and looked at word by
//! word, so the index decides only how much has to be looked at: a recalled text is not found however old the
//! index is, and what is not in the index yet is found as well.
//!
//! From the newest message down: first those that the index has not taken up, one by one; then what the index
//! offers, together with what has changed since.

use database::{Connection, Error};
use protocol::{FoundMessage, FoundMessages, Message, UserId};

use super::{
    fold::Folded,
    grams::{self, Kind},
    store::{self, Filter, Measured, Offers, Visible, Wanted},
};
use crate::conversations::Room;

/// Candidates that are read at once.
const STEP: i64 = 200;
/// Candidates that one request reads before it answers with what it has.
const MAX_LOOKED_AT: usize = 5_000;
/// The same, in bytes of the texts or names looked at, forwarded ones included.
const MAX_BYTES: usize = 4 << 20;
/// Months that are looked for one by one; a longer time is read through.
const MAX_MONTHS: i64 = 120;

/// What is searched for.
#[derive(Clone, Debug)]
pub(super) struct Search {
    /// [`Kind::Text`] or [`Kind::FileName`].
    pub(super) kind: Kind,
    /// Folded; all of them have to be in the text, or the name.
    pub(super) words: Vec<Vec<char>>,
    pub(super) filter: Filter,
    pub(super) has_file: bool,
    /// Messages below this id.
    pub(super) before: i64,
    pub(super) limit: usize,
}

/// The words of a query.
pub(super) fn words(query: &str) -> Vec<Vec<char>> {
    Folded::new(query).words().map(<[char]>::to_vec).collect()
}

/// A page of what `user` may read of it.
pub(super) fn find(
    db: &mut Connection,
    user: UserId,
    search: &Search,
    now: i64,
) -> Result<FoundMessages, Error> {
    let Some(wanted) = wanted(search, now) else { return Ok(FoundMessages::default()) };
    let within = match search.filter.conversation_id {
        Some(id) => vec![id],
        None => store::own_conversations(db, user)?,
    };
    if within.is_empty() {
        return Ok(FoundMessages::default());
    }
    let indexed = store::state(db, "message")?;
    let mut before = search.before.min(store::newest(db)? + 1);
    let mut offers = Offers::new(wanted, within, before);
    let mut looked_at = 0;
    let mut page = Page { hits: Vec::new(), room: Room::page(search.limit), folded: 0 };
    while before > 1 && looked_at < MAX_LOOKED_AT {
        let (visible, down_to) = if before > indexed + 1 {
            let low = (indexed + 1).max(before - STEP);
            looked_at += STEP as usize;
            (store::visible(db, user, &Visible::Between(low, before), &search.filter)?, low)
        } else {
            let (ids, down_to) = candidates(db, &mut offers, before)?;
            looked_at += ids.len().max(1);
            (store::visible(db, user, &Visible::Ids(&ids), &search.filter)?, down_to)
        };
        if let Some(end) = page.look_through(db, visible, search)? {
            before = end;
            break;
        }
        before = down_to;
    }
    Ok(FoundMessages { hits: page.hits, next: (before > 1).then(|| before.to_string()) })
}

/// What was found so far.
struct Page {
    hits: Vec<FoundMessage>,
    /// For further hits.
    room: Room,
    /// Bytes that were looked at.
    folded: usize,
}

impl Page {
    /// Looks at messages, the newest first, and reads no more of them at once than a page holds. Answers where to go
    /// on, as `before`, when the page ends among them.
    fn look_through(
        &mut self,
        db: &mut Connection,
        mut visible: Vec<Measured>,
        search: &Search,
    ) -> Result<Option<i64>, Error> {
        while !visible.is_empty() {
            let count = Room::page(visible.len()).fitting(visible.iter().map(|(_, bytes)| *bytes));
            let rest = visible.split_off(count);
            let ids: Vec<i64> = visible.iter().map(|(id, _)| *id).collect();
            for (message, (id, bytes)) in store::messages(db, &ids)?.into_iter().zip(visible) {
                self.folded += folded_bytes(&message, search.kind);
                if let Some(hit) = look(message, search) {
                    if !self.room.take(bytes) {
                        return Ok(Some(id + 1));
                    }
                    self.hits.push(hit);
                }
                if self.hits.len() == search.limit || self.folded >= MAX_BYTES {
                    return Ok(Some(id));
                }
            }
            visible = rest;
        }
        Ok(None)
    }
}

/// Bytes that are folded to look at a message: all its texts, or the names of all its files.
fn folded_bytes(message: &Message, kind: Kind) -> usize {
    match kind {
        Kind::FileName => grams::file_names(message).map(|(_, name)| name.len()).sum(),
        _ => grams::texts(message).map(|(_, text)| text.len()).sum(),
    }
}

/// What the index is asked for. `None` if there is nothing to look for.
fn wanted(search: &Search, now: i64) -> Option<Wanted> {
    let mut wanted = Wanted::default();
    for word in &search.words {
        grams::of_word(search.kind, word, &mut wanted.all);
    }
    if wanted.all.is_empty() {
        return None;
    }
    let Filter { sender_id, from, until, .. } = search.filter;
    wanted.all.extend(sender_id.map(grams::sender));
    wanted.all.extend(search.has_file.then_some(grams::WITH_FILE));
    if let Some(from) = from {
        let months = grams::month(from)..=grams::month(until.unwrap_or(now).max(from));
        if months.end() - months.start() < MAX_MONTHS {
            wanted.any.push(months.map(grams::in_month).collect());
        }
    }
    wanted.all = grams::sorted(wanted.all);
    Some(wanted)
}

/// Candidates below `before`, the newest first, and down to which id that is all of them.
fn candidates(
    db: &mut Connection,
    offers: &mut Offers,
    before: i64,
) -> Result<(Vec<i64>, i64), Error> {
    let (mut ids, mut down_to) = offers.below(db, before, STEP)?;
    let changed = store::changed(db, before, STEP)?;
    if let Some(&last) = changed.get(STEP as usize - 1) {
        down_to = down_to.max(last);
    }
    ids.extend(changed);
    ids.retain(|id| *id >= down_to);
    ids.sort_unstable();
    ids.dedup();
    Ok((ids, down_to))
}

/// The message, if it is one of those searched for: where the words stand.
fn look(message: Message, search: &Search) -> Option<FoundMessage> {
    if search.has_file && grams::file_names(&message).next().is_none() {
        return None;
    }
    let (forwarded, attachment, ranges) = match search.kind {
        Kind::FileName => {
            let mut names = grams::file_names(&message);
            names.find_map(|(place, name)| Some((None, Some(place), ranges(name, search)?)))?
        }
        _ => {
            let mut texts = grams::texts(&message);
            texts.find_map(|(place, text)| Some((place, None, ranges(text, search)?)))?
        }
    };
    Some(FoundMessage { message, forwarded, attachment, ranges })
}

/// Where the words stand in a text that has all of them: at most 100 places, ascending, never overlapping.
fn ranges(text: &str, search: &Search) -> Option<Vec<[u32; 2]>> {
    let folded = Folded::new(text);
    let mut places = Vec::new();
    for word in &search.words {
        let found = folded.find(word);
        if found.is_empty() {
            return None;
        }
        places.extend(found);
    }
    places.sort_unstable();
    let mut merged: Vec<[u32; 2]> = Vec::with_capacity(places.len());
    for place in places {
        match merged.last_mut() {
            Some(last) if place[0] < last[1] => last[1] = last[1].max(place[1]),
            _ => merged.push(place),
        }
    }
    merged.truncate(100);
    Some(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(kind: Kind, query: &str, has_file: bool) -> Search {
        let (words, filter) = (words(query), Filter::default());
        Search { kind, words, filter, has_file, before: 1, limit: 1 }
    }

    /// Says "看这个", has a file and a voice message, and passes on "转来的话" with another file.
    fn message() -> Message {
        serde_json::from_value(serde_json::json!({
            "id": 1, "conversation_id": 2, "seq": 3, "sender_id": 4, "client_id": "a",
            "sent_at": "2026-01-01T00:00:00.000Z", "kind": "text", "text": "看这个",
            "attachments": [
                {"kind": "voice", "name": "语音.ogg", "size": 1, "content_type": "audio/ogg", "preview": false},
                {"kind": "file", "name": "年度報告.PDF", "size": 1, "content_type": "application/pdf", "preview": false},
            ],
            "forwarded": [{
                "sender_id": 5, "sender_name": "x", "sent_at": "2026-01-01T00:00:00.000Z", "text": "转来的话",
                "attachments": [
                    {"kind": "image", "name": "合影.png", "size": 1, "content_type": "image/png", "preview": true},
                ],
            }],
        }))
        .unwrap()
    }

    #[test]
    fn files_are_found_by_their_names_and_forwarded_texts_by_what_they_say() {
        let offered = grams::of_message(&message()).unwrap();
        for (kind, query, forwarded, attachment, range) in [
            (Kind::Text, "这个", None, None, [1, 3]),
            (Kind::Text, "来的", Some(0), None, [1, 3]),
            (Kind::FileName, "报告.pdf", None, Some(1), [2, 8]),
            (Kind::FileName, "合影", None, Some(2), [0, 2]),
        ] {
            let search = search(kind, query, true);
            let mut asked = vec![grams::WITH_FILE];
            for word in &search.words {
                grams::of_word(kind, word, &mut asked);
            }
            assert!(asked.iter().all(|number| offered.contains(number)), "{query}");
            let found = look(message(), &search).unwrap();
            let place = (found.forwarded, found.attachment, found.ranges);
            assert_eq!(place, (forwarded, attachment, vec![range]), "{query}");
        }
        for (kind, query) in
            [(Kind::FileName, "语音"), (Kind::FileName, "这个"), (Kind::Text, "报告")]
        {
            assert_eq!(look(message(), &search(kind, query, false)), None, "{query}");
        }
        let bare = Message { details: protocol::Details::default(), ..message() };
        assert_eq!(look(bare, &search(Kind::Text, "这个", true)), None);
    }

    fn places(text: &str, query: &str) -> Option<Vec<[u32; 2]>> {
        ranges(text, &search(Kind::Text, query, false))
    }

    #[test]
    fn all_words_have_to_be_there_and_places_do_not_overlap() {
        assert_eq!(places("明天下午开会", "开会 明天"), Some(vec![[0, 2], [4, 6]]));
        assert_eq!(places("明天下午开会", "天下 下午"), Some(vec![[1, 4]]));
        assert_eq!(places("明天下午开会", "开会 昨天"), None);
        assert_eq!(places("明天", "明天 明天"), Some(vec![[0, 2]]));
    }
}

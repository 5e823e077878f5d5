//! Which messages the index offers to a search.
//!
//! In SQLite a message's document is numbered by its conversation first. FTS5 walks through the lists of everything that
//! is looked for, and passes over whole pages only where one list has nothing; so what is said in one conversation stands
//! together, and what is said in conversations of others is passed over. Matches then do not come in the order of time:
//! they are gathered and sorted, or, where they are many, the conversations are merged. PostgreSQL passes over by
//! itself, and numbers documents by message.

use std::collections::BinaryHeap;

use database::{Connection, Engine, Error, params};
use protocol::{ConversationId, MessageId};

use super::index::{Wanted, count, expression, ids, matching_in};
use super::json;
use crate::search::grams;

/// Goes up whenever documents are numbered otherwise.
pub(in crate::search) const NUMBERING: i64 = 1;
/// Bits of a message's id in its document: 8 billion messages, in 8 million conversations.
const MESSAGE: u32 = 33;
/// Conversations that PostgreSQL is asked for. Who is in more is offered what everybody said: which of it they may see is
/// decided later.
const MAX_OWN: usize = 1_000;

/// How much is taken from the index at once, in SQLite.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// Conversations that are asked for together: each is a word to FTS5.
    together: usize,
    /// Matches of conversations together, some two milliseconds' worth. With more, the conversations are merged.
    gathered: i64,
    /// Matches of one conversation that is merged.
    merged: i64,
}

const SIZES: Sizes = Sizes { together: 1_000, gathered: 2_000, merged: 50 };

/// The document of a message.
pub(in crate::search) fn message_document(
    engine: Engine,
    conversation: ConversationId,
    message: MessageId,
) -> i64 {
    match engine {
        Engine::Sqlite => start_of(conversation) | message.get(),
        Engine::Postgres => message.get(),
    }
}

/// What the documents of a conversation have in common, in SQLite.
fn start_of(conversation: ConversationId) -> i64 {
    conversation.get() << MESSAGE
}

/// The message of a document, in SQLite.
fn message_of(document: i64) -> i64 {
    document & ((1 << MESSAGE) - 1)
}

/// Messages in some conversations that have what is wanted, the newest first.
#[derive(Debug)]
pub(in crate::search) struct Offers {
    wanted: Wanted,
    conversations: Vec<ConversationId>,
    /// Messages below this id.
    before: i64,
    sizes: Sizes,
    /// Those that are known, the newest first: no others are as new. SQLite only, as is what follows.
    known: Vec<i64>,
    /// Where the others come from; `None` before the index was asked.
    rest: Option<BinaryHeap<Conversation>>,
}

/// A conversation that is merged with others: the one that may have the newest match is the greatest.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Conversation {
    /// No match that was not taken is newer.
    newest: i64,
    id: i64,
    /// The next matches, the oldest first; empty before the index was asked.
    next: Vec<i64>,
}

impl Offers {
    /// Of messages below `before`. Nothing is asked yet.
    pub(in crate::search) fn new(
        wanted: Wanted,
        conversations: Vec<ConversationId>,
        before: i64,
    ) -> Self {
        let (sizes, known) = (SIZES, Vec::new());
        Self { wanted, conversations, before, sizes, known, rest: None }
    }

    /// The newest `limit` below `before`, which is no more than it was at first; and down to which id that is all of
    /// them: 0 at the end.
    pub(in crate::search) fn below(
        &mut self,
        db: &mut Connection,
        before: i64,
        limit: i64,
    ) -> Result<(Vec<i64>, i64), Error> {
        if db.engine() == Engine::Postgres {
            let wanted = match self.conversations.len() {
                ..=MAX_OWN => &within(&self.wanted, &self.conversations),
                _ => &self.wanted,
            };
            return matching_in(db, wanted, (0, before), limit);
        }
        let mut rest = match self.rest.take() {
            Some(rest) => rest,
            None => self.ask(db)?,
        };
        let first = self.known.partition_point(|id| *id >= before);
        while count(&self.known[first..]) < limit
            && let Some(conversation) = rest.pop()
        {
            rest.extend(self.take(db, conversation)?);
        }
        let is_end = rest.is_empty() && count(&self.known[first..]) <= limit;
        self.rest = Some(rest);
        let offered = self.known[first..].iter().copied();
        let offered: Vec<i64> =
            offered.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect();
        let down_to = if is_end { 0 } else { offered.last().copied().unwrap_or(0) };
        Ok((offered, down_to))
    }

    /// Gathers all matches, if they are not too many. Otherwise, where more are to come from.
    fn ask(&mut self, db: &mut Connection) -> Result<BinaryHeap<Conversation>, Error> {
        let mut rest = BinaryHeap::new();
        for some in self.conversations.chunks(self.sizes.together) {
            match self.gather(db, some)? {
                // As they are known already, no other has to be asked: a conversation of its own, by no number.
                Some(mut next) => {
                    next.sort_unstable();
                    let newest = next.last().copied();
                    rest.extend(newest.map(|newest| Conversation { newest, id: 0, next }));
                }
                None => rest.extend(self.by_last_message(db, some)?),
            }
        }
        Ok(rest)
    }

    /// All matches in some conversations. None if they are too many, or in a single conversation, which gives them in
    /// order.
    fn gather(
        &self,
        db: &mut Connection,
        some: &[ConversationId],
    ) -> Result<Option<Vec<i64>>, Error> {
        let (Some(first), Some(last)) = (some.iter().min(), some.iter().max()) else {
            return Ok(Some(Vec::new()));
        };
        if first == last {
            return Ok(None);
        }
        let documents = ids(
            db,
            "SELECT rowid FROM search_index
             WHERE search_index MATCH $1 AND rowid > $2 AND rowid < $3 ORDER BY rowid LIMIT $4",
            params![
                expression(&within(&self.wanted, some)),
                start_of(*first),
                start_of(ConversationId(last.get() + 1)),
                self.sizes.gathered + 1
            ],
        )?;
        if count(&documents) > self.sizes.gathered {
            return Ok(None);
        }
        let messages = documents.into_iter().map(message_of);
        Ok(Some(messages.filter(|id| *id < self.before).collect()))
    }

    /// Conversations in which something was said.
    fn by_last_message(
        &self,
        db: &mut Connection,
        some: &[ConversationId],
    ) -> Result<Vec<Conversation>, Error> {
        let found = db.query(
            "SELECT c.id, m.id FROM conversations c
             JOIN messages m ON m.conversation_id = c.id AND m.seq = c.last_seq
             WHERE c.id IN (SELECT value FROM json_each($1))",
            params![json(some)?],
        )?;
        let conversation = |row: &database::Row| {
            let newest = row.get::<i64>(1)?.min(self.before - 1);
            Ok(Conversation { newest, id: row.get(0)?, next: Vec::new() })
        };
        found.iter().map(conversation).collect()
    }

    /// Takes the newest match of the conversation that may have the newest of all, or asks which that is. What is left
    /// of the conversation.
    fn take(
        &mut self,
        db: &mut Connection,
        mut conversation: Conversation,
    ) -> Result<Option<Conversation>, Error> {
        if let Some(message) = conversation.next.pop() {
            self.known.push(message);
            // Gathered, or not yet at the end of what it gave last: it goes on from here.
            conversation.newest = match conversation.next.last() {
                Some(next) => *next,
                None if conversation.id == 0 => return Ok(None),
                None => message - 1,
            };
            return Ok(Some(conversation));
        }
        let id = ConversationId(conversation.id);
        // The conversation is among the words too: FTS5 would look for the first match anywhere before it minds the range.
        let wanted = within(&self.wanted, &[id]);
        let range = (start_of(id), (start_of(id) | conversation.newest) + 1);
        let (documents, _) = matching_in(db, &wanted, range, self.sizes.merged)?;
        conversation.next = documents.into_iter().map(message_of).rev().collect();
        let newest = conversation.next.last().copied();
        Ok(newest.map(|newest| Conversation { newest, ..conversation }))
    }
}

/// What is wanted, said in one of these conversations.
fn within(wanted: &Wanted, conversations: &[ConversationId]) -> Wanted {
    let mut wanted = wanted.clone();
    wanted.any.push(conversations.iter().copied().map(grams::conversation).collect());
    wanted
}

#[cfg(test)]
mod tests {
    use database::testing::Scratch;

    use super::*;
    use crate::search::store::{PostKind, put};

    #[test]
    fn a_conversation_is_together_and_below_articles() {
        let of = |conversation, message| {
            message_document(Engine::Sqlite, ConversationId(conversation), MessageId(message))
        };
        let last = (1 << MESSAGE) - 1;
        assert!(of(1, last) < of(2, 1));
        let (articles, _) = PostKind::Article.documents();
        assert!(of((1 << 23) - 1, last) < articles);
        assert_eq!(message_of(of(7, 9)), 9);
    }

    /// Seven conversations with numbers 1 and 2 in some of 300 messages: the same is offered however much is taken at
    /// once, from wherever the search goes on.
    #[test]
    fn the_newest_are_offered_first_in_any_steps() {
        let scratch = Scratch::new(Engine::Sqlite);
        let database = scratch.open().unwrap();
        let db = &mut database.writer().unwrap();
        db.batch("PRAGMA foreign_keys = OFF").unwrap();
        let place = |id: i64| if id > 250 { 3 } else { 1 + id * id % 7 };
        let numbers = |id: i64| match id % 5 {
            0 => vec![1],
            1 => vec![2],
            _ => vec![1, 2],
        };
        let document = |id: i64| {
            let conversation = ConversationId(place(id));
            let mut numbers = numbers(id);
            numbers.push(grams::conversation(conversation));
            (message_document(Engine::Sqlite, conversation, MessageId(id)), grams::sorted(numbers))
        };
        put(db, (1..=300).map(document).collect()).unwrap();
        for conversation in 1..=7 {
            let said = (1..=300).filter(|id| place(*id) == conversation);
            let last = said.clone().count();
            db.execute(
                "INSERT INTO conversations (id, kind, last_seq, last_message_at, created_at)
                 VALUES ($1, 'group', $2, 0, 0)",
                params![conversation, i64::try_from(last).unwrap()],
            )
            .unwrap();
            for (seq, id) in (1..).zip(said) {
                db.execute(
                    "INSERT INTO messages (id, conversation_id, seq, ordinal, position, sender_id,
                         client_id, kind, text, sent_at)
                     VALUES ($1, $2, $3, $3, $1, 1, CAST($1 AS TEXT), 'text', 'x', 0)",
                    params![id, conversation, seq],
                )
                .unwrap();
            }
        }
        let own: Vec<ConversationId> = [1, 2, 3, 5, 9].map(ConversationId).into();
        let wanted = Wanted { all: vec![1, 2], any: Vec::new() };
        let few = Sizes { together: 2, gathered: 20, merged: 3 };
        let single = Sizes { together: 1, ..few };
        for (sizes, before) in [(SIZES, 301), (few, 301), (single, 301), (few, 123), (SIZES, 123)] {
            let is_offered =
                |id: &i64| numbers(*id).len() == 2 && own.contains(&ConversationId(place(*id)));
            let expected: Vec<i64> = (1..before).rev().filter(is_offered).collect();
            assert!(expected.len() > 30);
            let mut offers = Offers { sizes, ..Offers::new(wanted.clone(), own.clone(), before) };
            let (mut found, mut next) = (Vec::new(), before);
            while next > 0 {
                let (some, down_to) = offers.below(db, next, 7).unwrap();
                assert!(down_to < next && some.len() <= 7);
                // A search may want some of them again.
                let (again, _) = offers.below(db, next, 4).unwrap();
                assert_eq!(again, some[..some.len().min(4)]);
                found.extend(some);
                next = down_to;
            }
            assert_eq!(found, expected, "{sizes:?} before {before}");
        }
    }
}

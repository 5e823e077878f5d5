//! What the index holds of a text: its characters and every two that stand side by side, as numbers.
//!
//! Whatever is searched for is a word: its own pairs are all in the index of a text that has it somewhere. The
//! converse does not hold, so every candidate is looked at.
//!
//! A number is `kind << 42 | first << 21 | second`: Unicode's characters have 21 bits. A single character has no
//! `first`.

use jiff::{Timestamp, tz::TimeZone};
use protocol::{AttachmentKind, ConversationId, Details, Message, MessageKind, UserId};

use super::fold::Folded;

/// What a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Characters of what was said.
    Text,
    /// Characters of the names of files.
    FileName,
    /// What people and groups are called, and how that sounds.
    Name,
    /// Where a message was said.
    Conversation,
    /// Who said it.
    Sender,
    /// In which month (UTC) it was said.
    Month,
    /// What it is, as far as that is searched for: one of the constants below.
    Is,
    /// The part of all documents that it is in; see `store/index.rs`.
    Part,
}

/// A message with a file.
pub(super) const WITH_FILE: i64 = number(Kind::Is, 1);
/// A person.
pub(super) const PERSON: i64 = number(Kind::Is, 2);
/// A group.
pub(super) const GROUP: i64 = number(Kind::Is, 3);
/// An article.
pub(super) const ARTICLE: i64 = number(Kind::Is, 4);
/// A comment.
pub(super) const COMMENT: i64 = number(Kind::Is, 5);

/// The number of anything but characters.
pub(super) const fn number(kind: Kind, value: i64) -> i64 {
    ((kind as i64) << 42) | (value & ((1 << 42) - 1))
}

/// The number of a character.
pub(super) fn one(kind: Kind, c: char) -> i64 {
    number(kind, i64::from(u32::from(c)))
}

/// The number of a pair.
pub(super) fn two(kind: Kind, first: char, second: char) -> i64 {
    number(kind, i64::from(u32::from(first)) << 21 | i64::from(u32::from(second)))
}

/// The numbers of a text, into `out`: characters and pairs of each word.
pub(super) fn of_text(kind: Kind, text: &str, out: &mut Vec<i64>) {
    for word in Folded::new(text).words() {
        out.extend(word.iter().map(|c| one(kind, *c)));
        out.extend(word.windows(2).map(|pair| two(kind, pair[0], pair[1])));
    }
}

/// What every text that has this word has: its pairs, or the one character that it is.
pub(super) fn of_word(kind: Kind, word: &[char], out: &mut Vec<i64>) {
    match word {
        [c] => out.push(one(kind, *c)),
        _ => out.extend(word.windows(2).map(|pair| two(kind, pair[0], pair[1]))),
    }
}

/// The numbers of a message, ascending, each once. None for what is never found.
pub(super) fn of_message(message: &Message) -> Option<Vec<i64>> {
    if message.kind == MessageKind::Notice {
        return None;
    }
    let mut out = Vec::new();
    for (_, text) in texts(message) {
        of_text(Kind::Text, text, &mut out);
    }
    let mut has_file = false;
    for (_, name) in file_names(message) {
        has_file = true;
        of_text(Kind::FileName, name, &mut out);
    }
    if has_file {
        out.push(WITH_FILE);
    }
    if out.is_empty() {
        return None;
    }
    out.push(number(Kind::Conversation, message.conversation_id.get()));
    out.push(number(Kind::Sender, message.sender_id.get()));
    out.push(in_month(month(message.sent_at.millis())));
    Some(sorted(out))
}

/// What a message says: its own text, then the texts that it passes on with their places.
pub(super) fn texts(message: &Message) -> impl Iterator<Item = (Option<usize>, &str)> {
    let own = std::iter::once((None, message.text.as_str()));
    let others = message.details.forwarded.iter().enumerate();
    own.chain(others.map(|(n, forwarded)| (Some(n), forwarded.text.as_str())))
}

/// The names of its files with their places, those that it passes on included. Voice messages have no name that
/// anybody gave them.
pub(super) fn file_names(message: &Message) -> impl Iterator<Item = (usize, &str)> {
    let Details { attachments, forwarded, .. } = &message.details;
    let others = forwarded.iter().flat_map(|forwarded| &forwarded.attachments);
    let all = attachments.iter().chain(others).enumerate();
    all.filter(|(_, file)| file.kind != AttachmentKind::Voice)
        .map(|(place, file)| (place, file.name.as_str()))
}

/// Ascending, each once.
pub(super) fn sorted(mut numbers: Vec<i64>) -> Vec<i64> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Months since year 0, in UTC; 0 for a time that no calendar has.
pub(super) fn month(millis: i64) -> i64 {
    let Ok(time) = Timestamp::from_millisecond(millis) else { return 0 };
    let date = time.to_zoned(TimeZone::UTC).date();
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// The number of a month.
pub(super) fn in_month(month: i64) -> i64 {
    number(Kind::Month, month)
}

/// The number of a conversation.
pub(super) fn conversation(id: ConversationId) -> i64 {
    number(Kind::Conversation, id.get())
}

/// The number of a sender.
pub(super) fn sender(id: UserId) -> i64 {
    number(Kind::Sender, id.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_text_is_among_its_numbers() {
        let text = "明天  用iPhone拍👩‍🚀";
        let mut all = Vec::new();
        of_text(Kind::Text, text, &mut all);
        let chars: Vec<char> = text.chars().collect();
        for start in 0..chars.len() {
            for end in start + 1..=chars.len() {
                let part: String = chars[start..end].iter().collect();
                let mut needed = Vec::new();
                for word in Folded::new(&part).words() {
                    of_word(Kind::Text, word, &mut needed);
                }
                assert!(needed.iter().all(|number| all.contains(number)), "{part:?}");
            }
        }
        let mut names = Vec::new();
        of_text(Kind::FileName, text, &mut names);
        assert!(names.iter().all(|number| !all.contains(number) && *number > 0));
    }

    #[test]
    fn months_are_counted() {
        assert_eq!(month(0), 1970 * 12);
        assert_eq!(month(31 * 86_400_000), 1970 * 12 + 1);
        assert_eq!(month(-1), 1969 * 12 + 11);
        assert_eq!(month(i64::MAX), 0);
    }
}

//! Putting messages into conversations: the rows, the counters, the events and the senders' own marks, in a
//! fixed number of statements for any number of messages. Who may say what is decided above.

use std::collections::{BTreeSet, HashMap};

use database::Error;
use delivery::{Stream, Unit};
use protocol::{
    ConversationId, Details, EventBody, Message, MessageKind, Notice, NoticeCode, Seq, Timestamp,
    UserId,
};

use super::store::{self, Head, Moved, NewRow};

/// Something to be said, that was checked.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Where: a conversation that exists.
    pub(crate) conversation_id: ConversationId,
    /// Who says it; for a notice, who causes it.
    pub(crate) sender_id: UserId,
    /// What.
    pub(crate) content: Content,
}

/// A text or a notice.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// What somebody says.
    Text {
        /// Its idempotency key.
        client_id: String,
        /// Of the send, to tell a retry from another message.
        digest: [u8; 32],
        /// The text.
        text: String,
        /// What it carries besides.
        details: Box<Details>,
    },
    /// Something that happened.
    Notice(Notice),
}

/// Stores messages in the order given, gives them their numbers and appends their events. Texts move their
/// senders' own read marks; notices do not.
///
/// # Errors
/// Those of the database; [`Error::NoRow`] if a conversation does not exist.
pub(crate) fn record_messages(
    unit: &mut Unit<'_>,
    drafts: Vec<Draft>,
) -> Result<Vec<Message>, Error> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    unit.lock()?;
    let ids: BTreeSet<_> = drafts.iter().map(|draft| draft.conversation_id).collect();
    let mut heads: HashMap<ConversationId, Head> =
        store::heads(unit.db(), &ids.into_iter().collect::<Vec<_>>())?
            .into_iter()
            .map(|head| (head.id, head))
            .collect();
    let mut numbered = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let head = heads.get_mut(&draft.conversation_id).ok_or(Error::NoRow)?;
        numbered.push(number(unit, head, draft)?);
    }
    let rows: Vec<NewRow<'_>> = numbered.iter().map(Numbered::row).collect::<Result<_, Error>>()?;
    store::insert_messages(unit.db(), &rows)?;
    store::add_mentions(unit.db(), numbered.iter().map(|numbered| &numbered.message))?;
    store::bump(unit.db(), &heads.into_values().collect::<Vec<_>>())?;
    let moved = marks(&numbered);
    if !moved.is_empty() {
        store::move_marks(unit.db(), &moved)?;
    }
    Ok(numbered.into_iter().map(|numbered| numbered.message).collect())
}

/// Stores one notice.
///
/// # Errors
/// As [`record_messages`].
pub(crate) fn record_notice(
    unit: &mut Unit<'_>,
    conversation_id: ConversationId,
    sender_id: UserId,
    notice: Notice,
) -> Result<(), Error> {
    let content = Content::Notice(notice);
    record_messages(unit, vec![Draft { conversation_id, sender_id, content }])?;
    Ok(())
}

struct Numbered {
    message: Message,
    digest: Option<[u8; 32]>,
    ordinal: i64,
    position: i64,
}

/// Takes the next numbers of the conversation, and appends the event.
fn number(unit: &mut Unit<'_>, head: &mut Head, draft: Draft) -> Result<Numbered, Error> {
    let (kind, client_id, digest, text, notice, details) = match draft.content {
        Content::Text { client_id, digest, text, details } => {
            (MessageKind::Text, Some(client_id), Some(digest), text, None, *details)
        }
        Content::Notice(notice) => {
            let text = in_english(&notice);
            (MessageKind::Notice, None, None, text, Some(notice), Details::default())
        }
    };
    head.last_seq += 1;
    head.last_ordinal += i64::from(kind == MessageKind::Text);
    head.last_message_at = head.last_message_at.max(unit.now().millis());
    let message = Message {
        id: unit.next_message_id()?,
        conversation_id: head.id,
        seq: Seq(head.last_seq),
        sender_id: draft.sender_id,
        client_id,
        sent_at: Timestamp(head.last_message_at),
        kind,
        text,
        notice,
        details,
    };
    let event = EventBody::MessageCreated {
        conversation_id: head.id,
        seq: message.seq,
        message: Box::new(message.clone()),
    };
    head.last_position = unit.append(Stream::Conversation(head.id), event)?.get();
    Ok(Numbered { message, digest, ordinal: head.last_ordinal, position: head.last_position })
}

impl Numbered {
    fn row(&self) -> Result<NewRow<'_>, Error> {
        let message = &self.message;
        let details = Some(&message.details).filter(|details| !details.is_empty());
        Ok(NewRow {
            id: message.id,
            conversation_id: message.conversation_id,
            seq: message.seq,
            position: self.position,
            ordinal: self.ordinal,
            sender_id: message.sender_id,
            client_id: message.client_id.as_deref(),
            digest: self.digest,
            kind: message.kind,
            text: &message.text,
            notice: message.notice.as_ref().map(store::json).transpose()?,
            details: details.map(store::json).transpose()?,
            sent_at: message.sent_at.millis(),
        })
    }
}

/// Whoever speaks has read what is there: one mark a sender and conversation, the furthest.
fn marks(numbered: &[Numbered]) -> Vec<Moved> {
    let mut moved = HashMap::new();
    for Numbered { message, ordinal, .. } in numbered {
        if message.kind == MessageKind::Text {
            let mark = Moved {
                user_id: message.sender_id,
                conversation_id: message.conversation_id,
                seq: message.seq,
                ordinal: *ordinal,
            };
            moved.insert((mark.user_id, mark.conversation_id), mark);
        }
    }
    moved.into_values().collect()
}

/// What a notice says, for clients that do not know its code.
fn in_english(notice: &Notice) -> String {
    let user = notice.user_name.as_deref().unwrap_or("Somebody");
    let actor = notice.actor_name.as_deref().unwrap_or("Somebody");
    match notice.code {
        NoticeCode::Joined => format!("{user} joined"),
        NoticeCode::Added => format!("{actor} brought in {user}"),
        NoticeCode::Left => format!("{user} left"),
        NoticeCode::Removed => format!("{actor} removed {user}"),
        NoticeCode::Renamed => {
            format!("{actor} renamed the group to {}", notice.name.as_deref().unwrap_or_default())
        }
        NoticeCode::Transferred => format!("{actor} handed the group to {user}"),
        NoticeCode::Announced => format!("{actor} wrote a new announcement"),
        NoticeCode::AllMuted => format!("{actor} muted everybody"),
        NoticeCode::AllUnmuted => format!("{actor} lets everybody speak again"),
        NoticeCode::Pinned => format!("{actor} pinned a message"),
    }
}

//! A unit of work: one closure's share of a transaction. It can change rows, append events, admit and dismiss
//! readers; the commit of its group makes all of it durable and is the only publisher.

use bytes::Bytes;
use database::{Connection, Error};
use protocol::{ConversationId, Event, EventBody, MessageId, Position, Timestamp, UserId};

use crate::{
    audience::{self, Change, Since},
    hub::Device,
    log::{self, Head, Logged},
};

/// Where an event is appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// To be seen by the audience of a conversation.
    Conversation(ConversationId),
    /// To be seen by one user alone.
    User(UserId),
    /// To be seen by everybody, from the beginning: what concerns the site as a whole. Each event wakes whoever is
    /// connected, so it is for what happens now and then.
    Site,
}

impl Stream {
    /// The number in the log: a private stream has the negated user id, the site's is [`audience::SITE`].
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Conversation(conversation) => conversation.get(),
            Self::User(user) => -user.get(),
            Self::Site => audience::SITE,
        }
    }
}

/// What the units of a group have prepared, to be written and published together.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Once somebody has locked it.
    pub(crate) head: Option<Head>,
    /// The head as it stands in the database.
    pub(crate) stored: Option<Head>,
    pub(crate) events: Vec<Logged>,
    pub(crate) changes: Vec<Change>,
    pub(crate) ended: Vec<Device>,
    pub(crate) replaced: Vec<(i64, Bytes)>,
}

/// Where a group stood before a unit began.
pub(crate) struct Mark {
    head: Option<Head>,
    lengths: [usize; 4],
}

impl Group {
    pub(crate) fn mark(&self) -> Mark {
        let lengths =
            [self.events.len(), self.changes.len(), self.ended.len(), self.replaced.len()];
        Mark { head: self.head.clone(), lengths }
    }

    /// Forgets what a unit that failed had prepared. On PostgreSQL rolling it back also gives
    /// back a lock on the head taken after it, so the head goes back to `None` then.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        self.head = mark.head;
        self.events.truncate(mark.lengths[0]);
        self.changes.truncate(mark.lengths[1]);
        self.ended.truncate(mark.lengths[2]);
        self.replaced.truncate(mark.lengths[3]);
    }

    /// Writes what the units have prepared; the commit follows.
    pub(crate) fn write(&mut self, db: &mut Connection) -> Result<(), Error> {
        for (position, payload) in &self.replaced {
            match self.events.binary_search_by_key(position, |event| event.position) {
                Ok(index) => self.events[index].payload = payload.clone(),
                Err(_) => log::replace(db, *position, payload)?,
            }
        }
        log::insert(db, &self.events)?;
        match &self.head {
            Some(head) if self.stored.as_ref() != Some(head) => log::store_head(db, head),
            _ => Ok(()),
        }
    }
}

/// What a closure given to [`Delivery::write`](crate::Delivery::write) works with.
pub struct Unit<'a> {
    db: &'a mut Connection,
    group: &'a mut Group,
    now: Timestamp,
}

impl<'a> Unit<'a> {
    pub(crate) fn new(db: &'a mut Connection, group: &'a mut Group, now: Timestamp) -> Self {
        Self { db, group, now }
    }

    /// The writing connection, in the middle of this unit. For `store.rs` files.
    pub fn db(&mut self) -> &mut Connection {
        self.db
    }

    /// The time of this unit: the same however often it is asked.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Locks the head of the log. To be called before the checks of a unit that will append: what it reads
    /// then is what holds at its place in the log.
    ///
    /// # Errors
    /// Those of the database.
    pub fn lock(&mut self) -> Result<(), Error> {
        self.head().map(|_| ())
    }

    fn head(&mut self) -> Result<&mut Head, Error> {
        if self.group.head.is_none() {
            let head = log::lock_head(self.db)?;
            self.group.stored = Some(head.clone());
            self.group.head = Some(head);
        }
        self.group.head.as_mut().ok_or_else(|| Error::Sql("the head was just set".to_owned()))
    }

    /// Appends an event to a stream. Answers its position, which it has for good once the unit is committed.
    ///
    /// # Errors
    /// Those of the database.
    pub fn append(&mut self, stream: Stream, body: EventBody) -> Result<Position, Error> {
        let at = self.now;
        let head = self.head()?;
        let position = head.position + 1;
        let payload = encode(&Event { id: Some(Position(position)), at, body })?;
        head.position = position;
        let event = Logged { position, stream: stream.number(), payload, at: at.millis() };
        self.group.events.push(event);
        Ok(Position(position))
    }

    /// The position that the next [`Unit::append`] will give.
    ///
    /// # Errors
    /// Those of the database.
    pub fn next_position(&mut self) -> Result<Position, Error> {
        Ok(Position(self.head()?.position + 1))
    }

    /// The next number in the count of all messages of the server.
    ///
    /// # Errors
    /// Those of the database.
    pub fn next_message_id(&mut self) -> Result<MessageId, Error> {
        let head = self.head()?;
        head.message_id += 1;
        Ok(MessageId(head.message_id))
    }

    /// Lets a user read a conversation: from the next appended event on, or all of it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn admit(&mut self, c: ConversationId, user: UserId, since: Since) -> Result<(), Error> {
        let from = match since {
            Since::Now => self.head()?.position + 1,
            Since::Beginning => 0,
        };
        audience::admit(self.db, c.get(), user, from)?;
        self.group.changes.push(Change::Admit { stream: c.get(), user, from });
        Ok(())
    }

    /// Ends a user's reading of a conversation with what has been appended so far: append what they are to
    /// see of their own leaving first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn dismiss(&mut self, c: ConversationId, user: UserId) -> Result<(), Error> {
        let until = self.head()?.position;
        self.group.changes.extend(audience::dismiss(self.db, c.get(), user, until)?);
        Ok(())
    }

    /// Ends everybody's reading of a conversation, like [`Unit::dismiss`].
    ///
    /// # Errors
    /// Those of the database.
    pub fn dismiss_all(&mut self, c: ConversationId) -> Result<(), Error> {
        let until = self.head()?.position;
        self.group.changes.extend(audience::dismiss_all(self.db, c.get(), until)?);
        Ok(())
    }

    /// A logged event as it is now, with what the units of this group did to it; `None` once it was trimmed.
    ///
    /// # Errors
    /// Those of the database.
    pub fn logged(&mut self, position: Position) -> Result<Option<Event>, Error> {
        let is_there = |(at, _): &&(i64, Bytes)| *at == position.get();
        let replaced = self.group.replaced.iter().rev().find(is_there);
        let payload = match replaced {
            Some((_, payload)) => Some(payload.clone()),
            None => match self.group.events.binary_search_by_key(&position.get(), |e| e.position) {
                Ok(index) => Some(self.group.events[index].payload.clone()),
                Err(_) => log::payload(self.db, position.get())?,
            },
        };
        payload.map(|payload| decode(&payload)).transpose()
    }

    /// Rewrites a logged event: once this is committed, no reader on this node is served the old one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn redact(
        &mut self,
        position: Position,
        at: Timestamp,
        body: EventBody,
    ) -> Result<(), Error> {
        self.lock()?;
        let payload = encode(&Event { id: Some(position), at, body })?;
        self.group.replaced.push((position.get(), payload));
        Ok(())
    }

    /// One step of trimming: looks through `step` positions for events older than `before`. Answers whether
    /// there may be more.
    pub(crate) fn trim(&mut self, before: i64, step: i64) -> Result<bool, Error> {
        let trimmed = self.head()?.trimmed;
        let until = log::trim(self.db, trimmed, before, step)?;
        self.head()?.trimmed = until;
        Ok(until > trimmed)
    }

    /// Ends the live connections of a device on commit: it was logged out or its token revoked.
    pub fn end_device(&mut self, device: Device) {
        self.group.ended.push(device);
    }
}

fn decode(payload: &[u8]) -> Result<Event, Error> {
    serde_json::from_slice(payload)
        .map_err(|error| Error::Decode(format!("a logged event cannot be read: {error}")))
}

/// The JSON of an event.
pub(crate) fn encode(event: &Event) -> Result<Bytes, Error> {
    serde_json::to_vec(event)
        .map(Bytes::from)
        .map_err(|error| Error::Sql(format!("an event does not encode: {error}")))
}

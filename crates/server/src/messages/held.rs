//! Messages that wait for a moderator, because the list of words says so. Approved, one is posted as its sender's, under
//! the key that it was sent with; rejected, it is never a message.

use database::{Connection, Error};
use delivery::{Stream, Unit};
use protocol::{Code, EventBody, Message, NewMessage, Subject, SubjectKind, Timestamp, UserId};

use super::{
    post::post_all,
    send::Send,
    store::{self, Held},
    words,
};
use crate::{
    app::App,
    problem::{Answer, Refusal},
    review::{self, NewCase},
    uploads,
};

/// What is attached to a message that waits is kept for so long, in milliseconds: thirty days.
const KEEP_FILES_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// Keeps a send, with a case for the moderators. Always a refusal: it was not said.
///
/// # Errors
/// `held_for_review`, also again; `words_refused` once a moderator rejected it; `client_id_reused`.
pub(super) fn keep(unit: &mut Unit<'_>, send: &Send) -> Answer<()> {
    // Perhaps by an earlier send of the same set.
    if let Some(held) = store::held_under(unit.db(), send.sender_id, send.client_id())? {
        return Err(again(send, &held));
    }
    let now = unit.now();
    let message = serde_json::to_string(&send.message).map_err(Refusal::internal)?;
    let place = (send.sender_id, send.client_id(), send.conversation_id);
    let id = store::keep_held(unit.db(), place, &send.digest, &message, now)?;
    let ids = send.message.attachments.iter().map(|one| one.upload_id.as_str());
    let until = now.plus_millis(KEEP_FILES_MS);
    uploads::keep_unsent(unit.db(), send.sender_id, ids, until)?;
    let subject = Subject {
        kind: SubjectKind::Message,
        conversation_id: Some(send.conversation_id),
        seq: None,
        id: Some(id),
    };
    let author = Some(send.sender_id);
    review::hold(unit, &NewCase { subject, author, category: 0, is_open: true })?;
    Err(Code::HeldForReview.into())
}

/// A send that was kept before is answered as it stands, whatever the list of words says by now.
pub(super) fn again(send: &Send, held: &Held) -> Refusal {
    match held {
        Held { digest, .. } if *digest != send.digest => Code::ClientIdReused,
        Held { rejected: true, .. } => Code::WordsRefused,
        Held { .. } => Code::HeldForReview,
    }
    .into()
}

/// What a message says that waits.
///
/// # Errors
/// Those of the database.
pub(crate) fn waiting(db: &mut Connection, id: i64) -> Result<Option<String>, Error> {
    match store::held(db, id)?.filter(|held| !held.rejected) {
        Some(held) => Ok(Some(read(&held.message)?.text)),
        None => Ok(None),
    }
}

fn read(message: &str) -> Result<NewMessage, Error> {
    serde_json::from_str(message)
        .map_err(|error| Error::Decode(format!("a held message cannot be read: {error}")))
}

/// A message that waits, made ready to be posted.
pub(crate) struct Approved {
    id: i64,
    send: Send,
}

/// Makes a message that waits ready to be posted, outside of the unit that will do it ([`Approved::post`]).
///
/// # Errors
/// `not_found`.
pub(crate) async fn approve(app: &App, id: i64) -> Answer<Approved> {
    let held = app.delivery.read(move |db| Answer::Ok(store::held(db, id)?)).await?;
    let held = held.filter(|held| !held.rejected).ok_or_else(|| Refusal::new(Code::NotFound))?;
    let mut send = Send {
        sender_id: held.sender_id,
        conversation_id: held.conversation_id,
        message: read(&held.message)?,
        digest: held.digest,
        worked: words::Worked::default(),
    };
    words::work_out(app, &mut send).await?;
    // The moderator has looked at it.
    send.worked.unwelcome = None;
    Ok(Approved { id, send })
}

impl Approved {
    /// Posts it as its sender's.
    ///
    /// # Errors
    /// Those of a send: the sender may have left meanwhile.
    pub(crate) fn post(self, unit: &mut Unit<'_>) -> Answer<Message> {
        let unlimited = |_: UserId, _: Timestamp| Ok(());
        // First: what waits under this key would be the answer.
        store::delete_held(unit.db(), self.id)?;
        let mut outcomes = post_all(unit, &unlimited, &[self.send])?;
        let posted = outcomes.pop().ok_or_else(|| Refusal::internal("a send has an outcome"))??;
        Ok(posted.message)
    }
}

/// A message that waits is never to be one; the sender's devices are told which, by the key that it was sent with.
///
/// # Errors
/// Those of the database.
pub(crate) fn reject(unit: &mut Unit<'_>, id: i64) -> Answer<()> {
    let Some(held) = store::held(unit.db(), id)?.filter(|held| !held.rejected) else {
        return Ok(());
    };
    store::reject_held(unit.db(), id)?;
    let (conversation_id, client_id) = (held.conversation_id, read(&held.message)?.client_id);
    let event = EventBody::MessageRejected { conversation_id, client_id };
    unit.append(Stream::User(held.sender_id), event)?;
    Ok(())
}

/// Somebody's account goes: nothing of theirs waits any more.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_waiting(unit: &mut Unit<'_>, sender: UserId) -> Answer<()> {
    Ok(store::reject_all_of(unit.db(), sender)?)
}

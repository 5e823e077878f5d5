//! What messages do with uploads: taking them along, passing them on, letting go of them. Called inside the unit
//! that stores the message.
//!
//! Attachments of a message are counted from 0: first its own, then those of what it forwards, in order. That
//! number is an attachment's address.

use std::collections::HashMap;

use database::{Connection, Error};
use delivery::Unit;
use protocol::{
    Attachment, AttachmentKind, ConversationId, MAX_ATTACHMENTS, Message, NewAttachment, Seq,
    UserId, Voice,
};

use super::{
    is_id,
    store::{self, Completed, Link, Stored},
};
use crate::problem::{Answer, Refusal};

/// The longest voice message, in milliseconds: ten minutes.
const MAX_VOICE_MS: u32 = 10 * 60 * 1_000;
/// The most values of a waveform.
const MAX_WAVEFORM: usize = 64;

/// What can be refused of attachments without looking anything up.
///
/// # Errors
/// 422, naming `attachments`, or the `upload_id` in it.
pub(crate) fn check_attachments(wanted: &[NewAttachment]) -> Answer<()> {
    let invalid = |why: &str| Err(Refusal::invalid("attachments", why));
    if wanted.len() > MAX_ATTACHMENTS {
        return invalid("must be at most 20");
    }
    for (n, one) in wanted.iter().enumerate() {
        if !is_id(&one.upload_id) {
            let field = format!("attachments.{n}.upload_id");
            return Err(Refusal::invalid(field, "is not the id of an upload"));
        }
        if wanted[..n].iter().any(|before| before.upload_id == one.upload_id) {
            return invalid("name an upload twice");
        }
        let Some(Voice { duration_ms, waveform }) = &one.voice else { continue };
        if !(1..=MAX_VOICE_MS).contains(duration_ms) {
            return invalid("a voice message has 1 to 600,000 milliseconds");
        }
        if !(1..=MAX_WAVEFORM).contains(&waveform.len()) {
            return invalid("a waveform has 1 to 64 values");
        }
    }
    Ok(())
}

/// Uploads that a set of sends wants to take along; each is taken once.
#[derive(Debug, Default)]
pub(crate) struct Wanted(HashMap<(UserId, String), Stored>);

/// What a send takes along.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// As the message has them.
    pub(crate) attachments: Vec<Attachment>,
    /// The uploads behind them, in the same order.
    pub(crate) uploads: Vec<String>,
}

/// Looks up what a whole set of sends wants, in one statement.
///
/// # Errors
/// Those of the database.
pub(crate) fn want(db: &mut Connection, asked: &[(UserId, &str)]) -> Result<Wanted, Error> {
    if asked.is_empty() {
        return Ok(Wanted::default());
    }
    let found = store::wanted(db, asked)?.into_iter();
    Ok(Wanted(found.map(|upload| ((upload.user_id, upload.id.clone()), upload)).collect()))
}

impl Wanted {
    /// Takes what one send wants.
    ///
    /// # Errors
    /// 422, naming `attachments`: for what is not there, not the sender's, not complete, or was sent before.
    pub(crate) fn take(&mut self, user: UserId, wanted: &[NewAttachment]) -> Answer<Taken> {
        let mut taken = Taken::default();
        for one in wanted {
            let key = (user, one.upload_id.clone());
            let upload = self.0.get(&key).ok_or_else(|| {
                Refusal::invalid("attachments", "is no upload of yours that is complete and unsent")
            })?;
            let completed = upload.completed.as_ref();
            let completed = completed
                .ok_or_else(|| Refusal::invalid("attachments", "an upload is not complete"))?;
            taken.attachments.push(attachment(upload, completed, one.voice.as_ref())?);
            taken.uploads.push(one.upload_id.clone());
        }
        for id in &taken.uploads {
            self.0.remove(&(user, id.clone()));
        }
        Ok(taken)
    }
}

fn attachment(upload: &Stored, completed: &Completed, voice: Option<&Voice>) -> Answer<Attachment> {
    if voice.is_some() && completed.kind != AttachmentKind::Audio {
        return Err(Refusal::invalid(
            "attachments",
            "a voice message must be a recording of sound",
        ));
    }
    Ok(Attachment {
        kind: if voice.is_some() { AttachmentKind::Voice } else { completed.kind },
        name: upload.name.clone(),
        size: upload.size,
        content_type: completed.content_type.clone(),
        width: completed.dimensions.map(|both| both.0),
        height: completed.dimensions.map(|both| both.1),
        duration_ms: voice.map(|voice| voice.duration_ms).or(completed.duration_ms),
        waveform: voice.map(|voice| voice.waveform.clone()).unwrap_or_default(),
        preview: completed.preview.is_some(),
    })
}

/// All attachments of a message, by the number that is their address.
pub(crate) fn numbered(message: &Message) -> impl Iterator<Item = &Attachment> {
    let forwarded = message.details.forwarded.iter().flat_map(|one| &one.attachments);
    message.details.attachments.iter().chain(forwarded)
}

/// Links messages that were just stored to the uploads behind their attachments, given in the order of
/// [`numbered`]: from now on they are kept.
///
/// # Errors
/// Those of the database.
pub(crate) fn link<'a>(
    unit: &mut Unit<'_>,
    messages: impl IntoIterator<Item = (&'a Message, &'a [String])>,
) -> Result<(), Error> {
    let mut links = Vec::new();
    for (message, uploads) in messages {
        for (n, (attachment, upload_id)) in numbered(message).zip(uploads).enumerate() {
            links.push(Link {
                conversation_id: message.conversation_id,
                seq: message.seq,
                n,
                upload_id,
                kind: attachment.kind,
                name: &attachment.name,
            });
        }
    }
    if links.is_empty() { Ok(()) } else { store::link(unit.db(), &links) }
}

/// The uploads behind the attachments of messages, each with its message, in the order of their numbers: for
/// passing messages on. One statement.
///
/// # Errors
/// Those of the database.
pub(crate) fn behind(
    db: &mut Connection,
    conversation: ConversationId,
    seqs: &[Seq],
) -> Result<Vec<(Seq, String)>, Error> {
    store::behind(db, conversation, seqs)
}

/// Lets go of a message's attachments: their addresses are gone at once, and their bytes with the next round of
/// collecting, unless another message has them too.
///
/// # Errors
/// Those of the database.
pub(crate) fn unlink(
    unit: &mut Unit<'_>,
    conversation: ConversationId,
    seq: Seq,
) -> Result<(), Error> {
    let now = unit.now();
    let behind = store::behind(unit.db(), conversation, &[seq])?;
    if behind.is_empty() {
        return Ok(());
    }
    store::unlink(unit.db(), conversation, seq)?;
    let ids: Vec<String> = behind.into_iter().map(|(_, id)| id).collect();
    store::let_go(unit.db(), &ids, now)
}

/// Somebody's account goes, and with it their picture, what they have not sent, and what is attached to their own
/// messages. What others passed on stays theirs.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_owner(unit: &mut Unit<'_>, user: UserId) -> Result<(), Error> {
    let now = unit.now();
    store::delete_avatars(unit.db(), user)?;
    store::forget_owner(unit.db(), user, now)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::uploads::{KEEP_UNSENT_MS, store::NewUpload};

    /// An upload of `user` that is complete and in no message.
    pub(crate) fn complete(unit: &mut Unit<'_>, user: UserId, id: &str) -> Result<(), Error> {
        let new = NewUpload { id: id.to_owned(), user_id: user, name: "a.bin".to_owned(), size: 5 };
        let completed = Completed {
            size: 5,
            kind: AttachmentKind::File,
            content_type: "application/octet-stream".to_owned(),
            dimensions: None,
            duration_ms: None,
            object: id.to_owned(),
            preview: None,
        };
        let now = unit.now();
        store::insert(unit.db(), &new, now, now.millis() + KEEP_UNSENT_MS)?;
        store::complete(unit.db(), id, &completed, now.millis() + KEEP_UNSENT_MS)?;
        Ok(())
    }

    #[test]
    fn bounds_hold() {
        let one = |id: usize| NewAttachment { upload_id: format!("{id:026}"), voice: None };
        let voice = |duration_ms, values| NewAttachment {
            voice: Some(Voice { duration_ms, waveform: vec![0; values] }),
            ..one(1)
        };
        assert!(check_attachments(&(0..20).map(one).collect::<Vec<_>>()).is_ok());
        assert!(check_attachments(&(0..21).map(one).collect::<Vec<_>>()).is_err());
        assert!(check_attachments(&[one(1), one(1)]).is_err());
        assert!(check_attachments(&[voice(600_000, 64)]).is_ok());
        for bad in [voice(0, 1), voice(600_001, 1), voice(1, 0), voice(1, 65)] {
            assert!(check_attachments(&[bad]).is_err());
        }
        for bad in ["", "1", &"0".repeat(27), &"A".repeat(26), &format!("\0{}", "0".repeat(25))] {
            assert!(!is_id(bad), "{bad:?}");
        }
    }
}

//! Files that people give the server: uploaded by the tus protocol, looked at, cleaned, kept in the storage and
//! served again; and the pictures of people themselves.
//!
//! An upload is begun (`tus`), arrives in a file of the data directory (`staging`), one request at a time
//! (`turns`), and is looked at when all of it is there (`finish`): its type is told (`sniff`, `media`), metadata
//! goes (`strip`), a preview is made (`picture`), and the storage takes it. Then it can be sent. What is not
//! sent, or no longer in any message, is thrown away (`collect`).
//!
//! # Invariants
//! * The type of a file is what its bytes say. Only pictures, sound and video of known types are ever shown in
//!   place; everything else is for downloading.
//! * Nothing of what its sender calls a file is in a path. Ids and keys are 130 random bits.
//! * The position and other metadata of a picture or video are gone before anybody else can see it, as far as
//!   `SECURITY.md` says. Where they cannot be found, the file is refused.
//! * Avatars are small, so they live in the database. What is stored was encoded here, from pixels.
//!
//! The verbs that set and remove one's avatar are called by `friends/profile.rs`, since friends are told.

mod article;
mod attach;
mod avatar;
mod collect;
mod finish;
mod media;
mod moving;
mod picture;
mod range;
pub(crate) mod routes;
mod serve;
mod small;
mod sniff;
mod staging;
mod store;
mod strip;
mod turns;
pub(crate) mod tus;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use protocol::UserId;
use storage::Storage;
use tokio::sync::Semaphore;

pub(crate) use article::{
    Picture, picture_url, pictures, pictures_for, served_picture, set_pictures,
};
#[cfg(test)]
pub(crate) use attach::tests::complete;
pub(crate) use attach::{
    Wanted, behind, check_attachments, forget_owner, link, numbered, unlink, want,
};
pub(crate) use avatar::{forget_avatar, remove_avatar, set_avatar};
pub(crate) use collect::collect;
pub use collect::{collect_expired, collect_orphans};
pub(crate) use routes::for_ever;
pub(crate) use serve::{Served, serve, served};
pub(crate) use small::{SmallPicture, small_picture};
pub(crate) use store::{keep_unsent, of_owner, totals};

use crate::{app::App, config::Config};
use staging::Staging;
use turns::Turns;

/// Pictures that are being received, waiting or being decoded; one more is refused at once. Each holds up to
/// [`avatar::MAX_BYTES`] of memory.
const MAX_IN_LINE: usize = 32;
/// Pictures decoded at a time: the largest allowed one takes some 300 MB while it is.
const MAX_DECODING: usize = 1;
/// Other files that are looked at and cleaned at a time: each takes up to some 20 MB while it is.
const MAX_LOOKING: usize = 2;

/// What was not sent is kept for so long, in milliseconds: a day.
const KEEP_UNSENT_MS: i64 = 24 * 60 * 60 * 1_000;
/// Characters of an id and of a key in the storage, of five bits each.
const KEY_CHARS: usize = 26;

/// Whether this can be the id of an upload. What cannot is never looked for: PostgreSQL fails at a NUL.
fn is_id(text: &str) -> bool {
    text.len() == KEY_CHARS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z'))
}

/// Where uploads are, and what bounds the work on them.
pub(crate) struct Uploads {
    /// What has arrived.
    pub(crate) storage: Storage,
    /// What is arriving.
    staging: Staging,
    turns: Turns,
    line: Arc<Semaphore>,
    decoding: Arc<Semaphore>,
    looking: Arc<Semaphore>,
    /// Those who have a place in line; no more than there are places.
    uploaders: Mutex<HashSet<UserId>>,
}

/// Somebody who is giving the server a picture, until this is dropped.
struct Uploader<'a> {
    uploads: &'a Uploads,
    user: UserId,
}

impl Uploads {
    /// Opens the storage, and the folder of what is arriving.
    ///
    /// # Errors
    /// When they cannot be made.
    pub(crate) fn open(config: &Config) -> anyhow::Result<Self> {
        let storage = Storage::open(config.uploads.place.clone());
        let staging = Staging::open(&config.storage.data_dir);
        Ok(Self {
            storage: storage.context("opening the storage of uploads")?,
            staging: staging.context("making the folder of uploads")?,
            turns: Turns::default(),
            line: Arc::new(Semaphore::new(MAX_IN_LINE)),
            decoding: Arc::new(Semaphore::new(MAX_DECODING)),
            looking: Arc::new(Semaphore::new(MAX_LOOKING)),
            uploaders: Mutex::default(),
        })
    }

    /// Has the storage take, give and delete a small object.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) async fn probe(&self, app: &App) -> anyhow::Result<()> {
        let key = app.random.lowercase(KEY_CHARS);
        let file = self.staging.write(&key, "", b"Are you well?").context("writing a file")?;
        let probed = self.storage.probe(&key, &file).await;
        self.staging.remove(&key).await?;
        Ok(probed?)
    }

    /// `None` while `user` is giving another picture: one account with slow bodies must not take every place.
    fn begin(&self, user: UserId) -> Option<Uploader<'_>> {
        self.lock().insert(user).then(|| Uploader { uploads: self, user })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<UserId>> {
        self.uploaders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Uploader<'_> {
    fn drop(&mut self) {
        self.uploads.lock().remove(&self.user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{FileValues, Setting, Values};

    #[test]
    fn everybody_gives_one_picture_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let settings = |setting: &Setting| {
            (setting.key == "data_dir").then(|| folder.path().display().to_string())
        };
        let values = Values::resolve(settings, |_| None, &FileValues::default());
        let uploads = Uploads::open(&Config::from_values(&values).unwrap()).unwrap();
        let (ann, ben) = (UserId(10_001), UserId(10_002));
        let first = uploads.begin(ann);
        assert!(first.is_some() && uploads.begin(ann).is_none());
        assert!(uploads.begin(ben).is_some(), "others do not wait for her");
        assert!(uploads.begin(ann).is_none(), "nor do they end her turn");
        drop(first);
        assert!(uploads.begin(ann).is_some());
    }
}

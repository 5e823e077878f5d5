//! Pictures that people give the server: looked at, made small and encoded anew, and served again.
//!
//! For now these are avatars. They are small, so they live in the database, and one backup holds them too.
//!
//! # Invariants
//! * The type of a picture is what its bytes say; what is stored was encoded here, from pixels: nothing of the
//!   original file survives (EXIF with its position, comments, colour profiles, anything behind the end).
//! * A picture's id is 128 random bits; a new picture has a new id, so that browsers may keep it for ever.
//!
//! The verbs that set and remove one's avatar are called by `friends/profile.rs`, since friends are told.

mod avatar;
mod picture;
pub(crate) mod routes;
mod store;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::UserId;
use tokio::sync::Semaphore;

pub(crate) use avatar::{remove_avatar, set_avatar};

/// Pictures that are being received, waiting or being decoded; one more is refused at once. Each holds up to
/// [`avatar::MAX_BYTES`] of memory.
const MAX_IN_LINE: usize = 32;
/// Pictures decoded at a time: the largest allowed one takes some 300 MB while it is.
const MAX_DECODING: usize = 1;

/// What bounds the work on pictures.
pub(crate) struct Uploads {
    line: Arc<Semaphore>,
    decoding: Arc<Semaphore>,
    /// Those who have a place in line; no more than there are places.
    uploaders: Mutex<HashSet<UserId>>,
}

/// Somebody who is giving the server a picture, until this is dropped.
struct Uploader<'a> {
    uploads: &'a Uploads,
    user: UserId,
}

impl Uploads {
    pub(crate) fn new() -> Self {
        Self {
            line: Arc::new(Semaphore::new(MAX_IN_LINE)),
            decoding: Arc::new(Semaphore::new(MAX_DECODING)),
            uploaders: Mutex::default(),
        }
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

    #[test]
    fn everybody_gives_one_picture_at_a_time() {
        let uploads = Uploads::new();
        let (ann, ben) = (UserId(10_001), UserId(10_002));
        let first = uploads.begin(ann);
        assert!(first.is_some() && uploads.begin(ann).is_none());
        assert!(uploads.begin(ben).is_some(), "others do not wait for her");
        assert!(uploads.begin(ann).is_none(), "nor do they end her turn");
        drop(first);
        assert!(uploads.begin(ann).is_some());
    }
}

//! Where the bytes of uploads are: objects under random keys, in a local directory or in an object store that
//! speaks S3. Who may read which object is decided above.
//!
//! *Invariants*
//! * A key is drawn at random above, and is all that a name in the storage is made of.
//! * An object never changes: it is put whole, read, and deleted.
//! * [`Storage::put`] returns when the object is durable.

mod copy;
mod error;
mod local;
#[cfg(feature = "s3")]
mod s3;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStore, ObjectStoreExt as _};

pub use error::Error;

/// The least and the most characters of a key.
const KEY_CHARS: std::ops::RangeInclusive<usize> = 16..=64;

/// Which storage, and how to reach it.
#[derive(Clone)]
pub enum Place {
    /// A directory; made when it is not there (mode 0700).
    Local(PathBuf),
    /// A bucket.
    S3(S3Place),
}

/// A bucket of an object store that speaks S3, and a key to it.
#[derive(Clone, Default)]
pub struct S3Place {
    /// Its name.
    pub bucket: String,
    /// What every object's name begins with; may be empty.
    pub prefix: String,
    /// Where it is (`https://s3.example.org`); Amazon's own when empty. Buckets are named in the path.
    pub endpoint: String,
    /// `us-east-1` when empty.
    pub region: String,
    /// The public half of the key.
    pub access_key: String,
    /// The secret half.
    pub secret_key: String,
}

/// Leaves the key out.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => write!(f, "the directory {}", path.display()),
            Self::S3(s3) => write!(f, "the bucket {}/{}", s3.bucket, s3.prefix),
        }
    }
}

/// An open storage. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage {
    place: Place,
    store: Arc<dyn ObjectStore>,
}

/// An object that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The key it was put under.
    pub key: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Storage {
    /// Opens it. A bucket is not asked yet: see [`Storage::probe`].
    ///
    /// # Errors
    /// When the directory cannot be made, or the bucket's address is none.
    pub fn open(place: Place) -> Result<Self, Error> {
        let store: Arc<dyn ObjectStore> = match &place {
            Place::Local(root) => Arc::new(local::open(root)?),
            #[cfg(feature = "s3")]
            Place::S3(s3) => s3::open(s3)?,
            #[cfg(not(feature = "s3"))]
            Place::S3(_) => {
                return Err(Error::Unavailable("this program was built without S3".to_owned()));
            }
        };
        Ok(Self { place, store })
    }

    /// The local directory, when it is one.
    #[must_use]
    pub fn local(&self) -> Option<&Path> {
        match &self.place {
            Place::Local(root) => Some(root),
            Place::S3(_) => None,
        }
    }

    /// Where it is, for operators; no secret.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("{:?}", self.place)
    }

    /// Puts what is in `file` under `key`, a new one. The file may be linked instead of copied: it must not be
    /// changed afterwards, only removed.
    ///
    /// # Errors
    /// As [`Error`] says; then nothing, or something unreachable, was stored.
    pub async fn put(&self, key: &str, file: &Path) -> Result<(), Error> {
        let path = path_of(key)?;
        match &self.place {
            Place::Local(root) => local::link(root, path.as_ref(), file).await,
            Place::S3(_) => copy::copy(&*self.store, &path, file).await,
        }
    }

    /// The bytes of an object that are in `range`, which must be inside of it, as they come.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is gone, and else as [`Error`] says.
    pub async fn get(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&path_of(key)?, options).await?;
        let range = found.range.clone();
        Ok(match found.payload {
            GetResultPayload::File(file, _) => local::read(file, range),
            GetResultPayload::Stream(stream) => stream.map_err(Error::from).boxed(),
        })
    }

    /// Deletes an object; one that is not there is no error.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        match self.store.delete(&path_of(key)?).await.map_err(Error::from) {
            Ok(()) | Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Every object that is there, in no order.
    #[must_use]
    pub fn list(&self) -> BoxStream<'static, Result<Found, Error>> {
        let all = self.store.list(None).map_err(Error::from);
        // What was not put here is left alone.
        all.try_filter_map(|meta| async move {
            let key = key_of(meta.location.as_ref());
            let at_ms = meta.last_modified.timestamp_millis();
            Ok(key.map(|key| Found { key, at_ms }))
        })
        .boxed()
    }

    /// Puts, reads and deletes a small object.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn probe(&self, key: &str, file: &Path) -> Result<(), Error> {
        let bytes = tokio::fs::read(file).await?;
        self.put(key, file).await?;
        let read: Vec<Bytes> = self.get(key, 0..bytes.len() as u64).await?.try_collect().await?;
        self.delete(key).await?;
        if read.concat() == bytes {
            Ok(())
        } else {
            Err(Error::Unavailable("what is read is not what was written".to_owned()))
        }
    }
}

/// `abcdef…` is at `ab/cdef…`: no directory grows too long to list.
fn path_of(key: &str) -> Result<object_store::path::Path, Error> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if !KEY_CHARS.contains(&key.len()) || !key.bytes().all(is_plain) {
        return Err(Error::NotFound);
    }
    Ok(object_store::path::Path::from(format!("{}/{}", &key[..2], &key[2..])))
}

fn key_of(path: &str) -> Option<String> {
    let (start, rest) = path.split_once('/')?;
    let key = format!("{start}{rest}");
    path_of(&key).is_ok_and(|same| same.as_ref() == path).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_paths_and_nothing_else_is() {
        let key = "0123456789abcdefghjkmnpqrs";
        let path = path_of(key).unwrap();
        assert_eq!(path.as_ref(), "01/23456789abcdefghjkmnpqrs");
        assert_eq!(key_of(path.as_ref()).as_deref(), Some(key));
        for bad in
            ["", "short", "../../../../etc/passwd", "0123456789ABCDEFGHJK", "0123456789/abcdefgh"]
        {
            assert!(matches!(path_of(bad), Err(Error::NotFound)), "{bad}");
        }
        for foreign in ["lost+found", "a/b", "012/3456789abcdefghj", "x/y/z"] {
            assert_eq!(key_of(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let s3 = S3Place { secret_key: "hidden".into(), bucket: "b".into(), ..S3Place::default() };
        assert_eq!(format!("{:?}", Place::S3(s3)), "the bucket b/");
    }
}

//! Files that are still arriving: in a folder of the data directory, one an upload, under the upload's id. How
//! much has arrived is the length of the file: after a restart as before.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use http_body_util::BodyExt as _;
use protocol::Code;
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, timeout_at};

use super::turns::Turn;
use crate::problem::{Answer, Refusal};

/// The folder's name.
const FOLDER: &str = "uploading";
/// Every so many bytes have to arrive within [`PATIENCE`]: who is slower comes back and goes on.
const LEAST: usize = 16 * 1024;
/// See [`LEAST`].
const PATIENCE: Duration = Duration::from_secs(30);
/// One request takes no longer than this, however much it brings.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The folder.
#[derive(Clone, Debug)]
pub(crate) struct Staging {
    folder: PathBuf,
}

impl Staging {
    /// Makes the folder if need be (mode 0700).
    pub(super) fn open(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join(FOLDER);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        Ok(Self { folder })
    }

    /// Where the file of an upload is, or would be. Ids and endings are this program's own.
    pub(super) fn path(&self, id: &str, ending: &str) -> PathBuf {
        self.folder.join(format!("{id}{ending}"))
    }

    /// Makes the file of an upload that begins.
    pub(super) async fn create(&self, id: &str) -> io::Result<()> {
        tokio::fs::OpenOptions::from(options()).open(self.path(id, "")).await.map(drop)
    }

    /// How many bytes of an upload have arrived.
    pub(super) async fn offset(&self, id: &str) -> Answer<u64> {
        match tokio::fs::metadata(self.path(id, "")).await {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Removes every file of an upload; those that are not there are no error.
    pub(super) async fn remove(&self, id: &str) -> io::Result<()> {
        for ending in ["", ".clean", ".preview"] {
            match tokio::fs::remove_file(self.path(id, ending)).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Names of files that were not written to since `before_ms`, at most `most`.
    pub(super) fn idle(&self, before_ms: i64, most: usize) -> io::Result<Vec<String>> {
        let mut idle = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let Ok(changed) = entry.metadata().and_then(|found| found.modified()) else { continue };
            let since = changed.duration_since(UNIX_EPOCH).unwrap_or_default();
            if i64::try_from(since.as_millis()).unwrap_or(i64::MAX) < before_ms {
                idle.extend(entry.file_name().into_string().ok());
            }
            if idle.len() >= most {
                break;
            }
        }
        Ok(idle)
    }

    /// Writes a whole file beside the upload's own and makes it durable. To be called on a blocking thread.
    pub(super) fn write(&self, id: &str, ending: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.path(id, ending);
        let mut file = options().truncate(true).open(&path)?;
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()?;
        Ok(path)
    }

    /// Appends a body to an upload that has `offset` bytes, at most `room` bytes. The new offset, which is
    /// durable; also when the body broke off, what had come is kept.
    pub(super) async fn append(
        &self,
        id: &str,
        offset: u64,
        room: u64,
        body: Body,
        turn: &mut Turn,
    ) -> Answer<u64> {
        let options = tokio::fs::OpenOptions::from(options());
        let opened = options.clone().append(true).open(self.path(id, "")).await;
        let mut file = opened.map_err(|error| failed(&error))?;
        let found = file.metadata().await.map_err(|error| failed(&error))?.len();
        if found != offset {
            return Err(wrong_offset(found));
        }
        let arrived = receive(&mut file, room, body, turn).await;
        file.flush().await.map_err(|error| failed(&error))?;
        file.sync_data().await.map_err(|error| failed(&error))?;
        arrived?;
        Ok(file.metadata().await.map_err(|error| failed(&error))?.len())
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}

pub(super) fn wrong_offset(found: u64) -> Refusal {
    Refusal::new(Code::WrongOffset).detail(format!("The upload has {found} bytes"))
}

async fn receive(
    file: &mut tokio::fs::File,
    mut room: u64,
    mut body: Body,
    turn: &mut Turn,
) -> Answer<()> {
    let started = Instant::now();
    let mut until = started + PATIENCE;
    let mut brought = 0;
    loop {
        let frame = tokio::select! {
            () = turn.asked_to_leave() => return Err(Code::Locked.into()),
            frame = timeout_at(until.min(started + LONGEST), body.frame()) => frame,
        };
        let malformed = |why| Err(Refusal::new(Code::Malformed).detail(why));
        let bytes = match frame {
            Err(_) => return malformed("The body came too slowly"),
            Ok(Some(Err(_))) => return malformed("The body broke off"),
            Ok(None) => return Ok(()),
            Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        };
        let length = bytes.len() as u64;
        room = room.checked_sub(length).ok_or_else(|| {
            Refusal::new(Code::TooLarge).detail("That is more than the upload was to have")
        })?;
        file.write_all(&bytes).await.map_err(|error| failed(&error))?;
        brought += bytes.len();
        if brought >= LEAST {
            brought = 0;
            until = Instant::now() + PATIENCE;
        }
    }
}

/// What a disk refuses.
pub(super) fn failed(error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            tracing::error!("the disk is full: uploads are refused");
            Refusal::new(Code::OutOfSpace)
        }
        _ => Refusal::internal(error),
    }
}

//! Objects as files of a directory that only the server may open.

use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use object_store::local::LocalFileSystem;
use tokio::task::spawn_blocking;

use crate::Error;

/// Bytes that are read at a time.
const CHUNK: u64 = 64 * 1024;

/// Opens the directory, and makes it when it is not there.
pub(crate) fn open(root: &Path) -> Result<LocalFileSystem, Error> {
    make(root)?;
    Ok(LocalFileSystem::new_with_prefix(root)?)
}

fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Gives a file the name `path` in `root` and makes that durable. Bytes are copied only when it lies on
/// another disk.
pub(crate) async fn link(root: &Path, path: &str, file: &Path) -> Result<(), Error> {
    let (root, to, file) = (root.to_owned(), root.join(path), file.to_owned());
    blocking(move || link_now(&root, &to, &file)).await
}

fn link_now(root: &Path, to: &Path, file: &Path) -> io::Result<()> {
    let folder = to.parent().unwrap_or(root);
    make(folder)?;
    match std::fs::hard_link(file, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            std::fs::copy(file, to)?;
        }
        linked => linked?,
    }
    std::fs::set_permissions(to, Permissions::from_mode(0o600))?;
    for path in [to, folder, root] {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

/// Part of a file, as it is read.
pub(crate) fn read(file: File, range: Range<u64>) -> BoxStream<'static, Result<Bytes, Error>> {
    stream::try_unfold((file, range), |(mut file, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        blocking(move || {
            let length = (range.end - range.start).min(CHUNK);
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(range.start))?;
            (&mut file).take(length).read_to_end(&mut bytes)?;
            if bytes.len() as u64 != length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Ok(Some((Bytes::from(bytes), (file, range.start + length..range.end))))
        })
        .await
    })
    .boxed()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    match spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(Error::Unavailable(error.to_string())),
    }
}

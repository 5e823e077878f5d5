//! Copying a file into an object store, so that memory stays bounded however large it is.

use std::path::Path;

use bytes::BytesMut;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use crate::Error;

/// Bytes that are sent at once; a file of no more is sent whole. Stores take 10,000 parts: so up to 80 GiB.
const PART: usize = 8 * 1024 * 1024;
/// Parts that are on their way at a time.
const MAX_PARTS: usize = 3;
/// Bytes that are read from the file at a time.
const CHUNK: usize = 64 * 1024;

/// Returns when the object is there. A copy that fails leaves no parts behind, as far as the store can still be
/// reached.
pub(crate) async fn copy(
    store: &dyn ObjectStore,
    path: &object_store::path::Path,
    file: &Path,
) -> Result<(), Error> {
    let mut file = File::open(file).await?;
    if file.metadata().await?.len() <= PART as u64 {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).await?;
        store.put(path, bytes.into()).await?;
        return Ok(());
    }
    let upload = store.put_multipart(path).await?;
    let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
    if let Err(error) = feed(&mut upload, &mut file).await {
        // What went wrong first is what is told.
        drop(upload.abort().await);
        return Err(error);
    }
    // Aborts by itself.
    upload.finish().await?;
    Ok(())
}

async fn feed(upload: &mut WriteMultipart, file: &mut File) -> Result<(), Error> {
    loop {
        upload.wait_for_capacity(MAX_PARTS).await?;
        let mut bytes = BytesMut::with_capacity(CHUNK);
        if file.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
        upload.put(bytes.freeze());
    }
}

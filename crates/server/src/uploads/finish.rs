//! All of an upload has arrived: it is looked at, cleaned, given a preview, and put into the storage.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::ImageFormat;
use protocol::{AttachmentKind, Code};

use super::{
    KEEP_UNSENT_MS, KEY_CHARS, media,
    picture::{self, Unfit},
    sniff::{self, Sniffed},
    staging::{Staging, failed},
    store::{self, Completed, Preview, Stored},
    strip,
};
use crate::{
    app::{App, AppState},
    problem::{Answer, Refusal},
};

/// The longest side of a preview, in pixels.
const PREVIEW_SIDE: u32 = 640;
/// The largest picture, in bytes: all of it is in memory while it is looked at, one at a time.
const MAX_PICTURE_BYTES: u64 = 64 * 1024 * 1024;

/// What was found, and which files to keep of it.
struct Examined {
    kind: AttachmentKind,
    content_type: &'static str,
    dimensions: Option<(u32, u32)>,
    duration_ms: Option<u32>,
    file: PathBuf,
    preview: Option<(PathBuf, &'static str)>,
}

/// Makes an upload complete. What is refused is forgotten at once; whoever calls holds the upload's turn.
///
/// # Errors
/// 422 for a broken picture, 413 for one with too many pixels or bytes, 503 and 507 when the storage fails: then
/// it may be tried again.
pub(super) async fn finish(app: &AppState, upload: &Stored) -> Answer<Stored> {
    let examined = match examine(app, &upload.id).await {
        Err(refusal) if matches!(refusal.code(), Code::Invalid | Code::TooLarge) => {
            forget(app, upload).await?;
            return Err(refusal);
        }
        examined => examined?,
    };
    let stored = keep(app, upload, examined).await?;
    if let Err(error) = app.uploads.staging.remove(&upload.id).await {
        tracing::warn!(%error, "a staged file stays until it is collected");
    }
    Ok(stored)
}

/// Takes back an upload that comes to nothing: its room is free at once.
pub(super) async fn forget(app: &AppState, upload: &Stored) -> Answer<()> {
    let id = upload.id.clone();
    app.delivery.write(move |unit| Ok::<_, Refusal>(store::delete(unit.db(), &id)?)).await?;
    app.uploads.staging.remove(&upload.id).await.map_err(|error| failed(&error))
}

/// Puts the files into the storage, and then says so in the database: a crash in between leaves objects that
/// nothing names, which are collected.
async fn keep(app: &App, upload: &Stored, examined: Examined) -> Answer<Stored> {
    let (object, size) = put(app, &examined.file).await?;
    let preview = match &examined.preview {
        None => None,
        Some((file, content_type)) => {
            let (key, size) = put(app, file).await?;
            Some(Preview { key, size, content_type: (*content_type).to_owned() })
        }
    };
    let completed = Completed {
        size,
        kind: examined.kind,
        content_type: examined.content_type.to_owned(),
        dimensions: examined.dimensions,
        duration_ms: examined.duration_ms,
        object,
        preview,
    };
    let (id, user) = (upload.id.clone(), upload.user_id);
    app.delivery
        .write(move |unit| {
            let expires_at = unit.now().millis() + KEEP_UNSENT_MS;
            store::complete(unit.db(), &id, &completed, expires_at)?;
            // Gone when it was cancelled meanwhile.
            store::find(unit.db(), user, &id)?.ok_or_else(|| Refusal::new(Code::NotFound))
        })
        .await
}

/// Puts a file under a new key: the key, and how many bytes it has.
async fn put(app: &App, file: &Path) -> Answer<(String, i64)> {
    let size = tokio::fs::metadata(file).await.map_err(|error| failed(&error))?.len();
    let key = app.random.lowercase(KEY_CHARS);
    app.uploads.storage.put(&key, file).await.map_err(refused)?;
    Ok((key, i64::try_from(size).map_err(Refusal::internal)?))
}

/// What a storage refuses.
pub(super) fn refused(error: storage::Error) -> Refusal {
    match error {
        storage::Error::NotFound => Refusal::new(Code::NotFound),
        storage::Error::Full => Refusal::new(Code::OutOfSpace),
        storage::Error::Unavailable(why) => {
            tracing::error!(%why, "the storage of uploads does not work");
            Refusal::new(Code::Unavailable)
        }
    }
}

async fn examine(app: &App, id: &str) -> Answer<Examined> {
    let staging = app.uploads.staging.clone();
    let path = staging.path(id, "");
    let head = blocking(move || head(&path)).await?;
    let sniffed = sniff::sniff(&head);
    let id = id.to_owned();
    if let Sniffed::Picture(format) = sniffed {
        let turn = Arc::clone(&app.uploads.decoding).acquire_owned().await;
        let turn = turn.map_err(Refusal::internal)?;
        let looked_at = tokio::task::spawn_blocking(move || {
            let examined = examine_picture(&staging, &id, format);
            drop(turn);
            examined
        });
        return looked_at.await.map_err(Refusal::internal)?;
    }
    let turn = Arc::clone(&app.uploads.looking).acquire_owned().await;
    let turn = turn.map_err(Refusal::internal)?;
    blocking(move || {
        let examined = examine_file(&staging, &id, sniffed, &head);
        drop(turn);
        examined
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Answer<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(Refusal::internal)?;
    done.map_err(|error| match error.kind() {
        // By `media`: what it is to take out cannot be found.
        io::ErrorKind::InvalidData => Refusal::new(Code::Invalid).detail(error.to_string()),
        _ => failed(&error),
    })
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(sniff::HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Slow: for a blocking thread.
fn examine_picture(staging: &Staging, id: &str, format: ImageFormat) -> Answer<Examined> {
    let path = staging.path(id, "");
    let length = std::fs::metadata(&path).map_err(|error| failed(&error))?.len();
    if length > MAX_PICTURE_BYTES {
        return Err(Refusal::new(Code::TooLarge).detail("A picture has at most 64 MiB"));
    }
    let bytes = std::fs::read(&path).map_err(|error| failed(&error))?;
    let broken = || Refusal::new(Code::Invalid).detail(Unfit::Broken.to_string());
    let preview = picture::preview(&bytes, format, PREVIEW_SIDE).map_err(|unfit| match unfit {
        Unfit::Pixels | Unfit::Moves => Refusal::new(Code::TooLarge).detail(unfit.to_string()),
        Unfit::Type | Unfit::Broken => broken(),
    })?;
    let clean = strip::strip(&bytes, format, preview.turned).ok_or_else(broken)?;
    let write = |ending, bytes: &[u8]| staging.write(id, ending, bytes);
    let file = write(".clean", &clean).map_err(|error| failed(&error))?;
    let small = write(".preview", &preview.small.bytes).map_err(|error| failed(&error))?;
    Ok(Examined {
        kind: AttachmentKind::Image,
        content_type: sniff::picture_type(format),
        dimensions: Some((preview.width, preview.height)),
        duration_ms: None,
        file,
        preview: Some((small, preview.small.content_type)),
    })
}

/// Everything but pictures.
fn examine_file(staging: &Staging, id: &str, found: Sniffed, head: &[u8]) -> io::Result<Examined> {
    let path = staging.path(id, "");
    let mut file = File::options().read(true).write(true).open(&path)?;
    let size = file.metadata()?.len();
    let mut facts = media::Facts::default();
    let content_type = match found {
        Sniffed::Mp4 { quicktime, sound } => {
            facts = media::boxes(&mut file)?;
            match quicktime {
                _ if sound || (facts.has_sound && !facts.is_video) => "audio/mp4",
                true => "video/quicktime",
                false => "video/mp4",
            }
        }
        Sniffed::Webm => {
            facts = media::webm(&more(&mut file)?);
            let is_sound = facts.has_sound && !facts.is_video;
            if is_sound { "audio/webm" } else { "video/webm" }
        }
        Sniffed::Media(content_type) => {
            facts.duration_ms = match content_type {
                "audio/wav" => media::wav(head, size),
                "audio/flac" => media::flac(head),
                _ => None,
            };
            content_type
        }
        Sniffed::Tiff => {
            media::clean_tiff(&mut file)?;
            "image/tiff"
        }
        Sniffed::Heif(content_type) | Sniffed::Boxes(content_type) => {
            media::boxes(&mut file)?;
            content_type
        }
        Sniffed::Other(content_type) => content_type,
        Sniffed::Picture(format) => sniff::picture_type(format),
    };
    // What was taken out is gone from now on.
    file.sync_all()?;
    let kind = match (found, content_type.split_once('/')) {
        (Sniffed::Other(_) | Sniffed::Heif(_) | Sniffed::Tiff | Sniffed::Boxes(_), _) => {
            AttachmentKind::File
        }
        (_, Some(("audio", _))) => AttachmentKind::Audio,
        (_, Some(("video", _))) => AttachmentKind::Video,
        _ => AttachmentKind::File,
    };
    Ok(Examined {
        kind,
        content_type,
        dimensions: facts.dimensions.filter(|_| kind == AttachmentKind::Video),
        duration_ms: facts.duration_ms,
        file: path,
        preview: None,
    })
}

/// The first 256 KiB: where WebM says what it holds.
fn more(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(256 * 1024).read_to_end(&mut bytes)?;
    Ok(bytes)
}

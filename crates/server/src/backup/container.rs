//! The format of a backup: a line that names it, a line of JSON (the manifest), and the payload: a SQLite
//! file, or what `pg_dump --format=custom` writes. Uploads follow where the manifest says so (`files.rs`).

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use database::Engine;
use protocol::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::files::{self, Count};
use super::store::Figures;
use crate::settings::hex;

/// The first line.
const NAME: &str = "rookery backup 1\n";
/// A manifest is shorter than this.
const MAX_MANIFEST_BYTES: u64 = 16 * 1024;

/// What a backup says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The version of the program that wrote it.
    pub(super) version: String,
    /// `sqlite` or `postgres`.
    pub(super) engine: String,
    /// When.
    pub(super) made_at: Timestamp,
    /// What is in it.
    pub(super) figures: Figures,
    /// Bytes of the payload.
    pub(super) bytes: u64,
    /// SHA-256 of the payload, in hexadecimal digits.
    pub(super) sha256: String,
    /// Whether uploads follow.
    #[serde(default)]
    pub(super) uploads: bool,
}

impl Manifest {
    /// Of a payload that is still to be packed.
    pub(super) fn new(engine: Engine, figures: Figures, made_at: Timestamp) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let engine = name_of(engine).to_owned();
        Self { version, engine, made_at, figures, bytes: 0, sha256: String::new(), uploads: false }
    }
}

/// How a manifest names an engine.
pub(super) fn name_of(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

/// Writes the backup `to`, a new file of mode 0600, and makes it durable; with the uploads under a directory.
pub(super) fn pack(
    to: &Path,
    mut manifest: Manifest,
    payload: &Path,
    uploads: Option<&Path>,
) -> anyhow::Result<()> {
    let (bytes, sha256) = copy(&mut File::open(payload)?, &mut std::io::sink())?;
    (manifest.bytes, manifest.sha256) = (bytes, sha256);
    manifest.uploads = uploads.is_some();
    let mut out = BufWriter::new(create(to)?);
    out.write_all(NAME.as_bytes())?;
    serde_json::to_writer(&mut out, &manifest)?;
    out.write_all(b"\n")?;
    copy(&mut File::open(payload)?, &mut out)?;
    if let Some(root) = uploads {
        files::pack(root, &mut out)?;
    }
    out.into_inner().context("writing the backup")?.sync_all()?;
    Ok(())
}

/// Reads a backup, checks it, and writes its payload `to`, a new file of mode 0600, and its uploads under a
/// directory, if one is given.
pub(super) fn unpack(
    from: &Path,
    to: &Path,
    uploads: Option<&Path>,
) -> anyhow::Result<(Manifest, Count)> {
    let file = File::open(from).with_context(|| format!("opening {}", from.display()))?;
    let mut input = BufReader::new(file);
    let mut name = String::new();
    // What is no backup may have no line breaks at all, and no text.
    let is_named = (&mut input).take(NAME.len() as u64).read_to_string(&mut name).is_ok();
    anyhow::ensure!(is_named && name == NAME, "{} is no backup of this version", from.display());
    let mut line = String::new();
    (&mut input).take(MAX_MANIFEST_BYTES).read_line(&mut line)?;
    let manifest: Manifest = serde_json::from_str(&line).context("the backup is damaged")?;
    let mut out = create(to)?;
    let (bytes, sha256) = copy(&mut (&mut input).take(manifest.bytes), &mut out)?;
    out.sync_all()?;
    let is_whole = bytes == manifest.bytes && sha256 == manifest.sha256;
    anyhow::ensure!(is_whole, "{} is damaged: its checksum differs", from.display());
    let count = match manifest.uploads {
        true => files::unpack(&mut input, uploads)?,
        false => Count::default(),
    };
    anyhow::ensure!(input.fill_buf()?.is_empty(), "{} is damaged: it is too long", from.display());
    Ok((manifest, count))
}

pub(super) fn create(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.with_context(|| format!("making {}", path.display()))
}

/// Copies everything; how many bytes, and their SHA-256.
pub(super) fn copy(from: &mut impl Read, to: &mut impl Write) -> anyhow::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        bytes += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_comes_back_and_a_damaged_one_does_not() {
        let scratch = tempfile::tempdir().unwrap();
        let path = |name: &str| scratch.path().join(name);
        let payload: Vec<u8> = (0..=255).cycle().take(700_000).collect();
        std::fs::write(path("payload"), &payload).unwrap();
        let epoch = String::from("e1");
        let figures = Figures { users: 2, conversations: 1, messages: 3, position: 9, epoch };
        let manifest = Manifest::new(Engine::Sqlite, figures, Timestamp(7));
        std::fs::create_dir_all(path("uploads/ab")).unwrap();
        std::fs::write(path("uploads/ab/cd"), "a file").unwrap();
        let uploads = path("uploads");
        pack(&path("backup"), manifest.clone(), &path("payload"), Some(&uploads)).unwrap();
        let to = path("uploads again");
        let (found, count) = unpack(&path("backup"), &path("again"), Some(&to)).unwrap();
        assert_eq!((found.uploads, count), (true, Count { files: 1, bytes: 6 }));
        assert_eq!(std::fs::read(to.join("ab/cd")).unwrap(), b"a file");
        assert_eq!((found.bytes, found.figures), (700_000, manifest.figures));
        assert_eq!(std::fs::read(path("again")).unwrap(), payload);

        let mut bytes = std::fs::read(path("backup")).unwrap();
        let last = bytes.len() - 1;
        // Before the uploads.
        bytes[last - 300] ^= 1;
        std::fs::write(path("damaged"), &bytes).unwrap();
        let error = unpack(&path("damaged"), &path("x"), None).unwrap_err().to_string();
        assert!(error.contains("checksum"), "{error}");
        std::fs::write(path("short"), &bytes[..last]).unwrap();
        unpack(&path("short"), &path("y"), None).unwrap_err();
        bytes[last - 300] ^= 1;
        std::fs::write(path("long"), [&bytes[..], b"x"].concat()).unwrap();
        unpack(&path("long"), &path("w"), None).unwrap_err();
        std::fs::write(path("other"), [0xff; 100]).unwrap();
        unpack(&path("other"), &path("z"), None).unwrap_err();
    }
}

//! `rookery restore`: puts a backup in place of the data, and has the log begin a new epoch.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use database::{Connection, Database, Engine, Target};
use delivery::Clock;
use storage::Place;

use super::container::{self, Manifest};
use super::{postgres, store};
use crate::config::Config;
use crate::data_dir::DataDir;

/// Restores `file`. Data with accounts in it is kept in the data directory, unless `force` is given. What to
/// print.
///
/// # Errors
/// While a server runs on the data; when the backup is damaged or of the other engine.
pub(crate) fn restore(config: &Config, file: &Path, force: bool) -> anyhow::Result<String> {
    let data_dir = DataDir::lock(&config.storage.data_dir).context("restore refuses")?;
    let target = Target::parse(&config.storage.database_url)?;
    let scratch = tempfile::Builder::new().prefix(".restore-").tempdir_in(data_dir.path())?;
    let unpacked = scratch.path().join("unpacked.db");
    let uploads = scratch.path().join("uploads");
    let (manifest, count) = container::unpack(file, &unpacked, Some(&uploads))?;
    let engine = container::name_of(target.engine());
    anyhow::ensure!(
        manifest.engine == engine,
        "this backup is of {}, and the database is {engine}",
        manifest.engine
    );
    let now = Clock::system().now().millis();
    let kept = data_dir.path().join(format!("replaced-{now}"));
    let keeps = !force && users_in(&target)? > 0;
    match &target {
        Target::Sqlite { path } => {
            restore_sqlite(&unpacked, path, keeps.then_some(kept.as_path()))?;
        }
        Target::Postgres { url } => {
            let runtime = tokio::runtime::Runtime::new()?;
            if keeps {
                runtime.block_on(postgres::dump(url, &kept))?;
            }
            runtime.block_on(postgres::restore(url, &unpacked))?;
            begin_epoch(&target)?;
        }
    }
    let files = restore_uploads(config, &manifest, &uploads, keeps.then_some(kept.as_path()))?;
    let figures = &manifest.figures;
    let mut said = format!(
        "restored {} users, {} conversations, {} messages of {}",
        figures.users, figures.conversations, figures.messages, manifest.made_at
    );
    said.push_str(&match files {
        true => format!("; {} files of uploads", count.files),
        false => String::from("; no uploads"),
    });
    if keeps {
        said.push_str(&format!("; what was there is kept in {}", kept.display()));
    }
    Ok(said)
}

/// Puts the uploads of a backup in place of those that are there. `false` when there is nothing to be done: the
/// backup is without them, or they are not kept in a directory now.
fn restore_uploads(
    config: &Config,
    manifest: &Manifest,
    unpacked: &Path,
    kept: Option<&Path>,
) -> anyhow::Result<bool> {
    let Place::Local(root) = &config.uploads.place else { return Ok(false) };
    if !manifest.uploads {
        return Ok(false);
    }
    let gone = match kept {
        Some(kept) => std::fs::rename(root, beside(kept, "-uploads")),
        None => std::fs::remove_dir_all(root),
    };
    match gone {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("moving {} away", root.display()));
        }
        _ => {}
    }
    if unpacked.exists() {
        std::fs::rename(unpacked, root).with_context(|| format!("replacing {}", root.display()))?;
    }
    Ok(true)
}

fn restore_sqlite(unpacked: &Path, path: &Path, kept: Option<&Path>) -> anyhow::Result<()> {
    begin_epoch(&Target::Sqlite { path: unpacked.to_owned() })?;
    // The old write-ahead log belongs to the old file, with which it is kept or not; it would damage the new one.
    for ending in ["", "-wal", "-shm"] {
        let old = beside(path, ending);
        let gone = match kept {
            Some(kept) => std::fs::rename(&old, beside(kept, ending)),
            None => std::fs::remove_file(&old),
        };
        match gone {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("moving {} away", old.display()));
            }
            _ => {}
        }
    }
    std::fs::rename(unpacked, path).with_context(|| format!("replacing {}", path.display()))?;
    let folder = path.parent().context("a database is in a folder")?;
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// How many accounts a database has; 0 where there is none.
fn users_in(target: &Target) -> anyhow::Result<i64> {
    if let Target::Sqlite { path } = target
        && !path.exists()
    {
        return Ok(0);
    }
    let database = open(target)?;
    let figures = database.read_blocking(store::figures);
    database.close();
    Ok(figures?.users)
}

/// Checks the restored database, brings its schema up to date and forgets its epoch.
fn begin_epoch(target: &Target) -> anyhow::Result<()> {
    let database = open(target)?;
    let sound = database.read_blocking(store::check_integrity);
    let forgotten = database.writer().and_then(|mut writer: Connection| {
        store::forget_epoch(&mut writer)?;
        database.close();
        writer.checkpoint()
    });
    sound?;
    forgotten?;
    anyhow::ensure!(
        target.engine() != Engine::Sqlite || !is_left(target),
        "the restored database could not be closed"
    );
    Ok(())
}

/// Whether a write-ahead log with something in it is left beside the file.
fn is_left(target: &Target) -> bool {
    let Target::Sqlite { path } = target else { return false };
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

fn open(target: &Target) -> anyhow::Result<Database> {
    let now = Clock::system().now().millis();
    Ok(Database::open(&database::Config { target: target.clone(), readers: 1, now_ms: now })?)
}

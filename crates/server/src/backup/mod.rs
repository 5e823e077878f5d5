//! `rookery backup` and `rookery restore`: everything in one file. The format is in `container.rs`.

mod container;
mod files;
mod postgres;
mod restore;
mod store;

use std::path::Path;

use anyhow::Context as _;
use database::{Config, Database, Engine, Target};

use crate::app::App;
use container::Manifest;
pub(crate) use restore::restore;
pub(crate) use store::{check_integrity, figures};

/// Writes a backup to `file`, which must not exist, and reads it back. What to print.
///
/// # Errors
/// When it could not be written, or what was written is not what was read back.
pub(crate) async fn write(app: &App, file: &Path) -> anyhow::Result<String> {
    anyhow::ensure!(!file.exists(), "{} exists already", file.display());
    let folder = file.parent().context("a backup needs a folder to be in")?;
    // Beside the file, so that the last step is a rename on the same disk. Mode 0700.
    let scratch = tempfile::Builder::new()
        .prefix(".rookery-backup-")
        .tempdir_in(folder)
        .with_context(|| format!("making a scratch folder in {}", folder.display()))?;
    let copy = scratch.path().join("copy");
    let engine = app.database.engine();
    let figures = match engine {
        Engine::Sqlite => {
            let to = copy.clone();
            let both = move |db: &mut database::Connection| {
                let figures = figures(db)?;
                db.backup_to(&to)?;
                Ok::<_, database::Error>(figures)
            };
            app.database.read(both).await?
        }
        Engine::Postgres => {
            let figures = app.database.read(figures).await?;
            postgres::dump(&app.config.storage.database_url, &copy).await?;
            figures
        }
    };
    let manifest = Manifest::new(engine, figures, app.clock.now());
    let made = scratch.path().join("made");
    let again = scratch.path().join("again");
    let (file, now) = (file.to_owned(), app.clock.now().millis());
    // After the database: what it names is there, unless it was thrown away meanwhile.
    let uploads = app.uploads.storage.local().map(Path::to_owned);
    tokio::task::spawn_blocking(move || {
        container::pack(&made, manifest, &copy, uploads.as_deref())?;
        std::fs::remove_file(&copy)?;
        let (manifest, count) = container::unpack(&made, &again, None)?;
        match engine {
            Engine::Sqlite => verify_sqlite(&again, &manifest, now)?,
            Engine::Postgres => postgres::verify(&again)?,
        }
        std::fs::hard_link(&made, &file)
            .with_context(|| format!("putting {} in place", file.display()))?;
        // Drops the scratch folder only now.
        drop(scratch);
        anyhow::Ok(format!(
            "{}: {} users, {} conversations, {} messages, {}, verified",
            file.display(),
            manifest.figures.users,
            manifest.figures.conversations,
            manifest.figures.messages,
            match manifest.uploads {
                true => format!("{} files of uploads ({} bytes)", count.files, count.bytes),
                false => String::from("without uploads, which are in a store of their own"),
            }
        ))
    })
    .await?
}

/// Opens what was unpacked as a server would, and compares it with the manifest.
fn verify_sqlite(path: &Path, manifest: &Manifest, now_ms: i64) -> anyhow::Result<()> {
    let target = Target::Sqlite { path: path.to_owned() };
    let database = Database::open(&Config { target, readers: 1, now_ms })?;
    let found = database.read_blocking(|db| {
        check_integrity(db)?;
        figures(db)
    });
    database.close();
    anyhow::ensure!(found? == manifest.figures, "the backup does not hold what it should");
    Ok(())
}

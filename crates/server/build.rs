//! Builds the web client into `OUT_DIR/web`, from where `web_assets.rs` embeds it.
//!
//! `ROOKERY_WEB_DIST` names a folder with a client that is built already; then neither Node.js nor npm is
//! needed. Else `npm ci` runs when `package-lock.json` has changed since it last ran, and Vite always.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, io};

/// What of `web/` goes into the client: a change of anything else builds nothing.
const SOURCES: [&str; 7] = [
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "vite.config.ts",
];

#[expect(clippy::print_stderr, reason = "how people are told")]
fn main() -> ExitCode {
    println!("cargo:rerun-if-env-changed=ROOKERY_WEB_DIST");
    match build() {
        Ok(sources) => {
            for source in sources {
                println!("cargo:rerun-if-changed={}", source.display());
            }
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("\nThe web client could not be built: {why}\n");
            ExitCode::FAILURE
        }
    }
}

/// Builds or copies the client; the files and folders that it was made of.
fn build() -> Result<Vec<PathBuf>, String> {
    let out = variable("OUT_DIR")?.join("web");
    if let Some(ready) = env::var_os("ROOKERY_WEB_DIST").filter(|folder| !folder.is_empty()) {
        let ready = PathBuf::from(ready);
        if !ready.join("index.html").is_file() {
            return Err(format!("ROOKERY_WEB_DIST has no index.html: {}", ready.display()));
        }
        replace(&ready, &out).map_err(|error| format!("copying {}: {error}", ready.display()))?;
        return Ok(vec![ready]);
    }
    let web = variable("CARGO_MANIFEST_DIR")?.join("../../web");
    if !web.join("package.json").is_file() {
        return Err(format!("there is no {}", web.join("package.json").display()));
    }
    // Several builds (check and test, two worktrees' editors) may share one `web/node_modules`.
    let lock = File::create(web.join(".build.lock")).map_err(|error| format!("lock: {error}"))?;
    lock.lock().map_err(|error| format!("waiting for another build: {error}"))?;
    install(&web)?;
    let mut vite = Command::new("npm");
    vite.args(["run", "--silent", "build", "--", "--emptyOutDir", "--logLevel", "warn"]);
    vite.arg("--outDir").arg(&out);
    run(&mut vite, &web, "npm run build")?;
    Ok(SOURCES.iter().map(|source| web.join(source)).collect())
}

/// `npm ci`, unless it has run for this very lock file.
fn install(web: &Path) -> Result<(), String> {
    let wanted = fs::read(web.join("package-lock.json"))
        .map_err(|error| format!("web/package-lock.json: {error}"))?;
    let mark = web.join("node_modules/.rookery-lock");
    if fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(Command::new("npm").arg("ci"), web, "npm ci")?;
    fs::write(&mark, wanted).map_err(|error| format!("{}: {error}", mark.display()))
}

fn run(command: &mut Command, folder: &Path, name: &str) -> Result<(), String> {
    let output = command.current_dir(folder).stdin(Stdio::null()).output().map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            String::from("npm was not found: install Node.js 20 or later (Debian: apt-get install nodejs npm)")
        } else {
            format!("starting `{name}`: {error}")
        }
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("`{name}` failed ({}):\n{}", output.status, String::from_utf8_lossy(&said)))
}

/// Makes `to` a copy of the folder `from`.
fn replace(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    copy(from, to)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

fn variable(name: &str) -> Result<PathBuf, String> {
    env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("Cargo did not set {name}"))
}

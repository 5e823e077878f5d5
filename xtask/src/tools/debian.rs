//! Programs from the system, and the Debian packages that have them.
//!
//! As root on a machine with `apt-get`, what is missing is installed. Anywhere else the list of
//! what to install is the error.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Need, quiet};
use crate::{postgres, process};

/// PostgreSQL 15 is the oldest that Rookery supports.
const OLDEST_POSTGRES: u32 = 15;
/// What Vite and the test runner need.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Something that may be missing, and how to get it.
struct Part {
    what: &'static str,
    packages: &'static [&'static str],
    present: fn() -> bool,
}

const C: &[Part] = &[Part {
    what: "a C compiler",
    packages: &["gcc", "libc6-dev"],
    present: || process::output_of("cc", &["--version"]).is_some(),
}];

const NODE: &[Part] = &[Part {
    what: "Node.js 20.19 or later with npm",
    packages: &["nodejs", "npm"],
    present: || {
        process::output_of("node", &["--version"]).is_some_and(|text| node_is_enough(&text))
            && process::output_of("npm", &["--version"]).is_some()
    },
}];

const POSTGRES: &[Part] = &[Part {
    what: "PostgreSQL 15 or later (initdb, postgres, pg_isready)",
    packages: &["postgresql"],
    present: || postgres_programs().is_some(),
}];

const BROWSER: &[Part] = &[
    Part {
        what: "Chromium",
        packages: &["chromium"],
        present: || process::output_of("chromium", &["--version"]).is_some(),
    },
    Part {
        what: "a font with Chinese characters",
        packages: &["fonts-noto-cjk", "fontconfig"],
        present: || {
            process::output_of("fc-list", &[":lang=zh-cn"]).is_some_and(|list| !list.is_empty())
        },
    },
    Part {
        what: "a font with emoji",
        packages: &["fonts-noto-color-emoji", "fontconfig"],
        present: || {
            process::output_of("fc-list", &[":lang=und-zsye"]).is_some_and(|list| !list.is_empty())
        },
    },
];

const STRACE: &[Part] = &[Part {
    what: "strace",
    packages: &["strace"],
    present: || process::output_of("strace", &["--version"]).is_some(),
}];

const NCHAN: &[Part] = &[Part {
    what: "nginx with the module nchan",
    packages: &["nginx-light", "libnginx-mod-nchan"],
    present: || {
        Path::new("/usr/sbin/nginx").exists()
            && Path::new("/usr/lib/nginx/modules/ngx_nchan_module.so").exists()
    },
}];

const PROSODY: &[Part] = &[Part {
    what: "Prosody",
    packages: &["prosody"],
    present: || Path::new("/usr/bin/prosody").exists(),
}];

const EJABBERD: &[Part] = &[Part {
    what: "ejabberd with its driver for PostgreSQL, and psql",
    packages: &["ejabberd", "erlang-p1-pgsql", "postgresql-client"],
    present: || {
        Path::new("/usr/share/ejabberd/sql/pg.sql").exists()
            && process::output_of("psql", &["--version"]).is_some()
    },
}];

const PYTHON: &[Part] = &[Part {
    what: "Python with its virtual environments",
    packages: &["python3", "python3-venv"],
    present: || process::output_of(PYTHON_PROGRAM, &["-c", "import venv, ensurepip"]).is_some(),
}];

/// The system's own: another one in the path may be of another version in each folder.
pub(crate) const PYTHON_PROGRAM: &str = "/usr/bin/python3";

fn parts(need: Need) -> &'static [Part] {
    match need {
        Need::C => C,
        Need::Node => NODE,
        Need::Postgres => POSTGRES,
        Need::Browser => BROWSER,
        Need::Strace => STRACE,
        Need::Nchan => NCHAN,
        Need::Prosody => PROSODY,
        Need::Ejabberd => EJABBERD,
        Need::Python => PYTHON,
        Need::Cargo(_) => &[],
    }
}

pub(super) fn prepare(needs: &[Need]) -> anyhow::Result<()> {
    let missing: Vec<&Part> =
        needs.iter().flat_map(|need| parts(*need)).filter(|part| !(part.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|part| part.packages).copied().collect();
    let list = missing.iter().map(|part| part.what).collect::<Vec<_>>().join("; ");
    let apt = process::output_of("apt-get", &["--version"]).is_some();
    anyhow::ensure!(
        apt && postgres::is_root(),
        "missing: {list}\n  on Debian or Ubuntu, as root: apt-get install {}",
        packages.join(" ")
    );
    println!("missing: {list}");
    // What is installed here is started by tests and benchmarks, on loopback, and never as a service.
    let _quiet = quiet::NoServices::begin();
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::run(apt_get().args(["update", "--quiet"]))?;
    process::run(
        apt_get().args(["install", "--quiet", "--yes", "--no-install-recommends"]).args(&packages),
    )?;
    let still: Vec<_> =
        missing.iter().filter(|part| !(part.present)()).map(|part| part.what).collect();
    anyhow::ensure!(
        still.is_empty(),
        "this system's packages do not have {}; install it by hand",
        still.join("; ")
    );
    Ok(())
}

fn node_is_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST_NODE,
        _ => false,
    }
}

/// The folder with the newest PostgreSQL's server programs, if it is new enough.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let debian = Path::new("/usr/lib/postgresql");
    let newest = std::fs::read_dir(debian).ok().and_then(|folders| {
        folders
            .filter_map(|folder| folder.ok()?.file_name().to_str()?.parse::<u32>().ok())
            .filter(|version| *version >= OLDEST_POSTGRES)
            .filter(|version| debian.join(version.to_string()).join("bin/initdb").is_file())
            .max()
    });
    if let Some(version) = newest {
        return Some(debian.join(version.to_string()).join("bin"));
    }
    let text = process::output_of("pg_config", &["--version"])?;
    let version: u32 = text.split([' ', '.']).nth(1)?.parse().ok()?;
    let folder = PathBuf::from(process::output_of("pg_config", &["--bindir"])?);
    (version >= OLDEST_POSTGRES && folder.join("initdb").is_file()).then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_not_enough() {
        assert!(node_is_enough("v20.20.2") && node_is_enough("v22.1.0"));
        assert!(!node_is_enough("v18.20.4") && !node_is_enough("v20.18.9"));
        assert!(!node_is_enough("nonsense"));
    }
}

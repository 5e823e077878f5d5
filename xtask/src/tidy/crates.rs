//! Imports between crates go down only, and only `server` knows HTTP.
//!
//! Read from the manifests, so the compiler itself holds the rest.

use super::{Finding, SourceFile, Tree};

/// Which crates of this repository each crate may name, in any kind of dependency.
const MAY_USE: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("database", &["protocol"]),
    ("delivery", &["protocol", "database"]),
    ("storage", &[]),
    ("server", &["protocol", "database", "delivery", "storage"]),
    ("bench", &["protocol"]),
];

/// Crates that only `server` may name.
const HTTP: &[&str] = &["axum", "axum-extra", "hyper", "hyper-util", "tower-http"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(&["/Cargo.toml"]) {
        let Some(krate) = file.path.strip_prefix("crates/").and_then(|p| p.split('/').next())
        else {
            continue;
        };
        match file.text.parse::<toml::Table>() {
            Ok(manifest) => check_manifest(file, krate, &manifest, &mut findings),
            Err(error) => findings.push(Finding::new(file, 1, error.to_string())),
        }
    }
    findings
}

fn check_manifest(
    file: &SourceFile,
    krate: &str,
    manifest: &toml::Table,
    findings: &mut Vec<Finding>,
) {
    let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == krate) else {
        let message = "a new crate: say in xtask/src/tidy/crates.rs what it may use";
        findings.push(Finding::new(file, 1, message));
        return;
    };
    for name in dependencies(manifest) {
        let line = file.text.lines().position(|line| line.starts_with(&name)).map_or(1, |i| i + 1);
        // A crate may name itself: so its tests switch on its own features.
        let ours = name != krate && MAY_USE.iter().any(|(other, _)| *other == name);
        if ours && !may_use.contains(&name.as_str()) {
            let message = format!("`{krate}` must not know `{name}`");
            findings.push(Finding::new(file, line, message));
        }
        let is_client = krate == "storage" && name == "hyper-util";
        if krate != "server" && HTTP.contains(&name.as_str()) && !is_client {
            let message = format!("only `server` knows HTTP; `{krate}` must not name `{name}`");
            findings.push(Finding::new(file, line, message));
        }
    }
}

/// Names of all dependencies, also of those under `[target.….dependencies]`.
fn dependencies(table: &toml::Table) -> Vec<String> {
    let mut names = Vec::new();
    for (key, value) in table {
        let Some(inner) = value.as_table() else { continue };
        if matches!(key.as_str(), "dependencies" | "dev-dependencies" | "build-dependencies") {
            for (name, details) in inner {
                let package = details.get("package").and_then(toml::Value::as_str);
                let real = package.unwrap_or(name);
                names.push(real.trim_start_matches("rookery-").to_owned());
            }
        } else {
            names.extend(dependencies(inner));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, manifest: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, manifest)]);
        check(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn imports_upwards_are_found_also_for_tests_and_under_another_name() {
        let upwards = "[dev-dependencies]\ndelivery.workspace = true\n";
        assert_eq!(
            messages("crates/database/Cargo.toml", upwards),
            ["`database` must not know `delivery`"]
        );
        let renamed = "[dependencies]\nd = { package = \"rookery-database\", path = \"x\" }\n";
        assert_eq!(
            messages("crates/bench/Cargo.toml", renamed),
            ["`bench` must not know `database`"]
        );
        let down = "[dependencies]\nprotocol.workspace = true\ndatabase.workspace = true\n";
        assert!(messages("crates/delivery/Cargo.toml", down).is_empty());
        let itself = "[dev-dependencies]\nrookery-database = { path = \".\" }\n";
        assert!(messages("crates/database/Cargo.toml", itself).is_empty());
    }

    #[test]
    fn http_below_the_server_is_found() {
        let manifest = "[target.'cfg(unix)'.dependencies]\naxum = \"0.8\"\n";
        assert_eq!(messages("crates/delivery/Cargo.toml", manifest).len(), 1);
        assert!(messages("crates/server/Cargo.toml", manifest).is_empty());
    }

    #[test]
    fn a_crate_that_the_rule_does_not_know_is_found() {
        assert_eq!(messages("crates/extra/Cargo.toml", "[dependencies]\n").len(), 1);
    }
}

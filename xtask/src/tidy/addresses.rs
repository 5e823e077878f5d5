//! Nothing in the repository is tied to one machine: no absolute path into somebody's folders,
//! no host of a package registry, no download address in a lock file of npm.

use super::{Finding, SourceFile, Tree};

/// In pieces, so that this file does not find itself.
const FOLDERS: &[&[&str]] = &[&["/wo", "rk/"], &["/ro", "ot/"], &["/ho", "me/"]];
const HOSTS: &[&[&str]] = &[
    &["index.", "crates.io"],
    &["static.", "crates.io"],
    &["registry.", "npmjs"],
    &["registry.", "yarnpkg"],
    &["files.", "pythonhosted"],
    &["pypi", ".org"],
    &["deb.", "debian.org"],
    &["arti", "factory"],
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let folders: Vec<String> = FOLDERS.iter().map(|parts| parts.concat()).collect();
    let hosts: Vec<String> = HOSTS.iter().map(|parts| parts.concat()).collect();
    let mut findings = Vec::new();
    for file in &tree.files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(folder) = folders.iter().find(|folder| names_folder(line, folder)) {
                let message = format!("`{folder}` is a folder of one machine");
                findings.push(Finding::new(file, index + 1, message));
            }
            if let Some(host) = hosts.iter().find(|host| line.contains(host.as_str())) {
                let message = format!("`{host}` is the host of a package registry");
                findings.push(Finding::new(file, index + 1, message));
            }
            check_lock(file, index, line, &mut findings);
        }
    }
    findings
}

/// Whether `folder` stands in `line` as the start of an absolute path.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-' | '/' | '}'))
    })
}

fn check_lock(file: &SourceFile, index: usize, line: &str, findings: &mut Vec<Finding>) {
    if file.path.ends_with("package-lock.json") && line.trim_start().starts_with("\"resolved\":") {
        let message = "a download address; npm finds the package by its digest";
        findings.push(Finding::new(file, index + 1, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        let folder = FOLDERS[2].concat();
        assert_eq!(count("docs/a.md", &format!("see {folder}ann/x")), 1);
        assert_eq!(count("docs/a.md", &format!("see `{folder}ann`")), 1);
        assert_eq!(count("docs/a.md", &format!("see pages{folder}x and ./a{folder}")), 0);
    }

    #[test]
    fn hosts_of_registries_and_download_addresses_are_found() {
        assert_eq!(count("Cargo.toml", &format!("x = \"{}\"", HOSTS[0].concat())), 1);
        let lock = "{\n  \"resolved\": \"x\"\n}";
        assert_eq!(count("web/package-lock.json", lock), 1);
        assert_eq!(count("web/other.json", lock), 0);
    }
}

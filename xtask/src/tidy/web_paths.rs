//! No path of the API is written twice: in the client they stand under `web/src/api` only,
//! where the compiler compares them with the server's own description. Tests may spell out what
//! they expect to go over the wire.

use super::{Finding, Tree};

const FOLDER: &str = "web/src/api/";
const ENDINGS: &[&str] = &[".ts", ".svelte", ".js"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(ENDINGS) {
        let test = file.path.ends_with(".test.ts");
        if !file.path.starts_with("web/src/") || file.path.starts_with(FOLDER) || test {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            if line.contains("api/v1") || line.contains("\"/api") || line.contains("`/api") {
                let message = format!("a path of the API outside {FOLDER}");
                findings.push(Finding::new(file, index + 1, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_a_component_is_found() {
        let tree = Tree::of(&[
            ("web/src/messages/Composer.svelte", "ok\nfetch(`/api/v1/groups/${id}`)\n"),
            ("web/src/api/groups.ts", "http.GET(\"/api/v1/groups\")\n"),
            ("web/src/events/poll.test.ts", "equal(url, \"/api/v1/events\")\n"),
            ("web/vite.config.ts", "proxy: { \"/api\": target }\n"),
        ]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].path.as_str(), found[0].line),
            ("web/src/messages/Composer.svelte", 2)
        );
    }
}

//! Imports between the slices of `server` go down only, through their `mod.rs`.
//!
//! A slice may name lower slices as `crate::<slice>::<item>`. The files beside the slices carry
//! them and know none, except the few that put the whole together.

use super::{Finding, SourceFile, Tree, lexer, line_at};

/// From low to high.
const SLICES: &[&str] = &[
    "accounts",
    "notifications",
    "uploads",
    "friends",
    "conversations",
    "groups",
    "emoji",
    "messages",
    "forum",
    "search",
    "moderation",
    "admin",
];

const SOURCE: &str = "crates/server/src/";

/// Files and folders that put slices together and so may name all of them, insides included.
const TOGETHER: &[&str] = &["main.rs", "lib.rs", "app.rs", "router/", "cli/"];
/// Files beside the slices that may name some of them, through their `mod.rs`: up to and with
/// the one named. Who is calling is asked of `accounts`; transports carry every feature.
const PARTLY: &[(&str, &str)] = &[
    ("caller.rs", "accounts"),
    ("caller/", "accounts"),
    ("review/", "accounts"),
    ("transport/", "admin"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(&[".rs"]) {
        let Some(inner) = file.path.strip_prefix(SOURCE) else { continue };
        if TOGETHER.iter().any(|name| inner.starts_with(name)) {
            continue;
        }
        let own = SLICES.iter().position(|slice| belongs(inner, slice));
        let partly = PARTLY.iter().find(|(name, _)| inner.starts_with(name));
        let highest =
            own.or_else(|| SLICES.iter().position(|slice| partly.is_some_and(|p| p.1 == *slice)));
        let limit = highest.map_or(0, |rank| rank + 1);
        check_file(tree, file, own, limit, &mut findings);
    }
    // `use crate::a::{self, B}` names `a` twice.
    findings.dedup();
    findings
}

/// `rank` is the file's own slice; slices from `limit` on may not be named.
fn check_file(
    tree: &Tree,
    file: &SourceFile,
    rank: Option<usize>,
    limit: usize,
    findings: &mut Vec<Finding>,
) {
    let code = lexer::code_only(&file.text);
    for (offset, path) in crate_paths(&code) {
        let Some(other) = SLICES.iter().position(|slice| path.first() == Some(slice)) else {
            continue;
        };
        let line = line_at(&file.text, offset);
        let name = SLICES[other];
        if other >= limit {
            let message = match rank {
                Some(rank) => format!("`{}` must not know `{name}`, which is above", SLICES[rank]),
                None => format!("this file beside the slices must not know `{name}`"),
            };
            findings.push(Finding::new(file, line, message));
        } else if Some(other) != rank && path.len() > 2 && is_module(tree, name, path[1]) {
            let message = format!("inside of `{name}`: take what its mod.rs offers");
            findings.push(Finding::new(file, line, message));
        }
    }
    if rank.is_some()
        && let Some(offset) = code.find("super::super")
    {
        let message = "write `crate::…`, so that the order of slices can be checked";
        findings.push(Finding::new(file, line_at(&file.text, offset), message));
    }
}

fn belongs(inner: &str, slice: &str) -> bool {
    inner.strip_prefix(slice).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

fn is_module(tree: &Tree, slice: &str, name: &str) -> bool {
    let file = format!("{SOURCE}{slice}/{name}.rs");
    let folder = format!("{SOURCE}{slice}/{name}/");
    tree.files.iter().any(|other| other.path == file || other.path.starts_with(&folder))
}

/// Every path that starts with `crate::`, groups unfolded: offset and segments.
fn crate_paths(code: &str) -> Vec<(usize, Vec<&str>)> {
    let mut paths = Vec::new();
    for (offset, _) in code.match_indices("crate::") {
        let word_before = code[..offset].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if !word_before && !code[..offset].ends_with('$') {
            let mut at = offset + "crate::".len();
            unfold(code, &mut at, &mut Vec::new(), offset, &mut paths);
        }
    }
    paths
}

/// Reads one path or group at `at` and leaves `at` after it.
fn unfold<'a>(
    code: &'a str,
    at: &mut usize,
    prefix: &mut Vec<&'a str>,
    offset: usize,
    paths: &mut Vec<(usize, Vec<&'a str>)>,
) {
    let depth = prefix.len();
    loop {
        skip_space(code, at);
        if code[*at..].starts_with('{') {
            *at += 1;
            while !code[*at..].is_empty() && !code[*at..].starts_with('}') {
                let before = *at;
                unfold(code, at, prefix, offset, paths);
                skip_space(code, at);
                // `a as b` and commas; always moves on, so that no input loops.
                let rest = code[*at..].find([',', '}']).unwrap_or(code.len() - *at);
                *at += rest + usize::from(code[*at + rest..].starts_with(','));
                skip_space(code, at);
                if *at == before {
                    break;
                }
            }
            *at = (*at + 1).min(code.len());
            break;
        }
        let rest = &code[*at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        prefix.push(&rest[..end]);
        *at += end;
        if !code[*at..].starts_with("::") {
            paths.push((offset, prefix.clone()));
            break;
        }
        *at += 2;
    }
    prefix.truncate(depth);
}

fn skip_space(code: &str, at: &mut usize) {
    *at += code[*at..].len() - code[*at..].trim_start().len();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, source: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, source), ("crates/server/src/friends/store.rs", "")]);
        check(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_slice_that_names_a_higher_one_is_found_in_every_form_of_use() {
        let path = "crates/server/src/friends/request.rs";
        for source in [
            "use crate::groups::Role;",
            "use crate::{accounts, problem::{Problem, Field}, groups::{self, Role}};",
            "fn f() { crate::groups::join() }",
            "use crate::{\n    groups as g,\n};",
        ] {
            assert_eq!(
                messages(path, source),
                ["`friends` must not know `groups`, which is above"]
            );
        }
        assert!(messages(path, "use crate::accounts::{self, User};\n// crate::groups").is_empty());
        assert!(
            messages(path, "use crate::friends::store::find; use other_crate::groups;").is_empty()
        );
    }

    #[test]
    fn the_inside_of_another_slice_is_closed() {
        let path = "crates/server/src/messages/post.rs";
        for source in
            ["use crate::friends::store::find;", "use crate::friends::{self, store::{find, all}};"]
        {
            assert!(!messages(path, source).is_empty(), "{source}");
        }
        assert!(messages(path, "use crate::friends::{are_friends, store};").is_empty());
    }

    #[test]
    fn files_beside_the_slices_know_none_but_for_those_that_put_them_together() {
        let source = "use crate::messages::post;";
        assert_eq!(messages("crates/server/src/problem.rs", source).len(), 1);
        assert_eq!(messages("crates/server/src/caller.rs", source).len(), 1);
        assert!(messages("crates/server/src/caller.rs", "use crate::accounts::who;").is_empty());
        assert!(messages("crates/server/src/router/mod.rs", source).is_empty());
        assert!(messages("crates/server/src/transport/websocket.rs", source).is_empty());
    }
}

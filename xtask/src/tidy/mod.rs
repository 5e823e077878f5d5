//! `cargo xtask tidy`: the rules of the house that no compiler and no linter checks.
//!
//! One file a rule. A rule is a pure function from the [`Tree`] to findings, so its tests feed
//! it a few lines that break it. Exceptions stand in `exceptions.rs`, each with its reason.

mod addresses;
mod crates;
mod decisions;
mod exceptions;
mod forbidden;
mod header;
mod length;
mod lexer;
mod migrations;
mod slices;
mod sql;
mod web_paths;

use crate::workspace;

/// A file under version control.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All text files of the repository.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<SourceFile>,
}

/// A broken rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// From 1; 0 means the file as a whole.
    pub(crate) line: usize,
    pub(crate) message: String,
}

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[(&str, Rule)] = &[
    ("header", header::check),
    ("length", length::check),
    ("crates", crates::check),
    ("slices", slices::check),
    ("sql", sql::check),
    ("forbidden", forbidden::check),
    ("web_paths", web_paths::check),
    ("addresses", addresses::check),
    ("decisions", decisions::check),
    ("migrations", migrations::check),
];

/// Checks the repository; the error counts the findings, which are printed.
pub(crate) fn run() -> anyhow::Result<()> {
    let tree = Tree::load()?;
    let findings = exceptions::apply(RULES.iter().map(|(name, rule)| (*name, rule(&tree))));
    for (rule, finding) in &findings {
        println!("{}:{}: {} [{rule}]", finding.path, finding.line, finding.message);
    }
    anyhow::ensure!(findings.is_empty(), "tidy found {} things", findings.len());
    println!("tidy: {} files, {} rules, nothing found", tree.files.len(), RULES.len());
    Ok(())
}

impl Tree {
    fn load() -> anyhow::Result<Self> {
        let mut files = Vec::new();
        for path in workspace::tracked_files()? {
            // Pictures and fonts are not text and have no rule.
            if let Ok(text) = std::fs::read_to_string(workspace::root().join(&path)) {
                files.push(SourceFile { path, text });
            }
        }
        Ok(Self { files })
    }

    /// Files whose path ends with one of `endings`.
    pub(crate) fn ending<'a>(
        &'a self,
        endings: &'a [&str],
    ) -> impl Iterator<Item = &'a SourceFile> {
        self.files.iter().filter(|file| endings.iter().any(|ending| file.path.ends_with(ending)))
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| SourceFile {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self { files: files.iter().map(file).collect() }
    }
}

impl Finding {
    fn new(file: &SourceFile, line: usize, message: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, message: message.into() }
    }
}

/// The line (from 1) of a byte offset.
fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
}

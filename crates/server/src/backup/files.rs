//! Uploads in a backup, behind the database: for each file a line of JSON, its bytes, and a line that
//! seals both; at the end the line `end`. Only files of a local directory: a store that speaks S3 is its own matter.

use std::fs::{DirBuilder, File};
use std::io::{self, BufRead, Read as _, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::container::{copy, create};
use crate::settings::hex;

/// A line is shorter than this.
const MAX_LINE_BYTES: u64 = 1_024;
/// The last line.
const END: &str = "end\n";

/// A file of the directory.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    /// `ab/cdef…`.
    path: String,
    bytes: u64,
}

/// What was packed or unpacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) files: u64,
    pub(super) bytes: u64,
}

/// Writes every file under `root`. What is deleted meanwhile is left out: no message has it any more.
pub(super) fn pack(root: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    for folder in names(root)? {
        for name in names(&root.join(&folder))? {
            let path = format!("{folder}/{name}");
            let mut file = match File::open(root.join(&path)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                file => file.with_context(|| format!("reading the upload {path}"))?,
            };
            let entry = Entry { path, bytes: file.metadata()?.len() };
            let line = format!("{}\n", serde_json::to_string(&entry)?);
            out.write_all(line.as_bytes())?;
            let (bytes, sha256) = copy(&mut file, out)?;
            anyhow::ensure!(bytes == entry.bytes, "the upload {} changes", entry.path);
            out.write_all(seal(&line, &sha256).as_bytes())?;
        }
    }
    out.write_all(END.as_bytes())?;
    Ok(())
}

/// The line behind a file: the SHA-256 of what was said of it and of its own.
fn seal(line: &str, sha256: &str) -> String {
    format!("{}\n", hex(&Sha256::digest(format!("{line}{sha256}"))))
}

/// Names in a folder, sorted; none when there is no such folder. What the server has not made is left out.
fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Err(error)
            if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) =>
        {
            return Ok(names);
        }
        entries => entries.with_context(|| format!("reading {}", folder.display()))?,
    };
    for entry in entries {
        let name = entry?.file_name().into_string().ok();
        names.extend(name.filter(|name| is_plain(name)));
    }
    names.sort();
    Ok(names)
}

fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=64).contains(&name.len()) && name.bytes().all(plain)
}

/// Reads what [`pack`] wrote, checks it, and writes the files under `root` (made when need be), or nowhere.
pub(super) fn unpack(input: &mut impl BufRead, root: Option<&Path>) -> anyhow::Result<Count> {
    let mut count = Count::default();
    loop {
        let line = read_line(input)?;
        if line == END {
            return Ok(count);
        }
        let entry: Entry = serde_json::from_str(&line).context("the backup is damaged")?;
        let (folder, name) = entry.path.split_once('/').context("the backup is damaged")?;
        anyhow::ensure!(is_plain(folder) && is_plain(name), "the backup is damaged");
        let mut body = input.take(entry.bytes);
        let (bytes, sha256) = match root {
            None => copy(&mut body, &mut io::sink())?,
            Some(root) => {
                let folder = root.join(folder);
                DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
                let mut file = create(&folder.join(name))?;
                let copied = copy(&mut body, &mut file)?;
                file.sync_all()?;
                copied
            }
        };
        let is_whole = bytes == entry.bytes && read_line(input)? == seal(&line, &sha256);
        anyhow::ensure!(is_whole, "the upload {} in the backup is damaged", entry.path);
        count.files += 1;
        count.bytes += bytes;
    }
}

fn read_line(input: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    input.take(MAX_LINE_BYTES).read_line(&mut line).context("the backup is damaged")?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_and_damaged_ones_do_not() {
        let scratch = tempfile::tempdir().unwrap();
        let (from, to) = (scratch.path().join("from"), scratch.path().join("to"));
        for (path, text) in [("ab/cd", "one"), ("ab/ef", ""), ("zz/yy", "end\n")] {
            let path = from.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::fs::write(from.join("lost"), "is in no folder").unwrap();
        let mut packed = Vec::new();
        pack(&from, &mut packed).unwrap();
        let count = unpack(&mut packed.as_slice(), Some(&to)).unwrap();
        assert_eq!(count, Count { files: 3, bytes: 7 });
        assert_eq!(std::fs::read_to_string(to.join("zz/yy")).unwrap(), "end\n");
        assert_eq!(unpack(&mut packed.as_slice(), None).unwrap(), count);
        for at in 0..packed.len() {
            let mut damaged = packed.clone();
            damaged[at] ^= 1;
            unpack(&mut damaged.as_slice(), None).unwrap_err();
            unpack(&mut &packed[..at], None).unwrap_err();
        }
        let mut nothing = Vec::new();
        pack(&scratch.path().join("nowhere"), &mut nothing).unwrap();
        assert_eq!(unpack(&mut nothing.as_slice(), None).unwrap(), Count::default());
        let climbs = b"{\"path\":\"../x\",\"bytes\":0}\n";
        unpack(&mut climbs.as_slice(), Some(&to)).unwrap_err();
    }
}

//! TIFF, and the raw pictures of cameras that are built like it: directories of entries, each with a number, a type
//! and a value that stands in it or elsewhere. Entries about the place go, with what they lead to.
//!
//! What makers of cameras note in forms of their own stays: without it, raw pictures have the wrong colours. So does
//! the place that a map shows (GeoTIFF): that is what it is for.

use std::collections::HashSet;
use std::fs::File;
use std::io;

use super::{places::Changes, read_at, unclear};

/// Directories of one file: as many as a long fax has pages.
const MAX_DIRECTORIES: usize = 10_000;
/// Entries of one file, and other directories that one entry may lead to.
const MAX_ENTRIES: usize = 200_000;

/// Leads to the directory of the place.
const GPS: u16 = 0x8825;
/// XMP, IPTC, and what Photoshop keeps such things in.
const SAID: [u16; 3] = [0x02bc, 0x83bb, 0x8649];
/// Lead to more directories: of smaller pictures, of Exif, of its interoperability.
const DIRECTORIES: [u16; 3] = [0x014a, 0x8769, 0xa005];

pub(super) fn clean(file: &mut File) -> io::Result<()> {
    find(file)?.make(file)
}

/// What is to be changed in a file.
fn find(file: &mut File) -> io::Result<Changes> {
    let end = file.metadata()?.len();
    let head = read_at(file, 0, 16)?;
    let Some((form, first)) = Form::of(&head) else { return Ok(Changes::default()) };
    let mut search = Search { file, form, end, left: MAX_ENTRIES, changes: Changes::default() };
    let mut waiting = vec![(first, Role::Picture)];
    let mut seen = HashSet::new();
    while let Some((at, role)) = waiting.pop() {
        if at == 0 || at >= end || !seen.insert((at, role)) {
            continue;
        }
        if seen.len() > MAX_DIRECTORIES {
            return Err(unclear("too many directories"));
        }
        let directory = search.directory(at)?;
        match role {
            Role::Place => search.empty(&directory),
            Role::Picture => {
                if let Some(rest) = search.look_through(&directory, &mut waiting)? {
                    search.changes.write(directory.at, rest);
                }
            }
        }
    }
    Ok(search.changes)
}

/// What a directory is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Role {
    Picture,
    Place,
}

/// How numbers are written, and how long the file's own are: four bytes, or eight in a BigTIFF.
#[derive(Clone, Copy, Debug)]
struct Form {
    is_little: bool,
    is_big: bool,
}

impl Form {
    /// By the head of a file; and where its first directory is.
    fn of(head: &[u8]) -> Option<(Self, u64)> {
        let is_little = match head.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let form = Self { is_little, is_big: false };
        match form.number(head.get(2..4)?) {
            42 => Some((form, form.number(head.get(4..8)?))),
            43 => Some((Self { is_big: true, ..form }, form.number(head.get(8..16)?))),
            _ => None,
        }
    }

    fn number(self, bytes: &[u8]) -> u64 {
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if self.is_little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
    }

    /// Bytes of a number of the file's own.
    fn width(self) -> usize {
        if self.is_big { 8 } else { 4 }
    }

    /// Bytes of how many entries a directory has.
    fn count(self) -> usize {
        if self.is_big { 8 } else { 2 }
    }

    /// Bytes of an entry.
    fn entry(self) -> usize {
        4 + 2 * self.width()
    }

    /// How many entries there are, as it stands in the file.
    fn written_count(self, count: usize) -> Vec<u8> {
        let little = (count as u64).to_le_bytes();
        let bytes = little.into_iter().take(self.count());
        if self.is_little { bytes.collect() } else { bytes.rev().collect() }
    }
}

/// The entries of a directory that are there, and what stands behind them: where the next one is.
struct Directory {
    at: u64,
    entries: Vec<u8>,
    next: Vec<u8>,
}

/// An entry: its number, and the value it has.
struct Entry {
    tag: u16,
    /// Bytes of one of its numbers; 0 for what is of an unknown type.
    size: u64,
    /// Where the value stands, and how many bytes it has.
    at: u64,
    length: u64,
}

struct Search<'a> {
    file: &'a mut File,
    form: Form,
    end: u64,
    /// Entries that may still be looked at.
    left: usize,
    changes: Changes,
}

impl Search<'_> {
    fn directory(&mut self, at: u64) -> io::Result<Directory> {
        let form = self.form;
        let count = form.number(&read_at(self.file, at, form.count() as u64)?);
        let at_entries = at + form.count() as u64;
        let room = self.end.saturating_sub(at_entries) / form.entry() as u64;
        let count = usize::try_from(count.min(room)).unwrap_or(usize::MAX);
        self.left = self.left.checked_sub(count).ok_or_else(|| unclear("too many entries"))?;
        let length = count * form.entry();
        let mut entries = read_at(self.file, at_entries, (length + form.width()) as u64)?;
        let next = entries.split_off(length.min(entries.len()));
        Ok(Directory { at, entries, next })
    }

    fn entries(&self, directory: &Directory) -> Vec<Entry> {
        let (form, width) = (self.form, self.form.width());
        let first = directory.at + form.count() as u64;
        let entries = directory.entries.chunks_exact(form.entry()).enumerate();
        entries
            .map(|(n, bytes)| {
                let size = size(form.number(&bytes[2..4]));
                let length = size.saturating_mul(form.number(&bytes[4..4 + width]));
                let value = &bytes[4 + width..];
                let is_inside = length <= width as u64;
                let inside = first + (n * form.entry() + 4 + width) as u64;
                let at = if is_inside { inside } else { form.number(value) };
                let tag = u16::try_from(form.number(&bytes[..2])).unwrap_or_default();
                Entry { tag, size, at, length }
            })
            .collect()
    }

    /// Finds what is to be emptied and which directories follow. The directory as it is to be; `None` for one
    /// that stays as it is.
    fn look_through(
        &mut self,
        directory: &Directory,
        waiting: &mut Vec<(u64, Role)>,
    ) -> io::Result<Option<Vec<u8>>> {
        let form = self.form;
        let (mut kept, mut count) = (Vec::<u8>::new(), 0);
        let bytes = directory.entries.chunks_exact(form.entry());
        for (entry, bytes) in self.entries(directory).into_iter().zip(bytes) {
            let role = if entry.tag == GPS { Role::Place } else { Role::Picture };
            if entry.tag == GPS || DIRECTORIES.contains(&entry.tag) {
                let more = self.numbers(&entry)?;
                waiting.extend(more.into_iter().map(|at| (at, role)));
            }
            if SAID.contains(&entry.tag) {
                self.changes.empty(entry.at, entry.length);
            } else if entry.tag != GPS {
                kept.extend(bytes);
                count += 1;
            }
        }
        waiting.push((form.number(&directory.next), Role::Picture));
        if kept.len() == directory.entries.len() {
            return Ok(None);
        }
        let mut rest = form.written_count(count);
        rest.extend(kept);
        rest.extend(&directory.next);
        // What the directory has become shorter by.
        rest.resize(form.count() + directory.entries.len() + directory.next.len(), 0);
        Ok(Some(rest))
    }

    /// The numbers of an entry that leads to directories. Each is an entry that is looked at.
    fn numbers(&mut self, entry: &Entry) -> io::Result<Vec<u64>> {
        let length = entry.length.min(self.end);
        let count = usize::try_from(length.checked_div(entry.size).unwrap_or_default());
        let left = count.ok().and_then(|count| self.left.checked_sub(count));
        self.left = left.ok_or_else(|| unclear("too many directories"))?;
        let size = usize::try_from(entry.size).unwrap_or_default().max(1);
        let bytes = read_at(self.file, entry.at, length)?;
        Ok(bytes.chunks_exact(size).map(|bytes| self.form.number(bytes)).collect())
    }

    /// A directory about the place, with all its values.
    fn empty(&mut self, directory: &Directory) {
        for entry in self.entries(directory) {
            self.changes.empty(entry.at, entry.length);
        }
        let length = self.form.count() + directory.entries.len() + directory.next.len();
        self.changes.empty_head(directory.at, length as u64);
    }
}

/// Bytes of a number of a type.
fn size(kind: u64) -> u64 {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;

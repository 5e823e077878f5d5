//! Boxes, as of MP4, QuickTime and HEIF: each a length, a name and a content, which may be boxes again.

use std::fs::File;
use std::io;

use super::{read_at, unclear};

/// Boxes of one file that are looked at. Fragments make many: one a second for a day, of eleven boxes each, are
/// fewer.
const MAX_BOXES: usize = 1_000_000;

/// A box: its name and where that stands, where its content begins, and how long that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: [u8; 4],
    pub(super) name_at: u64,
    pub(super) at: u64,
    pub(super) length: u64,
}

impl Part {
    /// Where the next one begins.
    pub(super) fn end(&self) -> u64 {
        self.at + self.length
    }
}

/// Reads the heads of a file's boxes; how many is bounded for all of the file together.
pub(super) struct Walk<'a> {
    pub(super) file: &'a mut File,
    left: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(file: &'a mut File) -> Self {
        Self { file, left: MAX_BOXES }
    }

    /// The box that begins at `at`, inside of something that ends at `end`; `None` where none can begin.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] for the one after the last that may be looked at.
    pub(super) fn part(&mut self, at: u64, end: u64) -> io::Result<Option<Part>> {
        if at >= end {
            return Ok(None);
        }
        self.left = self.left.checked_sub(1).ok_or_else(|| unclear("too many boxes"))?;
        let head = read_at(self.file, at, 16.min(end - at))?;
        Ok(part(&head, at, end))
    }

    /// What is in a box: at most `most` bytes of it.
    pub(super) fn content(&mut self, part: Part, most: u64) -> io::Result<Vec<u8>> {
        read_at(self.file, part.at, part.length.min(most))
    }
}

/// The box whose head is `head`. One that claims to be longer than what it is in ends with that: who reads such
/// files reads it.
fn part(head: &[u8], at: u64, end: u64) -> Option<Part> {
    let size = u64::from(u32::from_be_bytes(*head.first_chunk()?));
    let name = head.get(4..8)?.try_into().ok()?;
    let room = end.checked_sub(at)?;
    let (start, whole) = match size {
        0 => (8, room),
        1 => (16, u64::from_be_bytes(head.get(8..16)?.try_into().ok()?)),
        _ => (8, size),
    };
    let length = whole.min(room).checked_sub(start)?;
    Some(Part { name, name_at: at + 4, at: at + start, length })
}

/// The boxes inside of `bytes`.
pub(super) fn inside(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let head = bytes.get(usize::try_from(at).ok()?..)?;
        let part = part(head, at, bytes.len() as u64)?;
        at = part.end();
        let content = bytes.get(usize::try_from(part.at).ok()?..usize::try_from(at).ok()?)?;
        Some((part.name, content))
    })
}

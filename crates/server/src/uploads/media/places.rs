//! What is to be changed in a file where it stands, nothing moving: bytes that become zeros, and others that are
//! written over.
//!
//! Whoever is interrupted here begins again with finding everything. So what leads to a place goes only when the
//! place is empty, on the disk, too: first contents, then the heads that lead to them, then what is written over.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// From and to, in bytes.
type Range = (u64, u64);

/// Found first and made afterwards, so that no search reads what it has changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    contents: Vec<Range>,
    heads: Vec<Range>,
    written: Vec<(u64, Vec<u8>)>,
}

impl Changes {
    /// Empties `length` bytes at `at`; what is not in the file is nothing.
    pub(super) fn empty(&mut self, at: u64, length: u64) {
        self.contents.push((at, at.saturating_add(length)));
    }

    /// The same, of what leads to contents.
    pub(super) fn empty_head(&mut self, at: u64, length: u64) {
        self.heads.push((at, at.saturating_add(length)));
    }

    /// Writes `bytes` over what is at `at`, as far as the file goes.
    pub(super) fn write(&mut self, at: u64, bytes: impl Into<Vec<u8>>) {
        self.written.push((at, bytes.into()));
    }

    /// Makes these changes together with others.
    pub(super) fn append(&mut self, mut more: Self) {
        self.contents.append(&mut more.contents);
        self.heads.append(&mut more.heads);
        self.written.append(&mut more.written);
    }

    pub(super) fn make(self, file: &mut File) -> io::Result<()> {
        let end = file.metadata()?.len();
        self.make_in(file, end, |file| file.sync_data())
    }

    /// In a file that ends at `end`; `sync` is called where everything so far has to be on the disk.
    pub(super) fn make_in<F: Write + Seek>(
        self,
        file: &mut F,
        end: u64,
        sync: impl Fn(&mut F) -> io::Result<()>,
    ) -> io::Result<()> {
        for ranges in [self.contents, self.heads] {
            if !ranges.is_empty() {
                erase(file, ranges, end)?;
                sync(file)?;
            }
        }
        for (at, bytes) in self.written {
            overwrite(file, at, &bytes, end)?;
        }
        Ok(())
    }
}

/// Writes zeros. Every byte once, however often it is named.
fn erase(file: &mut (impl Write + Seek), mut ranges: Vec<Range>, end: u64) -> io::Result<()> {
    ranges.sort_unstable();
    let mut done = 0;
    for (from, to) in ranges {
        let (from, to) = (from.max(done), to.min(end));
        if from < to {
            zeros(file, from, to - from)?;
            done = to;
        }
    }
    Ok(())
}

fn zeros(file: &mut (impl Write + Seek), at: u64, mut left: u64) -> io::Result<()> {
    /// Written so many at a time.
    const ZEROS: [u8; 4_096] = [0; 4_096];
    file.seek(SeekFrom::Start(at))?;
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(ZEROS.len());
        file.write_all(&ZEROS[..count])?;
        left -= count as u64;
    }
    Ok(())
}

/// Nothing grows, and beyond the end nothing is looked for: a file has no places so far away.
fn overwrite(file: &mut (impl Write + Seek), at: u64, bytes: &[u8], end: u64) -> io::Result<()> {
    let Some(room) = end.checked_sub(at).filter(|room| *room > 0) else { return Ok(()) };
    let count = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&bytes[..count])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::uploads::media::tests::{after, temporary};

    /// A file of which the machine stops after so many bytes were written.
    struct Stopping<'a> {
        file: &'a mut File,
        left: usize,
    }

    impl Write for Stopping<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.left == 0 {
                return Err(io::Error::other("stopped"));
            }
            let count = bytes.len().min(self.left);
            self.left -= count;
            self.file.write(&bytes[..count])
        }

        fn flush(&mut self) -> io::Result<()> {
            self.file.flush()
        }
    }

    impl Seek for Stopping<'_> {
        fn seek(&mut self, at: SeekFrom) -> io::Result<u64> {
            self.file.seek(at)
        }
    }

    /// Stops after every number of bytes that were written: `again` is what then remains of `whole` when it is
    /// done anew from the beginning.
    pub(in crate::uploads::media) fn stopped_anywhere(
        whole: &[u8],
        find: impl Fn(&mut File) -> Changes,
        mut again: impl FnMut(&mut File),
    ) {
        for left in 0.. {
            let mut file = temporary(whole);
            let changes = find(&mut file);
            let mut stopping = Stopping { file: &mut file, left };
            let made = changes.make_in(&mut stopping, whole.len() as u64, |_| Ok(()));
            again(&mut file);
            if made.is_ok() {
                assert!(left > 0, "there was nothing to change");
                return;
            }
        }
    }

    #[test]
    fn nothing_else_is_touched_and_nothing_grows() {
        let mut file = temporary(b"abcdefghij");
        let mut changes = Changes::default();
        for (at, length) in [(5, 2), (2, 2), (3, 1), (9, u64::MAX), (50, 1), (1 << 63, 9)] {
            changes.empty(at, length);
        }
        changes.write(7, *b"HIJK");
        for beyond in [10, 70, 1 << 63, u64::MAX] {
            changes.write(beyond, *b"x");
        }
        changes.make(&mut file).unwrap();
        assert_eq!(after(&mut file), b"ab\0\0e\0\0HIJ");
    }

    #[test]
    fn what_leads_to_a_place_goes_when_the_place_is_empty_on_the_disk() {
        let mut changes = Changes::default();
        changes.write(0, *b"W");
        changes.empty_head(1, 1);
        changes.empty(2, 1);
        let synced = std::cell::RefCell::new(Vec::new());
        let mut file = io::Cursor::new(b"abc".to_vec());
        let sync = |file: &mut io::Cursor<Vec<u8>>| {
            synced.borrow_mut().push(file.get_ref().clone());
            Ok(())
        };
        changes.make_in(&mut file, 3, sync).unwrap();
        assert_eq!(synced.into_inner(), [b"ab\0", b"a\0\0"]);
        assert_eq!(file.into_inner(), b"W\0\0");
    }
}

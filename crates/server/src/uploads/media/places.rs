//! Places in a file that are to be emptied.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};

/// Found first and emptied afterwards, so that no search reads what it has changed.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<(u64, u64)>);

impl Places {
    /// `length` bytes at `at`; what is not in the file is nothing.
    pub(super) fn add(&mut self, at: u64, length: u64) {
        self.0.push((at, at.saturating_add(length)));
    }

    /// Writes zeros there. Every byte once, however often it was added.
    pub(super) fn erase(mut self, file: &mut File) -> io::Result<()> {
        let end = file.metadata()?.len();
        self.0.sort_unstable();
        let mut done = 0;
        for (from, to) in self.0 {
            let (from, to) = (from.max(done), to.min(end));
            if from < to {
                zeros(file, from, to - from)?;
                done = to;
            }
        }
        Ok(())
    }
}

fn zeros(file: &mut File, at: u64, mut left: u64) -> io::Result<()> {
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

/// Writes `bytes` at `at`, as far as the file goes: nothing grows.
pub(super) fn overwrite(file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
    let room = file.metadata()?.len().saturating_sub(at);
    let count = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&bytes[..count])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uploads::media::tests::{after, temporary};

    #[test]
    fn nothing_else_is_touched_and_nothing_grows() {
        let mut file = temporary(b"abcdefghij");
        let mut places = Places::default();
        for (at, length) in [(5, 2), (2, 2), (3, 1), (9, u64::MAX), (50, 1)] {
            places.add(at, length);
        }
        places.erase(&mut file).unwrap();
        overwrite(&mut file, 7, b"HIJK").unwrap();
        overwrite(&mut file, 70, b"x").unwrap();
        assert_eq!(after(&mut file), b"ab\0\0e\0\0HIJ");
    }
}

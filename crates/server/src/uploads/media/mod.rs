//! What sound and video say of themselves: whether there is a picture, how large, how long; and taking out of
//! files that are too large for memory, or no pictures to us, where they were made.
//!
//! Only heads are read, forwards and within bounds; what is odd is unknown. What is taken out is emptied where it
//! stands, so that nothing else moves: offsets hold, and neither pixels nor sound are touched.

mod boxes;
mod heif;
mod mp4;
mod places;
mod tiff;
mod webm;

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

/// What is known of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// There is a picture.
    pub(super) is_video: bool,
    /// There is sound.
    pub(super) has_sound: bool,
    /// Width and height as shown, in pixels.
    pub(super) dimensions: Option<(u32, u32)>,
    /// In milliseconds.
    pub(super) duration_ms: Option<u32>,
}

/// Longer recordings count as of unknown length: a day.
const MAX_DURATION_MS: u64 = 24 * 60 * 60 * 1_000;

/// Milliseconds from a count of units and how many of them a second has.
fn duration(count: u64, per_second: u64) -> Option<u32> {
    let millis = count.checked_mul(1_000)?.checked_div(per_second)?;
    if (1..=MAX_DURATION_MS).contains(&millis) { u32::try_from(millis).ok() } else { None }
}

/// Of an MP4 or QuickTime file, a HEIF picture (HEIC, AVIF), and others of such boxes; takes out of it where it was
/// recorded: what boxes say about that, and Exif and XMP among the items of a picture. There are more brands than
/// anybody knows, so it is by its list of items that a file is a picture.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] for one with more boxes than can be looked through, and where it cannot be told
/// which bytes are to go.
pub(super) fn boxes(file: &mut File) -> io::Result<Facts> {
    let mut items = heif::Items::default();
    let (facts, mut changes) =
        mp4::find(file, |walk, part| Ok(part.name == *b"meta" && items.look_into(walk, part)?))?;
    changes.append(items.changes);
    changes.make(file)?;
    Ok(facts)
}

/// Takes out of a TIFF file, or a raw picture that is one, where it was taken: GPS, XMP and IPTC.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] for one with more directories or entries than can be looked through.
pub(super) fn clean_tiff(file: &mut File) -> io::Result<()> {
    tiff::clean(file)
}

/// That a file is not taken: what is to be taken out of it cannot be found for certain.
fn unclear(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Of a WebM file's beginning.
pub(super) fn webm(head: &[u8]) -> Facts {
    webm::look(head)
}

/// The length of a WAV file: what its format says of bytes a second, and its size.
pub(super) fn wav(head: &[u8], size: u64) -> Option<u32> {
    let at = head.windows(4).position(|window| window == b"fmt ")?;
    let rate: [u8; 4] = head.get(at + 16..at + 20)?.try_into().ok()?;
    duration(size.checked_sub(44)?, u64::from(u32::from_le_bytes(rate)))
}

/// The length of a FLAC file, by its first block.
pub(super) fn flac(head: &[u8]) -> Option<u32> {
    let block: [u8; 8] = head.get(18..26)?.try_into().ok()?;
    let bits = u64::from_be_bytes(block);
    // 20 bits of rate, 8 of channels and depth, 36 of samples.
    duration(bits & 0xf_ffff_ffff, bits >> 44)
}

/// `count` bytes at a place, or fewer at the end of the file.
fn read_at(file: &mut File, at: u64, count: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Far beyond the end, asking for it would be an error.
    if at >= file.metadata()?.len() {
        return Ok(bytes);
    }
    file.seek(SeekFrom::Start(at))?;
    file.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A file with this in it.
    pub(super) fn temporary(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    /// What is in it afterwards.
    pub(super) fn after(file: &mut File) -> Vec<u8> {
        read_at(file, 0, u64::MAX).unwrap()
    }

    pub(super) fn holds(bytes: &[u8], needle: &[u8]) -> bool {
        bytes.windows(needle.len()).any(|window| window == needle)
    }

    /// Whether it was done, or refused for what the file is; not that the machine failed.
    pub(super) fn is_known<T>(done: &io::Result<T>) -> bool {
        done.as_ref().err().is_none_or(|error| error.kind() == io::ErrorKind::InvalidData)
    }

    /// A box of MP4.
    pub(super) fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
        [&length[..], name, body].concat()
    }

    #[test]
    fn lengths_are_bounded_and_never_divided_by_nothing() {
        assert_eq!(duration(44_100, 44_100), Some(1_000));
        assert_eq!(duration(5, 0), None);
        assert_eq!(duration(u64::MAX, 1), None);
        assert_eq!(duration(0, 1), None);
        let mut wav_head = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav_head.extend(8_000_u32.to_le_bytes());
        wav_head.extend(16_000_u32.to_le_bytes());
        assert_eq!(wav(&wav_head, 32_044), Some(2_000));
        assert_eq!(wav(b"RIFF", 3), None);
        let mut flac_head = b"fLaC\0\0\0\x22".to_vec();
        flac_head.extend([0; 10]);
        flac_head.extend(((48_000_u64 << 44) | 96_000).to_be_bytes());
        assert_eq!(flac(&flac_head), Some(2_000));
    }
}

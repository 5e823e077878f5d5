//! What sound and video say of themselves: whether there is a picture, how large, how long. Only the heads of
//! files are read, forwards and within bounds; what is odd is unknown, never an error.

mod mp4;
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

/// Of an MP4 or QuickTime file; takes out of it where it was recorded.
pub(super) fn mp4(file: &mut File) -> io::Result<Facts> {
    mp4::look(file)
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
    file.seek(SeekFrom::Start(at))?;
    file.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

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

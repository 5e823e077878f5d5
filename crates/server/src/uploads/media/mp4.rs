//! MP4 and QuickTime: boxes. The ones that phones write the place of recording into are blanked where they
//! stand, so that nothing else moves.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};

use super::{Facts, duration, read_at};

/// Boxes on the highest level that are looked at: fragments come after the description.
const MAX_BOXES: usize = 1_000;
/// The longest description that is read.
const MAX_DESCRIPTION: u64 = 8 * 1024 * 1024;
/// Boxes with what the recorder says about itself.
const METADATA: [&[u8; 4]; 3] = [b"udta", b"meta", b"uuid"];

/// A box: its name and where that stands, where its content begins, and how long that is.
#[derive(Clone, Copy)]
struct Part {
    name: [u8; 4],
    name_at: u64,
    at: u64,
    length: u64,
}

pub(super) fn look(file: &mut File) -> io::Result<Facts> {
    let end = file.metadata()?.len();
    let mut facts = Facts::default();
    let mut at = 0;
    for _ in 0..MAX_BOXES {
        let head = read_at(file, at, 16)?;
        let Some(part) = part(&head, at, end) else { break };
        if part.name == *b"moov" && part.length <= MAX_DESCRIPTION {
            facts = describe(file, part)?;
        } else if METADATA.contains(&&part.name) {
            blank(file, part)?;
        }
        at = part.at + part.length;
    }
    Ok(facts)
}

/// The box whose head is `head`, at `at` of something that ends at `end`.
fn part(head: &[u8], at: u64, end: u64) -> Option<Part> {
    let size = u64::from(u32::from_be_bytes(*head.first_chunk()?));
    let name = head.get(4..8)?.try_into().ok()?;
    let (start, whole) = match size {
        0 => (8, end.checked_sub(at)?),
        1 => (16, u64::from_be_bytes(head.get(8..16)?.try_into().ok()?)),
        _ => (8, size),
    };
    let length = whole.checked_sub(start)?;
    let part = Part { name, name_at: at + 4, at: at + start, length };
    (part.at.checked_add(length)? <= end).then_some(part)
}

/// The boxes inside of `bytes`, which stand at `base` of the file.
fn parts(bytes: &[u8], base: u64) -> Vec<Part> {
    let end = base + bytes.len() as u64;
    let mut found = Vec::new();
    let mut at = base;
    while let Some(head) = usize::try_from(at - base).ok().and_then(|from| bytes.get(from..)) {
        // Of nothing is made a box of nothing, and so the end.
        let Some(part) = part(head, at, end) else { break };
        found.push(part);
        at = part.at + part.length;
    }
    found
}

/// Reads the description, and blanks what it says of the recorder.
fn describe(file: &mut File, moov: Part) -> io::Result<Facts> {
    let bytes = read_at(file, moov.at, moov.length)?;
    let content = |part: Part| {
        let from = usize::try_from(part.at - moov.at).unwrap_or(usize::MAX);
        let length = usize::try_from(part.length).unwrap_or(usize::MAX);
        bytes.get(from..from.saturating_add(length)).unwrap_or_default()
    };
    let mut facts = Facts::default();
    for outer in parts(&bytes, moov.at) {
        match &outer.name {
            b"mvhd" => facts.duration_ms = movie_length(content(outer)),
            b"trak" => {
                for inner in parts(content(outer), outer.at) {
                    if METADATA.contains(&&inner.name) {
                        blank(file, inner)?;
                    }
                }
                track(content(outer), &mut facts);
            }
            name if METADATA.contains(&name) => blank(file, outer)?,
            _ => {}
        }
    }
    Ok(facts)
}

/// Makes a box one of nothing: readers skip it.
fn blank(file: &mut File, part: Part) -> io::Result<()> {
    /// Zeros are written so many at a time.
    const ZEROS: [u8; 4_096] = [0; 4_096];
    file.seek(SeekFrom::Start(part.name_at))?;
    file.write_all(b"free")?;
    file.seek(SeekFrom::Start(part.at))?;
    let mut left = part.length;
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(ZEROS.len());
        file.write_all(&ZEROS[..count])?;
        left -= count as u64;
    }
    Ok(())
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn movie_length(mvhd: &[u8]) -> Option<u32> {
    let (scale, count) = match mvhd.first()? {
        0 => (number(mvhd, 12, 4)?, number(mvhd, 16, 4)?),
        _ => (number(mvhd, 20, 4)?, number(mvhd, 24, 8)?),
    };
    duration(count, scale)
}

/// What a track adds: it is a picture, of a size, perhaps turned; or sound.
fn track(bytes: &[u8], facts: &mut Facts) {
    let inside = |name: &[u8; 4], bytes: &[u8]| -> Option<Vec<u8>> {
        let part = parts(bytes, 0).into_iter().find(|part| part.name == *name)?;
        let from = usize::try_from(part.at).ok()?;
        bytes.get(from..from + usize::try_from(part.length).ok()?).map(<[u8]>::to_vec)
    };
    let kind = inside(b"mdia", bytes).and_then(|mdia| inside(b"hdlr", &mdia));
    match kind.as_deref().and_then(|hdlr| hdlr.get(8..12)) {
        Some(b"vide") => {
            facts.is_video = true;
            let size = inside(b"tkhd", bytes).and_then(|tkhd| shown_size(&tkhd));
            facts.dimensions = facts.dimensions.or(size);
        }
        Some(b"soun") => facts.has_sound = true,
        _ => {}
    }
}

/// At the end of a track's head stand a matrix of nine numbers, width and height.
fn shown_size(tkhd: &[u8]) -> Option<(u32, u32)> {
    let matrix = tkhd.len().checked_sub(44)?;
    let pixels = |at| number(tkhd, at, 4).and_then(|fixed| u32::try_from(fixed >> 16).ok());
    let (width, height) = (pixels(matrix + 36)?, pixels(matrix + 40)?);
    let is_turned = number(tkhd, matrix, 4)? == 0 && number(tkhd, matrix + 16, 4)? == 0;
    let shown = if is_turned { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some(shown)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
        [&length[..], name, body].concat()
    }

    /// A head of a track that is turned by a quarter, 1920 by 1080 before.
    fn tkhd() -> Vec<u8> {
        let mut body = vec![0; 84];
        for (at, value) in
            [(44, 0x1_0000_u32), (52, 0xffff_0000), (76, 1_920 << 16), (80, 1_080 << 16)]
        {
            body[at..at + 4].copy_from_slice(&value.to_be_bytes());
        }
        boxed(b"tkhd", &body)
    }

    fn movie() -> Vec<u8> {
        let mut mvhd = vec![0; 100];
        mvhd[12..16].copy_from_slice(&1_000_u32.to_be_bytes());
        mvhd[16..20].copy_from_slice(&2_500_u32.to_be_bytes());
        let hdlr = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0vide\0\0\0\0");
        let trak = boxed(b"trak", &[tkhd(), boxed(b"mdia", &hdlr)].concat());
        let udta = boxed(b"udta", &boxed(b"\xa9xyz", b"\0\x12\x15\xc7+39.9042+116.4074/"));
        let moov = [boxed(b"mvhd", &mvhd), trak, udta].concat();
        [boxed(b"ftyp", b"isom\0\0\0\0"), boxed(b"mdat", b"pixels"), boxed(b"moov", &moov)].concat()
    }

    fn looked_at(bytes: &[u8]) -> (Facts, Vec<u8>) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let facts = look(&mut file).unwrap();
        let mut after = Vec::new();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.read_to_end(&mut after).unwrap();
        (facts, after)
    }

    #[test]
    fn a_movie_says_how_it_is_shown_and_no_longer_where_it_was_made() {
        let before = movie();
        let (facts, after) = looked_at(&before);
        assert_eq!(facts.dimensions, Some((1_080, 1_920)));
        assert_eq!((facts.is_video, facts.duration_ms), (true, Some(2_500)));
        let holds = |needle: &[u8]| after.windows(needle.len()).any(|window| window == needle);
        assert!(!holds(b"+39.9042") && !holds(b"udta") && holds(b"free"));
        assert_eq!(after.len(), before.len(), "nothing moves");
    }

    #[test]
    fn whatever_is_cut_off_or_turned_over_ends() {
        let whole = movie();
        for length in 0..whole.len() {
            looked_at(&whole[..length]);
        }
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 0xff;
            looked_at(&other);
        }
        looked_at(&boxed(b"moov", &boxed(b"trak", &[0; 64])));
        looked_at(&[0, 0, 0, 1, b'u', b'd', b't', b'a', 0, 0, 0, 0, 0, 0, 0, 20, 1, 2, 3, 4]);
    }
}

//! WebP: chunks of a RIFF file.

use super::{Reader, exif};

/// What the picture is made of, its colours, and how it moves.
const KEPT: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// What an image of an animation is made of, behind its place, size, time and way: 16 bytes.
const KEPT_IN_FRAME: [&[u8; 4]; 3] = [b"ALPH", b"VP8 ", b"VP8L"];
/// See [`KEPT_IN_FRAME`].
const FRAME_HEAD: usize = 16;
/// In the first byte of `VP8X`: there is EXIF, there is XMP.
const HAS_EXIF: u8 = 0x08;
/// See [`HAS_EXIF`].
const HAS_XMP: u8 = 0x04;

pub(super) fn strip(bytes: &[u8], turned: u8) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    let is_riff = reader.array()? == *b"RIFF";
    let length = usize::try_from(u32::from_le_bytes(reader.array()?)).ok()?;
    // Behind the length that is said there is nothing.
    let mut reader = Reader(reader.0.get(..length).unwrap_or(reader.0));
    if !is_riff || reader.array()? != *b"WEBP" {
        return None;
    }
    let mut out = b"WEBP".to_vec();
    let mut exif = exif(turned);
    let mut is_extended = false;
    while !reader.0.is_empty() {
        let (name, body) = next(&mut reader)?;
        if !KEPT.contains(&&name) {
            continue;
        }
        let start = out.len() + 8;
        if name == *b"ANMF" {
            chunk(&mut out, &name, &frame(body)?)?;
            continue;
        }
        chunk(&mut out, &name, body)?;
        if name == *b"VP8X" && !body.is_empty() {
            is_extended = true;
            out[start] &= !(HAS_EXIF | HAS_XMP);
            out[start] |= if exif.is_some() { HAS_EXIF } else { 0 };
        }
    }
    if is_extended && let Some(exif) = exif.take() {
        chunk(&mut out, b"EXIF", &exif)?;
    }
    let length = u32::try_from(out.len()).ok()?;
    Some([b"RIFF", &length.to_le_bytes()[..], &out].concat())
}

/// A chunk: its name and what is in it.
fn next<'a>(reader: &mut Reader<'a>) -> Option<([u8; 4], &'a [u8])> {
    let name = reader.array()?;
    let size = u32::from_le_bytes(reader.array()?);
    let body = reader.take(usize::try_from(size).ok()?)?;
    // Padded to an even length; some writers forget it at the end.
    let _ = (size % 2 == 1).then(|| reader.byte());
    Some((name, body))
}

/// An image of an animation, without anything else that stands beside it.
fn frame(body: &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = body.split_at_checked(FRAME_HEAD)?;
    let (mut out, mut reader) = (head.to_vec(), Reader(rest));
    while !reader.0.is_empty() {
        let (name, body) = next(&mut reader)?;
        if KEPT_IN_FRAME.contains(&&name) {
            chunk(&mut out, &name, body)?;
        }
    }
    Some(out)
}

/// How many images of an animation there are, in what [`strip`] has made.
pub(super) fn frames(clean: &[u8]) -> usize {
    let mut reader = Reader(clean.get(12..).unwrap_or_default());
    let next = || -> Option<bool> {
        let name: [u8; 4] = reader.array()?;
        let size = u32::from_le_bytes(reader.array()?);
        reader.take(usize::try_from(size.checked_add(size % 2)?).ok()?)?;
        Some(name == *b"ANMF")
    };
    std::iter::from_fn(next).filter(|is_frame| *is_frame).count()
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) -> Option<()> {
    out.extend(name);
    out.extend(u32::try_from(body.len()).ok()?.to_le_bytes());
    out.extend(body);
    if body.len() % 2 == 1 {
        out.push(0);
    }
    Some(())
}

//! JPEG: marker segments, up to the end of the image. Further images behind it (of a burst, a depth map, a
//! short video) have metadata of their own, and go.

use super::{Reader, exif};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;

pub(super) fn strip(bytes: &[u8], turned: u8) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    if reader.array()? != [0xff, START] {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xff, START]);
    let mut exif = exif(turned);
    while let Some(marker) = next_marker(&mut reader) {
        if marker == END {
            break;
        }
        if is_lone(marker) {
            out.extend([0xff, marker]);
            continue;
        }
        let length = usize::from(u16::from_be_bytes(reader.array()?));
        let body = reader.take(length.checked_sub(2)?)?;
        if marker != APP0
            && let Some(exif) = exif.take()
        {
            // Behind JFIF's own segment, which has to be the first.
            segment(&mut out, APP1, &[b"Exif\0\0", &exif[..]].concat())?;
        }
        match kept(marker, body) {
            Some(body) => segment(&mut out, marker, &body)?,
            None => continue,
        }
        if marker == SCAN {
            out.extend(entropy(&mut reader));
        }
    }
    // A picture that breaks off is ended.
    out.extend([0xff, END]);
    Some(out)
}

/// Markers that stand alone: restarts, and one for temporary use.
fn is_lone(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xd0..=0xd7)
}

fn next_marker(reader: &mut Reader<'_>) -> Option<u8> {
    if reader.byte()? != 0xff {
        return None;
    }
    loop {
        match reader.byte()? {
            0xff => {}
            marker => return Some(marker),
        }
    }
}

/// What stays of a segment.
fn kept(marker: u8, body: &[u8]) -> Option<Vec<u8>> {
    let is_kept = match marker {
        // Tables, frames and scans.
        0xc0..=0xcf | SCAN..=0xdf => true,
        APP0 => body.starts_with(b"JFIF\0") && body.len() >= 14,
        APP2 => body.starts_with(b"ICC_PROFILE\0"),
        // Says how the colours are coded.
        APP14 => body.starts_with(b"Adobe"),
        _ => false,
    };
    is_kept.then(|| match marker {
        // Without its thumbnail.
        APP0 => [&body[..12], &[0, 0]].concat(),
        _ => body.to_vec(),
    })
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) -> Option<()> {
    let length = u16::try_from(body.len() + 2).ok()?;
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    out.extend(body);
    Some(())
}

/// The coded pixels behind a scan's head: up to a marker that is no restart.
fn entropy<'a>(reader: &mut Reader<'a>) -> &'a [u8] {
    let bytes = reader.0;
    let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff | 0xd0..=0xd7);
    let length = bytes.windows(2).position(is_end).unwrap_or(bytes.len());
    reader.take(length).unwrap_or_default()
}

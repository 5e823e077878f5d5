//! PNG and animated PNG: chunks, up to `IEND`.

use super::{Reader, exif};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// What the picture is made of, how its colours are meant, and how it moves.
const KEPT: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
    b"bKGD", b"pHYs", b"cICP", b"mDCV", b"acTL", b"fcTL", b"fdAT",
];

pub(super) fn strip(bytes: &[u8], turned: u8) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    if reader.array()? != SIGNATURE {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(SIGNATURE);
    loop {
        let length = reader.array()?;
        let name: [u8; 4] = reader.array()?;
        let body = reader.take(usize::try_from(u32::from_be_bytes(length)).ok()?)?;
        let checksum: [u8; 4] = reader.array()?;
        if KEPT.contains(&&name) {
            out.extend(length);
            out.extend(name);
            out.extend(body);
            out.extend(checksum);
        }
        match &name {
            b"IHDR" => out.extend(exif(turned).iter().flat_map(chunk)),
            b"IEND" => return Some(out),
            _ => {}
        }
    }
}

/// A chunk of EXIF.
fn chunk(exif: &[u8; 26]) -> Vec<u8> {
    let named = [b"eXIf", &exif[..]].concat();
    let checksum = crc32(&named).to_be_bytes();
    [&26_u32.to_be_bytes()[..], &named, &checksum].concat()
}

/// CRC-32 as in the PNG specification, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}
